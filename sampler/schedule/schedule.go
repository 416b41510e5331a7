package schedule

import (
	"errors"
	"math"
	"strconv"
)

// Schedule holds the tables of a noise schedule. It is immutable once built; all pictures share it.
type Schedule struct {
	Config   Config
	Betas    []float64 // [T] β_t
	AlphaBar []float64 // [T] ᾱ_t = ∏_{i≤t} (1−β_i), falling; perhaps 0 at the end
}

// New builds the tables of a configuration.
func New(c Config) (*Schedule, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	betas := c.betas()
	if c.RescaleBetasZeroSNR {
		if len(betas) < 2 {
			return nil, errors.New("schedule: rescale_betas_zero_snr needs two timesteps or more")
		}
		rescaleZeroSNR(betas)
	}
	s := &Schedule{Config: c, Betas: betas, AlphaBar: make([]float64, len(betas))}
	product := 1.0
	for t, beta := range betas {
		if !(beta > 0 && beta <= 1) {
			return nil, errors.New("schedule: beta of timestep " + strconv.Itoa(t) + " is " +
				number(beta) + ", outside 0 to 1")
		}
		product *= 1 - beta
		s.AlphaBar[t] = product
	}
	return s, nil
}

// T is the number of training timesteps.
func (s *Schedule) T() int { return len(s.Betas) }

// At returns the level of timestep t. A negative t is the clean picture: signal 1, noise 0.
func (s *Schedule) At(t int) Level {
	if t < 0 {
		return Level{Signal: 1}
	}
	return LevelOf(s.AlphaBar[t])
}

// SNR returns the signal-to-noise ratio ᾱ_t/(1−ᾱ_t), +Inf for the clean picture (Luo 109).
func (s *Schedule) SNR(t int) float64 {
	if t < 0 {
		return math.Inf(1)
	}
	return s.AlphaBar[t] / (1 - s.AlphaBar[t])
}
