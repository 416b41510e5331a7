// Package saved writes what torch.save writes, for tests: a pickle of dictionaries, lists, tensors
// and objects, with its storages, in a zip archive or in the older format.
package saved

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"

	"tweedie/weights"
)

// Pair is a member of a dictionary. Its value is a Dict, Ordered, List, Object, Global,
// *weights.Tensor, string, int, float64, bool or nil.
type Pair struct {
	Key   string
	Value any
}

// Dict is a dict and Ordered a collections.OrderedDict.
type (
	Dict    []Pair
	Ordered []Pair
	List    []any
)

// Numbered is a dict with the keys 0, 1, …
type Numbered []any

// Global is the name of a class or function, module and name.
type Global [2]string

// Object is what the pickle makes by calling New with Args, with State set on it unless it is nil.
type Object struct {
	New   Global
	Args  List
	State any
}

// Record is a member of an archive.
type Record struct{ Name, Data string }

// writer collects a pickle and its storages.
type writer struct {
	b        bytes.Buffer
	storages [][]byte
	lengths  []int
	legacy   bool
}

// Zip returns value as torch since 1.6 saves it.
func Zip(value any) []byte {
	w := &writer{}
	w.pickle(value)
	records := []Record{{"archive/data.pkl", w.b.String()}, {"archive/byteorder", "little"}}
	for i, data := range w.storages {
		records = append(records, Record{fmt.Sprint("archive/data/", i), string(data)})
	}
	return Archive(records...)
}

// Archive returns a zip archive of uncompressed records.
func Archive(records ...Record) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, r := range records {
		f, err := z.CreateHeader(&zip.FileHeader{Name: r.Name, Method: zip.Store})
		if err == nil {
			_, err = f.Write([]byte(r.Data))
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Legacy returns value as torch before 1.6 saved it.
func Legacy(value any) []byte {
	w := &writer{legacy: true}
	magic, _ := new(big.Int).SetString("1950a86a20f9469cfc6c", 16)
	number := magic.Bytes()
	slices.Reverse(number)
	w.b.WriteString("\x80\x02\x8a" + string(rune(len(number))) + string(number) + ".")
	w.pickle(1001)
	w.pickle(Dict{{"little_endian", true}})
	w.pickle(value)
	var keys List
	for i := range w.storages {
		keys = append(keys, fmt.Sprint(i))
	}
	w.pickle(keys)
	for i, data := range w.storages {
		w.b.Write(binary.LittleEndian.AppendUint64(nil, uint64(w.lengths[i])))
		w.b.Write(data)
	}
	return w.b.Bytes()
}

func (w *writer) pickle(value any) {
	w.b.WriteString("\x80\x02")
	w.value(value)
	w.b.WriteByte('.')
}

func (w *writer) value(v any) {
	switch v := v.(type) {
	case nil:
		w.b.WriteByte('N')
	case bool:
		w.b.WriteString(map[bool]string{false: "\x89", true: "\x88"}[v])
	case int:
		w.b.WriteByte('J')
		w.b.Write(binary.LittleEndian.AppendUint32(nil, uint32(int32(v))))
	case float64:
		w.b.WriteByte('G')
		w.b.Write(binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))
	case string:
		w.b.WriteByte('X')
		w.b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(v))))
		w.b.WriteString(v)
	case Global:
		w.b.WriteString("c" + v[0] + "\n" + v[1] + "\n")
	case Dict:
		w.b.WriteByte('}')
		w.members(v)
	case Numbered:
		w.b.WriteString("}(")
		for i, value := range v {
			w.value(i)
			w.value(value)
		}
		w.b.WriteByte('u')
	case Ordered:
		w.value(Object{New: Global{"collections", "OrderedDict"}})
		w.members(v)
	case List:
		w.b.WriteString("](")
		w.values(v)
		w.b.WriteByte('e')
	case Object:
		w.value(v.New)
		w.b.WriteByte('(')
		w.values(v.Args)
		w.b.WriteString("tR")
		if v.State != nil {
			w.value(v.State)
			w.b.WriteByte('b')
		}
	case *weights.Tensor:
		w.tensor(v)
	default:
		panic(fmt.Sprintf("saved: no pickle of a %T", v))
	}
}

func (w *writer) members(list []Pair) {
	w.b.WriteByte('(')
	for _, p := range list {
		w.value(p.Key)
		w.value(p.Value)
	}
	w.b.WriteByte('u')
}

func (w *writer) values(list List) {
	for _, v := range list {
		w.value(v)
	}
}

func (w *writer) tuple(list List) {
	w.b.WriteByte('(')
	w.values(list)
	w.b.WriteByte('t')
}

var storageClasses = map[weights.DType]string{weights.F16: "HalfStorage",
	weights.BF16: "BFloat16Storage", weights.F32: "FloatStorage", weights.F64: "DoubleStorage",
	weights.I64: "LongStorage", weights.U8: "ByteStorage"}

func (w *writer) tensor(t *weights.Tensor) {
	w.value(Global{"torch._utils", "_rebuild_tensor_v2"})
	w.b.WriteByte('(')
	id := List{"storage", Global{"torch", storageClasses[t.DType]}, fmt.Sprint(len(w.storages)),
		"cpu", t.Len()}
	if w.legacy {
		id = append(id, nil)
	}
	w.tuple(id)
	w.b.WriteByte('Q')
	w.storages, w.lengths = append(w.storages, t.Data), append(w.lengths, t.Len())
	size, stride, step := List{}, make(List, len(t.Shape)), 1
	for i := len(t.Shape) - 1; i >= 0; i-- {
		stride[i] = step
		step *= t.Shape[i]
	}
	for _, n := range t.Shape {
		size = append(size, n)
	}
	w.value(0)
	w.tuple(size)
	w.tuple(stride)
	w.value(false)
	w.value(Ordered{})
	w.b.WriteString("tR")
}
