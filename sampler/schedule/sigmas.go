package schedule

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/portable"
)

// leastAlphaBar replaces ᾱ = 0 where σ must be finite (in diffusers the smallest subnormal of half
// precision).
const leastAlphaBar = 0x1p-24

// SigmaTable has σ = √((1−ᾱ)/ᾱ) of every training timestep, and interpolates between them in both
// directions.
type SigmaTable struct {
	Sigma []float64 // [T], rising
	log   []float64 // [T]
}

// Sigmas returns the schedule's σ.
func (s *Schedule) Sigmas() *SigmaTable {
	t := &SigmaTable{Sigma: make([]float64, s.T()), log: make([]float64, s.T())}
	for i, bar := range s.AlphaBar {
		if bar == 0 {
			bar = leastAlphaBar
		}
		t.Sigma[i] = math.Sqrt((1 - bar) / bar)
		t.log[i] = portable.Log(t.Sigma[i])
	}
	return t
}

// At returns σ at a timestep, linear between whole ones and constant beyond the ends.
func (t *SigmaTable) At(timestep float64) float64 {
	last := len(t.Sigma) - 1
	i := int(math.Floor(timestep))
	switch {
	case timestep <= 0:
		return t.Sigma[0]
	case i >= last:
		return t.Sigma[last]
	}
	return t.Sigma[i] + float64((timestep-float64(i))*(t.Sigma[i+1]-t.Sigma[i]))
}

// Timestep returns the timestep with that σ, linear in log σ between whole ones and constant beyond
// the ends.
func (t *SigmaTable) Timestep(sigma float64) float64 {
	if len(t.log) == 1 {
		return 0
	}
	log := portable.Log(max(sigma, 1e-10))
	low, high := 0, len(t.log)-1 // the last interval that begins at or below it, or the first
	for high-low > 1 {
		if middle := (low + high) / 2; t.log[middle] <= log {
			low = middle
		} else {
			high = middle
		}
	}
	w := (t.log[low] - log) / (t.log[low] - t.log[low+1])
	w = min(max(w, 0), 1)
	return float64((1-w)*float64(low)) + float64(w*float64(low+1))
}

// Ladder has the noise levels of a sampler: step i goes from Sigmas[i] to Sigmas[i+1], and the
// network is told Timesteps[i] at its beginning.
type Ladder struct {
	Sigmas    []float64 // [steps+1] falling; for Straight networks σ of (1−σ)·x0 + σ·ε
	Timesteps []float64 // [steps]
}

// LadderOptions say how to choose a ladder.
type LadderOptions struct {
	Steps   int
	Spacing Spacing
	Kind    SigmaKind
	Final   FinalSigma
	// Intervals makes linspace and leading divide the schedule into Steps intervals instead of
	// placing Steps points on it: the last point is the final level. Diffusers' exponential
	// integrators (DPM-Solver, DEIS, UniPC, SA-Solver) count so.
	Intervals bool
	// Round says whether the timesteps of Karras and Lu ladders are rounded. With Intervals all
	// timesteps are truncated in the end.
	Round Rounding
}

// Rounding says whether timesteps of Karras and Lu ladders are rounded.
type Rounding uint8

// Which of them a class of diffusers does, is part of its results.
const (
	RoundNever        Rounding = iota // Euler, Heun, LMS, DPMSolverSDE
	RoundUnlessCosine                 // DPMSolverMultistep: not on the schedule squaredcos_cap_v2
	RoundAlways                       // KDPM2 in both forms, DPMSolverSinglestep, UniPC, DEIS, SA
)

