package experiment

import (
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/solver"
)

func begun(t testing.TB, text string, k *kernels.Set) *Experiment {
	t.Helper()
	s, err := keys.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(s, k)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// points carries a recipe out.
func points(t testing.TB, e *Experiment) []float32 {
	t.Helper()
	for e.Training.Step() {
	}
	run, err := e.Draw()
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	if e.Training.Err() != nil || run.Err() != nil {
		t.Fatal(e.Training.Err(), run.Err())
	}
	return Points(run)
}

// golden are recipes that every platform and both sets of kernels carry out to the same bits.
var golden = []string{
	"d=spiral&units=16&batch=64&steps=30&n=50&ssteps=10",
	"d=moons&noise=0.05&p=epsilon&loss=min-snr&schedule=linear&units=24&layers=2&batch=40&" +
		"steps=20&n=31&c=all&g=2&k=dpmpp_2m&ssteps=8",
	"d=mixture&gauss=1,0,0,0.1;2,0.5,0.5,0.2&p=flow&loss=bound&schedule=sigmoid&units=8&batch=33&" +
		"steps=20&decay=0.1&fall=constant&n=20&k=ddpm&ssteps=12",
	"d=letters&set=30&p=x0&units=8&batch=16&steps=10&n=20&k=heun&ssteps=5",
	"d=mixture&p=score&at=0.2&units=8&batch=32&steps=15&n=20&ssteps=12&start=1",
	"d=moons&p=score&units=8&batch=32&steps=15&n=20&c=upper&g=2&k=annealed&ssteps=9",
	"d=rings&units=8&batch=32&steps=15&n=20&k=langevin&level=0.3&start=2&ssteps=9",
	"d=moons&schedule=straight&units=8&batch=32&steps=15&n=20&ssteps=9",
	"d=painted&paint=A9gF9BA9YF9DI9BA9WP9HcdA9UP9BX9DA9_9yt9G&units=8&batch=32&steps=15&n=24&" +
		"c=all&ssteps=6",
	"d=painted&paint=B9YA9CC9YA9CD9Y&set=40&noise=0.02&units=8&batch=32&steps=15&n=20&ssteps=6",
	"d=rings&units=8&batch=32&steps=9&csteps=12&n=20&c=all&cg=3&ssteps=9",
	"d=moons&p=x0&units=8&batch=32&steps=9&csteps=12&drop=0.3&n=20&c=upper&cg=2&g=0.5&k=vp_pc&" +
		"ssteps=5",
	"d=moons&schedule=straight&units=8&batch=32&steps=15&reflow=20&n=20&c=all&g=2&k=heun&ssteps=2",
	"d=moons&m=vae&units=16&batch=33&steps=30&n=50",
	"d=rings&schedule=learned&units=12&batch=60&steps=45&n=40&ssteps=9",
	"d=grid&m=vae&levels=3&units=9&layers=2&octaves=2&batch=40&steps=20&n=31",
	"d=digits&units=12&batch=20&steps=15&vsteps=25&n=40&c=all&g=2&ssteps=7",
	"d=digits&schedule=straight&units=8&layers=2&batch=16&steps=9&vsteps=12&n=21&k=heun&" +
		"ssteps=4",
}

func TestGolden(t *testing.T) {
	for _, k := range []*kernels.Set{kernels.Best(), kernels.Reference()} {
		var lines []fixture.Line
		for _, text := range golden {
			lines = append(lines, fixture.Line{Name: text,
				Value: Hash(points(t, begun(t, text, k)))[:16]})
		}
		fixture.Golden(t, "testdata/golden.txt", lines)
	}
}

// TestCanonicalSampler: a sampler's keys with their defaults fall away, and others stay.
func TestCanonicalSampler(t *testing.T) {
	const short = "d=moons&batch=8&steps=1"
	for _, c := range []struct{ text, want string }{
		{"&k=ddim&eta=0&g=1", ""},
		{"&k=ddim&ssteps=10&eta=1&spacing=leading", "&ssteps=10&eta=1"},
		{"&c=upper&cg=2&csteps=500&drop=1", "&c=upper&cg=2"},
		{"&k=euler&ssteps=10", "&ssteps=10&k=euler"},
		{"&k=langevin&level=0.5&start=1", "&start=1&k=langevin"},
		{"&c=upper&g=3&k=dpmpp_2m&sigmas=karras", "&c=upper&k=dpmpp_2m&g=3&sigmas=karras"},
	} {
		if got := begun(t, short+c.text, nil).Settings.String(); got != short+c.want {
			t.Errorf("%s is %s, want %s", c.text, got, short+c.want)
		}
	}
}

// TestCanonicalOneLevel: what follows from the one noise level falls away.
func TestCanonicalOneLevel(t *testing.T) {
	const want = "d=moons&at=0.2&batch=8&steps=1&stepsize=0.1"
	if got := begun(t, want+"&k=langevin&level=0.2", nil).Settings.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestMeasures: each kind says what its points and its likelihood are worth. The bounds do not
// cross the exact likelihood.
func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		text  string
		names string
	}{
		{"d=mixture", "wasserstein fidelity coverage off mode mode denoising consistency flow " +
			"score rare score rare score score score"},
		{"d=moons", "wasserstein fidelity coverage off denoising consistency flow"},
		{"d=mixture&c=all", "precision precision covered covered " +
			"score rare score rare score score score"},
		{"d=digits&vsteps=50", "wasserstein fidelity coverage off clear bound reconstruction " +
			"divergence denoising consistency flow score rare score score score score"},
		{"d=mixture&m=vae&levels=2",
			"wasserstein fidelity coverage off mode mode " +
				"bound reconstruction divergence divergence"},
	} {
		text := c.text + "&units=8&batch=32&steps=100&n=200"
		if !strings.Contains(c.text, "vae") {
			text += "&ssteps=10"
		}
		e := begun(t, text, nil)
		var names []string
		for _, m := range e.Measures(points(t, e)) {
			names = append(names, m.Name)
			if m.Doc == "" || m.Value-m.Value != 0 {
				t.Errorf("%s: the measure %+v", c.text, m)
			}
			if m.Error > 0 && m.Value > m.Real+3*m.Error {
				t.Errorf("%s: the bound %v ± %v crosses %v", c.text, m.Value, m.Error, m.Real)
			}
		}
		if got := strings.Join(names, " "); got != c.names {
			t.Errorf("%s has the measures %s, want %s", c.text, got, c.names)
		}
	}
}

