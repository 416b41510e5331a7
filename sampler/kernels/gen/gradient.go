package main

import "strings"

// siluGradient writes siluGradientPixels.
func (s *source) siluGradient() {
	s.line("// siluGradientPixels is SiLUGradient on n groups of eight channels.")
	s.line("func siluGradientPixels(x, dy, e unsafe.Pointer, pixels, n int, " +
		"scale, shift unsafe.Pointer) {")
	s.line("%s", expConstants)
	s.line("sign := archsimd.BroadcastUint32x4(1 << 31)")
	s.line("var zero archsimd.Float32x4")
	s.line("for ; pixels > 0; pixels-- {\nclearUpper()")
	s.line("a, b := scale, shift\nfor l := n; l > 0; l-- {")
	s.line("xx := (*[8]float32)(x)\ndd := (*[8]float32)(dy)\nee := (*[8]float32)(e)")
	s.line("aa := (*[8]float32)(a)\nbb := (*[8]float32)(b)")
	for u := range 2 {
		s.line("k_%d := %s", u, load("aa", 4*u))
		s.line("v_%d := %s.Mul(k_%d).Add(%s)", u, load("xx", 4*u), u, load("bb", 4*u))
		s.line("%s", strings.ReplaceAll(`a_# := v_#.ToBits().Or(sign)
`+expFormula+`
d_# := one.Add(e_#)
p_# := one.Div(d_#)
q_# := e_#.Div(d_#)
m_# := v_#.Less(zero)
s_# := q_#.IfElse(m_#, p_#)
t_# := p_#.IfElse(m_#, q_#)
g_# := s_#.Mul(v_#.Mul(t_#).Add(one))`, "#", sprint(u)))
		s.line("w_%d := %s.Mul(g_%d).Mul(k_%d)", u, load("dd", 4*u), u, u)
		s.line("%s", store(sprintf("w_%d", u), "ee", 4*u))
	}
	s.line("x, dy, e = unsafe.Add(x, 32), unsafe.Add(dy, 32), unsafe.Add(e, 32)")
	s.line("a, b = unsafe.Add(a, 32), unsafe.Add(b, 32)\n}\n}\n}\n")
}

// channelDots writes dots8: the stripes of eight channels over 4·n pixels.
func (s *source) channelDots() {
	s.line("// dots8 is ChannelDots of eight channels and 4·n pixels, stride bytes apart; " +
		"stripe i goes to out[8*i:].")
	s.line("func dots8(x, y unsafe.Pointer, stride, n int, out *[32]float32, " +
		"mean unsafe.Pointer) {")
	s.line("stride2, stride3, stride4 := 2*stride, 3*stride, 4*stride")
	s.line("mm := (*[8]float32)(mean)\nm0 := %s\nm1 := %s", load("mm", 0), load("mm", 4))
	s.line("var s00, s01, s10, s11, s20, s21, s30, s31 archsimd.Float32x4")
	s.line("for ; n > 0; n-- {")
	for p := range 4 {
		s.line("x%d := (*[8]float32)(%s)", p, offset("x", "stride", p))
		s.line("y%d := (*[8]float32)(%s)", p, offset("y", "stride", p))
	}
	for p := range 4 {
		for j := range 2 {
			x, y := load(sprintf("x%d", p), 4*j), load(sprintf("y%d", p), 4*j)
			s.line("s%d%d = s%d%d.Add(%s.Mul(%s.Sub(m%d)))", p, j, p, j, y, x, j)
		}
	}
	s.line("x, y = unsafe.Add(x, stride4), unsafe.Add(y, stride4)\n}")
	for p := range 4 {
		for j := range 2 {
			s.line("%s", store(sprintf("s%d%d", p, j), "out", 8*p+4*j))
		}
	}
	s.line("}\n")
}

// normGradient writes normGradientPixels and normGradientPixelsAdd.
func (s *source) normGradient(add bool) {
	name, argument := "normGradientPixels", ""
	if add {
		name, argument = "normGradientPixelsAdd", ", res unsafe.Pointer"
	}
	s.line("// %s is NormGradient on n groups of eight channels.", name)
	s.line("func %s(x, e, y unsafe.Pointer, pixels, n int, scale, shift unsafe.Pointer%s) {",
		name, argument)
	s.line("for ; pixels > 0; pixels-- {\nclearUpper()")
	s.line("a, b := scale, shift\nfor l := n; l > 0; l-- {")
	s.line("xx := (*[8]float32)(x)\nee := (*[8]float32)(e)\nyy := (*[8]float32)(y)")
	s.line("aa := (*[8]float32)(a)\nbb := (*[8]float32)(b)")
	if add {
		s.line("rr := (*[8]float32)(res)")
	}
	for u := range 2 {
		s.line("v_%d := %s.Add(%s.Mul(%s).Add(%s))", u,
			load("ee", 4*u), load("xx", 4*u), load("aa", 4*u), load("bb", 4*u))
		if add {
			s.line("v_%d = v_%d.Add(%s)", u, u, load("rr", 4*u))
		}
		s.line("%s", store(sprintf("v_%d", u), "yy", 4*u))
	}
	s.line("x, e, y = unsafe.Add(x, 32), unsafe.Add(e, 32), unsafe.Add(y, 32)")
	s.line("a, b = unsafe.Add(a, 32), unsafe.Add(b, 32)")
	if add {
		s.line("res = unsafe.Add(res, 32)")
	}
	s.line("}\n}\n}\n")
}
