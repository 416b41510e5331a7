package schedule

import (
	"errors"
	"math"
	"strconv"
)

// Timesteps returns the training timesteps that a solver of the given number of steps visits,
// falling, as diffusers' DDPMScheduler and DDIMScheduler list them for the spacing:
//
//   - leading: i·⌊T/steps⌋ + steps_offset;
//   - linspace: round(i·(T−1)/(steps−1)), both ends included; one step visits timestep 0;
//   - trailing: round(T − i·T/steps) − 1, the last timestep included.
//
// Rounding is to even at halves, as numpy does.
func (s *Schedule) Timesteps(steps int, spacing Spacing) ([]int, error) {
	T := s.T()
	switch {
	case steps < 1:
		return nil, errors.New("schedule: the number of steps must be 1 or more, not " +
			strconv.Itoa(steps))
	case steps > T:
		return nil, errors.New("schedule: " + strconv.Itoa(steps) +
			" steps are more than the model's " + strconv.Itoa(T) + " training timesteps")
	}
	ts := make([]int, steps)
	switch spacing {
	case Leading:
		for i := range ts {
			ts[i] = (steps-1-i)*(T/steps) + s.Config.StepsOffset
		}
	case Linspace:
		step := 0.0
		if steps > 1 {
			step = float64(T-1) / float64(steps-1)
		}
		for i := range ts {
			ts[i] = int(math.RoundToEven(float64(steps-1-i) * step))
		}
	case Trailing:
		// numpy.arange(T, 0, −T/steps): its increment is the difference of the first two elements.
		step := float64(T) - (float64(T) - float64(T)/float64(steps))
		for i := range ts {
			ts[i] = int(math.RoundToEven(float64(T)-float64(float64(i)*step))) - 1
		}
	default:
		return nil, wrong("timestep_spacing", list(spacings), strconv.Quote(string(spacing)))
	}
	if ts[0] >= T {
		return nil, errors.New("schedule: steps_offset " + strconv.Itoa(s.Config.StepsOffset) +
			" moves the first of " + strconv.Itoa(steps) +
			" steps to timestep " + strconv.Itoa(ts[0]) +
			", beyond the last one, " + strconv.Itoa(T-1) +
			": take fewer steps, or the spacing linspace or trailing")
	}
	return ts, nil
}
