package weights

import (
	"encoding/binary"
	"slices"
	"strconv"
	"unicode/utf8"

	"tweedie/weights/json"
)

// Append appends the file's bytes to dst: the metadata with its keys sorted, then the
// tensors in the order of f.Tensors, their data starting at a multiple of 8 bytes from
// the file's beginning. Equal files give equal bytes. It fails when a tensor's data do not
// fit its shape, when a name stands twice or is taken by the format, and when a text
// is not UTF-8; dst is then returned unchanged.
func (f *File) Append(dst []byte) ([]byte, error) {
	header, total, err := f.header()
	if err != nil {
		return dst, err
	}
	dst = slices.Grow(dst, lengthSize+len(header)+total)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(len(header)))
	dst = append(dst, header...)
	for i := range f.Tensors {
		dst = append(dst, f.Tensors[i].bytes()...)
	}
	return dst, nil
}

// header returns the padded header and the length of the data behind it.
func (f *File) header() (header []byte, total int, err error) {
	h := []byte{'{'}
	if len(f.Metadata) > 0 {
		h = json.AppendString(h, metadataKey)
		h = append(h, ':')
		if h, err = f.appendMetadata(h); err != nil {
			return nil, 0, err
		}
	}
	names := make(map[string]bool, len(f.Tensors))
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if names[t.Name] || t.Name == metadataKey || !utf8.ValidString(t.Name) {
			return nil, 0, &FormatError{Tensor: t.Name,
				Want: "a free name in UTF-8", Got: "this one"}
		}
		names[t.Name] = true
		n, err := t.byteLen()
		if err != nil {
			return nil, 0, err
		}
		if len(h) > 1 {
			h = append(h, ',')
		}
		h = appendEntry(h, t, total, total+n)
		total += n
	}
	h = append(h, '}')
	for (lengthSize+len(h))%alignment != 0 {
		h = append(h, ' ')
	}
	if len(h) > maxHeader {
		return nil, 0, &FormatError{
			Want: "a header of at most " + strconv.Itoa(maxHeader) + " bytes",
			Got:  strconv.Itoa(len(h))}
	}
	return h, total, nil
}

func (f *File) appendMetadata(h []byte) ([]byte, error) {
	keys := make([]string, 0, len(f.Metadata))
	for k := range f.Metadata {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	h = append(h, '{')
	for i, k := range keys {
		if !utf8.ValidString(k) || !utf8.ValidString(f.Metadata[k]) {
			return nil, &FormatError{Want: metadataKey + " in UTF-8", Got: strconv.QuoteToASCII(k)}
		}
		if i > 0 {
			h = append(h, ',')
		}
		h = json.AppendString(h, k)
		h = append(h, ':')
		h = json.AppendString(h, f.Metadata[k])
	}
	return append(h, '}'), nil
}

func appendEntry(h []byte, t *Tensor, begin, end int) []byte {
	h = json.AppendString(h, t.Name)
	h = append(h, `:{"dtype":`...)
	h = json.AppendString(h, t.DType.String())
	h = append(h, `,"shape":`...)
	h = append(h, shapeString(t.Shape)...)
	h = append(h, `,"data_offsets":[`...)
	h = strconv.AppendInt(h, int64(begin), 10)
	h = append(h, ',')
	h = strconv.AppendInt(h, int64(end), 10)
	return append(h, "]}"...)
}
