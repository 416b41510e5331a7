package solver

import (
	"math"
	"testing"

	"tweedie/sampler/schedule"
)

// one is a source of basis vectors. Element 0 is a picture of 1 without noise, element 1+j a
// picture of 0 with the noise of draw j alone. The network knows the picture.
type one struct{ drawn int }

func (o *one) Output(out, _ []float64, _ float64, _ schedule.Level) {
	clear(out)
	out[0] = 1
}

func (o *one) Normal(dst []float64, draw uint32) {
	clear(dst)
	dst[1+draw] = 1
	o.drawn = max(o.drawn, int(draw))
}

// keepsLevels returns how far the states of a plan's sampler are from the noise levels of its
// steps, where the picture is known: the largest difference of Signal and of Noise, and the same of
// the state after the last step. A step is linear in the picture and in all noise so far, so that
// one run gives both without chance.
func keepsLevels(t *testing.T, p *Plan) (worst, last float64) {
	t.Helper()
	built, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	start := built.Start()
	size := 2 + start.Steps()*max(start.Draws, 1)
	source := &one{}
	e := NewEvaluation(p, &start, source, size, size)
	x, run := make([]float64, size), built.Clone(size)
	shown := func(i int) float64 {
		if start.Shown == nil {
			return 1
		}
		return start.Shown[i]
	}
	x[0], x[1] = start.Marks[0].Level.Signal/shown(0), start.Marks[0].Level.Noise/shown(0)
	for i := range start.Steps() {
		run.Step(i, x, &e)
		sum, want := 0.0, start.End
		for _, v := range x[1:] {
			sum += v * v
		}
		worst = max(worst, last)
		if i+1 < start.Steps() {
			want = start.Marks[i+1].Level
		}
		last = max(math.Abs(x[0]*shown(i+1)-want.Signal),
			math.Abs(math.Sqrt(sum)*shown(i+1)-want.Noise))
	}
	if e.Err != nil {
		t.Fatal(e.Err)
	}
	return worst, last
}

// TestEnds: a sampler whose states have the levels of its marks ends at the level that it says,
// with either final level.
func TestEnds(t *testing.T) {
	held := 0
	for _, k := range Samplers() {
		for _, final := range []schedule.FinalSigma{schedule.FinalZero, schedule.FinalMin} {
			p := planOfKnown(t, k.Name, option{})
			p.Final = final
			built, err := p.Build()
			if err != nil { // it needs the other
				continue
			}
			before, last := keepsLevels(t, p)
			if before > 1e-13 {
				continue
			}
			held++
			if !(last <= 1e-9) {
				t.Errorf("%s, final=%s: the last state is %g off the level %+v",
					k.Name, final, last, built.Start().End)
			}
		}
	}
	if held < 40 {
		t.Errorf("%d samplers and final levels were compared", held)
	}
}

// planOfKnown returns a plan for keepsLevels.
func planOfKnown(t *testing.T, k string, o option) *Plan {
	c := schedule.Default()
	c.ClipSample, c.PredictionType, c.TimestepSpacing = false, schedule.Sample, schedule.Trailing
	return planFor(t, k, 16, c, o.set)
}