// Ladder chooses noise levels for a network of the families Preserving and Straight.
func (s *Schedule) Ladder(o LadderOptions) (Ladder, error) {
	if o.Steps < 1 || o.Steps > s.T() {
		_, err := s.Timesteps(o.Steps, o.Spacing)
		return Ladder{}, err
	}
	if o.Kind == Flow {
		return s.flowLadder(o), nil
	}
	table := s.Sigmas()
	points, err := s.points(o, table)
	if err != nil {
		return Ladder{}, err
	}
	l := Ladder{Timesteps: points, Sigmas: make([]float64, o.Steps, o.Steps+1)}
	for i, t := range points {
		l.Sigmas[i] = table.At(t)
	}
	if o.Kind == LogLinear {
		l.Sigmas = logSpaced(table.Sigma[s.T()-1], table.Sigma[0], o.Steps+1)
	} else if o.Kind != Spaced {
		high, low := l.Sigmas[0], l.Sigmas[o.Steps-1]
		if o.Intervals {
			high, low = table.Sigma[s.T()-1], table.Sigma[0]
		}
		c := &s.Config.Solver
		if c.SigmaMax > 0 {
			high = c.SigmaMax
		}
		if c.SigmaMin > 0 {
			low = c.SigmaMin
		}
		l.Sigmas = SigmaRange(o.Kind, high, low, s.Config.Solver.Rho, o.Steps)
		for i, sigma := range l.Sigmas {
			l.Timesteps[i] = o.whole(table.Timestep(sigma), s.Config.BetaSchedule)
		}
	}
	final := 0.0
	if o.Final == FinalMin {
		final = table.Sigma[0]
	}
	if o.Kind != LogLinear { // which sets its last level itself
		l.Sigmas = append(l.Sigmas, final)
	}
	return l, l.check()
}

// whole rounds a timestep as diffusers does for the ladder.
func (o *LadderOptions) whole(t float64, family string) float64 {
	rounds := o.Round == RoundAlways || o.Round == RoundUnlessCosine && family != squaredCos
	if rounds && (o.Kind == Karras || o.Kind == Lu) {
		t = math.RoundToEven(t)
	}
	if o.Intervals {
		t = math.Trunc(t)
	}
	return t
}

// check refuses ladders whose levels do not fall. The last two may be equal: with sigma_min they
// are for Karras' levels and similar ones, which end there anyway.
func (l *Ladder) check() error {
	for i := range l.Timesteps {
		if equal := l.Sigmas[i] == l.Sigmas[i+1] && i == len(l.Timesteps)-1; !equal &&
			!(l.Sigmas[i] > l.Sigmas[i+1]) {
			return errors.New("schedule: noise levels " + strconv.Itoa(i) + " and " +
				strconv.Itoa(i+1) + " of " + strconv.Itoa(len(l.Timesteps)) +
				" steps do not fall; choose fewer steps or another spacing")
		}
	}
	return nil
}

// points returns the timesteps of the spacing, falling.
func (s *Schedule) points(o LadderOptions, table *SigmaTable) ([]float64, error) {
	T, n := s.T(), o.Steps
	ts := make([]float64, n)
	last := T // one more than the last timestep that is visited
	if o.Intervals {
		last = s.unclipped(table)
	}
	switch {
	case o.Spacing == Linspace && o.Intervals:
		for i := range ts {
			ts[i] = math.RoundToEven(float64(n-i) * (float64(last-1) / float64(n)))
		}
	case o.Spacing == Linspace:
		if n == 1 {
			return nil, errors.New(
				"schedule: with linspace spacing a single step would begin at timestep 0, where " +
					"there is nothing left to do; choose trailing")
		}
		for i := range ts {
			ts[i] = float64(n-1-i) * (float64(T-1) / float64(n-1))
		}
		ts[0] = float64(T - 1)
	case o.Spacing == Leading && o.Intervals:
		for i := range ts {
			ts[i] = float64((n-i)*(last/(n+1)) + s.Config.StepsOffset)
		}
	default:
		whole, err := s.Timesteps(n, o.Spacing)
		if err != nil {
			return nil, err
		}
		for i, t := range whole {
			ts[i] = float64(t - (T - last))
		}
	}
	if ts[0] > float64(T-1) || ts[n-1] < 0 {
		return nil, errors.New("schedule: steps_offset " + strconv.Itoa(s.Config.StepsOffset) +
			" and lambda_min_clipped leave no room for " + strconv.Itoa(n) + " steps")
	}
	return ts, nil
}

