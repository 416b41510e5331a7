package conversion

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/x448/float16"

	"tweedie/sampler/schedule"
	"tweedie/tools/convert/reason"
	"tweedie/weights"
)

// Tally counts the changes of values when a tensor is stored in another type.
type Tally struct {
	Values    int
	Inexact   int     // changed by rounding
	Subnormal int     // became subnormal halfs, which have fewer bits
	Underflow int     // became zero
	Overflow  int     // would become infinite
	Infinite  int     // were NaN or infinite to begin with
	Largest   float64 // max|Δ|
	squares   float64 // ΣΔ²
}

// RMS is the root mean square of the rounding errors.
func (c Tally) RMS() float64 {
	if c.Values == 0 {
		return 0
	}
	return math.Sqrt(c.squares / float64(c.Values))
}

// Add adds the counts of another tensor.
func (c *Tally) Add(d Tally) {
	c.Values += d.Values
	c.Inexact += d.Inexact
	c.Subnormal += d.Subnormal
	c.Underflow += d.Underflow
	c.Overflow += d.Overflow
	c.Infinite += d.Infinite
	c.Largest = max(c.Largest, d.Largest)
	c.squares += d.squares
}

// form is how floating-point tensors are stored.
type form struct {
	weights.DType
	mantissa int // bits that are kept of a half's; 0 for all ten
}

// store returns the tensors that hold t in the form to. I8 keeps what is more than a vector in
// eight bits, with the scales of its rows beside it, and all else in F16: also a learned schedule,
// which is small and computed in float64.
func store(t weights.Tensor, to form) ([]weights.Tensor, Tally, error) {
	if to.DType == weights.I8 && t.Quantisable() && !schedule.IsLearned(t.Name) {
		return quantise(t)
	}
	if to.DType == weights.I8 {
		to.DType = weights.F16
	}
	rounded, c, err := round(t, to)
	return []weights.Tensor{rounded}, c, err
}

// quantise stores t in eight bits.
func quantise(t weights.Tensor) ([]weights.Tensor, Tally, error) {
	before := t.Float64s()
	var c Tally
	narrow := make([]float32, len(before))
	for i, v := range before {
		narrow[i] = float32(v)
		if math.IsNaN(v) || math.IsInf(float64(narrow[i]), 0) {
			c.Infinite++
		}
	}
	if c.Infinite > 0 {
		c.Values = len(before)
		return nil, c, notFinite(t.Name, "NaN, infinite or too large", c)
	}
	values, scales := weights.Quantised(t.Name, t.Shape, narrow)
	f := weights.File{Tensors: []weights.Tensor{values, scales}}
	after, fault := f.Finite(nil, t.Name, t.Shape...)
	if fault != "" {
		return nil, c, fmt.Errorf("tensor %q %s", t.Name, fault)
	}
	for i, v := range before {
		c.count(v, float64(after[i]))
	}
	return f.Tensors, c, nil
}

// round returns t with its floats stored as to, F16, BF16 or F32, each rounded to the nearest,
// ties to even. Halves that keep fewer bits of the mantissa end in zeros, which pack well. F64 goes
// through float32 on its way to 16 bits, as in PyTorch's half(). Integers and bytes stay. A value
// that is not finite, before or after, is an error.
func round(t weights.Tensor, to form) (weights.Tensor, Tally, error) {
	if !t.DType.Float() {
		return t, Tally{Values: t.Len()}, nil
	}
	var c Tally
	out := weights.Tensor{Name: t.Name, DType: to.DType, Shape: t.Shape,
		Data: make([]byte, 0, t.Len()*to.Size())}
	for _, v := range t.Float64s() {
		stored := float32(v)
		if to.mantissa > 0 {
			stored = shortened(stored, to.mantissa)
		}
		switch to.DType {
		case weights.BF16:
			b := bfloat16(stored)
			out.Data = binary.LittleEndian.AppendUint16(out.Data, b)
			stored = weights.BFloat16ToFloat32(b)
		case weights.F16:
			h := float16.Fromfloat32(stored)
			out.Data = binary.LittleEndian.AppendUint16(out.Data, h.Bits())
			stored = h.Float32()
			if h.IsFinite() && !h.IsNormal() && stored != 0 {
				c.Subnormal++
			}
		default:
			out.Data = binary.LittleEndian.AppendUint32(out.Data, math.Float32bits(stored))
		}
		c.count(v, float64(stored))
	}
	switch {
	case c.Infinite > 0:
		return out, c, notFinite(t.Name, "NaN or infinite", c)
	case c.Overflow > 0:
		return out, c, reason.New("overflow", "tensor {tensor}: {n} of its {values} values are "+
			"beyond the range of {type}: "+overflowAdvice(to.DType), "tensor",
			strconv.Quote(t.Name), "n", c.Overflow, "values", c.Values, "type", to.String())
	}
	return out, c, nil
}

// notFinite is the error about a tensor with values that are no numbers.
func notFinite(name, are string, c Tally) error {
	return reason.New("nan", "tensor {tensor}: {n} of its {values} values are "+are+
		": the checkpoint is damaged", "tensor", strconv.Quote(name), "n", c.Infinite, "values",
		c.Values)
}

// shortened is v with a mantissa of so many bits, rounded to the nearest, ties to even.
func shortened(v float32, mantissa int) float32 {
	b := math.Float32bits(v)
	if v != v || math.IsInf(float64(v), 0) {
		return v
	}
	dropped := 23 - mantissa
	b += 1<<(dropped-1) - 1 + b>>dropped&1
	return math.Float32frombits(b >> dropped << dropped)
}

// bfloat16 is the upper half of v, rounded to the nearest, ties to even.
func bfloat16(v float32) uint16 {
	b := math.Float32bits(v)
	if v != v {
		return uint16(b>>16) | 0x40 // stays NaN
	}
	return uint16((b + 0x7FFF + b>>16&1) >> 16)
}

func overflowAdvice(to weights.DType) string {
	if to == weights.F16 {
		return "store the model with -dtype f32"
	}
	return "the checkpoint is damaged"
}

// count adds one value to the Tally.
func (c *Tally) count(v, stored float64) {
	c.Values++
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		c.Infinite++
		return
	case math.IsInf(stored, 0):
		c.Overflow++
		return
	case stored == 0 && v != 0:
		c.Underflow++
	}
	if d := math.Abs(stored - v); d > 0 {
		c.Inexact++
		c.Largest = max(c.Largest, d)
		c.squares += d * d
	}
}

// order sorts tensors as they lie in the file: wide types first, so that each is aligned
// to its size, then by name, so that a checkpoint's format leaves no trace.
func order(tensors []weights.Tensor) {
	slices.SortFunc(tensors, func(a, b weights.Tensor) int {
		if d := b.DType.Size() - a.DType.Size(); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
}
