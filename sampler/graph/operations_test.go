package graph

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// sheet is a graph of few nodes with random tensors and inputs.
type sheet struct {
	*testing.T
	weights.File
	r     *rand.Rand
	shape Shape
	items []Item

	classes int
}

func newSheet(t *testing.T, c, h, w int) *sheet {
	s := &sheet{T: t, r: rand.New(rand.NewPCG(3, 8)), shape: Shape{c, h, w}}
	for i := range 2 {
		it := Item{Time: 250.5 + float64(i), Class: NoClass,
			Sample: make([]float32, s.shape.size()), Estimate: make([]float32, s.shape.size())}
		for j := range it.Sample {
			it.Sample[j], it.Estimate[j] = float32(s.r.NormFloat64()), float32(s.r.NormFloat64())
		}
		s.items = append(s.items, it)
	}
	return s
}

// tensor adds a tensor of normal numbers and returns them.
func (s *sheet) tensor(name string, shape ...int) []float64 {
	n := 1
	for _, d := range shape {
		n *= d
	}
	x, values := make([]float64, n), make([]float32, n)
	for i := range x {
		values[i] = float32(s.r.NormFloat64())
		x[i] = float64(values[i])
	}
	s.Tensors = append(s.Tensors, fixture.NewTensor(name, shape, values...))
	return x
}

func (s *sheet) parse(nodes string) *Graph {
	s.Helper()
	g, err := Parse([]byte(`{"_class_name": "Graph", "sample": [` +
		strings.ReplaceAll(s.shape.String(), "×", ",") + `], "classes": ` +
		strconv.Itoa(s.classes) + `, "nodes": [` + nodes + `]}`))
	if err != nil {
		s.Fatal(err)
	}
	return g
}

// run evaluates the nodes on both sets of kernels, whose bits have to agree, item by item and
// together, without allocating; and with every value kept. It returns the outputs.
func (s *sheet) run(nodes string) [][]float32 {
	s.Helper()
	g := s.parse(nodes)
	outs := func(n int) [][]float32 {
		all := make([][]float32, n)
		for i := range all {
			all[i] = make([]float32, g.Output.size())
		}
		return all
	}
	var first [][]float32
	for _, k := range []*kernels.Set{kernels.Reference(), kernels.Best()} {
		n, err := New(g, &s.File, len(s.items), k)
		if err != nil {
			s.Fatal(err)
		}
		got, alone := outs(len(s.items)), outs(1)
		n.Forward(got, s.items)
		if first == nil {
			first = got
		}
		for i := range s.items {
			n.Forward(alone, s.items[i:i+1])
			if !same(got[i], first[i]) || !same(alone[0], first[i]) {
				s.Errorf("item %d on the kernels %q is %v together and %v alone, want %v", i,
					k.Name, got[i], alone[0], first[i])
			}
		}
		if a := testing.AllocsPerRun(2, func() { n.Forward(got, s.items) }); a != 0 {
			s.Errorf("an evaluation allocates %v times", a)
		}
	}
	n, err := Record(g, &s.File, len(s.items), kernels.Reference())
	if err != nil {
		s.Fatal(err)
	}
	kept := outs(len(s.items))
	n.Forward(kept, s.items)
	for i := range kept {
		if value := n.Value(n.nodes[len(n.nodes)-1].name, i); !same(value, kept[i]) {
			s.Errorf("the value of the last node is %v, and the output %v", value, kept[i])
		}
	}
	return first
}

func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y)
	})
}

// want compares the outputs of nodes with a formula of an item.
func (s *sheet) want(nodes string, of func(it Item) []float64) {
	s.Helper()
	for i, got := range s.run(nodes) {
		want := of(s.items[i])
		if len(got) != len(want) {
			s.Fatalf("%d numbers, want %d", len(got), len(want))
		}
		for j, w := range want {
			if !(math.Abs(float64(got[j])-w) <= 1e-5*max(1, math.Abs(w))) {
				s.Fatalf("item %d, number %d: got %v, want %v", i, j, got[j], w)
			}
		}
	}
}

func TestSpaceToDepth(t *testing.T) {
	for _, side := range []string{"2", "3"} {
		s := newSheet(t, 5, 6, 12)
		n := int(side[0] - '0')
		s.want(`{"name": "x", "op": "space_to_depth", "of": ["sample"], "side": `+side+`}`,
			func(it Item) []float64 {
				out := make([]float64, len(it.Sample))
				for i, v := range it.Sample {
					c, row, column := i/72, i/12%6, i%12
					deep := (c*n+row%n)*n + column%n
					out[(deep*(6/n)+row/n)*(12/n)+column/n] = float64(v)
				}
				return out
			})
	}
}

func TestLearnedSinusoid(t *testing.T) {
	s := newSheet(t, 1, 2, 2)
	w := s.tensor("w", 5)
	s.want(`{"name": "t", "op": "time", "scale": 0.01, "offset": -3},
		{"name": "x", "op": "learned_sinusoid", "of": ["t"], "weights": "w", "count": 5}`,
		func(it Item) []float64 {
			at := float64(float32(it.Time*0.01 - 3))
			out := make([]float64, 11)
			out[0] = at
			for i, f := range w {
				out[1+i], out[6+i] = math.Sincos(2 * math.Pi * f * at)
			}
			return out
		})
}

