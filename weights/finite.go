package weights

import (
	"math"
	"slices"
	"strconv"
)

// Finite returns the elements of the tensor called name as float32, in dst if
// they fit. fault is empty unless the file has no such tensor, or the tensor has
// another shape, holds integers, or has an element that is NaN or infinite. Then
// it is the rest of a sentence that begins with the tensor's name.
func (f *File) Finite(dst []float32, name string, shape ...int) (x []float32, fault string) {
	return f.FiniteBy(decodeFinite, dst, name, shape...)
}

// FiniteBy is Finite with another way to decode halves: it sets dst to the binary16 of src and says
// whether all are finite, or else what dst is does not matter.
func (f *File) FiniteBy(halves func(dst []float32, src []byte) bool,
	dst []float32, name string, shape ...int) (x []float32, fault string) {
	t, ok := f.Tensor(name)
	if !ok {
		return nil, "is missing from the weights file"
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, "has shape " + ShapeText(t.Shape) + ", wanted " + ShapeText(shape)
	}
	if len(dst) < t.Len() {
		dst = make([]float32, t.Len())
	}
	x = dst[:t.Len()]
	// Nearly all files hold halves, which are checked while they are decoded. Only
	// if one is not finite, a second pass says which.
	if t.DType == F16 {
		if b := t.bytes(); len(b) == 2*len(x) && halves(x, b) {
			return x, ""
		}
	}
	if t.DType == I8 {
		fault = f.scaled(x, t)
	} else if t.DecodeFloat32(x) != nil {
		fault = "holds " + t.DType.String() + ", wanted floating-point numbers"
	}
	if fault != "" {
		return nil, fault
	}
	for i := 0; i < len(x); i += block {
		if j := notFinite(x[i:min(i+block, len(x))]); j >= 0 {
			return nil, "is not finite at element " + strconv.Itoa(i+j)
		}
	}
	return x, ""
}

// notFinite returns the index of the first NaN or infinity, −1 without one.
func notFinite(x []float32) int {
	for i, v := range x {
		if math.Float32bits(v)&0x7f800000 == 0x7f800000 {
			return i
		}
	}
	return -1
}

// ShapeText is a shape for people: [3, 4].
func ShapeText(shape []int) string {
	b := []byte{'['}
	for i, n := range shape {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(append(b, ']'))
}
