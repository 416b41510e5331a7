package weights

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// counted is a Source that counts what is read of it.
type counted struct {
	Bytes
	read int
}

func (c *counted) Copy(dst []byte, offset int) {
	c.read += len(dst)
	c.Bytes.Copy(dst, offset)
}

// TestSource: a file that is read piece by piece has what the same has in memory, and only what is
// asked for is read.
func TestSource(t *testing.T) {
	names, err := filepath.Glob("*.safetensors")
	if err != nil || len(names) < 5 {
		t.Fatalf("found %d files: %v", len(names), err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		source := &counted{Bytes: b}
		got, err := ParseSource(source)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		header := source.read
		data := 0
		for i := range want.Tensors {
			data += len(want.Tensors[i].Data)
		}
		if header != len(b)-data {
			t.Errorf("%s: %d bytes are read for a header of %d", name, header, len(b)-data)
		}
		for i := range want.Tensors {
			one, other := &want.Tensors[i], &got.Tensors[i]
			if one.Name != other.Name || !slices.Equal(one.Shape, other.Shape) ||
				!bytes.Equal(one.Data, other.Bytes()) {
				t.Errorf("%s: tensor %s differs", name, one.Name)
			}
			x, fault := want.Finite(nil, one.Name, one.Shape...)
			y, otherFault := got.Finite(nil, one.Name, one.Shape...)
			if fault != otherFault || !slices.Equal(x, y) {
				t.Errorf("%s: the numbers of %s differ", name, one.Name)
			}
		}
		again, err := got.Append(nil)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: it is written differently: %v", name, err)
		}
	}
}

// TestSourceRefuses: in the same words as Parse.
func TestSourceRefuses(t *testing.T) {
	whole, err := os.ReadFile("digits-oracle.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{nil, whole[:5], whole[:100], whole[:len(whole)-1],
		append(slices.Clone(whole), 0), bytes.Replace(whole, []byte(`"U8"`), []byte(`"Q8"`), 1)} {
		_, want := Parse(b)
		_, got := ParseSource(&counted{Bytes: b})
		if want == nil || got == nil || got.Error() != want.Error() {
			t.Errorf("%d bytes: got %v, want %v", len(b), got, want)
		}
	}
}
