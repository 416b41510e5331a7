//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

import (
	"math"
	"simd/archsimd"
)

func channelSumsSIMD(x []float32, ld, pixels, c int, mean, sum []float32) {
	if pixels > 0 {
		need(x, (pixels-1)*ld+c)
	}
	need(sum, c)
	if mean != nil {
		need(mean, c)
	}
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	clearUpper()
	for j := 0; j < c; j += Lanes {
		var s [4 * Lanes]float32
		if mean == nil {
			sums8(at(x, j), ld*4, pixels/4, &s)
		} else {
			squares8(at(x, j), ld*4, pixels/4, &s, at(mean, j))
		}
		for p := pixels &^ 3; p < pixels; p++ {
			for l := range Lanes {
				v := x[p*ld+j+l]
				if mean != nil {
					v -= mean[j+l]
					v = float32(v * v)
				}
				s[p%4*Lanes+l] += v
			}
		}
		for l := range Lanes {
			sum[j+l] = (s[l] + s[Lanes+l]) + (s[2*Lanes+l] + s[3*Lanes+l])
		}
	}
}

func affineSIMD(x []float32, from Geometry, y []float32, to Geometry, rows, cols, c int,
	scale, shift []float32, silu bool) {
	if rows <= 0 || cols <= 0 {
		return
	}
	need(x, (rows-1)*from.Row+(cols-1)*from.Pixel+c)
	need(y, (rows-1)*to.Row+(cols-1)*to.Pixel+c)
	need(scale, c)
	need(shift, c)
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	clearUpper()
	f := affineRows
	if silu {
		f = affineSiluRows
	}
	f(at(x, 0), from.Row*4, from.Pixel*4, at(y, 0), to.Row*4, to.Pixel*4, rows, cols, c/Lanes,
		at(scale, 0), at(shift, 0))
}

func softmaxSIMD(x []float32, rows, n, ld int) {
	if rows <= 0 {
		return
	}
	need(x, (rows-1)*ld+ld)
	if n < 1 || n > ld {
		panic("kernels: softmax of no numbers")
	}
	clearUpper()
	for r := range rows {
		row := x[r*ld : r*ld+ld]
		whole := n &^ 3
		top := maximum(row[:n])
		var s [4]float32
		expRow(at(row, 0), whole/4, top).StoreArray(&s)
		for i := whole; i < n; i++ {
			row[i] = expNegative(math.Float32bits(row[i] - top))
			s[i%4] += row[i]
		}
		inv := 1 / ((s[0] + s[1]) + (s[2] + s[3]))
		scaleRow(at(row, 0), whole/4, archsimd.BroadcastFloat32x4(inv))
		for i := whole; i < n; i++ {
			row[i] *= inv
		}
		clear(row[n:])
	}
}

// maximum is the largest element; a NaN never counts as larger.
func maximum(row []float32) float32 {
	top := row[0]
	whole := len(row) &^ 3
	if whole > 0 {
		var s [4]float32
		topRow(at(row, 0), whole/4, archsimd.BroadcastFloat32x4(top)).StoreArray(&s)
		for _, v := range s {
			if v > top {
				top = v
			}
		}
	}
	for _, v := range row[whole:] {
		if v > top {
			top = v
		}
	}
	return top
}

func gelusSIMD(x []float32, n int) {
	need(x, n)
	if n%Lanes != 0 {
		panic("kernels: numbers must be a multiple of 8")
	}
	if n > 0 {
		clearUpper()
		geluRow(at(x, 0), n/4)
	}
}
