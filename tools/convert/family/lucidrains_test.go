package family

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

const (
	lucidBound  = 1e-5
	lucidStride = 13 // of the blocks' numbers that are stored
)

var lucidSize = Settings{Height: 16, Width: 16}

// lucidState is a state dictionary of testdata.
func lucidState(t *testing.T, name string) *State {
	return NewState(fixture.Weights(t, "testdata/"+name+"/state.safetensors.gz").Tensors)
}

// TestLucidrains holds the networks to denoising-diffusion-pytorch 2.3.1.
func TestLucidrains(t *testing.T) {
	basic := record(t, "lucidrains-unet-basic", lucidSize)
	basic.check(t, "output", lucidBound, nil)
	basic.checkBlocks(t, lucidStride, lucidBound)

	self := record(t, "lucidrains-unet-selfcond", lucidSize)
	self.check(t, "output", lucidBound, nil)
	self.check(t, "output_no_self_cond", lucidBound, func(it *graph.Item) { clear(it.Estimate) })

	raw := lucidSize
	raw.Raw = true
	record(t, "lucidrains-unet-learnedsin", raw).check(t, "output", lucidBound, nil)
}

// TestLucidrainsGuided holds the networks with classes to the same.
func TestLucidrainsGuided(t *testing.T) {
	none := func(it *graph.Item) { it.Class = graph.NoClass }
	ten := record(t, "lucidrains-cfg-ten", lucidSize)
	ten.check(t, "output", lucidBound, nil)
	ten.check(t, "output_null", lucidBound, none)
	ten.checkBlocks(t, lucidStride, lucidBound)

	two := lucidSize
	two.Heads = 2
	five := record(t, "lucidrains-cfg-five", two)
	five.check(t, "output", lucidBound, nil)
	five.check(t, "output_null", lucidBound, none)
}

// TestLucidrainsSchedule: what the buffers of the diffusion say, and what is assumed without them.
func TestLucidrainsSchedule(t *testing.T) {
	two := lucidSize
	two.Heads = 2
	for _, c := range []struct {
		name                 string
		settings             Settings
		prediction, schedule string
		timesteps            int
		notes                int
	}{
		{"lucidrains-unet-basic", lucidSize, "v_prediction", "", 1000, 0},
		{"lucidrains-unet-selfcond", lucidSize, "sample", "squaredcos_cap_v2", 100, 0},
		{"lucidrains-unet-learnedsin", lucidSize, "v_prediction", "", 1000, 0},
		{"lucidrains-cfg-ten", lucidSize, "epsilon", "squaredcos_cap_v2", 1000, 2},
		{"lucidrains-cfg-five", two, "epsilon", "squaredcos_cap_v2", 1000, 3},
		{"lucidrains-cfg-five", Settings{Height: 16, Width: 16, HeadWidth: 16, Timesteps: 200,
			Prediction: "sample", Schedule: "linear"}, "sample", "linear", 200, 1},
		{"lucidrains-unet-basic", Settings{Height: 16, Width: 16, Prediction: "sample"},
			"sample", "", 1000, 1},
	} {
		n := record(t, c.name, c.settings).network
		config, err := schedule.ParseConfig([]byte(n.Scheduler))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if string(config.PredictionType) != c.prediction ||
			config.NumTrainTimesteps != c.timesteps {
			t.Errorf("%s predicts %s at %d timesteps", c.name, config.PredictionType,
				config.NumTrainTimesteps)
		}
		if own := config.TrainedBetas != nil; own != (c.schedule == "") ||
			!own && config.BetaSchedule != c.schedule {
			t.Errorf("%s has %s, trained betas %v", c.name, config.BetaSchedule, own)
		}
		if config.TimestepSpacing != schedule.Trailing ||
			config.VarianceType != schedule.FixedSmall {
			t.Errorf("%s has spacing %s, variance %s", c.name, config.TimestepSpacing,
				config.VarianceType)
		}
		if len(n.Notes) != c.notes {
			t.Errorf("%s: the notes are %q", c.name, n.Notes)
		}
		// The schedule is the file's, to the rounding of its buffers.
		i := slices.IndexFunc(lucidState(t, c.name).Tensors,
			func(x weights.Tensor) bool { return x.Name == "betas" })
		if i < 0 {
			continue
		}
		s, err := schedule.New(config)
		if err != nil {
			t.Fatal(err)
		}
		for j, want := range lucidState(t, c.name).Tensors[i].Float64s() {
			if math.Abs(s.Betas[j]-want) > 1e-6*want {
				t.Fatalf("%s: beta %d is %v, want %v", c.name, j, s.Betas[j], want)
			}
		}
	}
}

