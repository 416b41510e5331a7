//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

import (
	"simd/archsimd"
	"unsafe"
)

//go:generate sh -c "go run ./gen gemm > simd_gemm_gen.go"
//go:generate sh -c "go run ./gen winograd > simd_winograd_gen.go"
//go:generate sh -c "go run ./gen norm > simd_norm_gen.go"
//go:generate sh -c "go run ./gen gradient > simd_gradient_gen.go"
//go:generate sh -c "go run ./gen train > simd_train_gen.go"
//go:generate sh -c "go run ./gen peak > simd_peak_gen.go"

// Best returns the fastest kernels that this machine can run.
func Best() *Set {
	if !vectors() {
		return Reference()
	}
	return &Set{
		Name:           "simd",
		Gemm:           gemmSIMD,
		BatchGemm:      batchGemmSIMD,
		WinogradInput:  winogradInputSIMD,
		WinogradOutput: winogradOutputSIMD,
		ChannelSums:    channelSumsSIMD,
		Affine:         affineSIMD,
		Softmax:        softmaxSIMD,
		GELU:           gelusSIMD,
		Halves:         halvesSIMD,
		SiLUGradient:   siluGradientsSIMD,
		ChannelDots:    channelDotsSIMD,
		NormGradient:   normGradientSIMD,
	}
}

// at is the address of element i of s, which the caller has shown to exist or
// to be the end.
func at(s []float32, i int) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(s)), i*4)
}

// need panics unless s holds n floats: the vector code checks no bounds.
func need(s []float32, n int) {
	if len(s) < n {
		panic("kernels: slice too short")
	}
}

// rowBlock is how many rows of a matrix product are taken at a time, so that
// they stay in the first-level cache while the panels of b pass by.
const rowBlock = 64

func gemmSIMD(m, n, k int, a []float32, lda int, b, c []float32, ldc int,
	bias, res []float32, ldr int) {
	if m <= 0 || n <= 0 {
		return
	}
	need(a, (m-1)*lda+k)
	need(b, k*n)
	need(c, (m-1)*ldc+n)
	need(bias, n)
	if res != nil {
		need(res, (m-1)*ldr+n)
	}
	if n%Lanes != 0 || k%Lanes != 0 {
		panic("kernels: n and k must be multiples of 8")
	}
	clearUpper()
	for i := 0; i < m; i += rowBlock {
		rows := min(rowBlock, m-i)
		product(rows, n/Lanes, k, at(a, i*lda), lda*4, at(b, 0), at(c, i*ldc), ldc*4,
			at(bias, 0), 32)
		if res != nil {
			addRows(rows, n/Lanes, at(c, i*ldc), ldc*4, at(res, i*ldr), ldr*4)
		}
	}
}

// product stores the sums of rows rows plus bias, whose next eight numbers are next bytes further
// on. Bits do not tell a bias of zeros from none: a sum that begins with +0 never becomes −0.
func product(rows, panels, k int, a unsafe.Pointer, lda int, b, c unsafe.Pointer, ldc int,
	bias unsafe.Pointer, next int) {
	blocks := rows / 4
	tile4(blocks, panels, k, a, lda, b, c, ldc, bias, next)
	if rest := rows % 4; rest != 0 {
		c = unsafe.Add(c, blocks*4*ldc)
		tile1(rest, panels, k, unsafe.Add(a, blocks*4*lda), lda, b, c, ldc)
		if next != 0 {
			addRows(rest, panels, c, ldc, bias, 0)
		}
	}
}

// addRows adds rows of x to those of c.
func addRows(rows, panels int, c unsafe.Pointer, ldc int, x unsafe.Pointer, ldx int) {
	for ; rows > 0; rows-- {
		o, r := c, x
		for j := panels; j > 0; j-- {
			oo, rr := (*[8]float32)(o), (*[8]float32)(r)
			c0 := archsimd.LoadFloat32x4Array((*[4]float32)(oo[0:4])).
				Add(archsimd.LoadFloat32x4Array((*[4]float32)(rr[0:4])))
			c1 := archsimd.LoadFloat32x4Array((*[4]float32)(oo[4:8])).
				Add(archsimd.LoadFloat32x4Array((*[4]float32)(rr[4:8])))
			c0.StoreArray((*[4]float32)(oo[0:4]))
			c1.StoreArray((*[4]float32)(oo[4:8]))
			o, r = unsafe.Add(o, 32), unsafe.Add(r, 32)
		}
		c, x = unsafe.Add(c, ldc), unsafe.Add(x, ldx)
	}
}

// unbiased is the bias of products that have none.
var unbiased [Lanes]float32

func batchGemmSIMD(count, m, n, k int, a []float32, as int, b, c []float32, cs int) {
	if count <= 0 || m <= 0 {
		return
	}
	need(a, (count-1)*as+m*k)
	need(b, count*k*n)
	need(c, (count-1)*cs+m*n)
	if n%Lanes != 0 || k%Lanes != 0 {
		panic("kernels: n and k must be multiples of 8")
	}
	clearUpper()
	for e := range count {
		product(m, n/Lanes, k, at(a, e*as), k*4, at(b, e*k*n), at(c, e*cs), n*4,
			unsafe.Pointer(&unbiased), 0)
	}
}

// PeakRound is how many multiply-adds a round of PeakLoop makes.
const PeakRound = 4 * 336

// PeakLoop makes n·PeakRound multiply-adds on registers alone: the rate that the
// kernels can at best reach. The result only keeps the loop from being removed.
func PeakLoop(n int) float32 {
	var r [4]float32
	peakLoop(n).StoreArray(&r)
	return r[0]
}
