package unet

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// load reads a network of testdata; see testdata/README.md.
func load(t testing.TB, name string, batch int, k *kernels.Set) (*Network, *weights.File) {
	t.Helper()
	cfg, err := ParseConfig(fixture.File(t, filepath.Join("testdata", name, "config.json")))
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(cfg, read(t, name, "model.safetensors"), batch, k)
	if err != nil {
		t.Fatal(err)
	}
	return n, read(t, name, "io.safetensors")
}

func read(t testing.TB, name, file string) *weights.File {
	t.Helper()
	return fixture.Weights(t, filepath.Join("testdata", name, file))
}

// items turns a recording into the inputs of Forward and fresh outputs.
func items(t testing.TB, n *Network, io *weights.File) (out [][]float32, in []Item) {
	t.Helper()
	x := fixture.Tensor(t, io, "sample").Float32s()
	times := numbers(t, io, "timesteps")
	classes := numbers(t, io, "class_labels")
	size := len(x) / len(times)
	for i, tm := range times {
		it := Item{Sample: x[i*size : (i+1)*size], Timestep: float32(tm)}
		switch {
		case classes == nil:
		case n.ClassEmbedType == "identity":
			it.ClassVector = make([]float32, n.TimeEmbeddingDim)
			for j := range it.ClassVector {
				it.ClassVector[j] = float32(classes[i*n.TimeEmbeddingDim+j])
			}
		default:
			it.Class, it.ClassNumber = int(classes[i]), float32(classes[i])
		}
		in = append(in, it)
		out = append(out, make([]float32, size/n.InChannels*n.OutChannels))
	}
	return out, in
}

func numbers(t testing.TB, io *weights.File, name string) []float64 {
	t.Helper()
	x, ok := io.Tensor(name)
	if !ok {
		return nil
	}
	if x.DType != weights.I64 {
		return x.Float64s()
	}
	var list []float64
	for _, i := range fixture.Int64s(t, io, name) {
		list = append(list, float64(i))
	}
	return list
}

func cases(t testing.TB) (names []string) {
	t.Helper()
	list, err := filepath.Glob("testdata/*/config.json")
	if err != nil || len(list) != 11 {
		t.Fatalf("found %d recorded networks, want 11 (%v)", len(list), err)
	}
	for _, p := range list {
		names = append(names, filepath.Base(filepath.Dir(p)))
	}
	return names
}

// oracle is the recording that goes with the weights of a case: in float16,
// but for one network.
func oracle(name string) string {
	if name == "class_embed_identity" {
		return "output_f64"
	}
	return "output_f64_fp16weights"
}

// TestDiffusers compares every output element with diffusers' own, computed
// in float64 from the same weights: within 2e-5, and 5e-6 rms.
func TestDiffusers(t *testing.T) {
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			n, io := load(t, name, 3, kernels.Best())
			out, in := items(t, n, io)
			n.Forward(out, in)
			want := fixture.Tensor(t, io, oracle(name)).Float64s()
			worst, squares := 0.0, 0.0
			for i, w := range want {
				d := math.Abs(float64(out[i/len(out[0])][i%len(out[0])]) - w)
				if !(d <= 2e-5) {
					t.Fatalf("element %d: got %v, want %v", i, out[i/len(out[0])][i%len(out[0])], w)
				}
				worst, squares = max(worst, d), squares+d*d
			}
			rms := math.Sqrt(squares / float64(len(want)))
			t.Logf("%d values, largest difference %.2g, rms %.2g, %d parameters, %.1f MB",
				len(want), worst, rms, n.Parameters, float64(n.Bytes)/1e6)
			if rms > 5e-6 {
				t.Errorf("rms %g, want at most 5e-6", rms)
			}
		})
	}
}

// A network without a middle block computes what it does with one that adds nothing.
func TestWithoutMiddleBlock(t *testing.T) {
	const name = "noattn_midscale_gelu_flip"
	text := string(fixture.File(t, filepath.Join("testdata", name, "config.json")))
	config := func(from, to string) Config {
		changed := strings.Replace(text, from, to, 1)
		if changed == text {
			t.Fatalf("%s does not stand in the config", from)
		}
		c, err := ParseConfig([]byte(changed))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	with := config(`"mid_block_scale_factor"`, `"mid_block_scale_factor": 1, "_"`)
	without := config(`"UNetMidBlock2D"`, `null`)
	if !with.MidBlock || without.MidBlock {
		t.Fatal("mid_block_type is not read")
	}
	f := read(t, name, "model.safetensors")
	var rest weights.File
	zeroed := 0
	for i := range f.Tensors {
		x := &f.Tensors[i]
		switch {
		case !strings.HasPrefix(x.Name, "mid_block."):
			rest.Tensors = append(rest.Tensors, *x)
		case strings.Contains(x.Name, ".conv2."):
			x.Data = make([]byte, len(x.Data))
			zeroed++
		}
	}
	if zeroed != 4 {
		t.Fatalf("zeroed %d tensors, want 4", zeroed)
	}
	var outs [2][][]float32
	for i, c := range []struct {
		Config
		file *weights.File
	}{{with, f}, {without, &rest}} {
		n, err := New(c.Config, c.file, 1, kernels.Reference())
		if err != nil {
			t.Fatal(err)
		}
		out, in := items(t, n, read(t, name, "io.safetensors"))
		for j := range in {
			n.Forward(out[j:j+1], in[j:j+1])
		}
		outs[i] = out
	}
	for i, out := range outs[0] {
		if !slices.Equal(out, outs[1][i]) {
			t.Errorf("item %d: the network without a middle block differs", i)
		}
	}
}
