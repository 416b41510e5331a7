package graph

import (
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// goldenTensors are the tensors of TestGolden's networks.
var goldenTensors = []struct {
	name  string
	shape []int
}{
	{"angles", []int{5}}, {"classes.weight", []int{3, 11}},
	{"norm.weight", []int{12}}, {"norm.bias", []int{12}}, {"gain", []int{1, 12, 1, 1}},
	{"qkv.weight", []int{54, 12, 1, 1}}, {"full.weight", []int{12, 96}}, {"full.bias", []int{12}},
	{"wider.weight", []int{12, 5, 4, 4}}, {"wider.bias", []int{5}},
	{"window.weight", []int{4, 5, 3, 3}}, {"window.bias", []int{4}},
}

// TestGolden holds the bits of operations on every platform: each line is the SHA-256 of the
// outputs of two items.
func TestGolden(t *testing.T) {
	var lines []fixture.Line
	for _, c := range []struct{ name, nodes string }{
		{"embeddings", `{"name": "t", "op": "time", "scale": 0.01, "offset": -3},
			{"name": "l", "op": "learned_sinusoid", "of": ["t"], "weights": "angles", "count": 5},
			{"name": "s", "op": "sinusoid", "width": 12},
			{"name": "c", "op": "row", "tensor": "classes", "rows": 3, "channels": 11},
			{"name": "lc", "op": "add", "of": ["l", "c"]},
			{"name": "x", "op": "concat", "of": ["lc", "s"]}`},
		{"normalisations", `{"name": "g", "op": "group_norm", "of": ["sample"], "tensor": "norm",
			 "groups": 3, "act": "silu"},
			{"name": "r", "op": "rms_norm", "of": ["g"], "gain": "gain", "act": "gelu"},
			{"name": "l", "op": "layer_norm", "of": ["r"], "tensor": "norm", "eps": 1e-6}`},
		{"attention", `{"name": "a", "op": "attention", "of": ["sample"], "tensor": "qkv",
			 "heads": 2, "width": 9, "unbiased": true, "dims": 4}`},
		{"linear attention", `{"name": "a", "op": "linear_attention", "of": ["sample"],
			 "tensor": "qkv", "heads": 2, "width": 9, "unbiased": true, "dims": 4}`},
		{"pictures", `{"name": "both", "op": "concat", "of": ["sample", "estimate"]},
			{"name": "p", "op": "position", "of": ["both"], "scale": 2},
			{"name": "s", "op": "space_to_depth", "of": ["p"], "side": 2},
			{"name": "f", "op": "linear", "of": ["s"], "tensor": "full", "channels": 12},
			{"name": "u", "op": "transposed", "of": ["f"], "tensor": "wider", "channels": 5,
			 "side": 4, "stride": 2, "padding": 1},
			{"name": "c", "op": "conv", "of": ["u"], "tensor": "window", "channels": 4, "side": 3,
			 "padding": 1},
			{"name": "m", "op": "pool", "of": ["c"], "side": 2, "kind": "mean"},
			{"name": "a", "op": "activation", "of": ["m"], "act": "gelu_tanh"},
			{"name": "x", "op": "unpatchify", "of": ["a"], "side": 2}`},
	} {
		s := newSheet(t, 12, 4, 4)
		for i := range s.items {
			s.items[i].Class = i
		}
		s.classes = 3
		for _, of := range goldenTensors {
			if strings.Contains(c.nodes, `"`+strings.Split(of.name, ".")[0]+`"`) {
				s.tensor(of.name, of.shape...)
			}
		}
		lines = append(lines, fixture.Line{Name: c.name, Value: fixture.Hash(s.run(c.nodes)...)})
	}
	fixture.Golden(t, "testdata/golden.txt", lines)
}
