package bound

import (
	"math"
	"testing"

	"tweedie/sampler/schedule"
)

// bothForms runs both forms over a short chain.
func bothForms(t *testing.T, variance schedule.Variance, steps, draws int) (denoising,
	consistency *Bound, terms [2][]Term) {
	t.Helper()
	model, s := newOracle(t, schedule.Epsilon, variance, steps)
	o := Standard(s)
	o.Variance, o.Clip, o.Draws = variance, math.Inf(1), draws
	denoising, terms[0] = all(t, model, o)
	o.Form = Consistency
	consistency, terms[1] = all(t, model, o)
	return denoising, consistency, terms
}

// TestFormsAgree checks that both forms estimate one number, within four
// standard errors.
func TestFormsAgree(t *testing.T) {
	for _, variance := range everyVariance {
		d, c, _ := bothForms(t, variance, 20, 2000)
		t.Logf("%s: denoising %.5f ± %.5f, consistency %.5f ± %.5f bits per dimension",
			variance, d.Total(), d.StandardError(), c.Total(), c.StandardError())
		both := math.Hypot(d.StandardError(), c.StandardError())
		if !(math.Abs(d.Total()-c.Total()) <= 4*both) {
			t.Errorf("%s: denoising form %v, consistency form %v, standard error of the "+
				"difference %v", variance, d.Total(), c.Total(), both)
		}
	}
}

// TestConsistencyVariesMore adds up the variances of the terms that the forms do not share. The
// consistency form draws two pictures for each, and its estimate varies about five times as much
// with a hundred timesteps; the test requires three.
func TestConsistencyVariesMore(t *testing.T) {
	_, _, terms := bothForms(t, schedule.FixedLarge, 99, 500)
	var sums [2]float64
	for form := range terms {
		for _, term := range terms[form][:len(terms[form])-1] {
			sums[form] += term.Variance
		}
	}
	t.Logf("variance of one draw: denoising %.3f, consistency %.3f", sums[0], sums[1])
	if !(sums[1] > 3*sums[0]) {
		t.Errorf("variances %v", sums)
	}
}

// TestLiteralConsistency evaluates Luo 45 as it is printed, with the divergence KL(q(x_prev|x_back)
// ‖ p(x_prev|x_t)) under q(x_back, x_t|x_0), and shows what Bound avoids: x_prev is drawn again
// there, which adds E[tr cov(x_prev, μ_θ(x_t) | x_back)]/σ² to what the bound is, up to a nat per
// dimension for each timestep.
func TestLiteralConsistency(t *testing.T) {
	model, s := newOracle(t, schedule.Epsilon, schedule.FixedLarge, 20)
	o := Standard(s)
	o.Variance, o.Clip, o.Form, o.Draws = schedule.FixedLarge, math.Inf(1), Consistency, 1
	b, err := New(picture, model, o)
	if err != nil {
		t.Fatal(err)
	}
	const draws = 2000
	literal, exact := 0.0, 0.0
	for i := range b.chain[:len(b.chain)-1] {
		c := &b.chain[i]
		b.step = i
		for draw := range draws {
			bits, _, _ := b.draw(c, draw)
			exact += bits / draws
			for j := range b.x0 {
				own := math.Sqrt(1-c.ownBefore) * b.back[j]
				mean := c.fromX0*b.hat[j] + c.fromXt*b.xt[j]
				literal += NormalKL(own-mean, math.Log(c.ownBefore), math.Log(c.beta)) /
					draws / 2 / math.Ln2
			}
		}
	}
	each := (literal - exact) * math.Ln2 / float64(len(b.chain)-1)
	t.Logf("the terms sum to %.3f bits per dimension, printed literally to %.3f: %.2f nats more "+
		"for each timestep", exact, literal, each)
	if !(each > 0.5 && each < 1.5) {
		t.Errorf("the literal terms sum to %v bits per dimension, the exact ones to %v",
			literal, exact)
	}
}
