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
// [outputs, inputs, 3, 3] as PyTorch stores it; input(l) and output(j) say
// which of its channels stands at place l and j of the padded layout, −1 for
// none. Arithmetic is float64, rounded once.
func (t Tile) TransformWeights(w []float32, inputs, k, n int, input, output func(int) int) []float32 {
	e := t.Elements()
	u := make([]float32, e*k*n)
	var g [36]float64
	for j := range n {
		o := output(j)
		if o < 0 {
			continue
		}
		for l := range k {
			i := input(l)
			if i < 0 {
				continue
			}
			t.transformFilter(&g, w[(o*inputs+i)*9:(o*inputs+i)*9+9])
			at := (j/Lanes*k+l)*Lanes + j%Lanes
			for q := range e {
				u[q*k*n+at] = float32(g[q])
			}
		}
	}
	return u
}

// transformFilter writes G f Gᵀ row by row to g.
func (t Tile) transformFilter(g *[36]float64, f []float32) {
	size := t.Size()
	var half [6][3]float64 // G f
	var col, row [6]float64
	for c := range 3 {
		t.filterPass(&col, float64(f[c]), float64(f[3+c]), float64(f[6+c]))
		for r := range size {
			half[r][c] = col[r]
		}
	}
	for r := range size {
		t.filterPass(&row, half[r][0], half[r][1], half[r][2])
		copy(g[r*size:(r+1)*size], row[:size])
	}
}

// filterPass multiplies (a, b, c) by G.
func (t Tile) filterPass(r *[6]float64, a, b, c float64) {
	if t == F2 {
		s := 0.5 * (a + c)
		h := 0.5 * b
		r[0], r[1], r[2], r[3] = a, s+h, s-h, c
		return
	}
	s, h := (a+c)/-6, b/-6
	r[0], r[1], r[2] = a/4, s+h, s-h
	s, h = a/24+c/6, b/12
	r[3], r[4], r[5] = s+h, s-h, c
}
