package lab

import (
	"math"
	"testing"

	"tweedie/sampler/bound"
	"tweedie/sampler/network"
	"tweedie/sampler/schedule"
)

// TestEpsilonDivergence compares the divergence by the network's gradients with differences of its
// predictions, for every reading, with classes and without.
func TestEpsilonDivergence(t *testing.T) {
	const points, at = 3, 300.5
	x := []float64{0.3, -0.2, -0.7, 0.6, 0.1, 0.9}
	for _, kind := range kinds {
		c := tiny(t, "rings", nil)
		c.Prediction = kind
		m := trained(t, c).Model(points)
		epsilon := func(label, i int, by float64) float64 {
			narrow, out := make([]float32, len(x)), make([]float32, len(x))
			for j, v := range x {
				narrow[j] = float32(v)
			}
			narrow[i] = float32(x[i] + by)
			m.Predict([][]float32{out}, narrow, at, []int{label})
			result := make([]float64, 1)
			m.levels.schedule.Interpolate(at).Epsilon(result, []float64{float64(narrow[i])},
				[]float64{float64(out[i])}, kind)
			return result[0]
		}
		for _, label := range []int{network.NoClass, 1} {
			want := 0.0
			for i := range x {
				const h = 1.0 / 64
				want += (8*(epsilon(label, i, h)-epsilon(label, i, -h)) -
					(epsilon(label, i, 2*h) - epsilon(label, i, -2*h))) / (12 * h)
			}
			got := m.EpsilonDivergence(x, at, label)
			if !(math.Abs(got-want) <= 2e-3*(1+math.Abs(want))) {
				t.Errorf("%s, class %d: %v, by differences %v", kind, label, got, want)
			}
		}
	}
}

// exactLog is the mean log density of points.
func exactLog(t *testing.T, name string, points []float64) (sum float64) {
	t.Helper()
	exact := data(t, name).Exact()
	for i := 0; i < len(points); i += 2 {
		sum += exact.LogDensity(points[i:i+2], schedule.Level{Signal: 1}, -1)
	}
	return sum / float64(len(points)/2)
}

// TestLikelihoods: of the exact model and of a trained one, both forms of the bound agree in the
// mean, the consistency form varies more, neither crosses the exact likelihood, and the flow's
// likelihood is the exact one, or near it.
func TestLikelihoods(t *testing.T) {
	slow(t)
	t.Parallel()
	const name, points, draws = "grid", 100, 3
	d := data(t, name)
	held := HeldOut(d, 1, points, 0)
	m := trained(t, small(d, 400)).Model(points)
	exact, err := m.Exact(d.Exact())
	if err != nil {
		t.Fatal(err)
	}
	want := exactLog(t, name, held)
	for _, c := range []struct {
		who   string
		model Denoiser
		below float64 // how far the bound and the flow may be below the exact likelihood
		flow  float64
	}{{"exact", exact, 0.15, 0.03}, {"trained", m, 1.5, 1.2}} {
		var nats, deviations [2]float64
		for i, form := range []bound.Form{bound.Denoising, bound.Consistency} {
			b, err := NewBound(c.model, held, form, draws, 1)
			if err != nil {
				t.Fatal(err)
			}
			for b.Next() {
			}
			nats[i], deviations[i] = Nats(b)
			err = b.Err()
			if err != nil {
				t.Fatal(err)
			}
			if gap := want - nats[i]; !(gap >= -3*deviations[i] &&
				gap <= c.below+3*deviations[i]) {
				t.Errorf("%s, %s: the bound in %s form is %v ± %v, and the likelihood %v",
					name, c.who, form, nats[i], deviations[i], want)
			}
		}
		flow, err := FlowLikelihood(c.model, held, 50)
		if err != nil {
			t.Fatal(err)
		}
		ratio := deviations[1] * deviations[1] / (deviations[0] * deviations[0])
		t.Logf("%s, %s: bounds %.3f ± %.3f and %.3f ± %.3f, variances 1 to %.1f, flow %.4f, "+
			"exact %.4f", name, c.who, nats[0], deviations[0], nats[1], deviations[1], ratio,
			flow, want)
		if !(math.Abs(nats[0]-nats[1]) <= 4*math.Hypot(deviations[0], deviations[1])) {
			t.Errorf("%s, %s: the forms are %v", name, c.who, nats)
		}
		if !(ratio > 1.5) {
			t.Errorf("%s, %s: the consistency form has %v times the variance", name, c.who,
				ratio)
		}
		if !(math.Abs(flow-want) <= c.flow) {
			t.Errorf("%s, %s: the flow's likelihood is %v, the exact one %v", name, c.who, flow,
				want)
		}
	}
}
