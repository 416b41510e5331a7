package kernels

// Tile is the side of the outputs that one Winograd tile makes: 2 for
// F(2×2,3×3), 4 for F(4×4,3×3). A tile reads Size()×Size() inputs.
//
// Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A (Lavin and Gray, arXiv:1509.09308, equation 8)
// with the interpolation points 0, ±1 (and ±2 for F(4×4)) and infinity.
type Tile int

const (
	F2 Tile = 2
	F4 Tile = 4
)

// Size is the side of a tile's input: 4 for F2, 6 for F4.
func (t Tile) Size() int { return int(t) + 2 }

// Elements is the number of products per tile and channel pair: 16 or 36.
func (t Tile) Elements() int { return t.Size() * t.Size() }

// TransformWeights returns G g Gᵀ of a 3×3 convolution: Elements() matrices of
// k×n (input by output channels), each packed by PackPanels. w is
// [outputs, inputs, 3, 3] as PyTorch stores it; input[l] and output[j] say
// which of its channels stands at place l and j of the padded layout, −1 for
// none. Arithmetic is float64, rounded once.
func (t Tile) TransformWeights(w []float32, inputs int, input, output []int) []float32 {
	k, n := len(input), len(output)
	u := make([]float32, t.Elements()*k*n)
	g := new([36 * filterBlock]float32)
	for p := 0; p < n; p += Lanes {
		for l := 0; l < k; l += filterInputs {
			t.transformBlock(g, w, inputs, input[l:min(l+filterInputs, k)], output[p:p+Lanes])
			part := u[p*k+l*Lanes:]
			for q := range t.Elements() {
				copy(part[q*k*n:][:min(filterInputs, k-l)*Lanes], g[q*filterBlock:])
			}
		}
	}
	return u
}

const (
	// filterInputs is how many input channels are transformed before their elements go to where
	// they belong. Element by element these places are far apart and often fall on the same cache
	// sets, so each is written by lines of the cache, and not in parts of one.
	filterInputs = 16
	filterBlock  = filterInputs * Lanes // of one element: those inputs for one panel of outputs
)

// transformBlock transforms the filters of some inputs for one panel of outputs. It is not part of
// its caller, so that WebAssembly engines optimise it between its calls.
//
//go:noinline
func (t Tile) transformBlock(g *[36 * filterBlock]float32, w []float32, inputs int,
	input, output []int) {
	for l, i := range input {
		for j, o := range output {
			switch at := l*Lanes + j; {
			case i < 0 || o < 0:
				for q := range t.Elements() {
					g[q*filterBlock+at] = 0
				}
			case t == F4:
				transform4(g, at, (*[9]float32)(w[(o*inputs+i)*9:]))
			default:
				transform2(g, at, (*[9]float32)(w[(o*inputs+i)*9:]))
			}
		}
	}
}

// transform2 writes the F(2×2) transform of one filter to place j of each element of g.
func transform2(g *[36 * filterBlock]float32, j int, f *[9]float32) {
	var h [3][4]float64 // h[c] is G times column c of f
	for c := range 3 {
		top, middle, bottom := float64(f[c]), float64(f[3+c]), float64(f[6+c])
		h[c][0], h[c][1], h[c][2], h[c][3] = filter2(top, middle, bottom)
	}
	for r := range 4 {
		a, b, c, d := filter2(h[0][r], h[1][r], h[2][r])
		row := g[r*4*filterBlock+j:][:3*filterBlock+1]
		row[0], row[filterBlock] = float32(a), float32(b)
		row[2*filterBlock], row[3*filterBlock] = float32(c), float32(d)
	}
}

// transform4 does so for F(4×4). Nothing of it is in an array but g: browsers
// run it before they have optimised it, and then every index costs.
func transform4(g *[36 * filterBlock]float32, j int, f *[9]float32) {
	a0, a1, a2, a3, a4, a5 := filter4(float64(f[0]), float64(f[3]), float64(f[6]))
	b0, b1, b2, b3, b4, b5 := filter4(float64(f[1]), float64(f[4]), float64(f[7]))
	c0, c1, c2, c3, c4, c5 := filter4(float64(f[2]), float64(f[5]), float64(f[8]))
	row4((*[5*filterBlock + 1]float32)(g[j:]), a0, b0, c0)
	row4((*[5*filterBlock + 1]float32)(g[j+6*filterBlock:]), a1, b1, c1)
	row4((*[5*filterBlock + 1]float32)(g[j+12*filterBlock:]), a2, b2, c2)
	row4((*[5*filterBlock + 1]float32)(g[j+18*filterBlock:]), a3, b3, c3)
	row4((*[5*filterBlock + 1]float32)(g[j+24*filterBlock:]), a4, b4, c4)
	row4((*[5*filterBlock + 1]float32)(g[j+30*filterBlock:]), a5, b5, c5)
}

// row4 writes one row of a transform of F(4×4), every filterBlock-th number of to.
func row4(to *[5*filterBlock + 1]float32, a, b, c float64) {
	r0, r1, r2, r3, r4, r5 := filter4(a, b, c)
	to[0], to[filterBlock], to[2*filterBlock] = float32(r0), float32(r1), float32(r2)
	to[3*filterBlock], to[4*filterBlock], to[5*filterBlock] = float32(r3), float32(r4), float32(r5)
}

// filter2 multiplies (a, b, c) by the G of F(2×2).
func filter2(a, b, c float64) (r0, r1, r2, r3 float64) {
	s, h := float64(0.5*(a+c)), float64(0.5*b)
	return a, s + h, s - h, c
}

// filter4 multiplies (a, b, c) by the G of F(4×4).
func filter4(a, b, c float64) (r0, r1, r2, r3, r4, r5 float64) {
	s, h := float64((a+c)*(-1.0/6)), float64(b*(-1.0/6))
	p, q := float64(a*(1.0/24))+float64(c*(1.0/6)), float64(b*(1.0/12))
	return float64(a * 0.25), s + h, s - h, p + q, p - q, c
}
