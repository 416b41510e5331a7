package main

// peak writes peakLoop, the multiply-add rate that the other kernels are
// measured against: twelve independent sums, so that no sum waits for its own
// last step, nothing loaded or stored.
func (s *source) peak() {
	s.line("// peakLoop makes 96·n vector multiply-adds on registers.")
	s.line("func peakLoop(n int) archsimd.Float32x4 {")
	s.line("x := archsimd.BroadcastFloat32x4(0.999)\nvar zero archsimd.Float32x4")
	s.line("_ = unsafe.Pointer(nil)")
	for i := range 12 {
		s.line("s%d := zero", i)
	}
	s.line("for ; n > 0; n-- {\nclearUpper()")
	for range 8 {
		for i := range 12 {
			s.line("s%d = s%d.Mul(x).Add(x)", i, i)
		}
	}
	s.line("}\nreturn s0.Add(s1).Add(s2.Add(s3)).Add(s4.Add(s5).Add(s6.Add(s7)))." +
		"Add(s8.Add(s9).Add(s10.Add(s11)))\n}")
}
