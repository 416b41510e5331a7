package graph

import (
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// TestDoc reads the network that the package's documentation shows, and runs it.
func TestDoc(t *testing.T) {
	var text strings.Builder
	for line := range strings.Lines(string(fixture.File(t, "doc.go"))) {
		if code, ok := strings.CutPrefix(line, "//\t"); ok {
			text.WriteString(code)
		}
	}
	g, err := Parse([]byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	picture := Shape{3, 32, 32}
	if g.Family != "improved-diffusion" || g.Sample != picture || g.Output != picture ||
		g.Classes != 10 || len(g.nodes) != 7 {
		t.Fatalf("got %q, %v to %v, %d classes, %d nodes", g.Family, g.Sample, g.Output, g.Classes,
			len(g.nodes))
	}
	f := &weights.File{}
	for name, shape := range map[string][]int{"time_embed.0.weight": {64, 64},
		"time_embed.0.bias": {64}, "label_emb.weight": {10, 64}, "in.0.weight": {64, 3, 3, 3},
		"in.0.bias": {64}, "out.2.weight": {3, 64, 3, 3}, "out.2.bias": {3}} {
		n := 1
		for _, d := range shape {
			n *= d
		}
		f.Tensors = append(f.Tensors, fixture.NewTensor(name, shape, make([]float32, n)...))
	}
	fixture.Tensor(t, f, "out.2.bias").Data[3] = 0x3F // a half in each value of the first channel
	n, err := New(g, f, 1, kernels.Best())
	if err != nil {
		t.Fatal(err)
	}
	x, out := make([]float32, picture.size()), [][]float32{make([]float32, picture.size())}
	n.Forward(out, []Item{{Sample: x, Time: 9, Class: 3}})
	for i, got := range out[0] {
		want := float32(0)
		if i < 32*32 {
			want = 0.5
		}
		if got != want {
			t.Fatalf("value %d: got %v, want %v", i, got, want)
		}
	}
}
