package main

import (
	"fmt"
	"strings"
)

func sprintf(f string, args ...any) string { return fmt.Sprintf(f, args...) }

// pass writes one one-dimensional Winograd transform over 8·n channels at a
// time. Column passes run over n vector pairs; row passes do so for every
// tile, xt and yt bytes apart. Output row passes add bias, and res with add.
func (s *source) pass(tile int, kind string, nested, add bool) {
	size := tile + 2
	in, out, formula := size, size, inputFormula
	output := strings.HasPrefix(kind, "output")
	if output {
		out, formula = tile, outputFormula
	}
	bias := output && nested
	args := "x unsafe.Pointer, xs int, y unsafe.Pointer, ys, n int"
	if nested {
		args += ", tiles, xt, yt int"
	}
	if bias {
		args += ", bias unsafe.Pointer"
	}
	if add {
		args += ", res unsafe.Pointer, rs, rt int"
	}
	s.line("// %s%d transforms n groups of eight channels; strides are in bytes.", kind, tile)
	s.line("func %s%d(%s) {", kind, tile, args)
	if tile == 4 {
		s.line("four := archsimd.BroadcastFloat32x4(4)")
	}
	for i := 2; i < in; i++ {
		s.line("xs%d := %d * xs", i, i)
	}
	for i := 2; i < out; i++ {
		s.line("ys%d := %d * ys", i, i)
		if add {
			s.line("rs%d := %d * rs", i, i)
		}
	}
	if nested {
		s.line("for ; tiles > 0; tiles-- {")
		s.line("clearUpper()")
	}
	s.line("p, o := x, y")
	if bias {
		s.line("bp := bias")
	}
	if add {
		s.line("rp := res")
	}
	s.line("for l := n; l > 0; l-- {")
	for i := range in {
		s.line("x%d := (*[8]float32)(%s)", i, offset("p", "xs", i))
	}
	for i := range out {
		s.line("y%d := (*[8]float32)(%s)", i, offset("o", "ys", i))
		if add {
			s.line("z%d := (*[8]float32)(%s)", i, offset("rp", "rs", i))
		}
	}
	if bias {
		s.line("bb := (*[8]float32)(bp)")
	}
	for u := range 2 {
		for i := range in {
			s.line("d%d_%d := %s", i, u, load(sprintf("x%d", i), 4*u))
		}
		s.line("%s", strings.ReplaceAll(formula(tile), "#", sprint(u)))
		if bias {
			s.line("b_%d := %s", u, load("bb", 4*u))
		}
		for i := range out {
			v := sprintf("r%d_%d", i, u)
			if bias {
				v += sprintf(".Add(b_%d)", u)
			}
			if add {
				v += ".Add(" + load(sprintf("z%d", i), 4*u) + ")"
			}
			s.line("%s", store(v, sprintf("y%d", i), 4*u))
		}
	}
	s.line("p, o = unsafe.Add(p, 32), unsafe.Add(o, 32)")
	if bias {
		s.line("bp = unsafe.Add(bp, 32)")
	}
	if add {
		s.line("rp = unsafe.Add(rp, 32)")
	}
	s.line("}")
	if nested {
		s.line("x, y = unsafe.Add(x, xt), unsafe.Add(y, yt)")
		if add {
			s.line("res = unsafe.Add(res, rt)")
		}
		s.line("}")
	}
	s.line("}\n")
}

func sprint(v any) string { return fmt.Sprint(v) }

// inputFormula is Tile.inputPass in vectors.
func inputFormula(tile int) string {
	if tile == 2 {
		return `r0_# := d0_#.Sub(d2_#)
r1_# := d1_#.Add(d2_#)
r2_# := d2_#.Sub(d1_#)
r3_# := d1_#.Sub(d3_#)`
	}
	return `w_# := d4_#.Sub(d2_#)
s_# := d3_#.Sub(d1_#)
s2_# := s_#.Add(s_#)
r0_# := four.Mul(d0_#.Sub(d2_#)).Add(w_#)
r3_# := w_#.Add(s2_#)
r4_# := w_#.Sub(s2_#)
r5_# := d5_#.Sub(d3_#).Sub(s2_#.Add(s2_#))
p_# := d4_#.Sub(four.Mul(d2_#))
q_# := d3_#.Sub(four.Mul(d1_#))
r1_# := p_#.Add(q_#)
r2_# := p_#.Sub(q_#)`
}

// outputFormula is Tile.outputPass in vectors.
func outputFormula(tile int) string {
	if tile == 2 {
		return `r0_# := d0_#.Add(d1_#).Add(d2_#)
r1_# := d1_#.Sub(d2_#).Sub(d3_#)`
	}
	return `s_# := d1_#.Add(d2_#)
q_# := d1_#.Sub(d2_#)
u_# := d3_#.Add(d4_#)
w_# := d3_#.Sub(d4_#)
w2_# := w_#.Add(w_#)
r0_# := d0_#.Add(s_#).Add(u_#)
r1_# := w2_#.Add(q_#)
r2_# := four.Mul(u_#).Add(s_#)
r3_# := four.Mul(w2_#).Add(q_#).Add(d5_#)`
}