// unclipped is the number of timesteps whose log signal-to-noise ratio λ is lambda_min_clipped or
// more. The last timesteps of a cosine schedule have very little signal, and are better left out.
func (s *Schedule) unclipped(table *SigmaTable) int {
	last := s.T()
	for last > 1 && -table.log[last-1] < s.Config.Solver.LambdaMinClipped {
		last--
	}
	return last
}

// SigmaRange returns n noise levels from high down to low, of any kind but Spaced, LogLinear and
// Flow. rho 0 stands for the kind's default.
func SigmaRange(kind SigmaKind, high, low, rho float64, n int) []float64 {
	sigmas := make([]float64, n)
	switch kind {
	case Karras:
		if rho == 0 {
			rho = 7
		}
		from, to := portable.Pow(high, 1/rho), portable.Pow(low, 1/rho)
		for i := range sigmas {
			sigmas[i] = portable.Pow(from+float64(between(0, 1, i, n)*(to-from)), rho)
		}
	case Beta:
		for i := range sigmas {
			sigmas[i] = low + float64(betaQuantile(1-between(0, 1, i, n))*(high-low))
		}
	case Polyexponential:
		if rho == 0 {
			rho = 1
		}
		from, to := portable.Log(high), portable.Log(low)
		for i := range sigmas {
			sigmas[i] = portable.Exp(to + float64(portable.Pow(between(1, 0, i, n), rho)*(from-to)))
		}
	default: // Exponential and, with the ρ = 1 of its paper, Lu
		sigmas = logSpaced(high, low, n)
	}
	if sigmas[0] = high; n > 1 {
		sigmas[n-1] = low
	}
	return sigmas
}

func logSpaced(high, low float64, n int) []float64 {
	sigmas := make([]float64, n)
	from, to := portable.Log(high), portable.Log(low)
	for i := range sigmas {
		sigmas[i] = portable.Exp(between(from, to, i, n))
	}
	return sigmas
}

// Shift moves a flow's σ in [0, 1] towards the noisy end for shift > 1: shift·σ/(1 + (shift−1)·σ)
// (Esser et al., arXiv:2403.03206, equation 23).
func Shift(sigma, shift float64) float64 {
	return float64(shift*sigma) / (1 + float64((shift-1)*sigma))
}

// flowLadder is the ladder of a rectified flow: with Intervals that of use_flow_sigmas; with
// trailing spacing steps of equal size from 1 to 0, as flow matching has them (Lipman et al.,
// arXiv:2210.02747); otherwise that of diffusers' FlowMatch schedulers, which shift twice and whose
// last step begins at σ = 1/T.
func (s *Schedule) flowLadder(o LadderOptions) Ladder {
	T, n, shift := float64(s.T()), o.Steps, s.Config.Solver.FlowShift
	l := Ladder{Sigmas: make([]float64, n+1), Timesteps: make([]float64, n)}
	for i := range l.Timesteps {
		if o.Intervals {
			l.Sigmas[i] = Shift(1-between(1, 1/T, n-i, n+1), shift)
			l.Timesteps[i] = math.Trunc(float64(l.Sigmas[i] * T))
			continue
		}
		if o.Spacing == Trailing {
			l.Sigmas[i] = Shift(1-float64(i)/float64(n), shift)
			l.Timesteps[i] = float64(l.Sigmas[i] * T)
			continue
		}
		evenly := between(float64(Shift(1, shift)*T), float64(Shift(1/T, shift)*T), i, n) / T
		l.Sigmas[i] = Shift(evenly, shift)
		l.Timesteps[i] = float64(l.Sigmas[i] * T)
	}
	if o.Final == FinalMin {
		l.Sigmas[n] = l.Sigmas[n-1]
	}
	return l
}