// TestRefusesBeforeTraining: what the sampler cannot do is said before the network learns.
func TestRefusesBeforeTraining(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"k=dpmpp_2m&order=4", "order"},
		{"k=dpmpp_2m&sigmas=flow", "sigmas is flow but this network is not a rectified flow"},
		{"variance=learned_range", "does not predict a variance"},
	} {
		s, err := keys.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(s, nil); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.text, err, c.says)
		}
	}
}

// TestExamples: what the lab shows can be carried out, and is written in its canonical form.
func TestExamples(t *testing.T) {
	names := map[string]bool{}
	for _, one := range keys.Examples() {
		if names[one.Name] {
			t.Errorf("two examples are called %s", one.Name)
		}
		names[one.Name] = true
		if got := begun(t, one.Recipe, nil).Settings.String(); got != one.Recipe {
			t.Errorf("the example %s is %s, want %s", one.Name, one.Recipe, got)
		}
	}
}

// TestFlowSamplers: each sampler draws from a rectified flow, or is refused before it has learned.
func TestFlowSamplers(t *testing.T) {
	const flow = "d=moons&schedule=straight&units=8&batch=8&steps=2&n=5&ssteps=6"
	if got := begun(t, flow+"&k=euler", nil).Settings.String(); got != flow {
		t.Errorf("got %s, want %s", got, flow)
	}
	runs := 0
	for _, k := range solver.Samplers() {
		s, err := keys.Parse(flow + "&k=" + k.Name)
		if err != nil {
			continue
		}
		if e, err := New(s, nil); err == nil {
			points(t, e)
			runs++
		}
	}
	if runs < 10 {
		t.Errorf("%d samplers draw from a rectified flow", runs)
	}
}

// TestKnownHash: the SHA-256 of 1.0 and −2.0 in little-endian float32, by sha256sum.
func TestKnownHash(t *testing.T) {
	const want = "ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b"
	if got := Hash([]float32{1, -2}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
