package unet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/sampler/layers"
	"tweedie/weights"
	"tweedie/weights/json"
)

// TestConfigRefused changes one option of a good config at a time; the error
// names it.
func TestConfigRefused(t *testing.T) {
	good := fixture.File(t, "testdata/mnist28_c1/config.json")
	text := string(good)
	for _, c := range []struct{ option, from, to string }{
		{"act_fn", `"silu"`, `"snake"`},
		{"down_block_types[1]", `"AttnDownBlock2D"`, `"CrossAttnDownBlock2D"`},
		{"up_block_types[0]", `"AttnUpBlock2D"`, `"UNetUpBlock"`},
		{"down_block_types", `"AttnDownBlock2D"`, `"AttnDownBlock2D", "DownBlock2D"`},
		{"block_out_channels[1]", `"block_out_channels"`,
			`"block_out_channels": [16, 5000000], "_"`},
		{"block_out_channels", `"block_out_channels"`, `"block_out_channels": [], "_"`},
		{"sample_size", `"sample_size"`, `"_"`},
		{"sample_size", `"sample_size"`, `"sample_size": 27, "_"`},
		{"sample_size", `"sample_size"`, `"sample_size": [28, 28, 1], "_"`},
		{"sample_size", `"sample_size"`, `"sample_size": 1000000, "_"`},
		{"time_embedding_type", `"positional"`, `"adm"`},
		{"num_train_timesteps", `"positional"`, `"learned"`},
		{"layers_per_block", `"layers_per_block"`, `"layers_per_block": 0, "_"`},
		{"layers_per_block", `"layers_per_block"`, `"layers_per_block": "two", "_"`},
		{"norm_num_groups", `"norm_num_groups"`, `"norm_num_groups": null, "_"`},
		{"norm_num_groups", `"norm_num_groups"`, `"norm_num_groups": 7, "_"`},
		{"attention_head_dim", `"attention_head_dim"`, `"attention_head_dim": 5, "_"`},
		{"norm_eps", `"norm_eps"`, `"norm_eps": 0, "_"`},
		{"downsample_padding", `"downsample_padding"`, `"downsample_padding": 3, "_"`},
		{"resnet_time_scale_shift", `"default"`, `"spatial"`},
		{"class_embed_type", `"class_embed_type"`, `"class_embed_type": "simple_projection", "_"`},
		{"mid_block_type", `"UNetMidBlock2D"`, `"UNetMidBlock2DCrossAttn"`},
		{"cross_attention_dim", `"act_fn"`, `"cross_attention_dim": 768, "act_fn"`},
		{"_class_name", `"UNet2DModel"`, `"UNet2DConditionModel"`},
		{"", `{`, `[`},
		{"", text, `[]`},
	} {
		broken := strings.Replace(text, c.from, c.to, 1)
		if broken == text {
			t.Fatalf("%s: %s does not stand in the config", c.option, c.from)
		}
		cfg, err := ParseConfig([]byte(broken))
		if err == nil {
			_, err = New(cfg, read(t, "mnist28_c1", "model.safetensors"), 1, kernels.Reference())
		}
		var wrong *json.MemberError
		if !errors.As(err, &wrong) || wrong.Key != c.option {
			t.Errorf("%s → %s: got %v, want an error that names %s", c.from, c.to, err, c.option)
		}
	}
}

// TestTensorsRefused breaks one tensor at a time; the error names it.
func TestTensorsRefused(t *testing.T) {
	text := fixture.File(t, "testdata/mnist28_c1/config.json")
	cfg, err := ParseConfig(text)
	if err != nil {
		t.Fatal(err)
	}
	const victim = "mid_block.attentions.0.to_q.weight"
	for what, breaks := range map[string]func(f *weights.File, x *weights.Tensor){
		"missing":  func(f *weights.File, x *weights.Tensor) { x.Name = "something.else" },
		"shape":    func(f *weights.File, x *weights.Tensor) { x.Shape = []int{16, 64} },
		"scalar":   func(f *weights.File, x *weights.Tensor) { x.Shape, x.Data = nil, x.Data[:2] },
		"NaN":      func(f *weights.File, x *weights.Tensor) { poison(x, 0x7e00) },
		"infinity": func(f *weights.File, x *weights.Tensor) { poison(x, 0xfc00) },
		"integers": func(f *weights.File, x *weights.Tensor) {
			x.DType = weights.I64
			x.Data = make([]byte, 8*x.Len())
		},
		"unexpected": func(f *weights.File, x *weights.Tensor) {
			extra := *x
			extra.Name = victim + "2"
			f.Tensors = append(f.Tensors, extra)
		},
	} {
		f := read(t, "mnist28_c1", "model.safetensors")
		x, _ := f.Tensor(victim)
		x.Data = append([]byte(nil), x.Data...)
		breaks(f, x)
		_, err := New(cfg, f, 1, kernels.Reference())
		var te *layers.TensorError
		if !errors.As(err, &te) || !strings.HasPrefix(te.Tensor, victim) {
			t.Errorf("%s: got %v, want an error that names %s", what, err, victim)
		}
	}
}

