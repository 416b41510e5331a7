package weights

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// Tensor is a dense row-major array of a file.
type Tensor struct {
	Name  string
	DType DType
	Shape []int  // empty for a scalar
	Data  []byte // Len()·DType.Size() bytes, little endian; aliases the parsed file

	// Of a file that is read piece by piece: where the bytes are, the offset of the first, and the
	// buffer that they pass through.
	source  Source
	at      int
	scratch *scratch
}

// Len returns the number of elements, the product of Shape.
func (t *Tensor) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Float32s returns the elements as float32: F16, BF16 and F32 exactly, F64 rounded to
// the nearest. It returns nil for integers, which are no weights by themselves (see
// Int64s and Quantised; bytes are Data), and for a Tensor whose Data does not fit its Shape.
func (t *Tensor) Float32s() []float32 {
	if t.readable("floating-point numbers") != nil {
		return nil
	}
	dst := make([]float32, t.Len())
	t.decode(dst)
	return dst
}

// DecodeFloat32 is Float32s into dst, which must have exactly Len elements.
func (t *Tensor) DecodeFloat32(dst []float32) error {
	if err := t.readable("floating-point numbers"); err != nil {
		return err
	}
	if len(dst) != t.Len() {
		return &FormatError{Tensor: t.Name,
			Want: strconv.Itoa(len(dst)) + " elements",
			Got:  strconv.Itoa(t.Len()) + " with shape " + shapeString(t.Shape)}
	}
	t.decode(dst)
	return nil
}

// readable checks that t holds floats, and the number of bytes that its shape needs:
// Parse has checked it, but a Tensor can be built by hand, too.
func (t *Tensor) readable(want string) error {
	if !t.DType.Float() {
		return &UnsupportedError{Tensor: t.Name, Want: want, Got: t.DType.String()}
	}
	_, err := t.byteLen()
	return err
}

func (t *Tensor) decode(dst []float32) {
	switch src := t.bytes(); t.DType {
	case F16:
		DecodeHalf(dst, src)
	case BF16:
		for i := range dst {
			dst[i] = BFloat16ToFloat32(binary.LittleEndian.Uint16(src[2*i:]))
		}
	case F32:
		for i := range dst {
			dst[i] = float32Canonical(binary.LittleEndian.Uint32(src[4*i:]))
		}
	case F64:
		for i := range dst {
			v := float64Canonical(binary.LittleEndian.Uint64(src[8*i:]))
			// Narrowing keeps the canonical NaN canonical, but not every platform promises it.
			dst[i] = float32Canonical(math.Float32bits(float32(v)))
		}
	}
}

// Float64s returns the elements as float64, exactly for every floating-point type. It
// returns nil in the cases in which Float32s does.
func (t *Tensor) Float64s() []float64 {
	if t.readable("floating-point numbers") != nil {
		return nil
	}
	dst := make([]float64, t.Len())
	if t.DType == F64 {
		src := t.bytes()
		for i := range dst {
			dst[i] = float64Canonical(binary.LittleEndian.Uint64(src[8*i:]))
		}
		return dst
	}
	narrow := make([]float32, len(dst))
	t.decode(narrow)
	for i, v := range narrow {
		dst[i] = float64Canonical(math.Float64bits(float64(v)))
	}
	return dst
}

// Int64s returns the elements of an I64 tensor, an UnsupportedError for any other type.
func (t *Tensor) Int64s() ([]int64, error) {
	if t.DType != I64 {
		return nil, &UnsupportedError{Tensor: t.Name, Want: I64.String(), Got: t.DType.String()}
	}
	if _, err := t.byteLen(); err != nil {
		return nil, err
	}
	dst, src := make([]int64, t.Len()), t.bytes()
	for i := range dst {
		dst[i] = int64(binary.LittleEndian.Uint64(src[8*i:]))
	}
	return dst, nil
}

// byteLen returns the number of bytes that DType and Shape need, and an error unless
// Data has that many.
func (t *Tensor) byteLen() (int, error) {
	if !t.DType.valid() {
		return 0, &UnsupportedError{Tensor: t.Name,
			Want: "a dtype of this package", Got: t.DType.String()}
	}
	n, ok := size(t.DType, t.Shape)
	if !ok {
		return 0, &FormatError{Tensor: t.Name,
			Want: "a shape of countable size", Got: shapeString(t.Shape)}
	}
	if t.source == nil && n != len(t.Data) {
		return 0, &FormatError{Tensor: t.Name,
			Want: strconv.Itoa(n) + " bytes for " + t.DType.String() + " " + shapeString(t.Shape),
			Got:  strconv.Itoa(len(t.Data))}
	}
	return n, nil
}

// size returns the bytes of a tensor; it is false for a negative dimension and when a
// partial product of the dimensions, or their bytes, exceed the range of int.
func size(d DType, shape []int) (int, bool) {
	n := uint64(1)
	for _, dim := range shape {
		if dim < 0 {
			return 0, false
		}
		hi, lo := bits.Mul64(n, uint64(dim))
		if hi != 0 || lo > math.MaxInt {
			return 0, false
		}
		n = lo
	}
	hi, lo := bits.Mul64(n, uint64(d.Size()))
	if hi != 0 || lo > math.MaxInt {
		return 0, false
	}
	return int(lo), true
}

// shapeString prints a shape as [2,3].
func shapeString(shape []int) string {
	b := []byte{'['}
	for i, d := range shape {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(d), 10)
	}
	return string(append(b, ']'))
}
