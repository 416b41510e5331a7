package main

import (
	"strconv"

	"tweedie/sampler/kernels"
)

// sample is one kernel on one shape.
type sample struct {
	name string
	macs int // as the plain formula counts them; 0 where there are none to speak of
	run  func()
}

// samples are the kernels of network S on its shapes.
func samples() (list []sample) {
	k := kernels.Best()
	for _, s := range [][3]int{{32, 64, 64}, {1024, 32, 96}, {64, 64, 64}} {
		m, n, d := s[0], s[1], s[2]
		a, b, c, bias := floats(m*d), floats(d*n), floats(m*n), floats(n)
		list = append(list, sample{"Gemm " + shape(m, n, d), m * n * d,
			func() { k.Gemm(m, n, d, a, d, b, c, n, bias, nil, 0) }})
	}
	for _, s := range [][4]int{{36, 32, 32, 32}, {36, 32, 32, 64}, {36, 32, 32, 96},
		{36, 32, 64, 64}, {36, 32, 128, 128}, {36, 32, 256, 128},
		{36, 16, 128, 128}, {16, 16, 64, 64}} {
		e, m, n, d := s[0], s[1], s[2], s[3]
		as, cs := m*d+16, m*n+16
		a, b, c := floats(e*as), floats(e*d*n), floats(e*cs)
		list = append(list, sample{"BatchGemm " + strconv.Itoa(e) + " of " + shape(m, n, d),
			e * m * n * d, func() { k.BatchGemm(e, m, n, d, a, as, b, c, cs) }})
	}
	list = append(list, streamed(36, 16, 128, 128), streamed(16, 16, 128, 128))
	for _, s := range [][3]int{{4, 8, 64}, {4, 4, 64}, {2, 4, 64}} {
		tile, tiles, c := kernels.Tile(s[0]), s[1], s[2]
		row := (tiles*s[0] + 2) * c
		x, v := floats(tile.Size()*row), floats(tile.Elements()*(tiles*c+16))
		y, bias := floats(s[0]*s[0]*tiles*c), floats(c)
		g := kernels.Geometry{Row: s[0] * tiles * c, Pixel: c}
		edge := floats(s[0] * s[0] * c)
		list = append(list,
			sample{"WinogradInput F" + strconv.Itoa(s[0]) + " " + shape(tiles, c), 0,
				func() { k.WinogradInput(tile, x, row, tiles, c, v, tiles*c+16) }},
			sample{"WinogradOutput F" + strconv.Itoa(s[0]) + " " + shape(tiles, c), 0, func() {
				k.WinogradOutput(tile, v, tiles*c+16, tiles, c, y, g, s[0],
					s[0]*tiles, bias, nil, g, edge)
			}})
	}
	// y off x by no multiple of 4096 bytes
	x, y, sum, mean, scale := floats(1024*64), floats(1024*64 + 32)[32:], floats(64),
		floats(64), floats(64)
	line := kernels.Geometry{Row: 1024 * 64, Pixel: 64}
	scores := floats(32 * 64)
	return append(list,
		sample{"ChannelSums 1024x64", 0, func() { k.ChannelSums(x, 64, 1024, 64, nil, sum) }},
		sample{"ChannelSums of squares 1024x64",
			0, func() { k.ChannelSums(x, 64, 1024, 64, mean, sum) }},
		sample{"Affine and SiLU 1024x64",
			0, func() { k.Affine(x, line, y, line, 1, 1024, 64, scale, mean, true) }},
		sample{"Softmax 32x64", 0, func() { k.Softmax(scores, 32, 64, 64) }},
	)
}

// streamed is a product whose weights come from beyond the second-level cache, as those of a large
// network do: 20 MB of weights are there, and each run takes the next of them.
func streamed(e, m, n, d int) sample {
	k, one := kernels.Best(), e*d*n
	as, cs, sets, next := m*d+16, m*n+16, 20e6/4/one, 0
	a, b, c := floats(e*as), floats(sets*one), floats(e*cs)
	return sample{"BatchGemm " + strconv.Itoa(e) + " of " + shape(m, n, d) + ", weights streamed",
		e * m * n * d, func() {
			k.BatchGemm(e, m, n, d, a, as, b[next*one:], c, cs)
			next = (next + 1) % sets
		}}
}

func floats(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i%17)/8 - 1
	}
	return x
}

func shape(sizes ...int) string {
	s := strconv.Itoa(sizes[0])
	for _, n := range sizes[1:] {
		s += "×" + strconv.Itoa(n)
	}
	return s
}

// micro times every sample: the least of several rounds of about two
// milliseconds each.
func micro() any {
	var list []any
	for _, s := range samples() {
		least, times := 1e9, 1
		for range 12 {
			start := now()
			for range times {
				s.run()
			}
			spent := now() - start
			if spent < 2 {
				times *= 2
				continue
			}
			least = min(least, spent/float64(times))
		}
		for range 10 {
			start := now()
			for range times {
				s.run()
			}
			least = min(least, (now()-start)/float64(times))
		}
		list = append(list, map[string]any{"name": s.name, "multiplyAdds": s.macs, "ms": least})
	}
	return list
}
