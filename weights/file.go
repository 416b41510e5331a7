package weights

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"tweedie/weights/json"
)

// The layout: eight bytes with the header's length, the header, the tensors' bytes.
const (
	lengthSize  = 8
	minHeader   = 2           // {}
	maxHeader   = 100_000_000 // the limit of the reference implementation
	alignment   = 8
	metadataKey = "__metadata__"
)

// File is a safetensors file.
type File struct {
	Metadata map[string]string
	Tensors  []Tensor // in the order of their bytes
}

// Tensor returns the tensor called name.
func (f *File) Tensor(name string) (*Tensor, bool) {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i], true
		}
	}
	return nil, false
}

// Largest returns the number of elements of the largest tensor: buffers of that size serve all.
func (f *File) Largest() int {
	most := 0
	for i := range f.Tensors {
		most = max(most, f.Tensors[i].Len())
	}
	return most
}

// Parse reads a whole safetensors file. The tensors' Data alias b. Bytes that break
// the format give a *FormatError: also a header above 100 MB, overlapping tensors,
// and bytes that belong to none. An element type other than F16, BF16, F32, F64,
// I64, U8 and I8 gives an *UnsupportedError.
func Parse(b []byte) (*File, error) {
	f, foreign, err := ParseAll(b)
	if err != nil {
		return nil, err
	}
	if len(foreign) > 0 {
		return nil, foreign[0].unsupported()
	}
	return f, nil
}

// Foreign is a tensor of an element type that this package does not read.
type Foreign struct{ Name, DType string }

func (f Foreign) unsupported() error {
	return &UnsupportedError{Tensor: f.Name, Want: "dtype F16, BF16, F32, F64, I64, U8 or I8",
		Got: strconv.QuoteToASCII(f.DType)}
}

// ParseAll is Parse for files with tensors of other element types beside those that are wanted. It
// returns their names and types in the order of their bytes, and leaves them out of the File.
func ParseAll(b []byte) (*File, []Foreign, error) {
	length, err := headerLength(b, len(b))
	if err != nil {
		return nil, nil, err
	}
	data := b[lengthSize+length:]
	f, foreign, err := parsed(b[lengthSize:lengthSize+length], len(data))
	if err != nil {
		return nil, nil, err
	}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		n, _ := size(t.DType, t.Shape) // parseTensor has counted it
		t.Data, t.at = data[t.at:t.at+n:t.at+n], 0
	}
	return f, foreign, nil
}

// headerLength returns the length of the header of a file of size bytes, which begins with b.
func headerLength(b []byte, size int) (int, error) {
	if size < lengthSize+minHeader {
		return 0, &FormatError{Want: "a safetensors file of at least 10 bytes",
			Got: strconv.Itoa(size) + " bytes"}
	}
	length := binary.LittleEndian.Uint64(b)
	limit := uint64(min(size-lengthSize, maxHeader))
	if length < minHeader || length > limit {
		return 0, &FormatError{
			Want: "a safetensors file, which begins with the length of its header, " +
				"here from 2 to " + strconv.FormatUint(limit, 10),
			Got: strconv.FormatUint(length, 10)}
	}
	return int(length), nil
}

// parsed returns the file of a header that dataLen bytes follow. Its tensors have no bytes yet,
// only the offset where they begin.
func parsed(header []byte, dataLen int) (*File, []Foreign, error) {
	if header[0] != '{' {
		return nil, nil, &FormatError{Want: "a header that begins with {",
			Got: strconv.QuoteToASCII(string(header[:1]))}
	}
	root, err := json.Parse(header)
	if err != nil {
		return nil, nil, &FormatError{Want: "a header in JSON", Got: "broken text", Err: err}
	}
	return fromHeader(root, dataLen)
}

// span is where a tensor's bytes lie in the data section.
type span struct {
	tensor     Tensor
	dtype      string // of the header; tensor.DType is 0 if this package does not read it
	begin, end int
}

