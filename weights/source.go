package weights

import "slices"

// Source holds the bytes of a file where they are, so that a program need not hold all of them at
// once.
type Source interface {
	Size() int
	// Copy fills dst with the bytes from offset on; the file has as many.
	Copy(dst []byte, offset int)
}

// Bytes is a Source in memory.
type Bytes []byte

// Size returns the number of bytes.
func (b Bytes) Size() int { return len(b) }

// Copy implements Source.
func (b Bytes) Copy(dst []byte, offset int) { copy(dst, b[offset:]) }

// ParseSource is Parse for a file whose tensors are read when they are asked for. Their Data are
// nil, see Tensor.Bytes; only those of a file in memory alias it, as Parse has them.
func ParseSource(s Source) (*File, error) {
	if b, ok := s.(Bytes); ok {
		return Parse(b)
	}
	head := make([]byte, min(s.Size(), lengthSize))
	s.Copy(head, 0)
	length, err := headerLength(head, s.Size())
	if err != nil {
		return nil, err
	}
	header := make([]byte, length)
	s.Copy(header, lengthSize)
	f, foreign, err := parsed(header, s.Size()-lengthSize-length)
	if err == nil && len(foreign) > 0 {
		err = foreign[0].unsupported()
	}
	if err != nil {
		return nil, err
	}
	scratch := new(scratch)
	for i := range f.Tensors {
		t := &f.Tensors[i]
		t.source, t.scratch = s, scratch
		t.at += lengthSize + length
		n, _ := size(t.DType, t.Shape) // parseTensor has counted it
		scratch.most = max(scratch.most, n)
	}
	return f, nil
}

// scratch is what the bytes of a file's tensors pass through, one after the other.
type scratch struct {
	bytes []byte
	most  int // bytes of the largest tensor
}

// Bytes returns Data, or a copy of the tensor's bytes where they are read from a Source.
func (t *Tensor) Bytes() []byte {
	if t.source == nil {
		return t.Data
	}
	return slices.Clone(t.bytes())
}

// bytes is Bytes whose result lasts until the bytes of another tensor are read.
func (t *Tensor) bytes() []byte {
	if t.source == nil {
		return t.Data
	}
	n, _ := size(t.DType, t.Shape)
	if t.scratch.bytes == nil {
		t.scratch.bytes = make([]byte, t.scratch.most)
	}
	b := t.scratch.bytes[:n]
	t.source.Copy(b, t.at)
	return b
}
