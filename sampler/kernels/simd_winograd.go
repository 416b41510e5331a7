//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

func winogradInputSIMD(tile Tile, x []float32, row, tiles, c int, v []float32, vs int) {
	size, step := tile.Size(), int(tile)
	if tiles <= 0 || c <= 0 {
		return
	}
	need(x, (size-1)*row+(tiles*step+2)*c)
	need(v, (size*size-1)*vs+tiles*c)
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	transform := input2
	if tile == F4 {
		transform = input4
	}
	transform(at(x, 0), row*4, c*4, at(v, 0), vs*4, c/4, tiles)
}

func winogradOutputSIMD(tile Tile, m []float32, ms, tiles, n int, y []float32, to Geometry,
	rows, cols int, bias, res []float32, from Geometry, edge []float32) {
	size, step := tile.Size(), int(tile)
	if rows <= 0 || cols <= 0 {
		return
	}
	need(m, (size*size-1)*ms+tiles*n)
	need(y, (rows-1)*to.Row+(cols-1)*to.Pixel+n)
	need(bias, n)
	need(edge, step*step*n)
	if res != nil {
		need(res, (rows-1)*from.Row+(cols-1)*from.Pixel+n)
	}
	if n%Lanes != 0 || rows > step || cols > tiles*step {
		panic("kernels: a row of tiles that does not fit")
	}
	transform, transformAdd := output2, outputAdd2
	if tile == F4 {
		transform, transformAdd = output4, outputAdd4
	}
	whole := 0
	if rows == step {
		whole = cols / step
	}
	switch {
	case whole == 0:
	case res == nil:
		transform(at(m, 0), ms*4, at(y, 0), to.Row*4, to.Pixel*4, n/4, whole, at(bias, 0))
	default:
		transformAdd(at(m, 0), ms*4, at(y, 0), to.Row*4, to.Pixel*4, n/4, whole, at(bias, 0),
			at(res, 0), from.Row*4, from.Pixel*4)
	}
	for t := whole; t*step < cols; t++ { // tiles that reach over the edge
		transform(at(m, t*n), ms*4, at(edge, 0), step*n*4, n*4, n/4, 1, at(bias, 0))
		for r := range rows {
			for p := t * step; p < min((t+1)*step, cols); p++ {
				in, out := edge[(r*step+p-t*step)*n:][:n], y[r*to.Row+p*to.Pixel:][:n]
				if res == nil {
					copy(out, in)
					continue
				}
				for j, old := range res[r*from.Row+p*from.Pixel:][:n] {
					out[j] = in[j] + old
				}
			}
		}
	}
}
