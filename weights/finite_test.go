package weights

import (
	"strings"
	"testing"
)

func TestFinite(t *testing.T) {
	f := &File{Tensors: []Tensor{
		{Name: "good", DType: F16, Shape: []int{2, 1}, Data: []byte{0, 0x3c, 0, 0xc0}},
		{Name: "whole", DType: I64, Shape: []int{1}, Data: make([]byte, 8)},
		{Name: "endless", DType: F16, Shape: []int{1030},
			Data: append(make([]byte, 2058), 0, 0x7c)},
	}}
	room := make([]float32, 5)
	x, fault := f.Finite(room, "good", 2, 1)
	if fault != "" || len(x) != 2 || x[0] != 1 || x[1] != -2 || &x[0] != &room[0] {
		t.Errorf("got %v, %q", x, fault)
	}
	for _, c := range []struct {
		name  string
		shape []int
		want  string
	}{
		{"none", nil, "is missing"},
		{"good", []int{1, 2}, "has shape [2, 1], wanted [1, 2]"},
		{"good", []int{2}, "has shape [2, 1], wanted [2]"},
		{"whole", []int{1}, "holds I64, wanted floating-point numbers"},
		{"endless", []int{1030}, "is not finite at element 1029"},
	} {
		if x, fault := f.Finite(nil, c.name, c.shape...); x != nil ||
			!strings.HasPrefix(fault, c.want) {
			t.Errorf("%s %v: got %v, %q, want %q", c.name, c.shape, x, fault, c.want)
		}
	}
}
