package sampler

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/network"
	"tweedie/sampler/noise"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// fake is a network of two classes whose output depends on the label. It records its evaluations.
type fake struct {
	out    int // output channels
	labels [][]int
	broken float32 // written to the output of the third evaluation
	calls  int
}

func (f *fake) Shape() (int, int, int) { return 1, 2, 2 }
func (f *fake) OutChannels() int       { return f.out }
func (f *fake) Classes() int           { return 2 }
func (f *fake) Predict(out [][]float32, x []float32, t float64, labels []int) {
	f.labels = append(f.labels, slices.Clone(labels))
	f.calls++
	for i, label := range labels {
		for j := range out[i] {
			out[i][j] = float32(label) + float32(j)/8
		}
		if f.calls == 3 && f.broken != 0 {
			out[i][2] = f.broken
		}
	}
}

func fakeInfo(t *testing.T, f *fake) recipe.Info {
	t.Helper()
	info, err := recipe.NewInfo("fake", nil, "", f)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestGuidanceAsksForWhatItNeeds checks the labels of the evaluations and the guided output,
// element by element.
func TestGuidanceAsksForWhatItNeeds(t *testing.T) {
	cases := []struct {
		recipe string
		labels []int
		want   float64 // of element 0
	}{
		{"m=fake&g=3", []int{network.NoClass}, -1},
		{"m=fake&c=1&g=0", []int{network.NoClass}, -1},
		{"m=fake&c=1&g=1", []int{1}, 1},
		{"m=fake&c=1&g=3", []int{1, network.NoClass}, 5}, // −1 + 3·(1 − −1)
		{"m=fake&c=0&g=0.5", []int{0, network.NoClass}, -0.5},
	}
	for _, c := range cases {
		for _, channels := range []int{1, 2} {
			f := &fake{out: channels}
			s, err := recipe.Resolve(mustParse(t, c.recipe+"&steps=2"), fakeInfo(t, f))
			if err != nil {
				t.Fatal(err)
			}
			raw := make([]float64, 4*channels)
			newGuided(f, &s, schedule.Epsilon, 0).Output(raw, make([]float64, 4), 500,
				schedule.LevelOf(0.5))
			if len(f.labels) != 1 || !slices.Equal(f.labels[0], c.labels) {
				t.Errorf("%s asks for %v, want %v once", c.recipe, f.labels, c.labels)
			}
			for j, got := range raw {
				want := c.want + float64(j)/8
				if j >= 4 { // a predicted variance is the first label's
					want = float64(c.labels[0]) + float64(j)/8
				}
				if got != want {
					t.Errorf("%s: element %d is %v, want %v", c.recipe, j, got, want)
				}
			}
		}
	}
}

// TestNotFiniteEndsTheRun puts a NaN and an infinity into the third evaluation's output.
func TestNotFiniteEndsTheRun(t *testing.T) {
	for _, broken := range []float32{float32(math.NaN()), float32(math.Inf(1)),
		float32(math.Inf(-1))} {
		f := &fake{out: 1, broken: broken}
		run, err := NewRun(mustParse(t, "m=fake&n=2&steps=10"), fakeInfo(t, f), f)
		if err != nil {
			t.Fatal(err)
		}
		calls := 0
		for run.Next() {
			calls++
		}
		if calls != 2 || run.Err() == nil || !strings.Contains(run.Err().Error(),
			"output at timestep 800 is not finite (element 2)") {
			t.Errorf("%v: %d good steps, then %v", broken, calls, run.Err())
		}
		if run.Next() || solver.NotFinite(run.X(0)) >= 0 {
			t.Errorf("%v: the run goes on after its error, or its state is %v", broken, run.X(0))
		}
	}
}

func TestStateOutOfRange(t *testing.T) {
	f := &fake{out: 1}
	tr, err := NewTrajectory(mustParse(t, "m=fake&steps=10&clip=none"), fakeInfo(t, f), f, 0)
	if err != nil {
		t.Fatal(err)
	}
	tr.Restart(3, []float64{0, math.MaxFloat64, 0, 0})
	if tr.Step() || tr.Err() == nil || !strings.Contains(tr.Err().Error(), "the state after step "+
		"4 with timestep 600 is not finite (element 1)") {
		t.Errorf("error %v", tr.Err())
	}
	tr.Restart(3, make([]float64, 4))
	if !tr.Step() || tr.Err() != nil {
		t.Errorf("after a restart: %v", tr.Err())
	}
}

// TestTorchNoise checks that noise=torch gives picture i the draws of torch.manual_seed(s+i), as
// diffusers does with one generator for each picture, and that earlier draws can be drawn again.
func TestTorchNoise(t *testing.T) {
	f := &fake{out: 1}
	run, err := NewRun(mustParse(t, "m=fake&s=41&n=2&noise=torch"), fakeInfo(t, f), f)
	if err != nil {
		t.Fatal(err)
	}
	g := noise.NewTorch(42)
	want := make([]float32, 4)
	g.Normal32(want)
	for i, v := range run.X(1) {
		if v != float64(want[i]) {
			t.Errorf("element %d of picture 1 starts as %v, want %v", i, v, want[i])
		}
	}
	d := newTorchDraws(42, 4)
	var draws [4][4]float64
	for k := range draws {
		d.draw(draws[k][:], uint32(k))
	}
	for _, k := range []uint32{2, 0, 3, 3, 1} {
		var again [4]float64
		d.draw(again[:], k)
		if again != draws[k] {
			t.Errorf("draw %d again is %v, was %v", k, again, draws[k])
		}
	}
}

func TestRunRefuses(t *testing.T) {
	f := &fake{out: 1}
	info := fakeInfo(t, f)
	withoutSignal := info
	withoutSignal.Scheduler.RescaleBetasZeroSNR, withoutSignal.Scheduler.TimestepSpacing = true,
		schedule.Trailing
	offset := info
	offset.Scheduler.StepsOffset = 1
	broken := info
	broken.Scheduler.BetaEnd = 2
	wider := info
	wider.Width = 7
	cases := []struct {
		recipe, key, says string
		info              recipe.Info
	}{
		{"m=fake", "spacing", "no signal left (rescale_betas_zero_snr), where a network that " +
			"predicts epsilon says nothing", withoutSignal},
		{"m=fake&steps=1000", "steps", "steps_offset 1 moves the first of 1000 steps", offset},
		{"m=fake&steps=1001", "steps", "1000 timesteps", info},
		{"m=fake", "", "beta_end", broken},
		{"m=fake", "", "the network is not the one", wider},
		{"m=fake&c=9", "c", "an index from 0 to 1", info},
	}
	for _, c := range cases {
		_, err := NewRun(mustParse(t, c.recipe), c.info, f)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %q", c.recipe, err, c.says)
			continue
		}
		var wrong *solver.Error
		if ok := errors.As(err, &wrong); ok != (c.key != "") || ok && wrong.Key != c.key {
			t.Errorf("%s: error %v, want key %q", c.recipe, err, c.key)
		}
		if _, err := NewTrajectory(mustParse(t, c.recipe), c.info, f, 0); err == nil {
			t.Errorf("%s: no error for one picture alone", c.recipe)
		}
	}
	if _, err := NewTrajectory(mustParse(t, "m=fake&n=3"), info, f, 3); err == nil ||
		!strings.Contains(err.Error(), "no picture 3 in a recipe of 3") {
		t.Errorf("picture 3 of 3: %v", err)
	}
}
