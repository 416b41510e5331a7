package family

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// labmlState is a network of labml with two levels of one block, attention in the second, and
// numbers of one spread. Files of the authors' code are too large to stand here; at the commit of
// this test two of them gave its outputs to 1.2e-5 of 1.4 and 5.2e-6 of 1.5.
type labmlState struct {
	r    *rand.Rand
	list []weights.Tensor
}

func (s *labmlState) tensor(name string, scale float64, shape ...int) {
	n := 1
	for _, d := range shape {
		n *= d
	}
	data := make([]byte, 0, 4*n)
	for range n {
		data = binary.LittleEndian.AppendUint32(data,
			math.Float32bits(float32((2*s.r.Float64()-1)*math.Sqrt(3)*scale)))
	}
	s.list = append(s.list,
		weights.Tensor{Name: name, DType: weights.F32, Shape: shape, Data: data})
}

// layer adds a weight and a bias of as many numbers as the weight has rows.
func (s *labmlState) layer(name string, shape ...int) {
	fan := 1
	for _, d := range shape[1:] {
		fan *= d
	}
	s.tensor(name+".weight", 1/math.Sqrt(float64(fan)), shape...)
	s.tensor(name+".bias", 0.3, shape[0])
}

func (s *labmlState) block(name string, in, out int, attends bool) {
	s.layer(name+".res.norm1", in)
	s.layer(name+".res.conv1", out, in, 3, 3)
	s.layer(name+".res.norm2", out)
	s.layer(name+".res.conv2", out, out, 3, 3)
	if in != out {
		s.layer(name+".res.shortcut", out, in, 1, 1)
	}
	s.layer(name+".res.time_emb", out, 128)
	if attends {
		s.attention(name+".attn", out)
	}
}

func (s *labmlState) attention(name string, channels int) {
	s.layer(name+".norm", channels)
	s.layer(name+".projection", 3*channels, channels)
	s.layer(name+".output", channels, channels)
}

func newLabml() *labmlState {
	s := &labmlState{r: rand.New(rand.NewPCG(15, 2))}
	s.layer("image_proj", 32, 1, 3, 3)
	s.layer("time_emb.lin1", 128, 32)
	s.layer("time_emb.lin2", 128, 128)
	s.block("down.0", 32, 32, false)
	s.layer("down.1.conv", 32, 32, 3, 3)
	s.block("down.2", 32, 64, true)
	s.block("middle", 64, 64, false)
	for i := range s.list { // middle has two blocks around an attention
		s.list[i].Name = strings.Replace(s.list[i].Name, "middle.res.", "middle.res1.", 1)
	}
	s.attention("middle.attn", 64)
	s.block("middle", 64, 64, false)
	for i := range s.list {
		s.list[i].Name = strings.Replace(s.list[i].Name, "middle.res.", "middle.res2.", 1)
	}
	s.block("up.0", 128, 64, true)
	s.block("up.1", 96, 32, true)
	s.layer("up.2.conv", 32, 32, 4, 4)
	s.block("up.3", 64, 32, false)
	s.block("up.4", 64, 32, false)
	s.layer("norm", 32)
	s.layer("final", 1, 32, 3, 3)
	return s
}

// TestLabml: the network gives the bits that it gave at the commit of this test, on both sets of
// kernels.
func TestLabml(t *testing.T) {
	s := NewState(newLabml().list)
	n, err := Recognise(s).Build(s, Settings{Height: 8, Width: 8, Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Passed) != 8 || n.Passed[0].Tensor != "down.2.attn.norm.weight" {
		t.Errorf("passed over: %q", n.Passed)
	}
	g, err := graph.Parse([]byte(n.Config))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []*kernels.Set{kernels.Reference(), kernels.Best()} {
		net, err := graph.New(g, &weights.File{Tensors: n.Tensors}, 1, k)
		if err != nil {
			t.Fatal(err)
		}
		x, out := make([]float32, 64), [][]float32{make([]float32, 64)}
		for i := range x {
			x[i] = float32(i%7) - 3
		}
		net.Forward(out, []graph.Item{{Sample: x, Estimate: x, Time: 321, Class: graph.NoClass}})
		fixture.Golden(t, "testdata/labml.txt",
			[]fixture.Line{{Name: "labml", Value: fixture.Hash(out[0])}})
	}
}

// TestLabmlRefused: every refusal says what is wrong.
func TestLabmlRefused(t *testing.T) {
	size := Settings{Height: 8, Width: 8}
	for _, c := range []struct {
		want     string
		settings Settings
		name     string // of the tensor that has another shape
		shape    []int  // nil takes it away
	}{
		{"name their side with -size", Settings{}, "", nil},
		{"down.1 is none of a block, a downsample and an upsample", size, "down.1.conv.weight",
			[]int{32, 32, 5, 5}},
		{"middle.attn has 65 numbers for heads of 64 channels", size, "middle.attn.output.weight",
			[]int{64, 65}},
		{"there is no tensor up.4.res.conv2.weight", size, "up.4.res.conv2.weight", nil},
	} {
		var list []weights.Tensor
		for _, x := range newLabml().list {
			if x.Name == c.name {
				if c.shape == nil {
					continue
				}
				x.Shape = c.shape
			}
			list = append(list, x)
		}
		s := NewState(list)
		if _, err := Recognise(s).Build(s, c.settings); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	more := newLabml()
	for i := range 2 {
		more.block(fmt.Sprintf("up.%d", 5+i), 64, 32, false)
	}
	s := NewState(more.list)
	const want = "the way up has more blocks than the way down"
	if _, err := Recognise(s).Build(s, size); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
