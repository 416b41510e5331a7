package kernels

// Reference returns the plain Go kernels that define every result.
func Reference() *Set {
	return &Set{
		Name:           "reference",
		Gemm:           gemm,
		BatchGemm:      batchGemm,
		WinogradInput:  winogradInput,
		WinogradOutput: winogradOutput,
		ChannelSums:    channelSums,
		Affine:         affine,
		Softmax:        softmax,
		GELU:           gelus,
		Halves:         halves,
		SiLUGradient:   siluGradients,
		ChannelDots:    channelDots,
		NormGradient:   normGradient,
	}
}

func gemm(m, n, k int, a []float32, lda int, b, c []float32, ldc int,
	bias, res []float32, ldr int) {
	for i := range m {
		row := a[i*lda : i*lda+k]
		for j := 0; j < n; j += Lanes {
			acc := dot8(row, b[j*k:(j+Lanes)*k])
			for l := range Lanes {
				v := acc[l] + bias[j+l]
				if res != nil {
					v += res[i*ldr+j+l]
				}
				c[i*ldc+j+l] = v
			}
		}
	}
}

func batchGemm(count, m, n, k int, a []float32, as int, b, c []float32, cs int) {
	for e := range count {
		for i := range m {
			row := a[e*as+i*k : e*as+i*k+k]
			for j := 0; j < n; j += Lanes {
				acc := dot8(row, b[e*k*n+j*k:e*k*n+(j+Lanes)*k])
				copy(c[e*cs+i*n+j:], acc[:])
			}
		}
	}
}

// dot8 multiplies a row by one panel: eight sums, each from the first product
// to the last. They are named so that the compiler keeps them in registers.
func dot8(row, panel []float32) [Lanes]float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for l, x := range row {
		p := (*[Lanes]float32)(panel[l*Lanes:])
		s0 += float32(x * p[0])
		s1 += float32(x * p[1])
		s2 += float32(x * p[2])
		s3 += float32(x * p[3])
		s4 += float32(x * p[4])
		s5 += float32(x * p[5])
		s6 += float32(x * p[6])
		s7 += float32(x * p[7])
	}
	return [Lanes]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}

func winogradInput(tile Tile, x []float32, row, tiles, c int, v []float32, vs int) {
	size, step := tile.Size(), int(tile)
	var d, r [6]float32
	var t [6][6]float32
	for i := range tiles * c {
		from := x[i/c*step*c+i%c:]
		for p := range size { // down the columns: t = Bᵀ x
			for q := range size {
				d[q] = from[q*row+p*c]
			}
			tile.inputPass(&r, &d)
			for q := range size {
				t[q][p] = r[q]
			}
		}
		for p := range size { // along the rows: v = t B
			tile.inputPass(&r, &t[p])
			for q := range size {
				v[(p*size+q)*vs+i] = r[q]
			}
		}
	}
}

// inputPass multiplies d by Bᵀ.
func (t Tile) inputPass(r, d *[6]float32) {
	if t == F2 {
		r[0], r[1], r[2], r[3] = d[0]-d[2], d[1]+d[2], d[2]-d[1], d[1]-d[3]
		return
	}
	w, s := d[4]-d[2], d[3]-d[1]
	s2 := s + s
	r[0] = float32(4*(d[0]-d[2])) + w
	r[3], r[4] = w+s2, w-s2
	r[5] = (d[5] - d[3]) - (s2 + s2)
	p, q := d[4]-float32(4*d[2]), d[3]-float32(4*d[1])
	r[1], r[2] = p+q, p-q
}

func winogradOutput(tile Tile, m []float32, ms, tiles, n int, y []float32, to Geometry,
	rows, cols int, bias, res []float32, from Geometry, _ []float32) {
	size, step := tile.Size(), int(tile)
	var d, r [6]float32
	var t [6][6]float32
	for i := range tiles * n {
		j, first := i%n, i/n*step
		for p := range size { // down the columns: t = Aᵀ m
			for q := range size {
				d[q] = m[(q*size+p)*ms+i]
			}
			tile.outputPass(&r, &d)
			for q := range step {
				t[q][p] = r[q]
			}
		}
		for o := range rows { // along the rows: y = t A
			tile.outputPass(&r, &t[o])
			for q := 0; q < step && first+q < cols; q++ {
				z := r[q] + bias[j]
				if res != nil {
					z += res[o*from.Row+(first+q)*from.Pixel+j]
				}
				y[o*to.Row+(first+q)*to.Pixel+j] = z
			}
		}
	}
}

// outputPass multiplies d by Aᵀ.
func (t Tile) outputPass(r, d *[6]float32) {
	if t == F2 {
		r[0], r[1] = d[0]+d[1]+d[2], d[1]-d[2]-d[3]
		return
	}
	s, q := d[1]+d[2], d[1]-d[2]
	u, w := d[3]+d[4], d[3]-d[4]
	w2 := w + w
	r[0] = d[0] + s + u
	r[1] = w2 + q
	r[2] = float32(4*u) + s
	r[3] = float32(4*w2) + q + d[5]
}
