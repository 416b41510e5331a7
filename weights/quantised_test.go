package weights

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
)

// Every element is at most half a step of its row from what it was, rows use their whole range, and
// what is there is there after a file has been written and read.
func TestQuantised(t *testing.T) {
	shape := []int{4, 3, 5}
	x := make([]float32, 60)
	state := uint32(1)
	for i := range x[:45] { // the last row is zero
		state = state*1664525 + 1013904223
		x[i] = (float32(state>>8)/(1<<23) - 1) * float32(math.Pow(10, float64(i/15-2)))
	}
	values, scales := Quantised("w", shape, x)
	f := &File{Tensors: []Tensor{scales, values}}
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if f, err = Parse(b); err != nil {
		t.Fatal(err)
	}
	got, fault := f.Finite(nil, "w", shape...)
	if fault != "" {
		t.Fatal(fault)
	}
	for o := range 4 {
		largest, most := float32(0), 0
		for i := range 15 {
			largest = max(largest, max(x[o*15+i], -x[o*15+i]))
			most = max(most, int(int8(values.Data[o*15+i])), -int(int8(values.Data[o*15+i])))
		}
		for i := range 15 {
			d := float64(got[o*15+i]) - float64(x[o*15+i])
			if !(math.Abs(d) <= float64(largest)/254*(1+1e-6)) {
				t.Errorf("row %d: %v becomes %v", o, x[o*15+i], got[o*15+i])
			}
		}
		if want := 127; o < 3 && most != want {
			t.Errorf("row %d uses values up to %d, not %d", o, most, want)
		}
	}
	if !f.IsScale(scales.Name) || f.IsScale("w") || f.IsScale("v"+scaleSuffix) {
		t.Error("scales are not told from weights")
	}
}

func TestQuantisedFaults(t *testing.T) {
	values, scales := Quantised("w", []int{2, 2}, []float32{1, 2, 3, 4})
	other := scales
	other.Shape, other.Data = []int{1}, scales.Data[:4]
	infinite := scales
	infinite.Data = slices.Concat(scales.Data[:4], []byte{0, 0, 0x80, 0x7f})
	flat := values
	flat.Shape = []int{4}
	for _, c := range []struct {
		tensors []Tensor
		shape   []int
		want    string
	}{
		{[]Tensor{values}, []int{2, 2}, "are missing from the weights file"},
		{[]Tensor{values, other}, []int{2, 2}, "wanted F32 [2]"},
		{[]Tensor{values, infinite}, []int{2, 2}, "is not finite at element 2"},
		{[]Tensor{flat, scales}, []int{4}, "two dimensions and more"},
	} {
		f := &File{Tensors: c.tensors}
		if _, fault := f.Finite(nil, "w", c.shape...); !strings.Contains(fault, c.want) {
			t.Errorf("got %q, want %q", fault, c.want)
		}
	}
	if values.Float32s() != nil || values.DecodeFloat32(make([]float32, 4)) == nil {
		t.Error("the values are taken for weights by themselves")
	}
}

func TestInEightBits(t *testing.T) {
	f := &File{Metadata: map[string]string{"title": "a"}}
	for name, shape := range map[string][]int{"w": {2, 2}, "kept": {2, 2}, "bias": {4}} {
		data := make([]byte, 0, 16)
		for i := range 4 {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(i)))
		}
		f.Tensors = append(f.Tensors, Tensor{Name: name, DType: F32, Shape: shape, Data: data})
	}
	got, err := f.InEightBits(func(name string) bool { return name == "kept" })
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]DType{"w": I8, "w" + scaleSuffix: F32, "kept": F32,
		"bias": F32} {
		if of, ok := got.Tensor(name); !ok || of.DType != want {
			t.Errorf("%s is %v, want %v", name, of, want)
		}
	}
	if len(got.Tensors) != 4 || got.Metadata["title"] != "a" || len(f.Tensors) != 3 {
		t.Errorf("got %d tensors and %v of a file that has %d now", len(got.Tensors), got.Metadata,
			len(f.Tensors))
	}
	for i := range f.Tensors {
		binary.LittleEndian.PutUint32(f.Tensors[i].Data, math.Float32bits(float32(math.Inf(1))))
	}
	if _, err := f.InEightBits(func(string) bool { return false }); err == nil {
		t.Error("infinite weights are stored")
	}
}
