package weights

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
)

func words32(v ...uint32) (b []byte) {
	for _, w := range v {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

func words64(v ...uint64) (b []byte) {
	for _, w := range v {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

func TestConversions(t *testing.T) {
	const nan32, nan64 = canonicalNaN32, canonicalNaN64
	tests := []struct {
		tensor Tensor
		want32 []uint32
		want64 []uint64
	}{
		{Tensor{Name: "half", DType: F16, Shape: []int{2, 2},
			Data: []byte{0, 0x3C, 0, 0xC0, 1, 0, 1, 0xFC}},
			[]uint32{0x3F800000, 0xC0000000, 0x33800000, nan32},
			[]uint64{0x3FF0000000000000, 0xC000000000000000, 0x3E70000000000000, nan64}},
		{Tensor{Name: "brain", DType: BF16, Shape: []int{2}, Data: []byte{0x80, 0x3F, 0xC1, 0xFF}},
			[]uint32{0x3F800000, nan32}, []uint64{0x3FF0000000000000, nan64}},
		{Tensor{Name: "single", DType: F32, Shape: []int{3},
			Data: words32(0x80000000, 0x40490FDB, 0x7F800001)},
			[]uint32{0x80000000, 0x40490FDB, nan32}, []uint64{1 << 63, 0x400921FB60000000, nan64}},
		{Tensor{Name: "double", DType: F64, Shape: []int{3},
			Data: words64(math.Float64bits(math.Pi), math.Float64bits(1e300), 0xFFF0000000000001)},
			[]uint32{0x40490FDB, 0x7F800000, nan32},
			[]uint64{math.Float64bits(math.Pi), math.Float64bits(1e300), nan64}},
		{Tensor{Name: "scalar", DType: F32, Data: words32(0x3F800000)}, []uint32{0x3F800000},
			[]uint64{0x3FF0000000000000}},
		{Tensor{Name: "empty", DType: F32, Shape: []int{0, 3}}, []uint32{}, []uint64{}},
	}
	for _, test := range tests {
		got32 := test.tensor.Float32s()
		if len(got32) != len(test.want32) || got32 == nil {
			t.Errorf("%s: got %d float32, want %d", test.tensor.Name, len(got32), len(test.want32))
			continue
		}
		for i, v := range got32 {
			if math.Float32bits(v) != test.want32[i] {
				t.Errorf("%s[%d]: got %#08x, want %#08x", test.tensor.Name, i, math.Float32bits(v),
					test.want32[i])
			}
		}
		got64 := test.tensor.Float64s()
		if len(got64) != len(test.want64) || got64 == nil {
			t.Errorf("%s: got %d float64, want %d", test.tensor.Name, len(got64), len(test.want64))
			continue
		}
		for i, v := range got64 {
			if math.Float64bits(v) != test.want64[i] {
				t.Errorf("%s[%d]: got %#016x, want %#016x", test.tensor.Name, i,
					math.Float64bits(v), test.want64[i])
			}
		}
		if _, err := test.tensor.Int64s(); !isUnsupported(err) {
			t.Errorf("%s: Int64s: got %v, want an UnsupportedError", test.tensor.Name, err)
		}
	}
}

func TestIntegersAreNoWeights(t *testing.T) {
	steps := Tensor{Name: "timesteps", DType: I64, Shape: []int{2},
		Data: words64(999, math.MaxUint64)}
	got, err := steps.Int64s()
	if want := []int64{999, -1}; err != nil || !slices.Equal(got, want) {
		t.Errorf("Int64s: got %v %v, want %v", got, err, want)
	}
	if f := steps.Float32s(); f != nil {
		t.Errorf("Float32s of I64: got %v, want nil", f)
	}
	if f := steps.Float64s(); f != nil {
		t.Errorf("Float64s of I64: got %v, want nil", f)
	}
	err = steps.DecodeFloat32(make([]float32, 2))
	want := `weights: tensor "timesteps": want floating-point numbers, got I64`
	if !isUnsupported(err) || err.Error() != want {
		t.Errorf("DecodeFloat32 of I64: got %v, want %s", err, want)
	}
}

// A Tensor that no Parse has checked must not be read out of bounds.
func TestHandMadeTensorsAreChecked(t *testing.T) {
	for _, bad := range []Tensor{
		{Name: "short", DType: F32, Shape: []int{2}, Data: make([]byte, 4)},
		{Name: "long", DType: F16, Shape: []int{2}, Data: make([]byte, 6)},
		{Name: "negative", DType: F32, Shape: []int{-1}},
		{Name: "huge", DType: F32, Shape: []int{1 << 40, 1 << 40}},
		{Name: "typeless", Shape: []int{1}, Data: make([]byte, 4)},
		{Name: "unknown", DType: 77, Shape: []int{1}, Data: make([]byte, 4)},
	} {
		if f := bad.Float32s(); f != nil {
			t.Errorf("%s: Float32s: got %d elements, want nil", bad.Name, len(f))
		}
		if err := bad.DecodeFloat32(make([]float32, 2)); err == nil {
			t.Errorf("%s: DecodeFloat32: got no error", bad.Name)
		}
		if _, err := (&File{Tensors: []Tensor{bad}}).Append(nil); err == nil {
			t.Errorf("%s: Append: got no error", bad.Name)
		}
	}
	good := Tensor{Name: "w", DType: F32, Shape: []int{2, 1}, Data: make([]byte, 8)}
	err := good.DecodeFloat32(make([]float32, 3))
	if want := `weights: tensor "w": want 3 elements, got 2 with shape [2,1]`; err == nil ||
		err.Error() != want {
		t.Errorf("DecodeFloat32: got %v, want %s", err, want)
	}
	broken := Tensor{Name: "n", DType: I64, Shape: []int{2}, Data: make([]byte, 8)}
	if _, err := broken.Int64s(); err == nil {
		t.Error("Int64s of 8 bytes for 2 elements: got no error")
	}
}

func isUnsupported(err error) bool {
	var unsupported *UnsupportedError
	return errors.As(err, &unsupported)
}
