package graph

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// The operations of transformers and of the tutorials' networks.

// TestUnpatchify: the channels of a patch are those of its pixels, row by row.
func TestUnpatchify(t *testing.T) {
	s := newSheet(t, 12, 3, 2)
	s.want(`{"name": "x", "op": "unpatchify", "of": ["sample"], "side": 2}`,
		func(it Item) []float64 {
			out := make([]float64, len(it.Sample))
			for i := range out {
				c, row, column := i/24, i/4%6, i%4
				token := (row%2*2+column%2)*3 + c
				out[i] = float64(it.Sample[(token*3+row/2)*2+column/2])
			}
			return out
		})
}

// TestPosition has a table of the file, over two values side by side, and the computed one.
func TestPosition(t *testing.T) {
	s := newSheet(t, 4, 3, 2)
	table := s.tensor("table", 1, 6, 8)
	s.want(`{"name": "both", "op": "concat", "of": ["sample", "estimate"]},
		{"name": "x", "op": "position", "of": ["both"], "tensor": "table"},
		{"name": "y", "op": "unpatchify", "of": ["x"], "side": 1}`,
		func(it Item) []float64 {
			out := make([]float64, 48)
			for i := range out {
				from := it.Sample
				if i >= 24 {
					from = it.Estimate
				}
				out[i] = float64(from[i%24]) + table[i%6*8+i/6]
			}
			return out
		})

	s = newSheet(t, 12, 3, 2)
	s.want(`{"name": "x", "op": "position", "of": ["sample"], "scale": 2}`,
		func(it Item) []float64 {
			out := make([]float64, len(it.Sample))
			for i, v := range it.Sample {
				c, row, column := i/6, float64(i/2%3)/2, float64(i%2)/2
				place := column
				if c >= 6 {
					place = row
				}
				sin, cos := math.Sincos(place * math.Pow(10000, -float64(c%3)/3))
				if c/3%2 == 1 {
					sin = cos
				}
				out[i] = float64(v) + sin
			}
			return out
		})
}

// layered is layer normalisation of x, [channels][pixels], without weights.
func layered(x []float32, channels int, eps float64) []float64 {
	pixels, y := len(x)/channels, make([]float64, len(x))
	for i, v := range x {
		mean, variance := 0.0, 0.0
		for c := range channels {
			mean += float64(x[c*pixels+i%pixels]) / float64(channels)
		}
		for c := range channels {
			d := float64(x[c*pixels+i%pixels]) - mean
			variance += d * d / float64(channels)
		}
		y[i] = (float64(v) - mean) / math.Sqrt(variance+eps)
	}
	return y
}

// TestLayerNorm has one that writes to the border of a convolution's input, scaled and shifted by
// vectors, and one with weights.
func TestLayerNorm(t *testing.T) {
	s := newSheet(t, 11, 4, 4)
	scale, shift := s.tensor("scale.weight", 3, 11), s.tensor("shift.weight", 3, 11)
	kernel, own := s.tensor("c.weight", 2, 11, 3, 3), s.tensor("c.bias", 2)
	for i := range s.items {
		s.items[i].Class = i
	}
	s.classes = 3
	s.want(`{"name": "scale", "op": "row", "tensor": "scale", "rows": 3, "channels": 11},
		{"name": "shift", "op": "row", "tensor": "shift", "rows": 3, "channels": 11},
		{"name": "n", "op": "layer_norm", "of": ["sample", "scale", "shift"], "eps": 0.5},
		{"name": "c", "op": "conv", "of": ["n"], "tensor": "c", "channels": 2, "side": 3,
		 "padding": 1}`, func(it Item) []float64 {
		y := layered(it.Sample, 11, 0.5)
		for i := range y {
			at := it.Class*11 + i/16
			y[i] = y[i]*(1+scale[at]) + shift[at]
		}
		return conv3(y, kernel, own, 4)
	})

	s = newSheet(t, 11, 4, 4)
	gamma, beta := s.tensor("n.weight", 11), s.tensor("n.bias", 11)
	s.want(`{"name": "n", "op": "layer_norm", "of": ["sample"], "tensor": "n", "eps": 1e-6}`,
		func(it Item) []float64 {
			y := layered(it.Sample, 11, 1e-6)
			for i := range y {
				y[i] = y[i]*gamma[i/16] + beta[i/16]
			}
			return y
		})
}

