package vae

import (
	"math"
	"strings"
	"testing"

	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
	"tweedie/sampler/train"
)

// pictured returns a configuration of small pictures: bars that stand left or right, some faint.
func pictured() Config {
	c := Config{Seed: 3, Levels: 1, Units: 16, Layers: 2, Batch: 24, Rule: train.Standard(),
		Steps: 300, Pixels: 24}
	c.Rule.Rate, c.Rule.Average = 0.01, 0.9
	for i := range 40 {
		for j := range c.Pixels {
			ink := float32(0)
			if j%4 == i%4 {
				ink = float32(1+i%3) / 3
			}
			c.Pictures = append(c.Pictures, ink)
		}
	}
	return c
}

func TestPicturesRefusals(t *testing.T) {
	for _, c := range []struct {
		change func(c *Config)
		says   string
	}{
		{func(c *Config) { c.Pictures = nil }, "points or pictures"},
		{func(c *Config) { c.Pixels = 23 }, "no pictures of 23 pixels"},
		{func(c *Config) { c.Pixels = 0 }, "no pictures of 0 pixels"},
		{func(c *Config) { c.Levels = 2 }, "one level of latents"},
	} {
		config := pictured()
		c.change(&config)
		if _, err := New(config); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("got %v, want %q", err, c.says)
		}
	}
}

// TestPictureLoss: the loss of a batch is that of its pixels one by one, and its gradient that of
// finite differences.
func TestPictureLoss(t *testing.T) {
	c := pictured()
	c.Kernels = kernels.Reference()
	tr, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	tr.draw()
	loss := func() float64 {
		tr.web.program.Forward(c.Batch)
		return tr.measure()
	}
	want, l := 0.0, &tr.web.levels[0]
	got := loss()
	for i := range c.Batch {
		for j, odds := range l.decoded.Row(i) {
			p, ink := 1/(1+math.Exp(-float64(odds))), float64(tr.web.x.Row(i)[j])
			want -= ink*math.Log(p) + (1-ink)*math.Log(1-p)
		}
		for j, mean := range l.mean.Row(i) {
			s := 1 / (1 + math.Exp(-float64(l.logit.Row(i)[j])))
			want += 0.5*(s*s+float64(mean*mean)-1) - math.Log(s)
		}
	}
	if want /= float64(c.Batch); math.Abs(got-want) > 1e-9*want {
		t.Errorf("the loss is %v, want %v", got, want)
	}
	tr.web.program.Backward(c.Batch)
	gradient := append([]float32(nil), tr.web.program.Gradient...)
	checked := 0
	for i := 0; i < len(gradient); i += 37 {
		const h = 1e-2
		w := &tr.web.program.Weights[i]
		was := *w
		if was == 0 {
			continue // padding, or a weight that moves nothing
		}
		*w = was + h
		above := loss()
		*w = was - h
		slope := (above - loss()) / (2 * h)
		*w = was
		checked++
		if d := math.Abs(slope - float64(gradient[i])); d > 1e-3+0.02*math.Abs(slope) {
			t.Errorf("weight %d has the gradient %v, finite differences give %v", i, gradient[i],
				slope)
		}
	}
	if checked < 20 {
		t.Errorf("%d weights were compared", checked)
	}
}

// TestPicturesAreLearned: both terms of the bound come to what pictures of four kinds with three
// strengths take, log 12 nats of divergence and no more, and the decoder gives them back.
func TestPicturesAreLearned(t *testing.T) {
	c := pictured()
	tr, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	x, z := make([]float64, len(c.Pictures)), make([]float64, 2*40)
	for i, v := range c.Pictures {
		x[i] = float64(v)
	}
	noise.Normal(z, 1, 0, 0)
	terms := func() (reconstruction, divergence float64) {
		e := tr.Model().Evidence(x, z)
		for i, v := range e.Reconstruction {
			reconstruction, divergence = reconstruction+v/40, divergence+e.Levels[0][i]/40
		}
		return reconstruction, divergence
	}
	before, _ := terms()
	allocated := testing.AllocsPerRun(10, func() { tr.Step() })
	for tr.Step() {
	}
	if tr.Err() != nil || allocated != 0 {
		t.Fatalf("%v allocations, %v", allocated, tr.Err())
	}
	reconstruction, divergence := terms()
	t.Logf("reconstruction %.2f, before %.2f; divergence %.2f", reconstruction, before, divergence)
	if reconstruction < -7 || before > -15 || divergence < 1 || divergence > 3.5 {
		t.Errorf("reconstruction %v, before %v; divergence %v", reconstruction, before, divergence)
	}
	mean, logVariance, ink := make([]float64, 80), make([]float64, 80), make([]float64, len(x))
	m := tr.Model()
	m.Encode(mean, logVariance, x, 1)
	m.Ink(ink, mean)
	sum := 0.0
	for i, v := range ink {
		sum += (v - x[i]) * (v - x[i]) / float64(len(x))
		if !(v >= 0 && v <= 1) {
			t.Fatalf("the ink of pixel %d is %v", i, v)
		}
	}
	if sum > 0.01 {
		t.Errorf("the mean square error of decoded pictures is %v", sum)
	}
	for i := 0; i < len(logVariance); i += 2 {
		if logVariance[i] != logVariance[i+1] {
			t.Errorf("picture %d has the log variances %v and %v", i/2, logVariance[i],
				logVariance[i+1])
		}
	}
}