func poison(x *weights.Tensor, half uint16) { binary.LittleEndian.PutUint16(x.Data[100:], half) }

// TestOpen checks how labels find their rows.
func TestOpen(t *testing.T) {
	text := fixture.File(t, "testdata/class_embed_identity/config.json")
	f := read(t, "class_embed_identity", "model.safetensors")
	table3 := strings.NewReplacer(`"identity"`, `null`,
		`"num_class_embeds": null`, `"num_class_embeds": 3`).Replace(string(text))
	open := func(config, classes string) (*Model, error) {
		f.Metadata = map[string]string{"config": config, "classes": classes}
		return Open(f)
	}
	if _, err := open(string(text), ""); err == nil ||
		!strings.Contains(err.Error(), "class_embed_type") {
		t.Errorf("identity: got %v, want an error that names class_embed_type", err)
	}
	table := weights.Tensor{Name: "class_embedding.weight", DType: weights.F32, Shape: []int{3, 64},
		Data: make([]byte, 4*3*64)}
	for i := range 3 * 64 {
		binary.LittleEndian.PutUint32(table.Data[4*i:],
			math.Float32bits(float32(i/64)-float32(i%7)/4))
	}
	f.Tensors = append(f.Tensors, table)
	if _, err := open(table3, `["a"]`); err == nil ||
		!strings.Contains(err.Error(), "num_class_embeds") {
		t.Errorf("one name for three rows: got %v, want an error that names num_class_embeds", err)
	}
	for classes, want := range map[string]int{"": 2, `["a","b"]`: 2, `["a","b","c"]`: 3} {
		m, err := open(table3, classes)
		if err != nil {
			t.Fatal(err)
		}
		if m.Classes() != want {
			t.Errorf("names %q: got %d classes, want %d", classes, m.Classes(), want)
		}
		x := make([]float32, 256)
		for i := range x {
			x[i] = float32(i%11)/5 - 1
		}
		out := [][]float32{make([]float32, 256), make([]float32, 256), make([]float32, 256)}
		m.Predict(out, x, 500, []int{0, NoClass, 1})
		if out[0][7] == out[1][7] || out[1][7] == out[2][7] {
			t.Errorf("names %q: labels make no difference", classes)
		}
		for i, label := range []int{0, NoClass, 1} { // alone, no work is shared
			alone := [][]float32{make([]float32, 256)}
			m.Predict(alone, x, 500, []int{label})
			for j, v := range alone[0] {
				if math.Float32bits(v) != math.Float32bits(out[i][j]) {
					t.Fatalf("names %q, label %d, element %d: got %v with others, %v alone",
						classes, label, j, out[i][j], v)
				}
			}
		}
	}
}

// TestOpenRefusesShapes: what a sampler cannot run is refused by the options that say so.
func TestOpenRefusesShapes(t *testing.T) {
	text := string(fixture.File(t, "testdata/mnist28_c1/config.json"))
	f := read(t, "mnist28_c1", "model.safetensors")
	for _, c := range []struct {
		in, out int
		cascade string
		says    string // "": only the weights' shapes are wrong
	}{
		{3, 1, "", "out_channels is 1, and in_channels is 3"},
		{1, 3, "", "out_channels is 3, and in_channels is 1"},
		{6, 3, "", "except the small picture of a cascade"},
		{3, 6, "", ""},
		{6, 3, `{"base":"small"}`, ""},
		{6, 6, `{"base":"small"}`, ""},
		{6, 2, `{"base":"small"}`, "out_channels is 2, and in_channels is 6"},
		{3, 3, `{"base":"small"}`, "in_channels must be even"},
	} {
		config := strings.NewReplacer(
			`"in_channels": 1`, fmt.Sprintf(`"in_channels": %d`, c.in),
			`"out_channels": 1`, fmt.Sprintf(`"out_channels": %d`, c.out)).Replace(text)
		f.Metadata = map[string]string{"config": config, "cascade": c.cascade}
		_, err := Open(f)
		var shape *layers.TensorError
		if c.says == "" && !errors.As(err, &shape) {
			t.Errorf("%d → %d: got %v, want an error about a tensor", c.in, c.out, err)
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d → %d: got %v, want %q", c.in, c.out, err, c.says)
		}
	}
}

// FuzzParseConfig: an accepted config has everything that a network needs but
// the weights.
func FuzzParseConfig(f *testing.F) {
	for _, name := range cases(f) {
		text, err := os.ReadFile("testdata/" + name + "/config.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"sample_size": [8, 4], "block_out_channels": [8]}`)
	f.Add(`{"sample_size": 8, "norm_num_groups": null, "down_block_types": ["SkipDownBlock2D"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseConfig([]byte(text))
		if err != nil || c.SampleHeight*c.SampleWidth*slices.Max(c.BlockOutChannels) > 1<<20 {
			return
		}
		_, err = New(c, &weights.File{}, 1, kernels.Reference())
		var missing *layers.TensorError
		if !errors.As(err, &missing) {
			t.Errorf("%q is accepted and cannot be compiled: %v", text, err)
		}
	})
}
