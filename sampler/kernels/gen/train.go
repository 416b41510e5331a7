package main

// outer writes outerTiles4 or outerTiles1, which add that many rows in each turn of the loop.
func (s *source) outer(rows int) {
	s.line("// outerTiles%d adds %d·n rows of outer products to w, in tiles of four columns of x "+
		"and eight of y; strides are in bytes. blocks counts the fours, panels the eights.",
		rows, rows)
	s.line("func outerTiles%d(n, blocks, panels int, x unsafe.Pointer, ldx int, y unsafe.Pointer, "+
		"ldy int, w unsafe.Pointer) {", rows)
	s.line("for ; panels > 0; panels-- {\ncolumn := x\nfor i := blocks; i > 0; i-- {\nclearUpper()")
	s.line("ww := (*[32]float32)(w)\np0, q0 := column, y")
	for r := range 4 {
		for j := range 2 {
			s.line("c%d%d := %s", r, j, load("ww", 8*r+4*j))
		}
	}
	s.line("for l := n; l > 0; l-- {")
	for u := range rows {
		if u > 0 {
			s.line("p%d, q%d := unsafe.Add(p%d, ldx), unsafe.Add(q%d, ldy)", u, u, u-1, u-1)
		}
		s.line("a%d := (*[4]float32)(p%d)\nb%d := (*[8]float32)(q%d)", u, u, u, u)
		for j := range 2 {
			s.line("b%d_%d := %s", j, u, load(sprintf("b%d", u), 4*j))
		}
		for r := range 4 {
			s.line("x%d_%d := archsimd.BroadcastFloat32x4(a%d[%d])", r, u, u, r)
			for j := range 2 {
				s.line("c%d%d = x%d_%d.Mul(b%d_%d).Add(c%d%d)", r, j, r, u, j, u, r, j)
			}
		}
	}
	s.line("p0, q0 = unsafe.Add(p%d, ldx), unsafe.Add(q%d, ldy)\n}", rows-1, rows-1)
	for r := range 4 {
		for j := range 2 {
			s.line("%s", store(sprintf("c%d%d", r, j), "ww", 8*r+4*j))
		}
	}
	s.line("column, w = unsafe.Add(column, 16), unsafe.Add(w, 128)\n}")
	s.line("y = unsafe.Add(y, 32)\n}\n}\n")
}

// adam writes adamRow.
func (s *source) adam() {
	s.line("// adamRow is Adam on 8·n numbers.")
	s.line("func adamRow(w, g, m, v unsafe.Pointer, n int, a *AdamStep) {")
	for _, name := range []string{"Scale", "Beta1", "Fresh1", "Beta2", "Fresh2", "Keep", "Rate",
		"Root", "Epsilon"} {
		s.line("c%s := archsimd.BroadcastFloat32x4(a.%s)", name, name)
	}
	s.line("for ; n > 0; n-- {\nclearUpper()")
	for _, name := range []string{"w", "g", "m", "v"} {
		s.line("%s%s := (*[8]float32)(%s)", name, name, name)
	}
	for u := range 2 {
		s.line("d_%d := %s.Mul(cScale)", u, load("gg", 4*u))
		s.line("m_%d := %s.Mul(cBeta1).Add(d_%d.Mul(cFresh1))", u, load("mm", 4*u), u)
		s.line("v_%d := %s.Mul(cBeta2).Add(d_%d.Mul(d_%d).Mul(cFresh2))", u, load("vv", 4*u), u, u)
		s.line("q_%d := v_%d.Sqrt().Mul(cRoot).Add(cEpsilon)", u, u)
		s.line("w_%d := %s.Mul(cKeep).Sub(m_%d.Mul(cRate).Div(q_%d))", u, load("ww", 4*u), u, u)
		s.line("%s", store(sprintf("m_%d", u), "mm", 4*u))
		s.line("%s", store(sprintf("v_%d", u), "vv", 4*u))
		s.line("%s", store(sprintf("w_%d", u), "ww", 4*u))
	}
	s.line("w, g = unsafe.Add(w, 32), unsafe.Add(g, 32)")
	s.line("m, v = unsafe.Add(m, 32), unsafe.Add(v, 32)\n}\n}\n")
}

// follow writes followRow.
func (s *source) follow() {
	s.line("// followRow is Follow on 8·n numbers.")
	s.line("func followRow(y, x unsafe.Pointer, n int, share float32) {")
	s.line("cShare := archsimd.BroadcastFloat32x4(share)\nfor ; n > 0; n-- {\nclearUpper()")
	s.line("yy := (*[8]float32)(y)\nxx := (*[8]float32)(x)")
	for u := range 2 {
		s.line("y_%d := %s", u, load("yy", 4*u))
		s.line("y_%d = %s.Sub(y_%d).Mul(cShare).Add(y_%d)", u, load("xx", 4*u), u, u)
		s.line("%s", store(sprintf("y_%d", u), "yy", 4*u))
	}
	s.line("y, x = unsafe.Add(y, 32), unsafe.Add(x, 32)\n}\n}\n")
}
