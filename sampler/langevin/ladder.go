package langevin

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// Space names the coordinates of the state.
type Space string

// The two spaces.
const (
	VE Space = "ve" // variance exploding: x = x_0 + σ·ε
	VP Space = "vp" // variance preserving: x = √ᾱ·x_0 + √(1−ᾱ)·ε
)

// Rung is one level of a ladder.
type Rung struct {
	T     float64        // what the network is told: the timestep, whole or not, or σ (ScoreVE)
	Own   schedule.Level // of the picture that the network sees, with the ratio of Level
	Level schedule.Level // of the state: in VE Signal is 1 and Noise σ, in VP Signal² + Noise² = 1
	From  schedule.Level // where the predictor's step begins, nearly always Level
	To    schedule.Level // and where it ends: the next rung, {1, 0} after the last
}

// rung returns the rung of a σ of the schedule.
func rung(s *schedule.Schedule, sigma float64, space Space) Rung {
	l := schedule.Level{Signal: 1, Noise: sigma}
	if space == VP {
		l = schedule.LevelOfLogSNR(-2 * portable.Log(sigma))
	}
	if s.Config.Solver.Network == schedule.ScoreVE {
		return Rung{T: sigma, Own: schedule.Level{Signal: 1, Noise: sigma}, Level: l, From: l}
	}
	t := s.Timestep(sigma)
	return Rung{T: t, Own: s.Interpolate(t), Level: l, From: l}
}

// link makes each rung's predictor end where the next one begins.
func link(rungs []Rung) []Rung {
	for i := range rungs {
		rungs[i].To = schedule.Level{Signal: 1}
		if i+1 < len(rungs) {
			rungs[i].To = rungs[i+1].From
		}
	}
	return rungs
}

// AtTimesteps is the ladder of some of a schedule's timesteps, which must fall.
func AtTimesteps(s *schedule.Schedule, timesteps []int, space Space) ([]Rung, error) {
	if s.Config.Solver.Network != schedule.Preserving {
		return nil, errors.New(
			"langevin: the network has no timesteps of a discrete schedule; choose a geometric " +
				"ladder")
	}
	var rungs []Rung
	previous := s.T()
	for i, t := range timesteps {
		if t < 0 || t >= previous {
			return nil, errors.New("langevin: timestep " + strconv.Itoa(t) + ", number " +
				strconv.Itoa(i) + ", must be below " + strconv.Itoa(previous) + " and not negative")
		}
		previous = t
		l := s.At(t)
		if l.Signal == 0 {
			return nil, errors.New("langevin: timestep " + strconv.Itoa(t) +
				" has no signal left (rescale_betas_zero_snr); begin with an earlier one")
		}
		if space == VE {
			l = schedule.Level{Signal: 1, Noise: l.Sigma()}
		}
		rungs = append(rungs, Rung{T: float64(t), Own: s.At(t), Level: l, From: l})
	}
	return link(rungs), nil
}

// Geometric is the ladder of n levels with a constant ratio, from σ = from down to σ = to, both
// within the schedule's (Song & Ermon, arXiv:1907.05600, §4.1). The network is evaluated between
// its timesteps.
func Geometric(s *schedule.Schedule, from, to float64, n int, space Space) ([]Rung, error) {
	if err := within(s, from, to); err != nil {
		return nil, err
	}
	if n < 1 || n > maxRungs {
		return nil, errors.New("langevin: a ladder has from 1 to " + strconv.Itoa(maxRungs) +
			" levels, not " + strconv.Itoa(n))
	}
	rungs := make([]Rung, n)
	logFrom, logTo := portable.Log(from), portable.Log(to)
	for i := range rungs {
		sigma := to
		switch {
		case i == n-1:
		case i == 0:
			sigma = from
		default:
			part := float64(i) / float64(n-1)
			sigma = portable.Exp(float64((1-part)*logFrom) + float64(part*logTo))
		}
		rungs[i] = rung(s, sigma, space)
	}
	return link(rungs), nil
}

// maxRungs bounds a ladder.
const maxRungs = 1_000_000

// Range returns the smallest and the largest σ of a network: those of its schedule, or for the
// family ScoreVE the sigma_min and sigma_max of its config. Other families are an error.
func Range(s *schedule.Schedule) (least, most float64, err error) {
	switch c := &s.Config.Solver; c.Network {
	case schedule.Preserving:
		return s.At(0).Sigma(), s.At(s.T() - 1).Sigma(), nil
	case schedule.ScoreVE:
		return c.SigmaMin, c.SigmaMax, nil
	default:
		return 0, 0, errors.New("langevin: networks of the family " + string(c.Network) +
			" have no score of a known noise level here")
	}
}

// within checks that the ends of a ladder are within the schedule, up to rounding.
func within(s *schedule.Schedule, from, to float64) error {
	least, most, err := Range(s)
	if err != nil {
		return err
	}
	const slack = 1e-9
	if !(to > 0 && to <= from && to >= least*(1-slack) && from <= most*(1+slack)) ||
		math.IsInf(from, 0) {
		return errors.New("langevin: the noise must fall within that of the schedule, " +
			number(most) + " to " + number(least) + ", not from " + number(from) +
			" to " + number(to))
	}
	return nil
}

// ScoreSDE is the ladder of diffusers' ScoreSdeVeScheduler, in VE: the network is asked at σ(t) =
// to·(from/to)^t for n even t from 1 to least (sampling_eps), and the predictor steps between the n
// values of the same ladder from t = 1 to 0, beginning at the one at or below t, and then to 0.
// These levels are nearly, not exactly, those of the network.
func ScoreSDE(s *schedule.Schedule, from, to, least float64, n int) ([]Rung, error) {
	if err := within(s, from, to); err != nil {
		return nil, err
	}
	if n < 2 || n > maxRungs || !(least >= 0 && least < 1) {
		return nil, errors.New(
			"langevin: the ladder of a score SDE has 2 levels or more and ends at t from 0 to 1")
	}
	ratio := portable.Log(from / to)
	discrete := func(i int) schedule.Level {
		if i < 0 {
			return schedule.Level{Signal: 1}
		}
		// From the nearer end, as torch.linspace counts.
		log := portable.Log(to) + float64(float64(i)*(ratio/float64(n-1)))
		if i >= n/2 {
			log = portable.Log(from) - float64(float64(n-1-i)*(ratio/float64(n-1)))
		}
		return schedule.Level{Signal: 1, Noise: portable.Exp(log)}
	}
	rungs := make([]Rung, n)
	for i := range rungs {
		t := 1 - float64(float64(i)*((1-least)/float64(n-1)))
		if i == n-1 {
			t = least
		}
		at := int(math.Floor(float64(t * float64(n-1))))
		rungs[i] = rung(s, to*portable.Exp(float64(t*ratio)), VE)
		rungs[i].From, rungs[i].To = discrete(at), discrete(at-1)
	}
	return rungs, nil
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }
