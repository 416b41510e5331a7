package sampler

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/noise"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// TestForward: every state is √ᾱ·x0 + √(1−ᾱ)·ε, and is the state from which a run of the recipe
// with that picture begins.
func TestForward(t *testing.T) {
	c := schedule.Default()
	model, info := testModel(t, c)
	table, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	pixels := make([]byte, 24)
	for i := range pixels {
		pixels[i] = byte(11 * i)
	}
	known, z := make([]float64, 24), make([]float64, 24)
	picture.Values(known, pixels, 2, 4, 3)
	noise.Normal(z, 5, 1, 0)
	forward := &forwardCase{model: model, info: info, table: table, pixels: pixels, known: known,
		z: z}
	for _, k := range []string{"ddim", "euler", "dpmpp_2m", "heun", "ddpm"} {
		forward.check(t, k)
	}
}

// forwardCase is a picture of TestForward and the noise of picture 1 of the recipes.
type forwardCase struct {
	model    network.Model
	info     recipe.Info
	table    *schedule.Schedule
	pixels   []byte
	known, z []float64 // the picture's values and the noise
}

// check compares all states of a sampler.
func (c *forwardCase) check(t *testing.T, k string) {
	text := "m=test&c=two&n=2&s=5&steps=10&k=" + k
	run, err := NewForward(mustParse(t, text), c.info, c.model, c.pixels, Share{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	f := run.Picture(0)
	if f.Steps() != 11 || f.Image() != 1 {
		t.Errorf("%s: %d states of picture %d", k, f.Steps(), f.Image())
	}
	before := -2
	for step := 1; f.Step(); step++ {
		if f.T() <= before {
			t.Errorf("%s: state %d has timestep %d after %d", k, step, f.T(), before)
		}
		before = f.T()
		if step > 1 {
			c.state(t, k, step, f)
			c.begins(t, k, text, step, f)
		} else if f.T() != -1 || !fixture.SameBits(f.X(), c.known) ||
			!fixture.SameBits(f.X0(), c.known) || f.Epsilon()[3] != 0 {
			t.Errorf("%s: the first state is not the picture", k)
		}
	}
	if f.Err() != nil || before < 800 || f.Step() {
		t.Errorf("%s: the last state has timestep %d, %v", k, before, f.Err())
	}
}

// state compares a state with the formula, and x̂0 and ε̂ with the state that they are readings of.
func (c *forwardCase) state(t *testing.T, k string, step int, f Picture) {
	level := c.table.At(f.T())
	if k == "ddim" || k == "ddpm" {
		for i, v := range f.X() {
			want := float64(level.Signal*c.known[i]) + float64(level.Noise*c.z[i])
			if v != want {
				t.Errorf("%s: state %d, element %d is %v, want %v", k, step, i, v, want)
				break
			}
		}
	}
	for i, v := range f.X() {
		if k == "ddim" && !(math.Abs(v-level.Signal*f.X0()[i]-level.Noise*f.Epsilon()[i]) <= 1e-9) {
			t.Errorf("%s: state %d, element %d is not what the network takes it apart into",
				k, step, i)
			break
		}
	}
}

// TestChain: the first picture jumps, and every state of the others is made from the one before
// with fresh noise, whose variance is what α of the step leaves.
func TestChain(t *testing.T) {
	c := schedule.Default()
	model, info := testModel(t, c)
	table, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	pixels := make([]byte, 24)
	for i := range pixels {
		pixels[i] = byte(11 * i)
	}
	r := mustParse(t, "m=test&c=two&n=2&s=5&steps=10")
	chain, err := NewChain(r, info, model, pixels, Share{})
	if err != nil {
		t.Fatal(err)
	}
	jump, err := NewForward(r, info, model, pixels, Share{})
	if err != nil {
		t.Fatal(err)
	}
	first, second := jump.Picture(0), chain.Picture(1).(*Forward)
	known, z, want := make([]float64, 24), make([]float64, 24), make([]float64, 24)
	picture.Values(known, pixels, 2, 4, 3)
	copy(want, known)
	bar := 1.0
	for step := 1; second.Step(); step++ {
		if !first.Step() || !chain.Picture(0).Step() ||
			!fixture.SameBits(chain.Picture(0).X(), first.X()) {
			t.Fatalf("the first picture does not jump to state %d", step)
		}
		if step > 1 {
			now := table.AlphaBar[second.T()]
			noise.Normal(z, 5, 1, uint32(step-1))
			for i, v := range want {
				want[i] = math.Sqrt(now/bar)*v + math.Sqrt(1-now/bar)*z[i]
			}
			bar = now
		}
		mean, squares := 0.0, 0.0
		for i, v := range second.X() {
			if !(math.Abs(v-want[i]) <= 1e-12) {
				t.Fatalf("state %d, element %d is %v, want %v", step, i, v, want[i])
			}
			left := want[i] - math.Sqrt(bar)*known[i]
			mean, squares = mean+left/24, squares+left*left/24
		}
		gotMean, gotDev := second.Moments()
		if !(math.Abs(gotMean-mean) <= 1e-12) ||
			!(math.Abs(gotDev*gotDev-(squares-mean*mean)) <= 1e-12) {
			t.Errorf("state %d has the moments %v and %v, want %v and %v", step, gotMean, gotDev,
				mean, math.Sqrt(squares-mean*mean))
		}
	}
	if second.Err() != nil || second.Done() != 11 {
		t.Errorf("%d states, %v", second.Done(), second.Err())
	}
}

// begins compares a state with the first state of the run that takes the steps from it.
func (c *forwardCase) begins(t *testing.T, k, text string, step int, f Picture) {
	in := recipe.Inputs{Image: c.pixels}
	r := mustParse(t, text+"&strength="+solver.Number(min((float64(step)-0.5)/10, 1)))
	if err := in.Name(&r); err != nil {
		t.Fatal(err)
	}
	run, err := NewTrajectoryFrom(r, c.info, c.model, 1, in)
	if err != nil {
		t.Fatal(err)
	}
	far := 0.0
	for i, v := range run.X() {
		far = max(far, math.Abs(v-f.X()[i]))
	}
	// Solvers that keep the state in another scale have one more rounding.
	if run.Steps() != step-1 || far > 1e-12 || (k == "ddim" || k == "ddpm") && far != 0 {
		t.Errorf("%s: a run of %d steps begins %v from state %d", k, run.Steps(), far, step)
	}
}

func TestForwardRefuses(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, c := range []struct {
		recipe string
		image  int
		pixels int
		want   string
	}{
		{"m=test&n=2", 2, 24, "there is no share 2; the pictures have 2 shares, counted from 0"},
		{"m=test&n=2", 0, 23, "the picture has 23 bytes but the model test makes pictures of 24"},
		{"m=test&steps=2000", 0, 24, "steps is 2000"},
	} {
		if _, err := NewForward(mustParse(t, c.recipe), info, model, make([]byte, c.pixels),
			Share{c.image, 4}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.recipe, err, c.want)
		}
	}
	u, _, cascade := testCascade(t, "")
	if _, err := NewForward(mustParse(t, "m=large"), cascade, u, make([]byte, 96),
		Share{}); err == nil || !strings.Contains(err.Error(), "in two stages") {
		t.Errorf("a cascade: %v", err)
	}
	// Keys of the recipe about a picture to begin with do not matter.
	if _, err := NewForward(mustParse(t, "m=test&image=0123456789abcdef&strength=0.3"), info, model,
		make([]byte, 24), Share{}); err != nil {
		t.Error(err)
	}
}
