package main

import "strings"

// expConstants are the broadcast constants of expFormula.
const expConstants = `cLog2e := archsimd.BroadcastFloat32x4(log2e)
cRounding := archsimd.BroadcastFloat32x4(rounding)
c1 := archsimd.BroadcastFloat32x4(exp1)
c2 := archsimd.BroadcastFloat32x4(exp2)
c3 := archsimd.BroadcastFloat32x4(exp3)
c4 := archsimd.BroadcastFloat32x4(exp4)
c5 := archsimd.BroadcastFloat32x4(exp5)
c6 := archsimd.BroadcastFloat32x4(exp6)
one := archsimd.BroadcastFloat32x4(1)
cLeast := archsimd.BroadcastUint32x4(leastExp)`

// expFormula is expNegative of the bits a_# in vectors; the result is e_#.
const expFormula = `z_# := a_#.Min(cLeast).BitsToFloat32().Mul(cLog2e)
r_# := z_#.Add(cRounding)
f_# := z_#.Sub(r_#.Sub(cRounding))
h5_# := c6.Mul(f_#).Add(c5)
h4_# := h5_#.Mul(f_#).Add(c4)
h3_# := h4_#.Mul(f_#).Add(c3)
h2_# := h3_#.Mul(f_#).Add(c2)
h1_# := h2_#.Mul(f_#).Add(c1)
h_# := h1_#.Mul(f_#).Add(one)
e_# := h_#.ToBits().Add(r_#.ToBits().ShiftAllLeft(23)).BitsToFloat32()`

// affine writes affineRows and affineSiluRows.
func (s *source) affine(silu bool) {
	name, groups := "affineRows", []int{1}
	if silu {
		name, groups = "affineSiluRows", []int{4, 1}
	}
	s.line("// %s is Affine on n groups of eight channels; strides are in bytes.", name)
	s.line("func %s(x unsafe.Pointer, xrow, xpix int, y unsafe.Pointer, yrow, ypix, rows, cols, "+
		"n int, scale, shift unsafe.Pointer) {", name)
	if silu {
		s.line("%s", expConstants)
		s.line("sign := archsimd.BroadcastUint32x4(1 << 31)")
	}
	s.line("for ; rows > 0; rows-- {\nxr, yr := x, y\nfor i := cols; i > 0; i-- {\nclearUpper()")
	s.line("p, o, a, b, l := xr, yr, scale, shift, n")
	for _, g := range groups {
		s.affineGroups(g, silu)
	}
	s.line("xr, yr = unsafe.Add(xr, xpix), unsafe.Add(yr, ypix)\n}")
	s.line("x, y = unsafe.Add(x, xrow), unsafe.Add(y, yrow)\n}\n}\n")
}

// affineGroups writes the loop that takes g groups of eight channels at a time. Of v·e^−|v| and v
// the larger is the dividend of SiLU: the two have the same sign, and are no numbers together, so
// that every machine's Max finds the same.
func (s *source) affineGroups(g int, silu bool) {
	s.line("for ; l >= %d; l -= %d {", g, g)
	for _, place := range []string{"xx = p", "yy = o", "aa = a", "bb = b"} {
		array, pointer, _ := strings.Cut(place, " = ")
		s.line("%s := (*[%d]float32)(%s)", array, 8*g, pointer)
	}
	for u := range 2 * g {
		s.line("v_%d := %s.Mul(%s).Add(%s)", u, load("xx", 4*u), load("aa", 4*u), load("bb", 4*u))
	}
	if silu {
		s.woven(2*g, `a_# := v_#.ToBits().Or(sign)
`+expFormula+`
u_# := v_#.Mul(e_#)
v_# = u_#.Max(v_#).Div(one.Add(e_#))`)
	}
	for u := range 2 * g {
		s.line("%s", store(sprintf("v_%d", u), "yy", 4*u))
	}
	s.line("p, o, a, b = unsafe.Add(p, %d), unsafe.Add(o, %d), "+
		"unsafe.Add(a, %d), unsafe.Add(b, %d)\n}", 32*g, 32*g, 32*g, 32*g)
}

// woven writes the lines of a formula for n vectors, # being the vector's number: no vector waits
// for the whole of another.
func (s *source) woven(n int, formula string) {
	for line := range strings.Lines(formula) {
		for u := range n {
			s.line("%s", strings.ReplaceAll(strings.TrimSpace(line), "#", sprint(u)))
		}
	}
}

