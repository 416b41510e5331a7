package solver

import (
	"math"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// TestPNDMWrittenOut compares pndm and plms with diffusers' PNDMScheduler, written out, for every
// spacing, both predictions that it has, odd and even strides, and both last levels.
func TestPNDMWrittenOut(t *testing.T) {
	compared, worst := 0, 0.0
	for _, k := range []string{"pndm", "plms"} {
		for _, own := range []schedule.Prediction{schedule.Epsilon, schedule.V} {
			for _, spacing := range []schedule.Spacing{schedule.Leading, schedule.Linspace,
				schedule.Trailing} {
				for _, steps := range []int{4, 5, 7, 12, 15, 50} {
					c := schedule.Default()
					c.ClipSample, c.PredictionType, c.TimestepSpacing = false, own, spacing
					c.SetAlphaToOne = steps%2 == 0
					if spacing == schedule.Leading {
						c.StepsOffset = steps % 3
					}
					p := planFor(t, k, steps, c, nil)
					states := ran(t, p)
					source, x := exactSource(t, p), make([]float64, modesDim)
					source.Normal(x, 0)
					d := farthest(states, writtenPNDM(t, p, x, source.at(p)))
					compared, worst = compared+len(states)*modesDim, max(worst, d)
					if !(d <= 1e-12) {
						t.Errorf("%s, %s, %s, %d steps: %v away", k, own, spacing, steps, d)
					}
				}
			}
		}
	}
	t.Logf("%d values, largest difference %.1e", compared, worst)
}

// at returns the network's output as a function of the state and the timestep.
func (s *saying) at(p *Plan) func(x []float64, t int) []float64 {
	return func(x []float64, t int) []float64 {
		out := make([]float64, len(x))
		s.Output(out, x, float64(t), p.schedule.At(t))
		return out
	}
}

// written is a run of PNDM as diffusers has it.
type written struct {
	plan    *Plan
	look    func(x []float64, t int) []float64 // the network
	outputs [][]float64                        // one for each step, the oldest first
}

// writtenPNDM returns the states after each step from x.
func writtenPNDM(
	t *testing.T, p *Plan, x []float64, look func(x []float64, t int) []float64,
) [][]float64 {
	t.Helper()
	w := &written{plan: p, look: look}
	ts, err := p.timesteps()
	if err != nil {
		t.Fatal(err)
	}
	stride := p.schedule.T() / p.Steps
	var states [][]float64
	for i, at := range ts {
		switch {
		case p.Sampler == "pndm" && i < 3:
			x = w.rungeKutta(x, at, ts[i+1], stride/2)
		case i == 0: // twice: the second time with the mean of the outputs at both ends
			first := w.look(x, at)
			w.outputs = append(w.outputs, first)
			there := w.look(w.move(x, at, at-stride, first), ts[1])
			x = w.move(x, ts[1]+stride, ts[1], mean([]float64{0.5, 0.5}, first, there))
		default:
			w.outputs = append(w.outputs, w.look(x, at))
			n := min(len(w.outputs), 4)
			last := slices.Clone(w.outputs[len(w.outputs)-n:])
			slices.Reverse(last)
			x = w.move(x, at, at-stride, mean(adamsWeights[n], last...))
		}
		states = append(states, x)
	}
	return states
}

// adamsWeights are those of the Adams–Bashforth methods of order 2 to 4, the newest output first.
var adamsWeights = [...][]float64{2: {1.5, -0.5}, 3: {23. / 12, -16. / 12, 5. / 12},
	4: {55. / 24, -59. / 24, 37. / 24, -9. / 24}}

// rungeKutta is a step from timestep `from` to timestep `to`. half is half of the stride.
func (w *written) rungeKutta(x []float64, from, to, half int) []float64 {
	k1 := w.look(x, from)
	w.outputs = append(w.outputs, k1)
	k2 := w.look(w.move(x, from, from-half, k1), to+half)
	k3 := w.look(w.move(x, from, to+half, k2), to+half)
	k4 := w.look(w.move(x, from, to, k3), to)
	return w.move(x, from, to, mean([]float64{1. / 6, 1. / 3, 1. / 3, 1. / 6}, k1, k2, k3, k4))
}

// move is PNDM's equation 9 from one timestep to another, with an output of the network. An output
// that is v is translated into ε at x, whatever states it is the mean of.
func (w *written) move(x []float64, from, to int, output []float64) []float64 {
	bar, barTo := w.plan.schedule.AlphaBar[from], w.plan.lastAlphaBar()
	if to >= 0 {
		barTo = w.plan.schedule.AlphaBar[to]
	}
	next := make([]float64, len(x))
	for i, v := range x {
		epsilon := output[i]
		if w.plan.own == schedule.V {
			epsilon = math.Sqrt(bar)*output[i] + math.Sqrt(1-bar)*v
		}
		next[i] = math.Sqrt(barTo/bar)*v - (barTo-bar)*epsilon/
			(bar*math.Sqrt(1-barTo)+math.Sqrt(bar*(1-bar)*barTo))
	}
	return next
}

// mean returns the weighted sum of lists.
func mean(weights []float64, lists ...[]float64) []float64 {
	sum := make([]float64, len(lists[0]))
	for k, list := range lists {
		for i, v := range list {
			sum[i] += weights[k] * v
		}
	}
	return sum
}

// TestWrittenPNDMIsRecorded holds the transcription to the recorded runs of diffusers.
func TestWrittenPNDMIsRecorded(t *testing.T) {
	runs := 0
	for _, s := range readSamples(t) {
		if s.Source != "PNDMScheduler" {
			continue
		}
		runs++
		_, p, _ := s.setup(t)
		for item := range items {
			calls, worst := 0, 0.0
			states := writtenPNDM(t, p, part(s.init, item), func(x []float64, at int) []float64 {
				c := &s.Calls[calls]
				calls++
				if worst = max(worst, fixture.Distance(x, part(c.x, item))); c.T != float64(at) {
					t.Fatalf("%s: evaluation %d at timestep %d, want %v", s.Name, calls, at, c.T)
				}
				return part(c.out, item)
			})
			worst = max(worst, fixture.Distance(states[len(states)-1], part(s.final, item)))
			if !(worst <= 1e-12) || calls != len(s.Calls) {
				t.Errorf("%s item %d: %v away after %d of %d evaluations", s.Name, item, worst,
					calls, len(s.Calls))
			}
		}
	}
	if runs != 4 {
		t.Errorf("%d recorded runs of PNDM, want 4", runs)
	}
}
