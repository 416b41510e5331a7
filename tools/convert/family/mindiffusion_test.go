package family

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// minBound is relative to outputs of up to 2.6: the networks divide constants by √eps, so that
// their authors' own float32 differs from float64 by 1.9e-5.
const minBound = 2e-5

// TestMinDiffusion holds the network to cloneofsimo/minDiffusion at commit 00a3c80.
func TestMinDiffusion(t *testing.T) {
	r := record(t, "mindiffusion-cifar", Settings{})
	r.check(t, "output", minBound, nil)
	r.checkBlocks(t, blockStride, minBound)
}

// TestTeaPearce holds the network to TeaPearce/Conditional_Diffusion_MNIST at commit 657b498.
func TestTeaPearce(t *testing.T) {
	for _, name := range []string{"tea-mnist", "tea-rgb"} {
		r := recordTea(t, name)
		r.check(t, "output", 1e-5, nil)
		r.check(t, "output_null", 1e-5, func(it *graph.Item) { it.Class = graph.NoClass })
	}
	recordTea(t, "tea-mnist").checkBlocks(t, blockStride, 1e-5)
}

// recordTea is the network as its authors' code has it, which is told t/T.
func recordTea(t *testing.T, name string) *recorded {
	t.Helper()
	r := record(t, name, Settings{Raw: true})
	x := fixture.Tensor(t, r.io, "timesteps")
	T := hoConfig(t, r.network).NumTrainTimesteps - 1 // they count from 0 to T
	var parts []float64
	for _, i := range fixture.Int64s(t, r.io, "timesteps") {
		parts = append(parts, float64(i)/float64(T))
	}
	*x = fixture.NewTensor("timesteps", x.Shape, parts...)
	return r
}

// TestFit: the sampler's noisy pictures are of −1 to 1, and the network sees pictures of its range
// at the same noise. Of three channels the mean is 0, so that they are only scaled.
func TestFit(t *testing.T) {
	for _, c := range []struct {
		name string
		Settings
		mean, half float64
		notes      int
	}{{"tea-mnist", Settings{}, 0.5, 0.5, 1}, {"tea-rgb", Settings{Low: -2, High: 2}, 0, 2, 0},
		{"tea-rgb", Settings{Low: -1, High: 1}, 0, 1, 0}} {
		r := record(t, c.name, c.Settings)
		if len(r.network.Notes) != c.notes {
			t.Errorf("%s: the notes are %q", c.name, r.network.Notes)
		}
		own, err := schedule.New(hoConfig(t, record(t, c.name, Settings{Raw: true}).network))
		if err != nil {
			t.Fatal(err)
		}
		fitted, err := schedule.New(hoConfig(t, r.network))
		if err != nil {
			t.Fatal(err)
		}
		for i, bar := range own.AlphaBar { // SNR of the picture, whose spread is another
			got, want := fitted.AlphaBar[i]/(1-fitted.AlphaBar[i]), c.half*c.half*bar/(1-bar)
			if math.Abs(got-want) > 1e-9*want {
				t.Fatalf("%s: at timestep %d SNR is %v, want %v", c.name, i, got, want)
			}
		}
		r.check(t, "output", 1e-5, func(it *graph.Item) {
			a, b := own.At(int(it.Time)), fitted.At(int(it.Time))
			for i, x := range it.Sample { // of which the noise is ε·b.Noise, not ε·a.Noise
				it.Sample[i] = float32((float64(x) - a.Signal*c.mean) * b.Noise / a.Noise)
			}
		})
	}
	Settings{Low: 1, High: 0.5}.refused(t, "tea-mnist", "from a lower to a higher number", nil)
}

// TestHoSchedule: the schedule is the file's, and what is assumed without its buffers.
func TestHoSchedule(t *testing.T) {
	for _, c := range []struct {
		name      string
		timesteps int // of the file
		assumed   int
	}{{"mindiffusion-cifar", 1000, 1000}, {"tea-mnist", 400, 400}, {"tea-rgb", 500, 400}} {
		config := hoConfig(t, record(t, c.name, Settings{Timesteps: 7}).network)
		if config.NumTrainTimesteps != c.timesteps+1 || config.BetaStart != 1e-4 ||
			config.BetaEnd != 0.02 {
			t.Errorf("%s has %d timesteps, and betas from %v to %v", c.name,
				config.NumTrainTimesteps, config.BetaStart, config.BetaEnd)
		}
		s := NewState(without(hoState(t, c.name), hoBuffers))
		n, err := Recognise(s).Build(s, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		config = hoConfig(t, n)
		if config.NumTrainTimesteps != c.assumed+1 ||
			!strings.Contains(fmt.Sprint(n.Notes), "took the noise schedule to have") {
			t.Errorf("%s without a schedule has %d timesteps; %q", c.name,
				config.NumTrainTimesteps, n.Notes)
		}
	}
}

func hoState(t *testing.T, name string) []weights.Tensor {
	return fixture.Weights(t, "testdata/"+name+"/state.safetensors.gz").Tensors
}

func hoConfig(t *testing.T, n *Network) schedule.Config {
	t.Helper()
	config, err := schedule.ParseConfig([]byte(n.Scheduler))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// without returns tensors without those of some names.
func without(list []weights.Tensor, names []string) (rest []weights.Tensor) {
	for _, x := range list {
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+x.Name+" ") {
			rest = append(rest, x)
		}
	}
	return rest
}

// TestHoRefused: every refusal says what is wrong.
func TestHoRefused(t *testing.T) {
	Settings{Height: 48, Width: 32}.refused(t, "mindiffusion-cifar",
		"-size 48×32 does not fit the network: height and width must be multiples of 32", nil)
	Settings{Height: 32, Width: 32}.refused(t, "tea-mnist",
		"-size 32×32 does not fit the network, whose pictures are of 28×28", nil)
	Settings{}.refused(t, "tea-mnist", "there is no tensor up0.0.weight",
		map[string][]int{"nn_model.up0.0.weight": nil})
	list := without(hoState(t, "tea-rgb"), []string{"sqrt_beta_t"})
	s := NewState(append(list, fixture.NewTensor[float32]("sqrt_beta_t", []int{3}, 0.1, 0.2, 0.4)))
	_, err := Recognise(s).Build(s, Settings{})
	const want = "the betas in the file do not rise evenly from 0.01 to 0.16: beta 1 is 0.04"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
