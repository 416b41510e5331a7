package layers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// picture is a [c][h][w] array in float64. Its methods are the layers as plain
// sums, which the compiled ones are compared with.
type picture struct {
	c, h, w int
	v       []float64
}

func blank(c, h, w int) picture { return picture{c, h, w, make([]float64, c*h*w)} }

// at is a value of channel c, zero outside the picture.
func (p picture) at(c, y, x int) float64 {
	if y < 0 || y >= p.h || x < 0 || x >= p.w {
		return 0
	}
	return p.v[(c*p.h+y)*p.w+x]
}

// each returns the picture of f(channel, row, column).
func each(c, h, w int, f func(c, y, x int) float64) picture {
	p := blank(c, h, w)
	for i := range p.v {
		p.v[i] = f(i/(h*w), i/w%h, i%w)
	}
	return p
}

func (p picture) mapped(f func(float64) float64) picture {
	return each(p.c, p.h, p.w, func(c, y, x int) float64 { return f(p.at(c, y, x)) })
}

func (p picture) plus(q picture) picture {
	return each(p.c, p.h, p.w, func(c, y, x int) float64 { return p.at(c, y, x) + q.at(c, y, x) })
}

// conv has weights [out][in][side][side] and an output of h×w pixels.
func (p picture) conv(weight, bias []float64, win Window, h, w int) picture {
	return each(len(bias), h, w, func(o, y, x int) float64 {
		sum := bias[o]
		for i := range p.c {
			for r := range win.Side {
				for s := range win.Side {
					sum += weight[((o*p.c+i)*win.Side+r)*win.Side+s] *
						p.at(i, y*win.Stride+r-win.Padding, x*win.Stride+s-win.Padding)
				}
			}
		}
		return sum
	})
}

func (p picture) conv3(weight, bias []float64) picture {
	return p.conv(weight, bias, Window{3, 1, 1}, p.h, p.w)
}

func (p picture) norm(gamma, beta []float64, groups int, eps float64) picture {
	out, per := blank(p.c, p.h, p.w), len(p.v)/groups
	for g := range groups {
		part := p.v[g*per : (g+1)*per]
		mean, variance := 0.0, 0.0
		for _, v := range part {
			mean += v / float64(per)
		}
		for _, v := range part {
			variance += (v - mean) * (v - mean) / float64(per)
		}
		for i, v := range part {
			c := (g*per + i) / (p.h * p.w)
			out.v[g*per+i] = (v-mean)/math.Sqrt(variance+eps)*gamma[c] + beta[c]
		}
	}
	return out
}

// attention has projections [heads·width][p.c].
func (p picture) attention(q, k, v linear, heads int) picture {
	qs, ks, vs := q.over(p), k.over(p), v.over(p)
	n, width := p.h*p.w, qs.c/heads
	out := blank(qs.c, p.h, p.w)
	for head := range heads {
		for i := range n {
			share, sum := make([]float64, n), 0.0
			for j := range n {
				dot := 0.0
				for l := head * width; l < (head+1)*width; l++ {
					dot += qs.v[l*n+i] * ks.v[l*n+j]
				}
				share[j] = math.Exp(dot)
				sum += share[j]
			}
			for l := head * width; l < (head+1)*width; l++ {
				for j, s := range share {
					out.v[l*n+i] += s / sum * vs.v[l*n+j]
				}
			}
		}
	}
	return out
}

// linear is a layer [out][in].
type linear struct{ weight, bias []float64 }

func (l linear) vector(x []float64) []float64 {
	y := slices.Clone(l.bias)
	for o := range y {
		for i, v := range x {
			y[o] += l.weight[o*len(x)+i] * v
		}
	}
	return y
}

// over applies the layer at every pixel.
func (l linear) over(p picture) picture {
	return p.conv(l.weight, l.bias, Window{1, 1, 0}, p.h, p.w)
}

func silu(x float64) float64 { return x / (1 + math.Exp(-x)) }

// sinusoid is the embedding with the cosines first.
func sinusoid(x float64, width int) []float64 {
	e := make([]float64, width)
	for i := range width / 2 {
		s, c := math.Sincos(x * math.Pow(10000, -float64(i)/float64(width/2)))
		e[i], e[width/2+i] = c, s
	}
	return e
}

// store makes a weights file with random tensors.
type store struct {
	weights.File
	r *rand.Rand
}

func newStore() *store { return &store{r: rand.New(rand.NewPCG(7, 9))} }

// add puts a tensor of normal numbers, times scale, into the file and returns it.
func (s *store) add(name string, scale float64, shape ...int) []float64 {
	n := 1
	for _, d := range shape {
		n *= d
	}
	x, values := make([]float64, n), make([]float32, n)
	for i := range x {
		values[i] = float32(s.r.NormFloat64() * scale)
		x[i] = float64(values[i])
	}
	s.Tensors = append(s.Tensors, fixture.NewTensor(name, shape, values...))
	return x
}

// linear adds name.weight and name.bias; extra dimensions are of size one.
func (s *store) linear(name string, in, out int, extra ...int) linear {
	shape := append([]int{out, in}, extra...)
	weight := s.add(name+".weight", 1/math.Sqrt(float64(in)), shape...)
	return linear{weight, s.add(name+".bias", 0.3, out)}
}

// conv adds a convolution's name.weight and name.bias.
func (s *store) conv(name string, in, out, side int) linear {
	scale := 1 / math.Sqrt(float64(in*side*side))
	return linear{s.add(name+".weight", scale, out, in, side, side), s.add(name+".bias", 0.3, out)}
}

// norm adds name.weight and name.bias.
func (s *store) norm(name string, channels int) linear {
	return linear{s.add(name+".weight", 1, channels), s.add(name+".bias", 0.3, channels)}
}

// sample returns a picture of normal numbers, the same in float32.
func (s *store) sample(c, h, w int) (picture, []float32) {
	p, x := blank(c, h, w), make([]float32, c*h*w)
	for i := range x {
		x[i] = float32(s.r.NormFloat64())
		p.v[i] = float64(x[i])
	}
	return p, x
}

// sets are the kernels that a network is compiled for.
func sets() []*kernels.Set {
	if kernels.Best().Name == kernels.Reference().Name {
		return []*kernels.Set{kernels.Reference()}
	}
	return []*kernels.Set{kernels.Reference(), kernels.Best()}
}

// near fails unless got is want within bound.
func near(t *testing.T, what string, got []float32, want []float64, bound float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		if !(math.Abs(float64(got[i])-w) <= bound) {
			t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], w)
		}
	}
}
