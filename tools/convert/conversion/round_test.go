package conversion

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

func floats(name string, values ...float32) weights.Tensor {
	return fixture.NewTensor(name, []int{len(values)}, values...)
}

func TestRoundCounts(t *testing.T) {
	half := func(h ...uint16) (b []byte) {
		for _, v := range h {
			b = binary.LittleEndian.AppendUint16(b, v)
		}
		return b
	}
	tests := []struct {
		name string
		in   weights.Tensor
		want []byte
		c    Tally
	}{
		{"exact", floats("t", 1, -2, 0, 0.5, 65504), half(0x3C00, 0xC000, 0, 0x3800, 0x7BFF),
			Tally{Values: 5}},
		{"ties to even", floats("t", 1+0x1p-11, 1+3*0x1p-11), half(0x3C00, 0x3C02),
			Tally{Values: 2, Inexact: 2, Largest: 0x1p-11, squares: 2 * 0x1p-22}},
		{"largest that rounds to 65504", floats("t", 65519.996), half(0x7BFF),
			Tally{Values: 1, Inexact: 1, Largest: 15.99609375, squares: 15.99609375 * 15.99609375}},
		{"subnormal", floats("t", 0x1p-15, 0x1p-24, -0x1p-14), half(0x0200, 0x0001, 0x8400),
			Tally{Values: 3, Subnormal: 2}},
		{"to zero", floats("t", 0x1p-26, -0x1p-26), half(0, 0x8000),
			Tally{Values: 2, Inexact: 2, Underflow: 2, Largest: 0x1p-26, squares: 2 * 0x1p-52}},
		{"negative zero is exact",
			floats("t", float32(math.Copysign(0, -1))), half(0x8000), Tally{Values: 1}},
	}
	for _, test := range tests {
		got, c, err := round(test.in, form{DType: weights.F16})
		if err != nil || got.DType != weights.F16 || string(got.Data) != string(test.want) ||
			c != test.c {
			t.Errorf("%s: got % x %+v %v, want % x %+v",
				test.name, got.Data, c, err, test.want, test.c)
		}
	}
}

func TestRoundLimits(t *testing.T) {
	for _, v := range []float32{65520, -65520, 1e30} {
		halves := form{DType: weights.F16}
		if _, c, err := round(floats("t", 1, v), halves); err == nil || c.Overflow != 1 {
			t.Errorf("%g: got %+v %v, want one overflow", v, c, err)
		}
		wide := form{DType: weights.F32}
		if _, c, err := round(floats("t", 1, v), wide); err != nil || c.Inexact != 0 {
			t.Errorf("%g as F32: got %+v %v, want it exact", v, c, err)
		}
	}
	big := fixture.NewTensor("t", []int{1}, 1e300)
	if _, c, err := round(big, form{DType: weights.F32}); err == nil || c.Overflow != 1 {
		t.Errorf("1e300 as F32: got %+v %v, want one overflow", c, err)
	}
	third := fixture.NewTensor("t", []int{1}, 1.0/3)
	if got, c, err := round(third, form{DType: weights.F32}); err != nil || c.Inexact != 1 ||
		got.Float32s()[0] != float32(1)/3 {
		t.Errorf("1/3 as F32: got %v %+v %v", got.Float32s(), c, err)
	}
}

func TestRoundKeepsIntegers(t *testing.T) {
	steps := fixture.NewTensor[int64]("num_batches_tracked", nil, 1<<60)
	got, c, err := round(steps, form{DType: weights.F16})
	if err != nil || got.DType != weights.I64 || string(got.Data) != string(steps.Data) ||
		c != (Tally{Values: 1}) {
		t.Errorf("got %v %+v %v, want it unchanged", got, c, err)
	}
}

func TestOrder(t *testing.T) {
	list := []weights.Tensor{{Name: "b", DType: weights.F16}, {Name: "z", DType: weights.I64},
		{Name: "a", DType: weights.F16}, {Name: "c", DType: weights.F32}}
	order(list)
	for i, want := range []string{"z", "c", "a", "b"} {
		if list[i].Name != want {
			t.Errorf("position %d: got %s, want %s", i, list[i].Name, want)
		}
	}
}

func TestShortMantissa(t *testing.T) {
	for _, c := range []struct {
		v    float32
		bits int
		want float32
	}{
		{1.75, 1, 2}, {1.25, 1, 1}, {-1.25, 2, -1.25}, {1 + 1.0/256, 7, 1},
		{1 + 3.0/256, 7, 1 + 4.0/256},
		{0, 3, 0}, {1.9999, 3, 2}, {float32(math.Inf(-1)), 3, float32(math.Inf(-1))},
	} {
		if got := shortened(c.v, c.bits); got != c.want {
			t.Errorf("%v with %d bits is %v, want %v", c.v, c.bits, got, c.want)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	values := make([]float32, 1000)
	for i := range values {
		values[i] = float32(random.NormFloat64())
	}
	got, c, err := round(floats("t", values...), form{weights.F16, 7})
	if err != nil || c.Inexact == 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	for i, v := range got.Float32s() {
		if got.Data[2*i]&7 != 0 {
			t.Errorf("%v keeps more than 7 bits", v)
		}
		if d := math.Abs(float64(v/values[i]) - 1); d > 1.0/256 {
			t.Errorf("%v becomes %v", values[i], v)
		}
	}
}
