package main

// peak writes peakLoop, the multiply-add rate that the other kernels are
// measured against: fourteen independent sums, so that no sum waits for its own
// last step, nothing loaded or stored. Each begins elsewhere: the compiler makes one
// of sums that are equal.
func (s *source) peak() {
	s.line("// peakLoop makes 336·n vector multiply-adds on registers.")
	s.line("func peakLoop(n int) archsimd.Float32x4 {")
	s.line("x := archsimd.BroadcastFloat32x4(0.999)")
	s.line("_ = unsafe.Pointer(nil)")
	for i := range 14 {
		s.line("s%d := archsimd.BroadcastFloat32x4(%d)", i, i)
	}
	s.line("for ; n > 0; n-- {\nclearUpper()")
	for range 24 {
		for i := range 14 {
			s.line("s%d = s%d.Mul(x).Add(x)", i, i)
		}
	}
	s.line("}\nreturn s0.Add(s1).Add(s2.Add(s3)).Add(s4.Add(s5).Add(s6.Add(s7)))." +
		"Add(s8.Add(s9).Add(s10.Add(s11)).Add(s12.Add(s13)))\n}")
}
