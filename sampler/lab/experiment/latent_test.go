package experiment

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/kernels"
	"tweedie/sampler/lab/digits"
)

// TestLatentDraws: what the diffusion draws of each class lies where digits of this class are
// encoded to, and decodes to digits of it, as the nearest held-out digit says.
func TestLatentDraws(t *testing.T) {
	slow(t)
	const encoder, steps = 1000, 700
	e := begun(t, "d=digits&vsteps=1000&steps=700&n=600&c=all&s=2&k=dpmpp_2m&ssteps=20", nil)
	mean := func(n int) (sum float64) { // of the losses of some steps
		for range n {
			if !e.Training.Step() {
				t.Fatal(e.Training.Err())
			}
			sum += e.Training.Loss() / float64(n)
		}
		return sum
	}
	for _, stage := range []struct {
		name        string
		steps       int
		least, most float64 // of what is left of the loss
	}{{"autoencoder", encoder, 0.4, 0.65}, {"diffusion", steps, 0.2, 0.8}} {
		first := mean(50)
		mean(stage.steps - 100)
		last := mean(50)
		t.Logf("the loss of the %s was %.3f and is %.3f", stage.name, first, last)
		if left := last / first; !(left > stage.least && left < stage.most) {
			t.Errorf("the loss of the %s was %v and is %v", stage.name, first, last)
		}
	}
	x := points(t, e)
	for _, m := range e.OfPoints(x) {
		if m.Value < 0.7*m.Real {
			t.Errorf("%s %s is %v, and of the latents %v", m.Name, m.Of, m.Value, m.Real)
		}
	}
	held, right := Decoder{pictures: digits.HeldOut()}, 0
	ink := make([]float64, len(x)/2*digits.Pixels)
	e.Decoder().Ink(ink, wide(x))
	for i := range len(x) / 2 {
		asked := i * digits.Classes * 2 / len(x)
		if held.Nearest(ink[i*digits.Pixels:(i+1)*digits.Pixels]) == asked {
			right++
		}
	}
	share := float64(right) / float64(len(x)/2)
	t.Logf("%.3f of the digits are of their class", share)
	if share < 0.6 {
		t.Errorf("%.3f of the digits are of their class", share)
	}
}

// TestCodes: the points that digits are encoded to have the mean 0 and, with the variance of each,
// the standard deviation that is promised; the way back gives the latents; and both sets of kernels
// decode to the same bits.
func TestCodes(t *testing.T) {
	const text = "d=digits&units=8&batch=16&vsteps=30&steps=3&n=10&ssteps=2"
	var decoded [][]float64
	for _, k := range []*kernels.Set{kernels.Best(), kernels.Reference()} {
		e := begun(t, text, k)
		if e.Data().Exact() == nil || e.Decoder() == nil || len(e.Data().Classes()) != 10 {
			t.Fatal("digits have no latents before anything is learned")
		}
		points(t, e)
		c := e.kind.(*latent).codes()
		var mean [2]float64
		square := 0.0
		for _, part := range c.parts {
			for j, v := range part.Mean {
				mean[j] += v / digits.Trained
				square += (v*v + part.StdDev*part.StdDev) / (2 * digits.Trained)
			}
		}
		if math.Abs(mean[0]) > 1e-9 || math.Abs(mean[1]) > 1e-9 || math.Abs(square-0.25) > 1e-9 {
			t.Errorf("the mean is %v, the mean square %v", mean, square)
		}
		x := []float64{0.25, -1, 1.5, 0}
		z := make([]float64, 4)
		c.latents(z, x)
		c.points(z, z)
		for i := range x {
			if math.Abs(z[i]-x[i]) > 1e-12 {
				t.Errorf("%v came back as %v", x[i], z[i])
			}
		}
		ink := make([]float64, 2*digits.Pixels)
		e.Decoder().Ink(ink, x)
		decoded = append(decoded, ink)
		if encoded, classes := e.Decoder().Encoded(); len(encoded) != 2*digits.Trained ||
			len(classes) != digits.Trained || encoded[0] != c.parts[0].Mean[0] {
			t.Errorf("%d numbers of %d digits", len(encoded), len(classes))
		}
	}
	if !slices.Equal(decoded[0], decoded[1]) {
		t.Error("the sets of kernels decode to different digits")
	}
	if e := begun(t, "d=moons&steps=1", nil); e.Decoder() != nil || e.EncoderSteps() != 0 {
		t.Error("the moons have a decoder")
	}
}

// TestLatentFields: digits have the keys of their autoencoder and of samplers before and after it
// has learned, and none of points alone.
func TestLatentFields(t *testing.T) {
	e := begun(t, "m=latent&units=8&batch=16&vsteps=2&steps=2&n=10&ssteps=2", nil)
	names := func() string {
		var names []string
		for _, f := range e.Fields() {
			names = append(names, f.Key)
		}
		return " " + strings.Join(names, " ") + " "
	}
	before := names()
	for _, name := range []string{" vsteps ", " k ", " eta ", " p ", " c ", " csteps "} {
		if !strings.Contains(before, name) {
			t.Errorf("the keys%slack%s", before, name)
		}
	}
	for _, name := range []string{" noise ", " set ", " levels ", " gauss "} {
		if strings.Contains(before, name) {
			t.Errorf("the keys%shave%s", before, name)
		}
	}
	points(t, e)
	if after := names(); after != before {
		t.Errorf("after training the keys are%s, before%s", after, before)
	}
}
