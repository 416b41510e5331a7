package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tweedie/weights/json"
)

// raw builds a file from the text of its header and the length of its data.
func raw(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	return append(b, make([]byte, data)...)
}

// withLength builds a file whose header length is a lie.
func withLength(length uint64, rest string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, length), rest...)
}

// header is that of tensors "name dtype shape offsets".
func header(tensors ...string) string {
	var entries []string
	for _, t := range tensors {
		f := strings.Fields(t)
		entries = append(entries, `"`+f[0]+`":{"dtype":"`+f[1]+`","shape":`+f[2]+
			`,"data_offsets":`+f[3]+`}`)
	}
	return "{" + strings.Join(entries, ",") + "}"
}

// entry is the header of one F32 tensor called w.
func entry(shape, offsets string) string { return header("w F32 " + shape + " " + offsets) }

var brokenFiles = []struct {
	name string
	file []byte
	says string
}{
	{"nothing", nil, "at least 10 bytes, got 0"},
	{"cut in the length", []byte{2, 0, 0, 0}, "at least 10 bytes, got 4"},
	{"length only", withLength(0, ""), "at least 10 bytes"},
	{"header length 0", withLength(0, "{}"), "from 2 to 2, got 0"},
	{"header length 1", withLength(1, "{}"), "from 2 to 2, got 1"},
	{"header longer than the file", withLength(3, "{}"), "from 2 to 2, got 3"},
	{"header length 2⁶⁴-1", withLength(math.MaxUint64, "{}"), "got 18446744073709551615"},
	{"header length 2⁶³", withLength(1<<63, "{}"), "got 9223372036854775808"},
	{"header above 100 MB", withLength(maxHeader+1, "{}"), "got 100000001"},
	{"space before the header", raw(` {}`, 0), `begins with {, got " "`},
	{"array as header", raw(`[]`, 0), `begins with {, got "["`},
	{"header cut off", raw(`{"w":`, 0), "at byte 5"},
	{"header of zeros", raw("\x00\x00", 0), "begins with {"},
	{"garbage behind the header", raw(`{}x`, 0), "at byte 2"},
	{"not UTF-8", raw("{\"\xff\":1}", 0), "UTF-8"},
	{"same name twice", raw(header("w F32 [] [0,4]", "w F32 [] [4,8]"), 8),
		`"w" stands twice`},
	{"metadata is no object", raw(`{"__metadata__":[]}`, 0), "got an array"},
	{"metadata holds a number", raw(`{"__metadata__":{"step":7}}`, 0),
		`"step" as a string, got a number`},
	{"metadata holds null", raw(`{"__metadata__":{"step":null}}`, 0), "got null"},
	{"metadata twice", raw(`{"__metadata__":{},"__metadata__":{}}`, 0), "stands twice"},
	{"tensor is no object", raw(`{"w":7}`, 0),
		`"w": its entry in the header must be a JSON object, not 7`},
	{"no dtype", raw(`{"w":{"shape":[],"data_offsets":[0,0]}}`, 0), "dtype is missing"},
	{"dtype is a number", raw(`{"w":{"dtype":1,"shape":[],"data_offsets":[0,4]}}`, 4),
		"dtype must be a string, not 1"},
	{"no shape", raw(`{"w":{"dtype":"F32","data_offsets":[0,4]}}`, 4), "shape is missing"},
	{"shape is a number", raw(entry(`1`, `[0,4]`), 4),
		"shape must be an array of whole numbers, not 1"},
	{"negative dimension", raw(entry(`[-1]`, `[0,4]`), 4),
		"shape[0] must be a whole number, 0 or more, not -1"},
	{"fractional dimension", raw(entry(`[1.0]`, `[0,4]`), 4),
		"shape[0] must be a whole number, 0 or more, not 1.0"},
	{"dimension with exponent", raw(entry(`[1e0]`, `[0,4]`), 4), "not 1e0"},
	{"dimension as text", raw(entry(`["1"]`, `[0,4]`), 4), `not "1"`},
	{"dimension above int64", raw(entry(`[9223372036854775808]`, `[0,4]`), 4),
		"not 9223372036854775808"},
	{"product overflows to 4 bytes", raw(entry(`[4294967296,4294967296,4294967296]`, `[0,4]`), 4),
		"countable size"},
	{"product overflows to 0", raw(entry(`[9223372036854775807,2,0]`, `[0,0]`), 0),
		"countable size"},
	{"bytes overflow", raw(entry(`[4611686018427387904]`, `[0,0]`), 0), "countable size"},
	{"no offsets", raw(`{"w":{"dtype":"F32","shape":[]}}`, 4), "data_offsets is missing"},
	{"one offset", raw(entry(`[]`, `[0]`), 4), "got [0]"},
	{"three offsets", raw(entry(`[]`, `[0,4,8]`), 8), "got [0,4,8]"},
	{"negative offset", raw(entry(`[]`, `[-4,0]`), 4),
		"data_offsets[0] must be a whole number, 0 or more, not -4"},
	{"offsets backwards", raw(entry(`[1]`, `[4,0]`), 4), "begin ≤ end ≤ 4, got [4,0]"},
	{"offsets beyond the end", raw(entry(`[1]`, `[0,4]`), 3), "begin ≤ end ≤ 3, got [0,4]"},
	{"offset at 2⁶³-1", raw(entry(`[1]`, `[9223372036854775803,9223372036854775807]`), 4),
		"begin ≤ end ≤ 4"},
	{"fewer bytes than the shape", raw(entry(`[2]`, `[0,4]`), 4),
		"want 8 bytes for F32 [2], got 4"},
	{"more bytes than the shape", raw(entry(`[1]`, `[0,8]`), 8), "want 4 bytes for F32 [1], got 8"},
	{"gap at the start", raw(entry(`[1]`, `[4,8]`), 8), "from offset 0"},
	{"bytes left over", raw(entry(`[1]`, `[0,4]`), 5), "cover all 5 bytes of data, got 4"},
	{"bytes without tensors", raw(`{}`, 1), "cover all 1 bytes"},
	{"gap", raw(header("a F32 [1] [0,4]", "b F32 [1] [8,12]"), 12),
		`"b": want bytes from offset 4`},
	{"overlap", raw(header("a F32 [2] [0,8]", "b F32 [1] [4,8]"), 8),
		`"b": want bytes from offset 8`},
	{"same bytes twice",
		raw(header("a F32 [1] [0,4]", "b F32 [1] [0,4]"), 4),
		`"b": want bytes from offset 4`},
	{"empty tensor inside another",
		raw(header("a F32 [1] [0,4]", "b F32 [0] [2,2]"), 4),
		`"b": want bytes from offset 4`},
}

