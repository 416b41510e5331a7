package bound

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// learned is a schedule from log SNR 8 to −6 whose ω has one bend, of the given height and place.
func learned(t *testing.T, bend, place float64, steps int) *schedule.Schedule {
	t.Helper()
	tensor := fixture.NewTensor[float64]
	l, _, err := schedule.TakeLearnedSNR(&weights.File{Tensors: []weights.Tensor{
		tensor("schedule.l1.weight", []int{1, 1}, 1), tensor("schedule.l1.bias", []int{1}, 0),
		tensor("schedule.l2.weight", []int{1, 1}, 8), tensor("schedule.l2.bias",
			[]int{1}, -8*place),
		tensor("schedule.l3.weight", []int{1, 1}, bend), tensor("schedule.gamma", []int{2}, -8, 6),
	}})
	if err != nil {
		t.Fatal(err)
	}
	base := schedule.Default()
	base.NumTrainTimesteps = steps
	s, err := l.Schedule(base)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLearnedSchedule checks that with many timesteps the denoising terms have the same sum for
// every ω with the same ends (VDM, arXiv:2107.00630, §5.1), and each is ½(SNR(t−1) − SNR(t))·‖x̂0 −
// x0‖² (Luo 109).
func TestLearnedSchedule(t *testing.T) {
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	var sums, errors []float64
	for _, bend := range [][2]float64{{0, 0}, {2, 0.3}, {1, 0.7}} {
		s := learned(t, bend[0], bend[1], 400)
		model, err := mixture.NewModel(m, s, 1, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		o := Standard(s)
		o.Clip, o.Draws = math.Inf(1), 200
		_, terms := all(t, model, o)
		sum, square := 0.0, 0.0
		for _, term := range terms[:len(terms)-1] {
			want := 0.5 * (s.SNR(term.T-1) - s.SNR(term.T)) * term.X0MSE / math.Ln2
			if !(distance(term.Bits, want, 1e-6) <= 1e-8) {
				t.Errorf("bend %v, timestep %d: %v, by the SNR %v", bend, term.T, term.Bits, want)
			}
			sum += term.Bits
			square += term.Variance / float64(o.Draws)
		}
		sums, errors = append(sums, sum), append(errors, math.Sqrt(square))
	}
	t.Logf("%.4f bits per dimension, standard errors %.4f", sums, errors)
	for i := range sums[1:] {
		// The sum over t differs from the integral by 14/400 of the largest integrand at most.
		if d := math.Abs(sums[i+1] - sums[0]); !(d <= 4*math.Hypot(errors[i+1], errors[0])+0.05) {
			t.Errorf("the schedules give %v ± %v bits per dimension", sums, errors)
		}
	}
}
