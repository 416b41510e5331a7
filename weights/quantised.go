package weights

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// scaleSuffix is what the name of a quantised tensor's scales ends with.
const scaleSuffix = ".int8_scale"

// Quantised stores a tensor of two or more dimensions in eight bits: the element i of its row o,
// all that belongs to index o of the first dimension, is values[o][i]·scales[o]. A scale is the
// row's largest magnitude divided by 127, so that every row uses all of its range. values: I8 of
// the tensor's shape; scales: F32, [rows]. x are the tensor's elements, all of them finite.
func Quantised(name string, shape []int, x []float32) (values, scales Tensor) {
	rows := shape[0]
	values = Tensor{Name: name, DType: I8, Shape: shape, Data: make([]byte, len(x))}
	scales = Tensor{Name: name + scaleSuffix, DType: F32, Shape: []int{rows}}
	width := len(x) / max(rows, 1)
	for o := range rows {
		row, largest := x[o*width:(o+1)*width], float32(0)
		for _, v := range row {
			largest = max(largest, max(v, -v))
		}
		scale := largest / 127
		scales.Data = binary.LittleEndian.AppendUint32(scales.Data, math.Float32bits(scale))
		if scale == 0 {
			continue
		}
		for i, v := range row {
			q := math.RoundToEven(float64(v) / float64(scale))
			values.Data[o*width+i] = byte(int8(max(-127, min(127, q))))
		}
	}
	return values, scales
}

// Quantisable reports whether a tensor can be stored in eight bits: numbers of two dimensions and
// more.
func (t *Tensor) Quantisable() bool {
	return t.DType.Float() && len(t.Shape) > 1 && t.Shape[0] > 0
}

// InEightBits returns the file with its quantisable tensors Quantised, all but those that keep
// names. The others are the file's own. It fails where a number is not finite.
func (f *File) InEightBits(keep func(name string) bool) (*File, error) {
	out := &File{Metadata: f.Metadata}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if !t.Quantisable() || keep(t.Name) {
			out.Tensors = append(out.Tensors, *t)
			continue
		}
		x, fault := f.Finite(nil, t.Name, t.Shape...)
		if fault != "" {
			return nil, &FormatError{Tensor: t.Name, Want: "finite numbers", Got: "others"}
		}
		values, scales := Quantised(t.Name, t.Shape, x)
		out.Tensors = append(out.Tensors, values, scales)
	}
	return out, nil
}

// HasScale reports whether the scales of a quantised tensor stand beside it.
func (f *File) HasScale(name string) bool {
	_, ok := f.Tensor(name + scaleSuffix)
	return ok
}

// IsScale reports whether a tensor holds the scales of another one of the file, and so is no part
// of a network itself.
func (f *File) IsScale(name string) bool {
	of, ok := strings.CutSuffix(name, scaleSuffix)
	if !ok {
		return false
	}
	t, ok := f.Tensor(of)
	return ok && t.DType == I8
}

// scaled writes the elements of a quantised tensor to x. fault is as Finite has it.
func (f *File) scaled(x []float32, t *Tensor) (fault string) {
	name := t.Name + scaleSuffix
	s, ok := f.Tensor(name)
	switch {
	case len(t.Shape) < 2 || t.Shape[0] == 0:
		return "holds I8, which only tensors of two dimensions and more can, not " +
			ShapeText(t.Shape)
	case !ok:
		return "holds I8, and its scales, " + name + ", are missing from the weights file"
	case s.DType != F32 || len(s.Shape) != 1 || s.Shape[0] != t.Shape[0]:
		return "holds I8, and its scales are " + s.DType.String() + " " + ShapeText(s.Shape) +
			", wanted F32 [" + strconv.Itoa(t.Shape[0]) + "]"
	}
	scales := s.Float32s()
	width, data := len(x)/len(scales), t.bytes()
	for o, scale := range scales {
		for i, b := range data[o*width : (o+1)*width] {
			x[o*width+i] = float32(int8(b)) * scale
		}
	}
	return ""
}
