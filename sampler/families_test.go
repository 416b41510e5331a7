package sampler

import (
	"math"
	"strconv"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/tools/convert/family"
	"tweedie/weights"
)

// Runs of the authors' samplers of DiT and minDiffusion, with their noise.

// familyData is where their networks are.
const familyData = "../tools/convert/family/testdata/"

// converted opens a network with what its family makes of it. change may alter its tensors.
func converted(
	t *testing.T, name string, o family.Settings, change func(*weights.Tensor),
) (*graph.Model, recipe.Info) {
	t.Helper()
	f := fixture.Weights(t, familyData+name+"/state.safetensors.gz")
	for i := range f.Tensors {
		change(&f.Tensors[i])
	}
	s := family.NewState(f.Tensors)
	n, err := family.Recognise(s).Build(s, o)
	if err != nil {
		t.Fatal(err)
	}
	f = &weights.File{Tensors: n.Tensors,
		Metadata: map[string]string{"config": n.Config, "scheduler": n.Scheduler}}
	m, err := graph.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	info, err := recipe.NewInfo("family", f.Metadata, "0123456789abcdef", m)
	if err != nil {
		t.Fatal(err)
	}
	return m, info
}

// chain is the recorded states and noise of one picture: picture number at of the count in x,
// [steps+1, count, size], and noise, [steps or one less, count, size].
type chain struct {
	x, noise        []float64
	size, count, at int
}

// of returns the picture's part of step i, nil behind the last.
func (c *chain) of(all []float64, i int) []float64 {
	first := (i*c.count + c.at) * c.size
	if first >= len(all) {
		return nil
	}
	return all[first : first+c.size]
}

// normal is what a trajectory draws: its first state, then the noise of each step.
func (c *chain) normal(dst []float64, draw uint32) {
	if draw == 0 {
		copy(dst, c.of(c.x, 0))
		return
	}
	clear(dst)
	copy(dst, c.of(c.noise, int(draw-1)))
}

// follow takes the steps of a recipe with the recorded noise. It returns the largest difference of
// any state, relative to bound of that state.
func (c *chain) follow(
	t *testing.T, m *graph.Model, info recipe.Info, text string, bound func(x []float64) float64,
) (worst float64) {
	t.Helper()
	tr, err := NewTrajectory(mustParse(t, "m=family&k=ddpm&steps=8&"+text), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	tr.evaluation.Source.(*guided).noise = c.normal
	tr.Restart(0, c.of(c.x, 0))
	for i := range 8 {
		if !tr.Step() {
			t.Fatal(tr.Err())
		}
		want := c.of(c.x, i+1)
		limit := bound(want)
		for j, w := range want {
			worst = max(worst, math.Abs(tr.X()[j]-w)/limit)
		}
	}
	return worst
}

// TestDiTRun reproduces sample.py of DiT: 8 of 1,000 timesteps, a learned variance, x̂0 without
// bounds, and guidance of three channels of four. The states grow, because the network is not
// trained: differences count relative to the spread.
func TestDiTRun(t *testing.T) {
	m, info := converted(t, "dit-latent", family.Settings{Heads: 4}, func(*weights.Tensor) {})
	f := fixture.Weights(t, familyData+"dit-latent/trace.safetensors.gz")
	c := &chain{x: fixture.Tensor(t, f, "x").Float64s(),
		noise: fixture.Tensor(t, f, "noise").Float64s(), size: 256, count: 2}
	spread := func(x []float64) float64 { // the standard deviation
		sum, squares := 0.0, 0.0
		for _, v := range x {
			sum, squares = sum+v, squares+v*v
		}
		n := float64(len(x))
		return math.Sqrt(squares/n - sum/n*sum/n)
	}
	for i, label := range fixture.Int64s(t, f, "class_labels") {
		c.at = i
		text := "g=2.5&spacing=linspace&c=" + strconv.Itoa(int(label))
		worst := c.follow(t, m, info, text, spread)
		t.Logf("picture %d: worst %.2g of the spread", i, worst)
		if !(worst <= 3e-5) {
			t.Errorf("picture %d differs by %.2g of the spread", i, worst)
		}
		m.Guided = 0
		if worst := c.follow(t, m, info, text, spread); worst < 0.01 {
			t.Errorf("guidance of all channels makes a difference of %.2g", worst)
		}
		m.Guided = 3
	}
}

// TestCacheFamilies goes back to every checkpoint of networks that are described as graphs, of
// which one is shown its own estimate.
func TestCacheFamilies(t *testing.T) {
	small := family.Settings{Height: 16, Width: 16}
	for _, name := range []string{"lucidrains-unet-selfcond", "improved-cond"} {
		m, info := converted(t, name, small, func(*weights.Tensor) {})
		const text = "m=family&n=2&k=heun&steps=5&cache=3"
		checkpoints(t, text, m, info)
		if fixture.SameBits(last(mustRun(t, text, m, info)),
			last(mustRun(t, "m=family&n=2&k=heun&steps=5", m, info))) {
			t.Errorf("%s: nothing is used again", name)
		}
	}
	m, info := converted(t, "dit-latent", family.Settings{Heads: 4}, func(*weights.Tensor) {})
	if _, err := NewRun(mustParse(t, "m=family&cache=2"), info, m); err == nil {
		t.Error("a DiT takes cache=2")
	}
}

// TestMinDiffusionRun reproduces DDPM.sample of minDiffusion, with n_T 8 as recorded.
func TestMinDiffusionRun(t *testing.T) {
	f := fixture.Weights(t, familyData+"mindiffusion-cifar/trace.safetensors.gz")
	roots := fixture.Tensor(t, f, "sqrt_beta_t")
	m, info := converted(t, "mindiffusion-cifar", family.Settings{}, func(x *weights.Tensor) {
		if x.Name == roots.Name {
			*x = *roots
		}
	})
	if T := info.Scheduler.NumTrainTimesteps; T != 9 || info.Scheduler.VarianceType !=
		schedule.FixedLarge {
		t.Fatalf("%d timesteps with the variance %s", T, info.Scheduler.VarianceType)
	}
	c := &chain{x: fixture.Tensor(t, f, "x").Float64s(),
		noise: fixture.Tensor(t, f, "noise").Float64s(), size: 3072, count: 1}
	worst := c.follow(t, m, info, "", func([]float64) float64 { return 1 })
	t.Logf("worst %.2g", worst)
	if !(worst <= 1e-4) {
		t.Errorf("a state differs by %.2g", worst)
	}
}