func TestParseRefusesBrokenFiles(t *testing.T) {
	for _, test := range brokenFiles {
		_, err := Parse(test.file)
		var format *FormatError
		if !errors.As(err, &format) {
			t.Errorf("%s: got %v, want a FormatError", test.name, err)
			continue
		}
		if s := err.Error(); !strings.HasPrefix(s, "weights: ") || !strings.Contains(s, test.says) {
			t.Errorf("%s: got %q, want it to say %q", test.name, s, test.says)
		}
	}
}

func TestParseNamesTheCause(t *testing.T) {
	_, err := Parse(raw(`{"a":}`, 0))
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 5 {
		t.Errorf("got %v, want a json.SyntaxError at byte 5", err)
	}
}

func TestParseUnsupportedTypes(t *testing.T) {
	for _, dtype := range []string{"BOOL", "I32", "F8_E4M3", "C64", "f32", ""} {
		_, err := Parse(raw(`{"w":{"dtype":"`+dtype+`","shape":[1],"data_offsets":[0,4]}}`, 4))
		if !isUnsupported(err) || !strings.Contains(err.Error(), `tensor "w"`) ||
			!strings.Contains(err.Error(), dtype) {
			t.Errorf("%s: got %v, want an UnsupportedError with tensor and type", dtype, err)
		}
	}
}

// What a lying header claims must not be allocated: neither its length nor a shape.
// Tensors of other types do no harm beside those that are wanted.
func TestParseAllLeavesForeignTensorsOut(t *testing.T) {
	b := raw(header("a BOOL [] [0,1]", "w F32 [1] [1,5]", "n I32 [2] [5,13]"), 13)
	f, foreign, err := ParseAll(b)
	if err != nil || len(f.Tensors) != 1 || f.Tensors[0].Name != "w" ||
		len(f.Tensors[0].Data) != 4 {
		t.Fatalf("got %+v, %v, want w alone", f, err)
	}
	if want := []Foreign{{"a", "BOOL"}, {"n", "I32"}}; !slices.Equal(foreign, want) {
		t.Errorf("got %v, want %v", foreign, want)
	}
	if _, _, err := ParseAll(raw(header("a BOOL [] [0,1]", "w F32 [1] [2,6]"), 6)); err == nil {
		t.Error("a gap behind a foreign tensor gave no error")
	}
}

func TestParseAllocatesLittleForLies(t *testing.T) {
	var before, after runtime.MemStats
	for _, test := range brokenFiles {
		runtime.ReadMemStats(&before)
		Parse(test.file)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 64<<10 {
			t.Errorf("%s: %d bytes allocated for a file of %d", test.name, got, len(test.file))
		}
	}
}

