package classifier

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/kernels"
	"tweedie/sampler/layers"
	"tweedie/weights"
	"tweedie/weights/json"
)

const good = `{"_class_name": "NoisyClassifier",` +
	` "sample_size": 8, "in_channels": 1, "num_classes": 3, "block_out_channels": [8],` +
	` "layers_per_block": 1, "time_embedding_dim": 8, "norm_num_groups": 4, "norm_eps": 1e-05}`

// TestConfigRefused changes one option of a good config at a time; the error names it.
func TestConfigRefused(t *testing.T) {
	if _, err := ParseConfig([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ option, from, to string }{
		{"_class_name", `"NoisyClassifier"`, `"UNet2DModel"`},
		{"sample_size", `8, "in_channels": 1, "num_classes": 3, "block_out_channels": [8]`,
			`9, "in_channels": 1, "num_classes": 3, "block_out_channels": [8, 8]`},
		{"sample_size", `[8]`, `[8, 8, 8, 8, 8]`},
		{"sample_size", `8`, `[8, 8, 8]`},
		{"sample_size", `8`, `"eight"`},
		{"sample_size", `8`, `0`},
		{"sample_size", `8`, `1000000`},
		{"in_channels", `"in_channels": 1`, `"in_channels": 0`},
		{"num_classes", `"num_classes": 3`, `"num_classes": 1`},
		{"num_classes", `"num_classes": 3`, `"num_classes": 2.5`},
		{"block_out_channels", `[8]`, `[]`},
		{"block_out_channels[1]", `[8]`, `[8, "8"]`},
		{"block_out_channels[0]", `[8]`, `[9000]`},
		{"block_out_channels", `[8]`, `8`},
		{"layers_per_block", `"layers_per_block": 1`, `"layers_per_block": 99`},
		{"time_embedding_dim", `"time_embedding_dim": 8`, `"time_embedding_dim": 7`},
		{"norm_num_groups", `"norm_num_groups": 4`, `"norm_num_groups": 3`},
		{"norm_num_groups", `"norm_num_groups": 4, `, ``},
		{"norm_eps", `1e-05`, `1`},
		{"norm_eps", `1e-05`, `"small"`},
		{"num_classes", `"num_classes": 3`, `"num_classes": null`},
		{"dropout", `"norm_eps"`, `"dropout"`},
		{"", `{`, `[`},
		{"", good, `[]`},
	} {
		broken := strings.Replace(good, c.from, c.to, 1)
		if broken == good {
			t.Fatalf("%s: %s does not stand in the config", c.option, c.from)
		}
		_, err := ParseConfig([]byte(broken))
		var wrong *json.MemberError
		if !errors.As(err, &wrong) || wrong.Key != c.option {
			t.Errorf("%s → %s: got %v, want an error that names %s", c.from, c.to, err, c.option)
		}
	}
}

// TestTensorsRefused breaks one tensor at a time; the error names it.
func TestTensorsRefused(t *testing.T) {
	const victim = "down_blocks.0.resnets.0.conv1.weight"
	for what, breaks := range map[string]func(f *weights.File, x *weights.Tensor){
		"missing":  func(f *weights.File, x *weights.Tensor) { x.Name = "something.else" },
		"shape":    func(f *weights.File, x *weights.Tensor) { x.Shape = []int{8, 72} },
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
		f := read(t, "one_level", "model.safetensors")
		x, ok := f.Tensor(victim)
		if !ok {
			t.Fatal("there is no " + victim)
		}
		x.Data = append([]byte(nil), x.Data...)
		breaks(f, x)
		if _, err := Open(f); err == nil || !strings.Contains(err.Error(), "tensor "+victim) {
			t.Errorf("%s: got %v, want an error that names %s", what, err, victim)
		}
	}
}

func poison(x *weights.Tensor, half uint16) { binary.LittleEndian.PutUint16(x.Data[100:], half) }

func TestOpenRefuses(t *testing.T) {
	f := read(t, "one_level", "model.safetensors")
	for classes, wanted := range map[string]string{
		`["a","b"]`: "must be 3", `three`: "must be an array", `["a","b","c"]`: "",
	} {
		f.Metadata["classes"] = classes
		m, err := Open(f)
		if wanted != "" && (err == nil || !strings.Contains(err.Error(), wanted)) {
			t.Errorf("classes %s: got %v, want an error with %q", classes, err, wanted)
		}
		if wanted == "" && (err != nil || m.Classes() != 3) {
			t.Errorf("classes %s: got %v", classes, err)
		}
	}
	f.Metadata = nil
	if _, err := Open(f); err == nil || !strings.Contains(err.Error(), "tools/convert") {
		t.Errorf("without a config: got %v", err)
	}
}

// TestMisuse: what only the program's author can do wrong panics.
func TestMisuse(t *testing.T) {
	n, io := load(t, "one_level", kernels.Best())
	r := records(t, io, "")[0]
	for what, f := range map[string]func(){
		"a short picture":   func() { n.Forward(make([]float32, 3), r.x[1:], 0) },
		"too many logits":   func() { n.Forward(make([]float32, 4), r.x, 0) },
		"a class too large": func() { n.Gradient(make([]float32, len(r.x)), r.x, 0, 3) },
		"no class":          func() { n.Gradient(make([]float32, len(r.x)), r.x, 0, -1) },
		"a short gradient":  func() { n.Gradient(make([]float32, 1), r.x, 0, 0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", what)
				}
			}()
			f()
		}()
	}
}

// FuzzParseConfig: what is refused is refused in a sentence about the config, and what is accepted
// can be compiled.
func FuzzParseConfig(f *testing.F) {
	f.Add(good)
	f.Add(`{"sample_size":[16,28],"block_out_channels":[16,16]}`)
	f.Add(`{"block_out_channels":[],"norm_num_groups":0}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseConfig([]byte(text))
		if err != nil {
			if said, ok := strings.CutPrefix(err.Error(), document); !ok || said == "" {
				t.Errorf("%q: the error %q", text, err)
			}
			return
		}
		if c.Height*c.Width*slices.Max(c.BlockOutChannels) > 1<<20 {
			return
		}
		// It has everything that a network needs but the weights.
		_, err = New(c, &weights.File{}, kernels.Reference())
		var missing *layers.TensorError
		if !errors.As(err, &missing) {
			t.Errorf("%q is accepted and cannot be compiled: %v", text, err)
		}
	})
}
