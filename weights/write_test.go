package weights

import (
	"bytes"
	"encoding/binary"
	stdjson "encoding/json"
	"strings"
	"testing"
)

func TestAppendIsAsSpecified(t *testing.T) {
	f := &File{
		Metadata: map[string]string{"title": "Digits \"0–9\"", "config": `{"a":1}`, "format": "pt"},
		Tensors: []Tensor{
			{Name: "b", DType: F32, Shape: []int{2}, Data: words32(1, 2)},
			{Name: "a", DType: F16, Shape: []int{}, Data: []byte{3, 4}},
			{Name: "empty", DType: I64, Shape: []int{0, 5}},
		},
	}
	prefix := []byte("prefix")
	got, err := f.Append(prefix)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(got, prefix) {
		t.Fatal("the destination's bytes were lost")
	}
	got = got[len(prefix):]
	length := binary.LittleEndian.Uint64(got)
	if length%8 != 0 {
		t.Errorf("header length: got %d, want a multiple of 8", length)
	}
	header := strings.TrimRight(string(got[8:8+length]), " ")
	want := `{"__metadata__":{"config":"{\"a\":1}","format":"pt","title":"Digits \"0–9\""},` +
		`"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},` +
		`"a":{"dtype":"F16","shape":[],"data_offsets":[8,10]},` +
		`"empty":{"dtype":"I64","shape":[0,5],"data_offsets":[10,10]}}`
	if header != want {
		t.Errorf("header: got %s, want %s", header, want)
	}
	if !stdjson.Valid([]byte(header)) {
		t.Error("encoding/json refuses the header")
	}
	if want := append(words32(1, 2), 3, 4); !bytes.Equal(got[8+length:], want) {
		t.Errorf("data: got %v, want %v", got[8+length:], want)
	}
}

func TestAppendRoundTrip(t *testing.T) {
	in := readFile(t, "testdata/class_embed_identity.bf16.safetensors")
	in.Metadata["title"] = "round trip"
	b, err := in.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Tensors) != len(in.Tensors) || out.Metadata["title"] != "round trip" {
		t.Fatalf("got %d tensors and %v, want %d and a title", len(out.Tensors), out.Metadata,
			len(in.Tensors))
	}
	for i := range in.Tensors {
		a, b := &in.Tensors[i], &out.Tensors[i]
		if a.Name != b.Name || a.DType != b.DType || shapeString(a.Shape) != shapeString(b.Shape) ||
			!bytes.Equal(a.Data, b.Data) {
			t.Errorf("tensor %d: got %s %v %v, want %s %v %v", i, b.Name, b.DType, b.Shape, a.Name,
				a.DType, a.Shape)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	one := func(name string) Tensor { return Tensor{Name: name, DType: F16, Data: make([]byte, 2)} }
	tests := []struct {
		name string
		file File
		says string
	}{
		{"name twice", File{Tensors: []Tensor{one("w"), one("w")}}, `"w"`},
		{"reserved name", File{Tensors: []Tensor{one("__metadata__")}}, "__metadata__"},
		{"name not in UTF-8", File{Tensors: []Tensor{one("\xff")}}, "UTF-8"},
		{"metadata key not in UTF-8", File{Metadata: map[string]string{"\xff": ""}}, "UTF-8"},
		{"metadata value not in UTF-8", File{Metadata: map[string]string{"title": "\xff"}},
			`"title"`},
		{"data too short", File{Tensors: []Tensor{{Name: "w", DType: F32, Data: make([]byte, 2)}}},
			"want 4 bytes"},
		{"no dtype", File{Tensors: []Tensor{{Name: "w", Data: make([]byte, 2)}}}, "no dtype"},
	}
	for _, test := range tests {
		dst := []byte("x")
		got, err := test.file.Append(dst)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.says)
		}
		if string(got) != "x" {
			t.Errorf("%s: dst became %q", test.name, got)
		}
	}
}