func fromHeader(root json.Value, dataLen int) (*File, []Foreign, error) {
	f := &File{}
	var foreign []Foreign
	spans := make([]span, 0, len(root.Members()))
	for _, m := range root.Members() {
		if m.Key == metadataKey {
			var err error
			if f.Metadata, err = parseMetadata(m.Value); err != nil {
				return nil, nil, err
			}
			continue
		}
		s, err := parseTensor(m.Key, m.Value, dataLen)
		if err != nil {
			return nil, nil, err
		}
		spans = append(spans, s)
	}
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	end := 0
	f.Tensors = make([]Tensor, 0, len(spans))
	for _, s := range spans {
		if s.begin != end {
			return nil, nil, &FormatError{Tensor: s.tensor.Name,
				Got: "offset " + strconv.Itoa(s.begin),
				Want: "bytes from offset " + strconv.Itoa(end) +
					", where the tensor before it ends"}
		}
		end = s.end
		if s.tensor.DType == 0 {
			foreign = append(foreign, Foreign{s.tensor.Name, s.dtype})
			continue
		}
		s.tensor.at = s.begin
		f.Tensors = append(f.Tensors, s.tensor)
	}
	if end != dataLen {
		return nil, nil, &FormatError{
			Want: "tensors that cover all " + strconv.Itoa(dataLen) + " bytes of data",
			Got:  strconv.Itoa(end) + " bytes"}
	}
	return f, foreign, nil
}

func parseMetadata(v json.Value) (map[string]string, error) {
	if v.Kind() != json.Object {
		return nil, &FormatError{Want: metadataKey + " as an object of strings",
			Got: v.Kind().String()}
	}
	metadata := make(map[string]string, len(v.Members()))
	for _, m := range v.Members() {
		text, ok := m.Value.Text()
		if !ok {
			return nil, &FormatError{Got: m.Value.Kind().String(),
				Want: metadataKey + " entry " + strconv.QuoteToASCII(m.Key) + " as a string"}
		}
		metadata[m.Key] = text
	}
	return metadata, nil
}

// parseTensor reads one entry of the header and checks it alone: type, shape and
// offsets agree, and its bytes lie inside the dataLen bytes of the file.
func parseTensor(name string, v json.Value, dataLen int) (span, error) {
	wrong := func(want, got string) (span, error) {
		return span{}, &FormatError{Tensor: name, Want: want, Got: got}
	}
	dtypeName, shape, offsets := "", []int{}, []int{}
	r := v.Reader("its entry in the header")
	r.Need("dtype", "shape", "data_offsets")
	r.Text("dtype", &dtypeName)
	r.Ints("shape", &shape, 0, math.MaxInt)
	r.Ints("data_offsets", &offsets, 0, math.MaxInt)
	if err := r.Err(); err != nil {
		return span{}, &FormatError{Tensor: name, Err: err}
	}
	if len(offsets) != 2 || offsets[0] > offsets[1] || offsets[1] > dataLen {
		return wrong("data_offsets [begin,end] with begin ≤ end ≤ "+strconv.Itoa(dataLen),
			shapeString(offsets))
	}
	dtype, ok := dtypeNamed(dtypeName)
	if !ok { // the size of its elements is not known
		return span{Tensor{Name: name}, dtypeName, offsets[0], offsets[1]}, nil
	}
	n, ok := size(dtype, shape)
	if !ok {
		return wrong("a shape of countable size", shapeString(shape))
	}
	if n != offsets[1]-offsets[0] {
		return wrong(strconv.Itoa(n)+" bytes for "+dtypeName+" "+shapeString(shape),
			strconv.Itoa(offsets[1]-offsets[0])+" bytes between its data_offsets")
	}
	return span{Tensor{Name: name, DType: dtype, Shape: shape}, dtypeName,
		offsets[0], offsets[1]}, nil
}
