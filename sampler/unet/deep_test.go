package unet

import (
	"math"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
)

// deepOf returns buffers for the deep features of n items.
func deepOf(net *Network, n int) [][]float32 {
	all := make([][]float32, n)
	for i := range all {
		all[i] = make([]float32, net.DeepSize())
	}
	return all
}

// TestDeepFeatures compares evaluations of each sample with the deep features of the one before
// with PyTorch's, in which what enters the last up block was replaced; see testdata/README.md.
func TestDeepFeatures(t *testing.T) {
	for _, name := range []string{
		"mnist28_c1", "nonsquare_fractional_t", "class_embed_timestep",
	} {
		n, io := load(t, name, 3, kernels.Best())
		out, in := items(t, n, io)
		deep := deepOf(n, len(in))
		n.ForwardDeep(out, in, deep, false)
		last := len(deep) - 1
		deep = append(deep[last:], deep[:last]...)
		n.ForwardDeep(out, in, deep, true)
		want := fixture.Tensor(t, read(t, name, "deep.safetensors"), "output").Float64s()
		got := slices.Concat(out...)
		if len(got) != len(want) {
			t.Fatalf("%s: %d values, want %d", name, len(got), len(want))
		}
		worst := 0.0
		for i, w := range want {
			worst = max(worst, math.Abs(float64(got[i])-w))
		}
		t.Logf("%s: worst %.2g", name, worst)
		if !(worst <= 2e-5) {
			t.Errorf("%s: a value differs by %.2g", name, worst)
		}
	}
}

// TestDeepFeaturesAgain evaluates every recorded network with the deep features of the same
// samples, after another evaluation has used its buffers: the outputs have the bits of Forward.
// Those features hold everything that the rest does not work out, and the rest is less work.
func TestDeepFeaturesAgain(t *testing.T) {
	for _, name := range cases(t) {
		n, io := load(t, name, 3, kernels.Best())
		want, in := items(t, n, io)
		n.Forward(want, in)
		out, _ := items(t, n, io)
		deep, other := deepOf(n, len(in)), deepOf(n, len(in))
		n.ForwardDeep(out, in, deep, false)
		same := func(how string) {
			for i := range want {
				if fixture.Hash(out[i]) != fixture.Hash(want[i]) {
					t.Errorf("%s: item %d %s differs", name, i, how)
				}
			}
		}
		same("kept")
		noise := slices.Clone(in)
		for i := range noise {
			noise[i].Sample = make([]float32, len(in[i].Sample))
			for j := range noise[i].Sample {
				noise[i].Sample[j] = float32(math.Sin(float64(i + 3*j)))
			}
			noise[i].Timestep++
		}
		n.ForwardDeep(out, noise, other, false)
		n.ForwardDeep(out, in, deep, true)
		same("again")
		n.ForwardDeep(out, in, other, true)
		for i := range want {
			if fixture.Hash(out[i]) == fixture.Hash(want[i]) {
				t.Errorf("%s: item %d does not depend on the deep features", name, i)
			}
		}
		if all, again := n.MultiplyAdds(), n.MultiplyAddsAgain(); again >= all*2/3 {
			t.Errorf("%s: %d of %d products are left", name, again, all)
		}
	}
}

func TestForwardDeepAllocatesNothing(t *testing.T) {
	n, io := load(t, "cifar10_shape_small", 2, kernels.Best())
	out, in := items(t, n, io)
	deep := deepOf(n, len(in))
	again := true
	if a := testing.AllocsPerRun(4, func() {
		again = !again
		n.ForwardDeep(out, in, deep, again)
	}); a != 0 {
		t.Errorf("ForwardDeep allocates %v times", a)
	}
}
