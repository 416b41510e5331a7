//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

// outerBlock is how many rows are taken at a time, so that they stay in the first-level cache while
// all tiles of w pass by.
const outerBlock = 64

func vectorTraining() *Training {
	return &Training{Outer: outerSIMD, Adam: adamSIMD, Follow: followSIMD}
}

func outerSIMD(rows, k, n int, x []float32, ldx int, y []float32, ldy int, w []float32) {
	checkOuter(rows, k, n, x, ldx, y, ldy, w)
	clear(w[:k*n])
	if k == 0 || n == 0 {
		return
	}
	clearUpper()
	for i := 0; i < rows; i += outerBlock {
		block := min(outerBlock, rows-i)
		outerTiles4(block/4, k/4, n/Lanes, at(x, i*ldx), ldx*4, at(y, i*ldy), ldy*4, at(w, 0))
		if rest := block % 4; rest != 0 {
			i := i + block - rest
			outerTiles1(rest, k/4, n/Lanes, at(x, i*ldx), ldx*4, at(y, i*ldy), ldy*4, at(w, 0))
		}
	}
}

func adamSIMD(w, g, m, v []float32, n int, s AdamStep) {
	need(w, n)
	need(g, n)
	need(m, n)
	need(v, n)
	if n%Lanes != 0 {
		panic("kernels: numbers must be a multiple of 8")
	}
	if n > 0 {
		clearUpper()
		adamRow(at(w, 0), at(g, 0), at(m, 0), at(v, 0), n/Lanes, &s)
	}
}

func followSIMD(y, x []float32, n int, share float32) {
	need(y, n)
	need(x, n)
	if n%Lanes != 0 {
		panic("kernels: numbers must be a multiple of 8")
	}
	if n > 0 {
		clearUpper()
		followRow(at(y, 0), at(x, 0), n/Lanes, share)
	}
}