func TestParseAccepts(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		want []string
	}{
		{"no tensors", raw(`{}`, 0), nil},
		{"padded header", raw(`{}      `, 0), nil},
		{"metadata only", raw(`{"__metadata__":{"format":"pt"}}`, 0), nil},
		{"scalar", raw(entry(`[]`, `[0,4]`), 4), []string{"w"}},
		{"empty tensors share an offset",
			raw(header("b F32 [1] [0,4]", "z F16 [0,7] [4,4]", "a I64 [0] [0,0]"), 4),
			[]string{"a", "b", "z"}},
		{"header in another order than the bytes",
			raw(header("late F16 [2] [4,8]", "early F32 [1,1] [0,4]"), 8),
			[]string{"early", "late"}},
		{"unknown members of a tensor are left alone",
			raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"note":"x"}}`, 4),
			[]string{"w"}},
	}
	for _, test := range tests {
		f, err := Parse(test.file)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if len(f.Tensors) != len(test.want) {
			t.Errorf("%s: got %d tensors, want %d", test.name, len(f.Tensors), len(test.want))
			continue
		}
		for i, name := range test.want {
			if f.Tensors[i].Name != name {
				t.Errorf("%s: tensor %d: got %s, want %s", test.name, i, f.Tensors[i].Name, name)
			}
		}
	}
}

// The files of testdata were written by the reference implementation (safetensors for
// Python) from one network: its weights in F16 and in BF16.
func TestParseReferenceFiles(t *testing.T) {
	half := readFile(t, "testdata/class_embed_identity.f16.safetensors")
	brain := readFile(t, "testdata/class_embed_identity.bf16.safetensors")
	if len(half.Tensors) != 112 || len(brain.Tensors) != 112 {
		t.Fatalf("got %d and %d tensors, want 112", len(half.Tensors), len(brain.Tensors))
	}
	if half.Metadata["format"] != "pt" {
		t.Errorf("metadata: got %v, want format pt", half.Metadata)
	}
	elements := 0
	for i := range half.Tensors {
		h := &half.Tensors[i]
		b, ok := brain.Tensor(h.Name)
		if !ok || h.DType != F16 || b.DType != BF16 {
			t.Fatalf("%s: got %v and %v", h.Name, h.DType, b)
		}
		x, y := h.Float32s(), b.Float32s()
		elements += len(x)
		for j := range x {
			// Both are roundings of one float32: half a unit of bfloat16's 8 bits, and of
			// half's 11 bits or its smallest subnormal.
			bound := math.Abs(float64(y[j]))*(0x1p-8+0x1p-11) + 0x1p-25
			if d := math.Abs(float64(x[j]) - float64(y[j])); !(d <= bound) {
				t.Fatalf("%s[%d]: F16 gives %g, BF16 %g: apart by more than %g", h.Name, j, x[j],
					y[j], bound)
			}
		}
	}
	if elements != 68_753 {
		t.Errorf("got %d parameters, want 68753", elements)
	}
	if _, ok := half.Tensor("absent"); ok {
		t.Error("Tensor(absent): got one")
	}
}

func readFile(t *testing.T, name string) *File {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

func FuzzParse(f *testing.F) {
	f.Add(raw(entry(`[1]`, `[0,4]`), 4))
	f.Add(raw(`{"__metadata__":{"format":"pt"},`+
		header("a I64 [2] [2,18]", "b F16 [] [0,2]")[1:], 18))
	for _, test := range brokenFiles {
		f.Add(test.file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Parse(b)
		if err != nil {
			var format *FormatError
			if !errors.As(err, &format) && !isUnsupported(err) {
				t.Fatalf("error %v is of neither type", err)
			}
			return
		}
		total := 0
		for i := range file.Tensors {
			tensor := &file.Tensors[i]
			if len(tensor.Data) != tensor.Len()*tensor.DType.Size() {
				t.Fatalf("%s: %d bytes for %v %v", tensor.Name, len(tensor.Data), tensor.DType,
					tensor.Shape)
			}
			if f := tensor.Float32s(); (f == nil) != (tensor.DType == I64) {
				t.Fatalf("%s: Float32s of %v gives %d elements", tensor.Name, tensor.DType, len(f))
			}
			total += len(tensor.Data)
		}
		if total > len(b) {
			t.Fatalf("tensors have %d bytes, the file %d", total, len(b))
		}
		written, err := file.Append(nil)
		if err != nil {
			t.Fatalf("a file that was read cannot be written: %v", err)
		}
		again, err := Parse(written)
		if err != nil {
			t.Fatalf("a file that was written cannot be read: %v", err)
		}
		rewritten, err := again.Append(nil)
		if err != nil || !bytes.Equal(written, rewritten) {
			t.Fatalf("writing twice gives other bytes (%v)", err)
		}
	})
}
