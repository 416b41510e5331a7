package main

import (
	"fmt"
	"strings"
)

func sprintf(f string, args ...any) string { return fmt.Sprintf(f, args...) }

func sprint(v any) string { return fmt.Sprint(v) }

// input writes inputN: Bᵀ d B of a row of tiles, four channels of one tile at
// a time, down its columns and then along its rows. What lies between does not
// fit into the registers; the compiler keeps it on the stack.
func (s *source) input(tile int) {
	size := tile + 2
	s.line("// input%d transforms n groups of four channels of each of a row of tiles: "+
		"x's pixels are pix bytes apart, its rows row bytes, y's elements ys bytes.", tile)
	s.line("func input%d(x unsafe.Pointer, row, pix int, y unsafe.Pointer, ys, n, tiles int) {",
		tile)
	s.constants(tile)
	s.line("step := %d * pix\nfor ; tiles > 0; tiles-- {\nclearUpper()", tile)
	s.line("p, o := x, y\nfor l := n; l > 0; l-- {")
	for j := range size {
		for i := range size {
			s.line("p%d_%d := %s", i, j, next("p", "row", "pix", i, j))
			s.line("d%d_%d := archsimd.LoadFloat32x4Array((*[4]float32)(p%d_%d))", i, j, i, j)
		}
		s.formula(inputFormula(tile), sprint(j))
	}
	for i := range size {
		for j := range size {
			s.line("d%d_%d := r%d_%d", j, size+i, i, j)
		}
		s.formula(inputFormula(tile), sprint(size+i))
		for j := range size {
			if i+j == 0 {
				s.line("q := o")
			} else {
				s.line("q = unsafe.Add(q, ys)")
			}
			s.line("r%d_%d.StoreArray((*[4]float32)(q))", j, size+i)
		}
	}
	s.line("p, o = unsafe.Add(p, 16), unsafe.Add(o, 16)\n}")
	s.line("x, y = unsafe.Add(x, step), unsafe.Add(y, 16*n)\n}\n}\n")
}

// output writes outputN, or outputAddN: Aᵀ m A of a row of tiles, plus bias
// and, with add, res.
func (s *source) output(tile int, add bool) {
	size := tile + 2
	name, more, rest := "output", "", ""
	if add {
		name, more, rest = "outputAdd", ", res unsafe.Pointer, rr, rp int", ", plus bias and res"
	} else {
		rest = ", plus bias"
	}
	s.line("// %s%d transforms n groups of four channels of each of a row of tiles%s: "+
		"m's elements are ms bytes apart.", name, tile, rest)
	s.line("func %s%d(m unsafe.Pointer, ms int, y unsafe.Pointer, row, pix, n, tiles int, "+
		"bias unsafe.Pointer%s) {", name, tile, more)
	s.constants(tile)
	s.line("step := %d * pix", tile)
	if add {
		s.line("stepRes := %d * rp", tile)
	}
	s.line("column := %d * ms", size)
	s.line("for ; tiles > 0; tiles-- {\nclearUpper()\np, o, b := m, y, bias")
	if add {
		s.line("z := res")
	}
	s.line("for l := n; l > 0; l-- {")
	for j := range size {
		for i := range size {
			s.line("p%d_%d := %s", i, j, next("p", "column", "ms", i, j))
			s.line("d%d_%d := archsimd.LoadFloat32x4Array((*[4]float32)(p%d_%d))", i, j, i, j)
		}
		s.formula(outputFormula(tile), sprint(j))
	}
	s.line("bb := archsimd.LoadFloat32x4Array((*[4]float32)(b))")
	for i := range tile {
		for j := range size {
			s.line("d%d_%d := r%d_%d", j, size+i, i, j)
		}
		s.formula(outputFormula(tile), sprint(size+i))
		for j := range tile {
			s.line("o%d_%d := %s", j, i, next("o", "pix", "row", j, i))
			v := sprintf("r%d_%d.Add(bb)", j, size+i)
			if add {
				s.line("z%d_%d := %s", j, i, next("z", "rp", "rr", j, i))
				v += sprintf(".Add(archsimd.LoadFloat32x4Array((*[4]float32)(z%d_%d)))", j, i)
			}
			s.line("%s.StoreArray((*[4]float32)(o%d_%d))", v, j, i)
		}
	}
	s.line("p, o, b = unsafe.Add(p, 16), unsafe.Add(o, 16), unsafe.Add(b, 16)")
	if add {
		s.line("z = unsafe.Add(z, 16)")
	}
	s.line("}\nm, y = unsafe.Add(m, 16*n), unsafe.Add(y, step)")
	if add {
		s.line("res = unsafe.Add(res, stepRes)")
	}
	s.line("}\n}\n")
}

// next is the address after base i strides down and j strides along, from the
// one before.
func next(base, down, along string, i, j int) string {
	switch {
	case i > 0:
		return sprintf("unsafe.Add(%s%d_%d, %s)", base, i-1, j, down)
	case j > 0:
		return sprintf("unsafe.Add(%s0_%d, %s)", base, j-1, along)
	}
	return base
}

// constants declares what the formulas of a tile multiply by.
func (s *source) constants(tile int) {
	if tile == 4 {
		s.line("four := archsimd.BroadcastFloat32x4(4)")
	}
}

// formula writes a formula with # replaced.
func (s *source) formula(f, by string) { s.line("%s", strings.ReplaceAll(f, "#", by)) }

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