// TestTimeTable: the table's numbers at whole timesteps, straight lines between them, and the ends
// outside.
func TestTimeTable(t *testing.T) {
	s := newSheet(t, 1, 2, 2)
	for at, want := range map[float64]float64{-1: 8, 0: 8, 0.25: 6.5, 1: 2, 1.5: -1, 2: -4, 7: -4} {
		for i := range s.items {
			s.items[i].Time = at
		}
		s.want(`{"name": "t", "op": "time", "table": [8, 2, -4], "scale": 0.5, "offset": 1}`,
			func(Item) []float64 { return []float64{want/2 + 1} })
	}
}

// TestRMSNorm has a norm that writes to the border of a convolution's input, scaled and shifted by
// a vector, and one that does not.
func TestRMSNorm(t *testing.T) {
	s := newSheet(t, 11, 4, 4)
	gain := s.tensor("g", 1, 11, 1, 1)
	w, bias := s.tensor("by.weight", 22, 1), s.tensor("by.bias", 22)
	kernel, own := s.tensor("c.weight", 2, 11, 3, 3), s.tensor("c.bias", 2)
	s.want(`{"name": "t", "op": "time", "scale": 0.001},
		{"name": "by", "op": "linear", "of": ["t"], "tensor": "by", "channels": 22},
		{"name": "n", "op": "rms_norm", "of": ["sample", "by"], "gain": "g", "act": "silu"},
		{"name": "c", "op": "conv", "of": ["n"], "tensor": "c", "channels": 2, "side": 3,
		 "padding": 1}`,
		func(it Item) []float64 {
			y := rms(it.Sample, gain, 16)
			for i, v := range y {
				c := i / 16
				scale := w[c]*float64(float32(it.Time*0.001)) + bias[c]
				shift := w[11+c]*float64(float32(it.Time*0.001)) + bias[11+c]
				v = v*(1+scale) + shift
				y[i] = v / (1 + math.Exp(-v))
			}
			return conv3(y, kernel, own, 4)
		})

	s = newSheet(t, 11, 4, 4)
	gain = s.tensor("g", 1, 11, 1, 1)
	s.want(`{"name": "n", "op": "rms_norm", "of": ["estimate"], "gain": "g"}`,
		func(it Item) []float64 { return rms(it.Estimate, gain, 16) })
}

// rms is the norm over the channels of x, [channels][pixels].
func rms(x []float32, gain []float64, pixels int) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		squares := 0.0
		for c := range gain {
			squares += float64(x[c*pixels+i%pixels]) * float64(x[c*pixels+i%pixels])
		}
		y[i] = float64(v) / math.Sqrt(squares/float64(len(gain))) * gain[i/pixels]
	}
	return y
}

// conv3 is a convolution of x, [channels][side][side], with zeros around.
func conv3(x, weight, bias []float64, side int) []float64 {
	inputs, out := len(x)/(side*side), make([]float64, len(bias)*side*side)
	for i := range out {
		o, row, column := i/(side*side), i/side%side, i%side
		out[i] = bias[o]
		for c := range inputs {
			for tap := range 9 {
				y, z := row+tap/3-1, column+tap%3-1
				if y >= 0 && y < side && z >= 0 && z < side {
					out[i] += weight[(o*inputs+c)*9+tap] * x[(c*side+y)*side+z]
				}
			}
		}
	}
	return out
}

// TestMemories has attention, and linear attention, of two heads with and without a memory, in one
// tensor without a bias.
func TestMemories(t *testing.T) {
	const heads, width, channels, pixels = 2, 9, 6, 20
	for _, memories := range []int{0, 4} {
		for _, linear := range []bool{false, true} {
			s := newSheet(t, channels, 4, 5)
			w := s.tensor("a.weight", 3*heads*width, channels, 1, 1)
			op, options, memory := "attention", "", []float64(nil)
			shape := []int{2, heads, memories, width}
			if linear {
				op, shape = "linear_attention", []int{2, heads, width, memories}
			}
			if memories > 0 {
				memory = s.tensor("m", shape...)
				options = `, "memory": "m", "memories": 4`
			}
			s.want(`{"name": "a", "op": "`+op+`", "of": ["sample"], "tensor": "a", "heads": 2,
				"width": 9, "unbiased": true, "dims": 4`+options+`}`, func(it Item) []float64 {
				// entry is number l of a head's query, key or value (0, 1, 2) i.
				entry := func(which, head, i, l int) (sum float64) {
					if i < pixels {
						for c := range channels {
							sum += w[((which*heads+head)*width+l)*channels+c] *
								float64(it.Sample[c*pixels+i])
						}
						return sum
					}
					at := (which-1)*heads + head
					if linear {
						return memory[(at*width+l)*memories+i-pixels]
					}
					return memory[(at*memories+i-pixels)*width+l]
				}
				out := make([]float64, heads*width*pixels)
				for i := range out {
					head, l, p := i/pixels/width, i/pixels%width, i%pixels
					if linear {
						out[i] = linearly(entry, head, l, p, width, pixels+memories)
					} else {
						out[i] = fully(entry, head, l, p, width, pixels+memories)
					}
				}
				return out
			})
		}
	}
}

