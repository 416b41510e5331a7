package torch

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"tweedie/weights"
)

// view is a tensor as torch stores it: a strided window into a storage, all in elements.
type view struct {
	storage *storage
	element element // the storage's, or one laid over its bytes
	offset  int
	size    []int
	stride  []int
}

// maxRank bounds the dimensions of a tensor; torch itself stops at 64.
const maxRank = 64

// The dtypes of tensors; integers that are not listed become I64.
var elementDType = map[element]weights.DType{
	float32Element: weights.F32, float64Element: weights.F64,
	halfElement: weights.F16, bfloat16Element: weights.BF16, int64Element: weights.I64,
}

// tensor returns v as a dense row-major tensor; its data alias the storage when it
// already is one.
func (r *reader) tensor(name string, v *view) (*weights.Tensor, error) {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("torch: tensor %q: "+format, append([]any{Printable(name)}, args...)...)
	}
	if !v.storage.complete {
		return nil, wrong("its storage %s is not in the file", Printable(v.storage.key))
	}
	if size := len(v.storage.data); v.element != v.storage.element &&
		size%elementSize[v.element] != 0 {
		return nil, wrong("its storage has %d bytes, no multiple of its elements' %d",
			size, elementSize[v.element])
	}
	count, ok := v.elements()
	if !ok {
		return nil, wrong("want size %v, stride %v and offset %d inside a storage of %d elements",
			v.size, v.stride, v.offset, v.length())
	}
	dtype, same := elementDType[v.element]
	if !same {
		dtype = weights.I64
	}
	t := &weights.Tensor{Name: name, DType: dtype, Shape: slices.Clone(v.size)}
	if count > r.copyLeft/dtype.Size() {
		return nil, wrong("its %d elements, with those of the tensors before it, are more than "+
			"a file of this size can mean", count)
	}
	r.copyLeft -= count * dtype.Size()
	width := elementSize[v.element]
	if same && !r.bigEnd && (count == 0 || v.contiguous()) {
		begin := 0
		if count > 0 {
			begin = v.offset * width
		}
		end := begin + count*width
		t.Data = v.storage.data[begin:end:end]
		return t, nil
	}
	t.Data = make([]byte, 0, count*dtype.Size())
	v.each(count, func(index int) {
		t.Data = r.appendElement(t.Data, v.element, v.storage.data[index*width:][:width])
	})
	return t, nil
}

// length is the number of elements in the storage.
func (v *view) length() int {
	if v.element == v.storage.element {
		return v.storage.length
	}
	return len(v.storage.data) / elementSize[v.element]
}

// elements returns the number of elements; false unless size, stride and offset
// describe a window inside the storage.
func (v *view) elements() (int, bool) {
	if len(v.size) != len(v.stride) || v.offset < 0 {
		return 0, false
	}
	count, last, empty := uint64(1), uint64(v.offset), false
	for i, n := range v.size {
		if n < 0 || v.stride[i] < 0 {
			return 0, false
		}
		if n == 0 {
			empty = true
			continue
		}
		high, product := bits.Mul64(count, uint64(n))
		reachHigh, reach := bits.Mul64(uint64(n-1), uint64(v.stride[i]))
		if high != 0 || product > 1<<62 || reachHigh != 0 || reach > 1<<62 {
			return 0, false
		}
		count = product
		last += reach
		if last > 1<<62 {
			return 0, false
		}
	}
	if empty {
		return 0, true
	}
	return int(count), last < uint64(v.length())
}

// contiguous reports whether the elements lie in row-major order without gaps.
func (v *view) contiguous() bool {
	want := 1
	for i := len(v.size) - 1; i >= 0; i-- {
		if v.size[i] != 1 && v.stride[i] != want {
			return false
		}
		want *= v.size[i]
	}
	return true
}

// each calls f with the storage index of all count elements in row-major order.
func (v *view) each(count int, f func(index int)) {
	at := make([]int, len(v.size))
	index := v.offset
	for range count {
		f(index)
		for d := len(at) - 1; d >= 0; d-- {
			at[d]++
			index += v.stride[d]
			if at[d] < v.size[d] {
				break
			}
			index -= at[d] * v.stride[d]
			at[d] = 0
		}
	}
}

// appendElement appends one element, little endian, integers as I64.
func (r *reader) appendElement(dst []byte, e element, src []byte) []byte {
	var le [8]byte
	n := copy(le[:], src)
	if r.bigEnd {
		slices.Reverse(le[:n])
	}
	word := binary.LittleEndian.Uint64(le[:])
	switch e {
	case int32Element:
		word, n = uint64(int64(int32(word))), 8
	case int16Element:
		word, n = uint64(int64(int16(word))), 8
	case int8Element:
		word, n = uint64(int64(int8(word))), 8
	case uint8Element, boolElement:
		n = 8
	}
	binary.LittleEndian.PutUint64(le[:], word)
	return append(dst, le[:n]...)
}
