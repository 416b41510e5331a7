package sampler

import (
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// conditioned is a model whose prediction depends on an estimate. It records the estimates.
type conditioned struct {
	network.Model
	deaf   bool // it takes none
	seen   [][]float32
	labels [][]int
	quiet  bool // it records nothing
}

func (c *conditioned) TakesEstimate() bool { return !c.deaf }

func (c *conditioned) PredictFrom(
	out [][]float32, x, estimate []float32, t float64, labels []int,
) {
	if !c.quiet {
		c.seen = append(c.seen, slices.Clone(estimate))
		c.labels = append(c.labels, slices.Clone(labels))
	}
	c.Model.Predict(out, x, t, labels)
	for _, o := range out {
		for i, v := range estimate {
			o[i] += float32(v / 8)
		}
	}
}

// conditionedModel is testModel with an estimate.
func conditionedModel(t testing.TB) (*conditioned, recipe.Info) {
	c := schedule.Default()
	c.BetaSchedule = "squaredcos_cap_v2"
	m, info := testModel(t, c)
	return &conditioned{Model: m}, info
}

// isZero reports whether nothing is known of the picture.
func isZero(x []float32) bool {
	return !slices.ContainsFunc(x, func(v float32) bool { return v != 0 })
}

// TestEstimateIsThatOfTheEvaluationBefore: with DDIM the network sees the bounded x̂0 of the step
// before, at first zeros, and both labels of guidance the same.
func TestEstimateIsThatOfTheEvaluationBefore(t *testing.T) {
	m, info := conditionedModel(t)
	for more, labels := range map[string]int{"g=3": 2, "g=1": 1, "g=0": 1,
		"g=3&rederive=on&eta=1": 2, "g=3&reading=v": 2} {
		m.seen, m.labels = nil, nil
		tr, err := NewTrajectory(mustParse(t, "m=test&c=two&steps=6&"+more), info, m, 0)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float32, len(tr.X()))
		for i := range tr.Steps() {
			if !tr.Step() {
				t.Fatal(tr.Err())
			}
			if !slices.Equal(m.seen[i], want) || len(m.seen) != i+1 {
				t.Errorf("%s: step %d sees %v in %d evaluations, want %v", more, i+1, m.seen[i],
					len(m.seen), want)
			}
			if len(m.labels[i]) != labels {
				t.Errorf("%s: step %d has labels %v", more, i+1, m.labels[i])
			}
			for j, v := range tr.X0() {
				want[j] = float32(v)
			}
		}
	}
}

// TestEstimateWithinAStep: a solver with two evaluations in a step gives the second one the x̂0 of
// the first.
func TestEstimateWithinAStep(t *testing.T) {
	m, info := conditionedModel(t)
	mustRun(t, "m=test&c=two&steps=4&k=heun&g=1", m, info)
	for i, x := range m.seen {
		if isZero(x) != (i == 0) || i > 0 && slices.Equal(x, m.seen[i-1]) {
			t.Errorf("evaluation %d sees %v", i, x)
		}
	}
	if len(m.seen) != 7 {
		t.Errorf("%d evaluations of 4 steps of Heun, whose last has one", len(m.seen))
	}
}

