package kernels

// PackPanels lays out the k×n matrix whose element (l, j) is at(l, j) as Gemm
// wants it: panels of eight columns, each row by row. n is a multiple of
// Lanes.
func PackPanels(k, n int, at func(l, j int) float32) []float32 {
	if n%Lanes != 0 {
		panic("kernels: PackPanels needs a multiple of 8 columns")
	}
	b := make([]float32, k*n)
	for p := 0; p < n; p += Lanes {
		panel := b[p*k : (p+Lanes)*k]
		for l := range k {
			for j := range Lanes {
				panel[l*Lanes+j] = at(l, p+j)
			}
		}
	}
	return b
}
