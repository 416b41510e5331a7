package lab

import (
	"slices"
	"testing"

	"tweedie/sampler/plane"
)

// TestContinuousTime: every way of solving the reverse SDE and the probability-flow ODE, and
// Langevin dynamics over a ladder, take a trained network to the data. From the same noise the
// exact model gives nearly the same cloud: what is left of the distance is the network's error, and
// not the sampler's. Two clouds of held-out points are about 0.06 apart.
func TestContinuousTime(t *testing.T) {
	slow(t)
	t.Parallel()
	const points = 300
	d := data(t, "grid")
	m := trained(t, small(d, 500)).Model(points)
	besideExact(t, d, m, []string{"vp_pc",
		"vp_pc&correct=0&solver=euler_maruyama", "ve_pc", "ve_pc&rule=scaled", "annealed", "pf_ode",
		"euler", "heun", "rk45", "dpmpp_2m", "euler_a", "dpmpp_2m_sde"})
}

// besideExact draws with samplers from a network that was trained on the grid and from its exact
// model, and holds the clouds together.
func besideExact(t *testing.T, d *plane.Distribution, m *Model, samplers []string) {
	t.Helper()
	exact, err := m.Exact(d.Exact())
	if err != nil {
		t.Fatal(err)
	}
	held := HeldOut(d, 1, m.points, 0)
	for _, k := range samplers {
		text := "steps=50&k=" + k
		x, y := drawn(t, text, m.Info(), m), drawn(t, text, exact.Info(), exact)
		learned, best := SlicedWasserstein(x, held), SlicedWasserstein(y, held)
		apart := SlicedWasserstein(x, y)
		t.Logf("%s: %.3f from the data, the exact model %.3f, apart %.3f", k, learned, best, apart)
		if !(learned <= 0.12 && best <= 0.11 && apart <= 0.047) {
			t.Errorf("%s: %v from the data, the exact model %v, apart %v", k, learned, best, apart)
		}
	}
}

// TestPointsApart: a point does not depend on the others, unless a rule looks at the whole cloud.
func TestPointsApart(t *testing.T) {
	training := trained(t, tiny(t, "rings", nil))
	few, many := training.Model(3), training.Model(40)
	for _, c := range []struct {
		sampler string
		apart   bool
	}{
		{"annealed", true}, {"langevin", true}, {"ve_pc&rule=scaled", true}, {"heun", true},
		{"vp_pc&rule=fixed", true}, {"sa", true}, {"vp_pc", false}, {"ve_pc", false},
		{"dpm_adaptive", false}, {"rk45", false},
	} {
		text := "steps=6&k=" + c.sampler
		a, b := drawn(t, text, few.Info(), few), drawn(t, text, many.Info(), many)
		if apart := slices.Equal(a, b[:6]); apart != c.apart {
			t.Errorf("%s: points do not depend on others: %v, want %v", c.sampler, apart, c.apart)
		}
	}
}
