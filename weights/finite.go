package weights

import (
	"math"
	"slices"
	"strconv"
)

// Finite returns the elements of the tensor called name as float32, in dst if
// they find room there. fault is empty unless there is no such tensor, it has
// another shape, holds integers, or an element is NaN or infinite; then it is
// the rest of a sentence that begins with the tensor's name.
func (f *File) Finite(dst []float32, name string, shape ...int) (x []float32, fault string) {
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
	// Halves, which nearly all files hold, are looked at as they are decoded; only
	// where one is not finite they are gone through again, to say which.
	if t.DType == F16 && len(t.Data) == 2*len(x) && decodeFinite(x, t.Data) {
		return x, ""
	}
	if t.DecodeFloat32(x) != nil {
		return nil, "holds " + t.DType.String() + ", wanted floating-point numbers"
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
