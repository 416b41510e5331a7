package unet

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
)

// TestGolden runs every recorded network in one batch and item by item: the
// outputs have the same bits, and those that every platform gave before.
func TestGolden(t *testing.T) {
	var lines []fixture.Line
	for _, name := range cases(t) {
		n, io := load(t, name, 3, kernels.Best())
		out, in := items(t, n, io)
		n.Forward(out, in)
		compareAlone(t, name, kernels.Best(), out, in)
		lines = append(lines, fixture.Line{Name: name, Value: fixture.Hash(out...)})
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
		n, io := load(t, name, 3, kernels.Best())
		out, in := items(t, n, io)
		n.Forward(out, in)
		compareAlone(t, name, kernels.Reference(), out, in)
	}
}

// compareAlone runs the network on other kernels and each item by itself; the
// outputs have to be want, bit by bit.
func compareAlone(t *testing.T, name string, k *kernels.Set, want [][]float32, in []Item) {
	t.Helper()
	n, io := load(t, name, 1, k)
	got, _ := items(t, n, io)
	for i := range in {
		n.Forward(got[i:i+1], in[i:i+1])
		for j, w := range want[i] {
			if math.Float32bits(got[i][j]) != math.Float32bits(w) {
				t.Fatalf("%s: item %d alone on the kernels %q, element %d: got %v, want %v", name,
					i, k.Name, j, got[i][j], w)
			}
		}
	}
}

func TestForwardAllocatesNothing(t *testing.T) {
	n, io := load(t, "cifar10_shape_small", 2, kernels.Best())
	out, in := items(t, n, io)
	if a := testing.AllocsPerRun(3, func() { n.Forward(out, in) }); a != 0 {
		t.Errorf("Forward allocates %v times", a)
	}
}
