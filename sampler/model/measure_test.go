package model

import (
	"runtime"
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

// TestMeasure compares what is told of a network before it is compiled with what it takes when it
// is.
func TestMeasure(t *testing.T) {
	files := map[string]*weights.File{"graph": pair(17)}
	for _, name := range []string{"digits", "digits-cascade", "faces", "fashion", "tiles",
		"glyphs"} {
		files[name] = fixture.Weights(t, "../../weights/"+name+".safetensors")
	}
	for name, f := range files {
		m, info, err := OpenFile(name, f, "")
		if err != nil {
			t.Fatal(err)
		}
		want := NeedOf(m)
		measured, same, err := Measure(name, f, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := NeedOf(measured); got != want || got.Bytes == 0 || same.Title != info.Title {
			t.Errorf("%s: got %+v of %q, want %+v of %q", name, got, same.Title, want, info.Title)
		}
	}
}

// pair is a graph of two convolutions around 64 channels, for pictures of a side.
func pair(side int) *weights.File {
	f := &weights.File{Metadata: map[string]string{"config": `{"_class_name": "Graph",
		"family": "test", "sample": [3, SIDE, SIDE], "classes": 0, "nodes": [
		{"name": "in", "op": "conv", "of": ["sample"], "channels": 64, "side": 3, "padding": 1,
		 "tensor": "in"},
		{"name": "out", "op": "conv", "of": ["in"], "channels": 3, "side": 3, "padding": 1,
		 "tensor": "out"}]}`}}
	f.Metadata["config"] = strings.ReplaceAll(f.Metadata["config"], "SIDE", strconv.Itoa(side))
	add := func(name string, shape ...int) {
		n := 4
		for _, side := range shape {
			n *= side
		}
		f.Tensors = append(f.Tensors, weights.Tensor{Name: name, DType: weights.F32, Shape: shape,
			Data: make([]byte, n)})
	}
	add("in.weight", 64, 3, 3, 3)
	add("in.bias", 64)
	add("out.weight", 3, 64, 3, 3)
	add("out.bias", 3)
	return f
}

// TestMeasureTakesNothing measures a network whose pictures alone take half a gigabyte.
func TestMeasureTakesNothing(t *testing.T) {
	f := pair(1024)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, _, err := Measure("large", f, "")
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	need := NeedOf(m)
	if need.Bytes < 1<<29 || need.MultiplyAdds != 2*9*3*64<<20 {
		t.Fatalf("got %+v, want more than %d bytes", need, 1<<29)
	}
	// The largest of its buffers is all that is taken.
	if taken := int(after.TotalAlloc - before.TotalAlloc); taken > need.Bytes*2/3 {
		t.Errorf("measuring %d bytes took %d", need.Bytes, taken)
	}
}
