//go:build goexperiment.simd && (wasm || amd64 || arm64) && !scalar

package kernels

import (
	"simd/archsimd"
	"unsafe"
)

// halfBlock is how many halves one call decodes: WebAssembly engines optimise a function between
// its calls.
const halfBlock = 4096

func halvesSIMD(dst []float32, src []byte) bool {
	if len(src) < 2*len(dst) {
		panic("kernels: slice too short")
	}
	clearUpper()
	finite := true
	// Four halves are taken from a load of eight, so the last four are left to the plain loop.
	for len(dst) >= 12 {
		n := min(halfBlock, (len(dst)-4)/8*8)
		most := halves8(unsafe.Pointer(unsafe.SliceData(src)), at(dst, 0), n/8)
		finite = finite && most < halfInfinity
		dst, src = dst[n:], src[2*n:]
	}
	return halves(dst, src) && finite
}

// halves8 decodes n times eight halves, and returns the largest magnitude.
//
//go:noinline
func halves8(src, dst unsafe.Pointer, n int) uint32 {
	magnitude, sign := archsimd.BroadcastUint32x4(halfSign-1), archsimd.BroadcastUint32x4(halfSign)
	scale := archsimd.BroadcastFloat32x4(halfScale)
	most := archsimd.BroadcastUint32x4(0)
	for ; n > 0; n-- {
		to := (*[8]float32)(dst)
		h0 := archsimd.LoadUint16x8Array((*[8]uint16)(src)).ExtendLo4ToUint32()
		h1 := archsimd.LoadUint16x8Array((*[8]uint16)(unsafe.Add(src, 8))).ExtendLo4ToUint32()
		m0, m1 := h0.And(magnitude), h1.And(magnitude)
		v0 := m0.ShiftAllLeft(13).BitsToFloat32().Mul(scale).ToBits()
		v1 := m1.ShiftAllLeft(13).BitsToFloat32().Mul(scale).ToBits()
		most = most.Max(m0).Max(m1)
		v0.Or(h0.And(sign).ShiftAllLeft(16)).BitsToFloat32().StoreArray((*[4]float32)(to[0:4]))
		v1.Or(h1.And(sign).ShiftAllLeft(16)).BitsToFloat32().StoreArray((*[4]float32)(to[4:8]))
		src, dst = unsafe.Add(src, 16), unsafe.Add(dst, 32)
	}
	var s [4]uint32
	most.StoreArray(&s)
	return max(s[0], s[1], s[2], s[3])
}