// softmax writes the three loops over a row of scores: sixteen numbers at a
// time, and then, with fours, what is left.
func (s *source) softmax() {
	s.line("// topRow is the largest of top and 4·n numbers x; a NaN never counts as larger.")
	s.line("func topRow(x unsafe.Pointer, n int, top archsimd.Float32x4) archsimd.Float32x4 {")
	s.line("t_0, t_1, t_2, t_3 := top, top, top, top")
	s.row("", `v_# := LOAD
t_# = v_#.IfElse(v_#.Greater(t_#), t_#)`, "")
	s.line("t_0, t_2 = t_1.IfElse(t_1.Greater(t_0), t_0), t_3.IfElse(t_3.Greater(t_2), t_2)")
	s.line("return t_2.IfElse(t_2.Greater(t_0), t_0)\n}\n")

	s.line("// expRow replaces 4·n numbers x by e^(x−top) and returns the stripes of their sum.")
	s.line("func expRow(x unsafe.Pointer, n int, top float32) archsimd.Float32x4 {")
	s.line("m := archsimd.BroadcastFloat32x4(top)\nvar sum archsimd.Float32x4")
	s.row(expConstants, `a_# := LOAD.Sub(m).ToBits()
`+expFormula, `sum = sum.Add(e_#)
e_#.STORE`)
	s.line("return sum\n}\n")

	s.line("// scaleRow multiplies 4·n numbers x by scale.")
	s.line("func scaleRow(x unsafe.Pointer, n int, scale archsimd.Float32x4) {")
	s.row("", "LOAD.Mul(scale).STORE", "")
	s.line("}\n")
}

// gelu writes geluRow.
func (s *source) gelu() {
	s.line("// geluRow is GELU of 4·n numbers x.")
	s.line("func geluRow(x unsafe.Pointer, n int) {")
	s.row(expConstants+`
half := archsimd.BroadcastFloat32x4(-0.5)
root := archsimd.BroadcastFloat32x4(geluRoot)
k1 := archsimd.BroadcastFloat32x4(gelu1)
k2 := archsimd.BroadcastFloat32x4(gelu2)
k3 := archsimd.BroadcastFloat32x4(gelu3)
k4 := archsimd.BroadcastFloat32x4(gelu4)
k5 := archsimd.BroadcastFloat32x4(gelu5)
magnitude := archsimd.BroadcastUint32x4(1<<31 - 1)
var zero archsimd.Float32x4`, `v_# := LOAD
a_# := v_#.Mul(v_#).Mul(half).ToBits()
`+expFormula+`
t_# := one.Div(one.Add(v_#.ToBits().And(magnitude).BitsToFloat32().Mul(root)))
q_# := k5.Mul(t_#).Add(k4).Mul(t_#).Add(k3).Mul(t_#).Add(k2).Mul(t_#).Add(k1).Mul(t_#)
s_# := v_#.Mul(q_#).Mul(e_#)`, `s_#.IfElse(v_#.Less(zero), v_#.Sub(s_#)).STORE`)
	s.line("}\n")
}

// row writes a loop over the vectors of a row: four at a time, the lines of
// formula woven, then one by one.
func (s *source) row(before, formula, after string) {
	if before != "" {
		s.line("%s", before)
	}
	for _, vectors := range []int{4, 1} {
		s.line("for ; n >= %d; n -= %d {\nxx := (*[%d]float32)(x)", vectors, vectors, 4*vectors)
		for _, text := range []string{formula, after} {
			for line := range strings.Lines(text) {
				for u := range vectors {
					place := sprintf("(*[4]float32)(xx[%d:%d])", 4*u, 4*u+4)
					words := strings.NewReplacer("#", sprint(u),
						"LOAD", "archsimd.LoadFloat32x4Array("+place+")",
						"STORE", "StoreArray("+place+")")
					s.line("%s", words.Replace(strings.TrimSpace(line)))
				}
			}
		}
		s.line("x = unsafe.Add(x, %d)\n}", 16*vectors)
	}
}

// channelSums writes sums8 and squares8: the stripes of eight channels over
// 4·n pixels; the sums are added to those at out.
func (s *source) channelSums() {
	for _, squares := range []bool{false, true} {
		name, arg := "sums8", ""
		if squares {
			name, arg = "squares8", ", mean unsafe.Pointer"
		}
		s.line("// %s is ChannelSums of eight channels and 4·n pixels, stride bytes apart; "+
			"stripe i goes to out[8*i:].", name)
		s.line("func %s(x unsafe.Pointer, stride, n int, out *[32]float32%s) {", name, arg)
		s.line("stride2, stride3, stride4 := 2*stride, 3*stride, 4*stride")
		if squares {
			s.line("mm := (*[8]float32)(mean)\nm0 := %s\nm1 := %s", load("mm", 0), load("mm", 4))
		}
		s.line("var s00, s01, s10, s11, s20, s21, s30, s31 archsimd.Float32x4")
		s.line("for ; n > 0; n-- {")
		for p := range 4 {
			s.line("x%d := (*[8]float32)(%s)", p, offset("x", "stride", p))
		}
		for p := range 4 {
			for j := range 2 {
				v := load(sprintf("x%d", p), 4*j)
				if squares {
					s.line("d%d%d := %s.Sub(m%d)", p, j, v, j)
					v = sprintf("d%d%d.Mul(d%d%d)", p, j, p, j)
				}
				s.line("s%d%d = s%d%d.Add(%s)", p, j, p, j, v)
			}
		}
		s.line("x = unsafe.Add(x, stride4)\n}")
		for p := range 4 {
			for j := range 2 {
				s.line("%s", store(sprintf("s%d%d", p, j), "out", 8*p+4*j))
			}
		}
		s.line("}\n")
	}
}
