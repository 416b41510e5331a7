package main

// The terms of each sum that one iteration of a product's loop adds: 64 while 64 are left, then 16,
// then 8. 16 keep the accumulators in registers across wasm's block ends. With 64 each load of
// weights comes back 2 KB further on. Processors fetch that far ahead, which hides most of the time
// that memory beyond the second-level cache takes. 128 is too far.
var unrolled = []int{64, 16, 8}

// gemm writes tile4 and tile1: the products of four rows and of one row of a
// with every panel of b, for a whole block of rows.
func (s *source) gemm() {
	s.tile("tile4", 4, true, unrolled)
	s.tile("tile1", 1, false, unrolled[1:])
}

func (s *source) tile(name string, rows int, bias bool, unrolled []int) {
	what, more := "", ""
	if bias {
		what, more = " plus bias", ", bias unsafe.Pointer, next int"
	}
	const multiplies = "multiplies blocks of %d rows of a (lda bytes apart) by panels of b and"
	s.line("// %s "+multiplies, name, rows)
	s.line("// stores the sums%s to c. k is a multiple of 8.", what)
	if bias {
		s.line("// A panel's bias is next bytes behind that of the panel before.")
	}
	s.line("func %s(blocks, panels, k int, a unsafe.Pointer, lda int, "+
		"b, c unsafe.Pointer, ldc int%s) {", name, more)
	s.line("for ; panels > 0; panels-- {")
	s.line("row, out := a, c")
	s.line("for i := blocks; i > 0; i-- {")
	s.line("clearUpper()")
	for r := range rows {
		if r == 0 {
			s.line("p0 := row")
		} else {
			s.line("p%d := unsafe.Add(p%d, lda)", r, r-1)
		}
	}
	s.line("row = unsafe.Add(p%d, lda)", rows-1)
	s.line("w := b")
	for r := range rows {
		s.line("var c%d0, c%d1 archsimd.Float32x4", r, r)
	}
	for i, n := range unrolled {
		left := "k"
		if i > 0 {
			left = sprintf("k & %d", unrolled[i-1]-1)
		}
		s.line("for l := %s; l >= %d; l -= %d {", left, n, n)
		s.terms(rows, n)
		s.line("}")
	}
	if bias {
		s.line("bb := (*[8]float32)(bias)\nh0 := %s\nh1 := %s", load("bb", 0), load("bb", 4))
	}
	for r := range rows {
		s.line("o%d := (*[8]float32)(out)", r)
		for j := range 2 {
			v := sprintf("c%d%d", r, j)
			if bias {
				v += sprintf(".Add(h%d)", j)
			}
			s.line("%s", store(v, sprintf("o%d", r), 4*j))
		}
		s.line("out = unsafe.Add(out, ldc)")
	}
	s.line("}")
	s.line("b = unsafe.Add(b, k*32)")
	s.line("c = unsafe.Add(c, 32)")
	if bias {
		s.line("bias = unsafe.Add(bias, next)")
	}
	s.line("}\n}\n")
}

// terms adds n products to every accumulator and moves the pointers on.
func (s *source) terms(rows, n int) {
	for r := range rows {
		s.line("a%d := (*[%d]float32)(p%d)", r, n, r)
	}
	s.line("q := (*[%d]float32)(w)", 8*n)
	for l := range n {
		for j := range 2 {
			s.line("b%d_%d := %s", j, l, load("q", 8*l+4*j))
		}
		for r := range rows {
			s.line("x%d_%d := archsimd.BroadcastFloat32x4(a%d[%d])", r, l, r, l)
			for j := range 2 {
				s.line("c%d%d = x%d_%d.Mul(b%d_%d).Add(c%d%d)", r, j, r, l, j, l, r, j)
			}
		}
	}
	for r := range rows {
		s.line("p%d = unsafe.Add(p%d, %d)", r, r, 4*n)
	}
	s.line("w = unsafe.Add(w, %d)", 32*n)
}
