package weights

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/x448/float16"
)

// All 65,536 halfs against x448/float16. The packages differ by intent in NaN: x448
// keeps sign and payload, this package gives the canonical one.
func TestHalfExhaustive(t *testing.T) {
	src := make([]byte, 0, 2<<16)
	for h := range 1 << 16 {
		src = binary.LittleEndian.AppendUint16(src, uint16(h))
	}
	dst := make([]float32, 1<<16)
	DecodeHalf(dst, src)
	for h := range 1 << 16 {
		reference := float16.Frombits(uint16(h))
		want := math.Float32bits(reference.Float32())
		if reference.IsNaN() {
			want = canonicalNaN32
		}
		if got := math.Float32bits(HalfToFloat32(uint16(h))); got != want {
			t.Fatalf("HalfToFloat32(%#04x): got %#08x, want %#08x", h, got, want)
		}
		if got := math.Float32bits(dst[h]); got != want {
			t.Fatalf("DecodeHalf of %#04x: got %#08x, want %#08x", h, got, want)
		}
	}
}

// halfBySpec computes a binary16 from its definition: (-1)^s · 2^(e-15) · 1.m, or
// 2^-14 · 0.m when e is zero.
func halfBySpec(h uint16) float64 {
	sign, e, m := 1.0, int(h>>10&31), float64(h&1023)/1024
	if h&0x8000 != 0 {
		sign = -1
	}
	switch {
	case e == 31 && m != 0:
		return math.NaN()
	case e == 31:
		return math.Inf(int(sign))
	case e == 0:
		return sign * math.Ldexp(m, -14)
	}
	return sign * math.Ldexp(1+m, e-15)
}

func TestHalfBySpecification(t *testing.T) {
	for h := range 1 << 16 {
		got, want := float64(HalfToFloat32(uint16(h))), halfBySpec(uint16(h))
		if math.Float64bits(got) != math.Float64bits(want) && !(got != got && want != want) {
			t.Fatalf("%#04x: got %g, want %g", h, got, want)
		}
	}
}

// All 65,536 bfloat16 against their definition, the upper half of a binary32.
func TestBFloat16Exhaustive(t *testing.T) {
	for b := range 1 << 16 {
		want := uint32(b) << 16
		if f := math.Float32frombits(want); f != f {
			want = canonicalNaN32
		}
		if got := math.Float32bits(BFloat16ToFloat32(uint16(b))); got != want {
			t.Fatalf("%#04x: got %#08x, want %#08x", b, got, want)
		}
	}
}

func TestCanonicalNaN(t *testing.T) {
	for _, bits := range []uint32{0x7F800001, 0xFF800001, 0x7FFFFFFF, 0xFFC00000} {
		if got := math.Float32bits(float32Canonical(bits)); got != canonicalNaN32 {
			t.Errorf("%#08x: got %#08x, want %#08x", bits, got, canonicalNaN32)
		}
	}
	for _, bits := range []uint64{0x7FF0000000000001, 0xFFF0000000000001, 1<<64 - 1,
		0xFFF8000000000000} {
		if got := math.Float64bits(float64Canonical(bits)); got != canonicalNaN64 {
			t.Errorf("%#016x: got %#016x, want %#016x", bits, got, uint64(canonicalNaN64))
		}
	}
	for _, bits := range []uint32{0, 1 << 31, 0x7F800000, 0xFF800000, 1, 0x3F800000} {
		if got := math.Float32bits(float32Canonical(bits)); got != bits {
			t.Errorf("%#08x: got %#08x, want it unchanged", bits, got)
		}
	}
	for _, bits := range []uint64{0, 1 << 63, 0x7FF0000000000000, 0xFFF0000000000000, 1,
		0x3FF0000000000000} {
		if got := math.Float64bits(float64Canonical(bits)); got != bits {
			t.Errorf("%#016x: got %#016x, want it unchanged", bits, got)
		}
	}
}

func TestDecodeHalfPanicsOnLength(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("DecodeHalf of 3 bytes into 1 element did not panic")
		}
	}()
	DecodeHalf(make([]float32, 1), make([]byte, 3))
}

func BenchmarkDecodeHalf(b *testing.B) {
	// conv2 of the digits model's widest block.
	src := make([]byte, 2*128*128*9)
	for i := range src {
		src[i] = byte(i * 37)
	}
	dst := make([]float32, len(src)/2)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		DecodeHalf(dst, src)
	}
}
