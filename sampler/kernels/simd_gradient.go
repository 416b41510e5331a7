//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

func siluGradientsSIMD(x, dy, e []float32, pixels, c int, scale, shift []float32) {
	if pixels <= 0 {
		return
	}
	need(x, pixels*c)
	need(dy, pixels*c)
	need(e, pixels*c)
	need(scale, c)
	need(shift, c)
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	clearUpper()
	siluGradientPixels(at(x, 0), at(dy, 0), at(e, 0), pixels, c/Lanes, at(scale, 0), at(shift, 0))
}

func channelDotsSIMD(x, y []float32, pixels, c int, mean, sum []float32) {
	need(x, pixels*c)
	need(y, pixels*c)
	need(mean, c)
	need(sum, c)
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	clearUpper()
	for j := 0; j < c; j += Lanes {
		var s [4 * Lanes]float32
		dots8(at(x, j), at(y, j), c*4, pixels/4, &s, at(mean, j))
		for p := pixels &^ 3; p < pixels; p++ {
			for l := range Lanes {
				i := p*c + j + l
				s[p%4*Lanes+l] += float32(y[i] * (x[i] - mean[j+l]))
			}
		}
		for l := range Lanes {
			sum[j+l] = (s[l] + s[Lanes+l]) + (s[2*Lanes+l] + s[3*Lanes+l])
		}
	}
}

func normGradientSIMD(x, e, y []float32, pixels, c int, scale, shift, res []float32) {
	if pixels <= 0 {
		return
	}
	need(x, pixels*c)
	need(e, pixels*c)
	need(y, pixels*c)
	need(scale, c)
	need(shift, c)
	if c%Lanes != 0 {
		panic("kernels: channels must be a multiple of 8")
	}
	clearUpper()
	if res == nil {
		normGradientPixels(at(x, 0), at(e, 0), at(y, 0), pixels, c/Lanes,
			at(scale, 0), at(shift, 0))
		return
	}
	need(res, pixels*c)
	normGradientPixelsAdd(at(x, 0), at(e, 0), at(y, 0), pixels, c/Lanes,
		at(scale, 0), at(shift, 0), at(res, 0))
}
