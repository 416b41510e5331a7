package layers

import (
	"math"
	"testing"
)

// remembered are the memory's keys and values, which the file has as [2][heads][count][width], or
// with exchanged as [2][heads][width][count].
type remembered struct {
	v                   []float64
	heads, count, width int
	exchanged           bool
}

// at returns number l of key (0) or value (1) i of a head.
func (m remembered) at(which, head, i, l int) float64 {
	place := (which*m.heads+head)*m.count*m.width + i*m.width + l
	if m.exchanged {
		place = (which*m.heads+head)*m.count*m.width + l*m.count + i
	}
	return m.v[place]
}

// entry returns number l of a head's key (0) or value (1) i: of a pixel, or behind them of the
// memory.
func (m remembered) entry(p picture, which, head, i, l int) float64 {
	if n := p.h * p.w; i >= n {
		return m.at(which, head, i-n, l)
	}
	return p.v[(head*m.width+l)*p.h*p.w+i]
}

// attention is that of picture.attention with the memory.
func (m remembered) attention(p picture, q, k, v linear) picture {
	qs, ks, vs := q.over(p), k.over(p), v.over(p)
	n := p.h * p.w
	return each(qs.c, p.h, p.w, func(c, y, x int) float64 {
		head, mixed, sum := c/m.width, 0.0, 0.0
		for j := range n + m.count {
			dot := 0.0
			for l := range m.width {
				dot += qs.at(head*m.width+l, y, x) * m.entry(ks, 0, head, j, l)
			}
			sum += math.Exp(dot)
			mixed += math.Exp(dot) * m.entry(vs, 1, head, j, c%m.width)
		}
		return mixed / sum
	})
}

// linear is LinearAttention with values times factor.
func (m remembered) linear(p picture, q, k, v linear, factor float64) picture {
	qs, ks, vs := q.over(p), k.over(p), v.over(p)
	n := p.h * p.w
	return each(qs.c, p.h, p.w, func(c, y, x int) float64 {
		head, out, ofQ := c/m.width, 0.0, 0.0
		for l := range m.width {
			ofQ += math.Exp(qs.at(head*m.width+l, y, x))
		}
		for l := range m.width {
			mixed, sum := 0.0, 0.0
			for j := range n + m.count {
				e := math.Exp(m.entry(ks, 0, head, j, l))
				sum += e
				mixed += e * m.entry(vs, 1, head, j, c%m.width) * factor
			}
			out += math.Exp(qs.at(head*m.width+l, y, x)) / ofQ * mixed / sum
		}
		return out
	})
}

// TestAttentionWithMemory has both kinds of attention, without a memory and with one, and heads
// narrower and wider than a register tile.
func TestAttentionWithMemory(t *testing.T) {
	for _, heads := range []Channels{{5}, {3, 3}, {9, 9}} {
		for _, count := range []int{0, 4} {
			for _, exchanged := range []bool{false, true} {
				b := newBench(t, 6, 6, 7)
				inner := heads.Count()
				q, k, v := b.linear("q", 6, inner), b.linear("k", 6, inner), b.linear("v", 6, inner)
				m := remembered{nil, len(heads), count, heads[0], exchanged}
				if count > 0 {
					shape := []int{2, m.heads, count, m.width}
					if exchanged {
						shape[2], shape[3] = shape[3], shape[2]
					}
					m.v = b.add("memory", 1, shape...)
				}
				build := func(factor float32,
					add func(c *Compiler, name string, a Attention, x, dst *Plane),
				) func(c *Compiler, x *Plane) *Plane {
					return func(c *Compiler, x *Plane) *Plane {
						y := c.Plane(6, 7, heads)
						a := Attention{Heads: heads, Q: c.Linear(Weights{Name: "q"}, x.Ch, heads),
							K: c.Linear(Weights{Name: "k"}, x.Ch, heads),
							V: c.Linear(Weights{Name: "v", Factor: factor}, x.Ch, heads)}
						if count > 0 {
							a.Memory = c.Memory("memory", heads, count, exchanged, factor)
						}
						add(c, "a", a, x, y)
						return y.gathered(c)
					}
				}
				b.compare("attention with memory", m.attention(b.in, q, k, v),
					build(1, (*Compiler).Attention))
				b.compare("linear attention", m.linear(b.in, q, k, v, 0.5),
					build(0.5, (*Compiler).LinearAttention))
			}
		}
	}
}

// gathered adds the step that brings channels of several parts into one.
func (p *Plane) gathered(c *Compiler) *Plane {
	y := c.Plane(p.H, p.W, Channels{p.Ch.Count()})
	places := p.Ch.Places()
	c.Add(Step{Name: "gather", Run: func(batch int) {
		for i := range batch * p.H * p.W {
			for place, channel := range places {
				if channel >= 0 {
					y.Data[i*y.Pixel+channel] = p.Data[i*p.Pixel+place]
				}
			}
		}
	}})
	return y
}