// fully is number l of a head's softmax(q kᵀ/√width) v at pixel p.
func fully(entry func(which, head, i, l int) float64, head, l, p, width, keys int) float64 {
	mixed, sum := 0.0, 0.0
	for j := range keys {
		dot := 0.0
		for m := range width {
			dot += entry(0, head, p, m) * entry(1, head, j, m)
		}
		e := math.Exp(dot / math.Sqrt(float64(width)))
		sum += e
		mixed += e * entry(2, head, j, l)
	}
	return mixed / sum
}

// linearly is number l of a head's softmax(q)/√width · (softmax(k)ᵀ v) at pixel p.
func linearly(entry func(which, head, i, l int) float64, head, l, p, width, keys int) float64 {
	out, queries := 0.0, 0.0
	for m := range width {
		queries += math.Exp(entry(0, head, p, m))
	}
	for m := range width {
		mixed, sum := 0.0, 0.0
		for j := range keys {
			e := math.Exp(entry(1, head, j, m))
			sum += e
			mixed += e * entry(2, head, j, l)
		}
		out += math.Exp(entry(0, head, p, m)) / queries * mixed / sum
	}
	return out / math.Sqrt(float64(width))
}

// TestValue: a name of no node is a module's, and its value that of the module's last node.
func TestValue(t *testing.T) {
	s := newSheet(t, 2, 2, 2)
	n, err := Record(s.parse(`{"name": "a.0", "op": "scale", "of": ["sample"], "by": 2},
		{"name": "a.1", "op": "scale", "of": ["a.0"], "by": 2},
		{"name": "a", "op": "add", "of": ["a.1", "sample"]},
		{"name": "ab.1", "op": "scale", "of": ["a"], "by": 2},
		{"name": "ab.2", "op": "scale", "of": ["ab.1"], "by": 2}`), &s.File, 2, kernels.Best())
	if err != nil {
		t.Fatal(err)
	}
	out := [][]float32{make([]float32, 8), make([]float32, 8)}
	n.Forward(out, s.items)
	for name, factor := range map[string]float32{"a.0": 2, "a.1": 4, "a": 5, "ab": 20, "ab.1": 10} {
		for i := range s.items {
			value := n.Value(name, i)
			for j, v := range s.items[i].Sample {
				if math.Abs(float64(value[j]-factor*v)) > 1e-6 {
					t.Fatalf("%s is %v of %v, want %v times it", name, value[j], v, factor)
				}
			}
		}
	}
	if n.Value("c", 0) != nil || n.Value("sample", 0) != nil {
		t.Error("there are values of nodes that are not there")
	}
}

// TestRefused: every operation says what it cannot take.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ node, want string }{
		{`"op": "space_to_depth", "of": ["sample"], "side": 4`, "sides are not multiples of 4"},
		{`"op": "learned_sinusoid", "of": ["sample"], "weights": "w", "count": 2`,
			"takes one number, not 3×6×6"},
		{`"op": "rms_norm", "of": ["sample", "sample"], "gain": "g"`,
			"is scaled and shifted by 3×6×6, not by 6×1×1"},
		{`"op": "rms_norm", "of": ["sample"]`, "gain"},
		{`"op": "attention", "of": ["sample"], "tensor": "a", "width": 4, "memory": "m"`,
			"how many keys and values the memory has"},
		{`"op": "time", "table": [1, "a"]`, "table"},
	} {
		_, err := Parse([]byte(`{"sample": [3, 6, 6], "nodes": [{"name": "x", ` + c.node + `}]}`))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.node, err, c.want)
		}
	}
}

// TestSizes: a value has limits, so that no size overflows and a small file cannot ask for the
// memory of a large one.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		sample string
		width  int
		want   string // of the error; "" for none
	}{
		{"[1, 1024, 1024]", 64, ""},
		{"[1, 1024, 1024]", 65, "gives 65×1024×1024, which are more than 67108864 numbers"},
		{"[1, 4, 4]", 16384, ""},
		{"[1, 4, 4]", 16385, "channels must be a whole number from 1 to 16384"},
		{"[1, 1025, 4]", 4, "1025"},
		{"[0, 4, 4]", 4, "sample"},
	} {
		_, err := Parse([]byte(`{"sample": ` + c.sample + `, "classes": 0, "nodes": [` +
			`{"name": "a", "op": "conv", "of": ["sample"], "tensor": "a", "side": 1, "channels": ` +
			strconv.Itoa(c.width) + `}, {"name": "b", "op": "conv", "of": ["a"], "tensor": "b",` +
			`"side": 1, "channels": 1}]}`))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %d channels: got %v, want %q", c.sample, c.width, err, c.want)
		}
	}
}
