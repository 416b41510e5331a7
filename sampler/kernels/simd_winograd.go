//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

func winogradInputSIMD(tile Tile, x []float32, row, tiles, c int, v []float32, vs int, tmp []float32) {
	size, step := tile.Size(), int(tile)
	width := (tiles*step + 2) * c
	need(x, (size-1)*row+width)
	need(v, (size*size-1)*vs+tiles*c)
	need(tmp, size*width)
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	clearUpper()
	columns, rows := inputColumns2, inputRows2
	if tile == F4 {
		columns, rows = inputColumns4, inputRows4
	}
	columns(at(x, 0), row*4, at(tmp, 0), width*4, width/Lanes)
	for p := range size {
		rows(at(tmp, p*width), c*4, at(v, p*size*vs), vs*4, c/Lanes, tiles, step*c*4, c*4)
	}
}

func winogradOutputSIMD(tile Tile, m []float32, ms, tiles, n int, y []float32, to Geometry, rows, cols int, bias, res []float32, from Geometry, tmp []float32) {
	size, step := tile.Size(), int(tile)
	need(m, (size*size-1)*ms+tiles*n)
	need(y, (rows-1)*to.Row+(cols-1)*to.Pixel+n)
	need(bias, n)
	need(tmp, step*size*tiles*n+step*n)
	if res != nil {
		need(res, (rows-1)*from.Row+(cols-1)*from.Pixel+n)
	}
	if n%Lanes != 0 || rows > step || cols > tiles*step {
		panic("kernels: a row of tiles that does not fit")
	}
	clearUpper()
	columns, along, alongAdd := outputColumns2, outputRows2, outputRowsAdd2
	if tile == F4 {
		columns, along, alongAdd = outputColumns4, outputRows4, outputRowsAdd4
	}
	for p := range size {
		columns(at(m, p*ms), size*ms*4, at(tmp, p*tiles*n), size*tiles*n*4, tiles*n/Lanes)
	}
	whole := cols / step
	edge := tmp[step*size*tiles*n:]
	for r := range rows {
		line := tmp[r*size*tiles*n:]
		if res == nil {
			along(at(line, 0), tiles*n*4, at(y, r*to.Row), to.Pixel*4, n/Lanes, whole, n*4, step*to.Pixel*4, at(bias, 0))
		} else {
			alongAdd(at(line, 0), tiles*n*4, at(y, r*to.Row), to.Pixel*4, n/Lanes, whole, n*4, step*to.Pixel*4, at(bias, 0),
				at(res, r*from.Row), from.Pixel*4, step*from.Pixel*4)
		}
		if whole*step == cols {
			continue
		}
		along(at(line, whole*n), tiles*n*4, at(edge, 0), n*4, n/Lanes, 1, 0, 0, at(bias, 0)) // a tile that reaches over the edge
		for p := whole * step; p < cols; p++ {
			in, out := edge[(p-whole*step)*n:][:n], y[r*to.Row+p*to.Pixel:][:n]
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