// TestEstimateIsDropped: no estimate is known after a restart, after an inversion, after a jump
// back, and in a Forward.
func TestEstimateIsDropped(t *testing.T) {
	zeros := func(m *conditioned) (at []int) {
		for i, x := range m.seen {
			if isZero(x) {
				at = append(at, i)
			}
		}
		return at
	}
	m, info := conditionedModel(t)
	tr, err := NewTrajectory(mustParse(t, "m=test&c=two&steps=6"), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		tr.Step()
	}
	x := slices.Clone(tr.X())
	tr.Restart(3, x)
	for tr.Step() {
	}
	if at := zeros(m); !slices.Equal(at, []int{0, 3}) {
		t.Errorf("restarted after three steps, evaluations %v see zeros", at)
	}

	in := drawn()
	in.Mask = nil
	m.seen = nil
	mustEdit(t, "m=test&steps=6&invert=two&c=one&g=1", in, m, info)
	if at := zeros(m); len(at) != 2 || at[0] != 0 || at[1] != len(m.seen)-6 {
		t.Errorf("with an inversion, evaluations %v of %d see zeros", at, len(m.seen))
	}

	m.seen = nil
	run := mustEdit(t, "m=test&steps=6&resample=2&jump=3&mask="+maskName(t, drawn()), drawn(), m,
		info)
	visits, want := run.course.route.visits, []int{0}
	for i := 1; i < len(visits); i++ {
		if visits[i] != visits[i-1]+1 {
			want = append(want, i)
		}
	}
	if at := zeros(m); !slices.Equal(at, want) || len(want) < 2 {
		t.Errorf("with jumps back before %v, evaluations %v see zeros", want, at)
	}

	m.seen = nil
	forward, err := NewForward(mustParse(t, "m=test&steps=6&c=two"), info, m, drawn().Image,
		Share{})
	if err != nil {
		t.Fatal(err)
	}
	for forward.Next() {
	}
	if at := zeros(m); len(at) != len(m.seen) || len(at) != 6 {
		t.Errorf("%d of %d evaluations of a noised picture see zeros", len(at), len(m.seen))
	}
}

// TestEstimateReproduces: with every sampler the pictures are the same in shares, alone and after
// every checkpoint; the estimate changes them, and no step allocates.
func TestEstimateReproduces(t *testing.T) {
	m, info := conditionedModel(t)
	m.quiet = true
	for _, text := range everyRecipe() {
		whole := last(mustRun(t, text, m, info))
		size := len(whole) / 3
		for image := 2; image >= 0; image-- {
			run, err := NewShare(mustParse(t, text), info, m, recipe.Inputs{}, Share{image, 3})
			if err != nil {
				t.Fatal(err)
			}
			for run.Next() {
			}
			if !fixture.SameBits(run.X(0), whole[image*size:][:size]) {
				t.Errorf("%s: picture %d as a share differs", text, image)
			}
		}
		if fixture.SameBits(whole, last(mustRun(t, text, m.Model, info))) {
			t.Errorf("%s: the estimate changes nothing", text)
		}
		checkpoints(t, text, m, info)
		run := mustRun(t, text, m, info)
		fresh, err := NewRun(run.Recipe(), info, m)
		if err != nil {
			t.Fatal(err)
		}
		fresh.Next()
		if a := testing.AllocsPerRun(3, func() { fresh.Next() }); a > 0 {
			t.Errorf("%s: a step allocates %v times", text, a)
		}
	}
	for _, text := range []string{"mask=MASK&resample=2&jump=3", "invert=two&c=one&k=heun&g=1"} {
		in := drawn()
		if !strings.Contains(text, "MASK") {
			in.Mask = nil
		}
		text = "m=test&n=1&steps=8&" + strings.ReplaceAll(text, "MASK", maskName(t, drawn()))
		run, err := NewRunFrom(naming(t, text, in), info, m, in)
		if err != nil {
			t.Fatal(err)
		}
		tr := run.Picture(0).(*Trajectory)
		var all []Checkpoint
		var states [][]float64
		for more := true; more; more = tr.Step() {
			all, states = append(all, tr.Checkpoint()), append(states, slices.Clone(tr.X()))
		}
		for i := len(all) - 1; i >= 0; i-- {
			tr.Return(all[i])
			for j := i; j < len(states); j++ {
				if !fixture.SameBits(tr.X(), states[j]) {
					t.Fatalf("%s: step %d after checkpoint %d differs", text, j, i)
				}
				tr.Step()
			}
		}
	}
}

// TestNoEstimate: a network that takes none is asked as every other.
func TestNoEstimate(t *testing.T) {
	m, info := conditionedModel(t)
	m.deaf = true
	const text = "m=test&c=all&steps=6"
	if !fixture.SameBits(last(mustRun(t, text, m, info)), last(mustRun(t, text, m.Model, info))) {
		t.Error("the network was shown an estimate, or other pictures come out")
	}
	if m.seen != nil {
		t.Errorf("it was shown %v", m.seen)
	}
}
