package classifier

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
)

// TestGolden holds the logits and gradients of every recorded network to the
// bits that every platform gave before.
func TestGolden(t *testing.T) {
	var lines []fixture.Line
	for _, name := range cases(t) {
		n, io := load(t, name, kernels.Best())
		var all [][]float32
		for _, r := range records(t, io, "") {
			all = append(all, evaluate(n, r))
		}
		lines = append(lines, fixture.Line{Name: name, Value: fixture.Hash(all...)})
	}
	fixture.Golden(t, "testdata/golden.txt", lines)
}

// TestSameBits runs every recorded network on the vector kernels and on the
// reference.
func TestSameBits(t *testing.T) {
	if kernels.Best().Name == kernels.Reference().Name {
		t.Skip("this build has no vector kernels, or none that this processor can run")
	}
	for _, name := range cases(t) {
		fast, io := load(t, name, kernels.Best())
		slow, _ := load(t, name, kernels.Reference())
		for i, r := range records(t, io, "") {
			got, want := evaluate(fast, r), evaluate(slow, r)
			for j, w := range want {
				if math.Float32bits(got[j]) != math.Float32bits(w) {
					t.Fatalf("%s: item %d element %d: got %v, want %v", name, i, j, got[j], w)
				}
			}
		}
	}
}

// evaluate returns the logits and behind them the gradient.
func evaluate(n *Network, r record) []float32 {
	out := make([]float32, n.Classes+len(r.x))
	n.Forward(out[:n.Classes], r.x, r.t)
	n.Gradient(out[n.Classes:], r.x, r.t, r.class)
	return out
}
