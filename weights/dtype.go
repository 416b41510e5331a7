// Package weights reads and writes safetensors files: named tensors behind a JSON
// header, https://github.com/huggingface/safetensors (format section of its README).
//
// The reader trusts nothing: every length, shape and offset is checked against the
// bytes at hand before anything is allocated in proportion to it. The package is part
// of the sampler's WebAssembly binary and keeps clear of fmt and encoding/json.
package weights

// DType is the element type of a tensor.
type DType uint8

// The element types this package reads and writes; zero is none of them.
const (
	F16  DType = iota + 1 // IEEE 754 binary16
	BF16                  // the upper half of a binary32
	F32                   // IEEE 754 binary32
	F64                   // IEEE 754 binary64
	I64                   // two's complement
	U8                    // a byte: the pixels of stored pictures
	I8                    // two's complement; a weight with a scale beside it, see Quantised
)

var dtypes = [...]struct {
	name string
	size int
}{
	F16:  {"F16", 2},
	BF16: {"BF16", 2},
	F32:  {"F32", 4},
	F64:  {"F64", 8},
	I64:  {"I64", 8},
	U8:   {"U8", 1},
	I8:   {"I8", 1},
}

// Float reports whether tensors of type d hold floating-point numbers.
func (d DType) Float() bool { return d != I64 && d != U8 && d != I8 }

func (d DType) valid() bool { return d >= F16 && d <= I8 }

// String returns the name the type has in a safetensors header.
func (d DType) String() string {
	if !d.valid() {
		return "no dtype"
	}
	return dtypes[d].name
}

// Size returns the bytes of one element, 0 if d is none of the constants.
func (d DType) Size() int {
	if !d.valid() {
		return 0
	}
	return dtypes[d].size
}

// dtypeNamed is the inverse of String.
func dtypeNamed(name string) (DType, bool) {
	for d := F16; d <= I8; d++ {
		if dtypes[d].name == name {
			return d, true
		}
	}
	return 0, false
}
