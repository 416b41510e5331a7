// Package kernels holds the arithmetic of the network: matrix products, the
// transforms of Winograd convolutions, group normalisation, activations and
// softmax, on float32 slices.
//
// Every kernel exists as a plain Go loop, the reference, which is always
// compiled and defines the result bit by bit: the order of every sum is fixed,
// and no product is fused with an addition. Where the toolchain and the
// machine have 128-bit vectors (GOEXPERIMENT=simd on amd64, arm64 and wasm)
// a second set computes the same bits faster: its lanes are different outputs,
// or stripes of a sum that the reference adds up in the same stripes. Tests
// compare the two sets in one process.
//
// Activations are NHWC: pixel after pixel, each with its channels side by
// side. Channel counts are padded with zeros to a multiple of Lanes.
package kernels

// Lanes is what every channel count is rounded up to: the width of the
// matrix product's register tile.
const Lanes = 8

// Padded returns n rounded up to a multiple of Lanes.
func Padded(n int) int { return (n + Lanes - 1) / Lanes * Lanes }

// Set is one implementation of all kernels. Slices never overlap unless a
// field's comment says that they may; one that is too short for the given
// sizes panics.
type Set struct {
	// Name says which implementation this is: "reference" or "simd".
	Name string

	// Gemm multiplies a by b and adds bias and, unless it is nil, res:
	//
	//	c[i*ldc+j] = (Σ_l a[i*lda+l]·b[(j/8*k+l)*8+j%8] + bias[j]) + res[i*ldr+j]
	//
	// for i < m, j < n, the sum from l = 0 upwards. n and k are multiples of
	// Lanes, b is packed by PackPanels.
	Gemm func(m, n, k int, a []float32, lda int, b, c []float32, ldc int,
		bias, res []float32, ldr int)

	// BatchGemm makes count independent products without bias, matrix e of
	// each operand beginning at e times its stride:
	//
	//	c[e*cs+i*n+j] = Σ_l a[e*as+i*k+l]·b[e*k*n+(j/8*k+l)*8+j%8]
	BatchGemm func(count, m, n, k int, a []float32, as int, b, c []float32, cs int)

	// WinogradInput transforms one row of tiles: Bᵀ d B of every tile and
	// channel (see Tile). x is the tiles' upper left corner in a padded
	// picture whose rows are row floats apart and whose pixels hold c
	// channels; element e of tile i goes to v[e*vs+i*c:].
	WinogradInput func(tile Tile, x []float32, row, tiles, c int, v []float32, vs int)

	// WinogradOutput is the way back: Aᵀ m A of every tile and channel, plus
	// bias and, unless it is nil, res. Only the first rows rows and cols
	// columns of the row of tiles are written: y[r*to.Row+p*to.Pixel+j].
	// edge is scratch, tile*tile*n floats. res has the geometry from and may
	// be y when the geometries agree.
	WinogradOutput func(tile Tile, m []float32, ms, tiles, n int, y []float32, to Geometry,
		rows, cols int, bias, res []float32, from Geometry, edge []float32)

	// ChannelSums adds up c channels over pixels that are ld floats apart, in
	// four stripes: pixel p counts in stripe p%4 and
	// sum[j] = (s0+s1) + (s2+s3). With mean not nil it adds squares of
	// x[p*ld+j] − mean[j] instead of x[p*ld+j].
	ChannelSums func(x []float32, ld, pixels, c int, mean, sum []float32)

	// Affine writes act(x·scale + shift) channel by channel from a picture
	// with rows×cols pixels of geometry from to one of geometry to. y may be x
	// when the geometries agree. SiLU is x·sigmoid(x).
	Affine func(x []float32, from Geometry, y []float32, to Geometry, rows, cols, c int,
		scale, shift []float32, silu bool)

	// Softmax replaces each of rows rows of n numbers, ld apart, by its
	// softmax, and the ld − n numbers that follow them by zero. The sum is
	// made in four stripes as in ChannelSums.
	Softmax func(x []float32, rows, n, ld int)

	// GELU replaces each of n numbers x by x·Φ(x), Φ the normal distribution's, n a multiple of
	// Lanes. Its error is at most 2.5e-7·|x|.
	GELU func(x []float32, n int)

	// Halves sets dst[i] to the IEEE 754 binary16 at src[2i:], little endian, which float32 holds
	// exactly, and reports whether all of them are finite. dst[i] is not defined where one is not.
	Halves func(dst []float32, src []byte) (finite bool)

	// The way back through GroupNorm and SiLU. A layer's x, [pixels][c], has the
	// normalisation x·scale + shift, whose scale and shift depend on x.

	// SiLUGradient carries a gradient through the activation and the scale:
	// e = dy·silu'(x·scale + shift)·scale. e may be dy.
	SiLUGradient func(x, dy, e []float32, pixels, c int, scale, shift []float32)

	// ChannelDots adds up y[p*c+j]·(x[p*c+j] − mean[j]) over the pixels, in the
	// stripes of ChannelSums.
	ChannelDots func(x, y []float32, pixels, c int, mean, sum []float32)

	// NormGradient adds to e what the gradient owes to mean and deviation, linear
	// in x, and res unless that is nil: y = (e + (x·scale + shift)) + res, all
	// [pixels][c]. y may be e or res.
	NormGradient func(x, e, y []float32, pixels, c int, scale, shift, res []float32)
}

// Geometry is how a picture lies in a slice: how many floats from one row to
// the next, and from one pixel to the next.
type Geometry struct{ Row, Pixel int }
