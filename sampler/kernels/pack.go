package kernels

// PackPanels lays out a matrix as Gemm wants it: panels of eight columns, each
// row by row. Element (l, j) is factor·w[rows[l]+cols[j]], or 0 where either
// offset is negative. There are a multiple of Lanes columns.
func PackPanels(w []float32, factor float32, rows, cols []int) []float32 {
	if len(cols)%Lanes != 0 {
		panic("kernels: PackPanels needs a multiple of 8 columns")
	}
	b := make([]float32, len(rows)*len(cols))
	for p := 0; p < len(cols); p += Lanes {
		packPanel(b[p*len(rows):], w, factor, rows, (*[Lanes]int)(cols[p:]))
	}
	return b
}

// packPanel writes one panel. The compiler would make it part of its caller, but
// WebAssembly engines optimise a function between its calls: so only the first
// panels of a network are packed slowly, and not the whole network.
//
//go:noinline
func packPanel(b, w []float32, factor float32, rows []int, cols *[Lanes]int) {
	for l, row := range rows {
		if row < 0 {
			continue
		}
		to := (*[Lanes]float32)(b[l*Lanes:])
		for j, col := range cols {
			if col >= 0 {
				to[j] = factor * w[row+col]
			}
		}
	}
}