// TestLogSNR: a network that is told the log SNR gets that of the sampler's noise level.
func TestLogSNR(t *testing.T) {
	n := record(t, "lucidrains-unet-learnedsin", lucidSize).network
	config, err := schedule.ParseConfig([]byte(n.Scheduler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.New(config)
	if err != nil {
		t.Fatal(err)
	}
	table := n.Nodes[slices.IndexFunc(n.Nodes, func(n Node) bool { return n.Op == "time" })].
		Options["table"].([]float64)
	for _, i := range []int{0, 1, 250, 998, 999} {
		l := s.At(i)
		want := 2 * math.Log(l.Signal/l.Noise)
		if math.Abs(table[i]-want) > 1e-9*math.Abs(want) {
			t.Errorf("timestep %d has log SNR %v, want %v", i, table[i], want)
		}
		u := float64(i+1) / 1000
		cos := math.Cos((u + 0.008) / 1.008 * math.Pi / 2)
		authors := -math.Log(max(math.Pow(cos, -2)-1, 1e-5))
		if i < 999 && math.Abs(table[i]-authors) > 1e-8*math.Abs(authors) {
			t.Errorf("timestep %d has log SNR %v, the authors' at %v is %v", i, table[i], u,
				authors)
		}
	}
}

// TestObjective: the weights of the loss say what is predicted, with min_snr_gamma and without.
func TestObjective(t *testing.T) {
	betas := schedule.BetasOf(400, sigmoidBar)
	for _, gamma := range []float64{5, math.Inf(1)} {
		for name, of := range map[string]func(s, clipped float64) float64{
			"epsilon":      func(s, clipped float64) float64 { return clipped / s },
			"sample":       func(_, clipped float64) float64 { return clipped },
			"v_prediction": func(s, clipped float64) float64 { return clipped / (s + 1) },
		} {
			weight, bar := make([]float64, len(betas)), 1.0
			for i, b := range betas {
				bar *= 1 - b
				s := bar / (1 - bar)
				weight[i] = float64(float32(of(s, min(s, gamma))))
			}
			if got := objective(betas, weight); got != name {
				t.Errorf("weights for %s with γ %v are taken for %q", name, gamma, got)
			}
		}
	}
	odd := make([]float64, len(betas))
	for _, weight := range [][]float64{nil, odd} {
		if got := objective(betas, weight); got != "" {
			t.Errorf("weights that say nothing are taken for %s", got)
		}
	}
}

// TestNamed: betas of the authors' functions are recognised, in float32, and others are not.
func TestNamed(t *testing.T) {
	for _, T := range []int{1, 20, 1000} {
		for name, betas := range map[string][]float64{"linear": linearBetas(T),
			"cosine":  schedule.BetasOf(T, schedule.CosineAlphaBar),
			"sigmoid": schedule.BetasOf(T, sigmoidBar)} {
			single := make([]float64, T)
			for i, b := range rounded(betas) {
				single[i] = float64(b)
			}
			if got := named(single); got != name && T > 1 {
				t.Errorf("%d betas of %s are taken for %q", T, name, got)
			}
			single[T/2] *= 1.001
			if got := named(single); got != "" {
				t.Errorf("%d other betas are taken for %s", T, got)
			}
		}
	}
}

// TestLucidrainsRefused: every refusal says what is wrong.
func TestLucidrainsRefused(t *testing.T) {
	rename := func(from, to string) func(*State) {
		return func(s *State) {
			list := slices.Clone(s.Tensors)
			for i := range list {
				list[i].Name = strings.Replace(list[i].Name, from, to, 1)
			}
			*s = *NewState(list)
		}
	}
	reshape := func(name string, shape ...int) func(*State) {
		return func(s *State) {
			list := slices.Clone(s.Tensors)
			for i := range list {
				if list[i].Name == name {
					list[i] = weights.Tensor{Name: name, DType: weights.F32, Shape: shape}
				}
			}
			*s = *NewState(list)
		}
	}
	size := func(o Settings) Settings { o.Height, o.Width = 16, 16; return o }
	for _, c := range []struct {
		name, want string
		settings   Settings
		change     func(*State)
	}{
		{"lucidrains-unet-basic", "name their side with -size", Settings{}, nil},
		{"lucidrains-cfg-five", "say it with -heads", lucidSize, nil},
		{"lucidrains-cfg-five", "linear, cosine, sigmoid, not \"round\"",
			size(Settings{Heads: 2, Schedule: "round"}), nil},
		{"lucidrains-unet-basic", "has 1000 betas, and -timesteps says 100",
			size(Settings{Timesteps: 100}), nil},
		{"lucidrains-unet-basic", "are not those of the -schedule cosine",
			size(Settings{Schedule: "cosine"}), nil},
		{"lucidrains-unet-learnedsin", "the schedule cosine here",
			size(Settings{Schedule: "linear"}), nil},
		{"lucidrains-unet-learnedsin", "is that of an ElucidatedDiffusion", lucidSize,
			rename("model.", "net.")},
		{"lucidrains-unet-basic", "those with RMSNorm are known", lucidSize,
			rename("0.block1.norm.g", "0.block1.norm.weight")},
		{"lucidrains-unet-basic", "there is no tensor mid_attn.mem_kv", lucidSize,
			rename("model.mid_attn.mem_kv", "model.mid_attn.memory")},
		{"lucidrains-unet-basic", "has 384 rows, and queries, keys and values of 2 heads of 32",
			lucidSize, reshape("model.mid_attn.mem_kv", 2, 2, 4, 32)},
		{"lucidrains-unet-basic", "which is no keys and values of heads", lucidSize,
			reshape("model.mid_attn.mem_kv", 4, 4, 32)},
		{"lucidrains-unet-basic", "the network makes 5 channels of 3", lucidSize,
			reshape("model.final_conv.weight", 5, 8, 1, 1)},
		{"lucidrains-unet-basic", "has no place in a network of the family lucidrains", lucidSize,
			rename("final_conv.bias", "final_conv.other")},
		{"lucidrains-unet-basic", "must be multiples of 2",
			Settings{Height: 15, Width: 15}, nil},
	} {
		s := lucidState(t, c.name)
		if c.change != nil {
			c.change(s)
		}
		f := Recognise(s)
		if f == nil {
			t.Errorf("%s: not recognised, want %q", c.name, c.want)
			continue
		}
		if _, err := f.Build(s, c.settings); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestLucidrainsVariants: what other networks of the family are taken for. They are never run, so
// that their tensors need no numbers.
func TestLucidrainsVariants(t *testing.T) {
	s := lucidState(t, "lucidrains-unet-basic")
	list := slices.Clone(s.Tensors)
	for i := range list {
		switch list[i].Name {
		case "model.final_conv.weight":
			list[i].Shape = []int{6, 8, 1, 1}
		case "model.final_conv.bias":
			list[i].Shape = []int{6}
		case "model.mid_attn.mem_kv":
			list[i].Shape = []int{2, 4, 0, 32}
		}
	}
	s = NewState(list)
	n, err := Recognise(s).Build(s, lucidSize)
	if err != nil {
		t.Fatal(err)
	}
	var scheduler map[string]any
	if err := json.Unmarshal([]byte(n.Scheduler), &scheduler); err != nil {
		t.Fatal(err)
	}
	if scheduler["variance_type"] != "learned_range" {
		t.Errorf("six channels of three are taken for %v", scheduler["variance_type"])
	}
	if !slices.ContainsFunc(n.Passed, func(p Passed) bool {
		return p.Tensor == "mid_attn.mem_kv"
	}) {
		t.Errorf("an empty memory is not passed over: %q", n.Passed)
	}
}