func TestBatchNorm(t *testing.T) {
	s := newSheet(t, 3, 2, 2)
	gamma, beta := s.tensor("n.weight", 3), s.tensor("n.bias", 3)
	mean, variance := s.tensor("n.running_mean", 3), []float32{4, 0.25, 1}
	s.Tensors = append(s.Tensors, fixture.NewTensor("n.running_var", []int{3}, variance...))
	s.want(`{"name": "n", "op": "batch_norm", "of": ["sample"], "tensor": "n", "act": "relu"}`,
		func(it Item) []float64 {
			y := make([]float64, len(it.Sample))
			for i, v := range it.Sample {
				c := i / 4
				y[i] = max((float64(v)-mean[c])/math.Sqrt(float64(variance[c])+1e-5)*gamma[c]+
					beta[c], 0)
			}
			return y
		})
}

func TestPool(t *testing.T) {
	for _, kind := range []string{"mean", "max"} {
		s := newSheet(t, 5, 6, 4)
		s.want(`{"name": "p", "op": "pool", "of": ["sample"], "side": 2, "kind": "`+kind+`"}`,
			func(it Item) []float64 {
				y := make([]float64, 30)
				for i := range y {
					c, row, column := i/6, i/2%3, i%2
					sum, most := 0.0, math.Inf(-1)
					for tap := range 4 {
						v := float64(it.Sample[(c*6+2*row+tap/2)*4+2*column+tap%2])
						sum, most = sum+v/4, max(most, v)
					}
					if y[i] = sum; kind == "max" {
						y[i] = most
					}
				}
				return y
			})
	}
}

func TestTransposed(t *testing.T) {
	s := newSheet(t, 3, 2, 3)
	weight, bias := s.tensor("u.weight", 3, 5, 4, 4), s.tensor("u.bias", 5)
	s.want(`{"name": "u", "op": "transposed", "of": ["sample"], "tensor": "u", "channels": 5,
		"side": 4, "stride": 2, "padding": 1}`, func(it Item) []float64 {
		y := make([]float64, 5*4*6)
		for i := range y {
			y[i] = bias[i/24]
		}
		for i, v := range it.Sample {
			for at := range 5 * 16 {
				row, column := i/3%2*2+at/4%4-1, i%3*2+at%4-1
				if row >= 0 && row < 4 && column >= 0 && column < 6 {
					y[(at/16*4+row)*6+column] += float64(v) * weight[i/6*80+at]
				}
			}
		}
		return y
	})
}

// TestFunctions has the activations that diffusers does not name.
func TestFunctions(t *testing.T) {
	s := newSheet(t, 3, 2, 3)
	for act, f := range map[string]func(x float64) float64{
		"sine":      math.Sin,
		"gelu_fast": func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 },
		"gelu_tanh": func(x float64) float64 {
			return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
		},
	} {
		s.want(`{"name": "a", "op": "activation", "of": ["sample"], "act": "`+act+`"}`,
			func(it Item) (y []float64) {
				for _, v := range it.Sample {
					y = append(y, f(float64(v)))
				}
				return y
			})
	}
}

// TestPatchesRefused: every operation, and the graph, say what they cannot take.
func TestPatchesRefused(t *testing.T) {
	for _, c := range []struct{ node, want string }{
		{`"op": "unpatchify", "of": ["sample"], "side": 2`,
			"makes squares of 4 pixels of 3 channels"},
		{`"op": "position", "of": ["sample"]`,
			"has 3 channels, and sines and cosines of column and row need a quarter each"},
		{`"op": "position", "of": ["sample", "sample"]`, "takes 1 values, not 2"},
		{`"op": "layer_norm", "of": ["sample", "sample"]`, "takes 3 values, not 2"},
		{`"op": "layer_norm", "of": ["sample", "sample", "sample"]`,
			"is scaled or shifted by 3×6×6, not by 3×1×1"},
		{`"op": "batch_norm", "of": ["sample"]`, "tensor"},
		{`"op": "pool", "of": ["sample"], "side": 4, "kind": "max"`,
			"cuts a picture of 3×6×6 into squares of 4"},
		{`"op": "pool", "of": ["sample"], "side": 2, "kind": "least"`, "mean, max"},
		{`"op": "transposed", "of": ["sample"], "tensor": "u", "channels": 2, "side": 2,
			"padding": 9`, "gives 2×-11×-11"},
		{`"op": "activation", "of": ["sample"], "act": "cosine"`, "gelu_tanh, sine"},
	} {
		_, err := Parse([]byte(`{"sample": [3, 6, 6], "nodes": [{"name": "x", ` + c.node + `}]}`))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.node, err, c.want)
		}
	}
	for member, want := range map[string]string{
		`"tile": 3`: "2 or 4", `"guided": 4`: "is 4, and a picture has 3 channels",
	} {
		_, err := Parse([]byte(`{"sample": [3, 6, 6], ` + member + `,
			"nodes": [{"name": "x", "op": "scale", "of": ["sample"], "by": 2}]}`))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", member, err, want)
		}
	}
}
