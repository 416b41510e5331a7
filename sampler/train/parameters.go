package train

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
)

// kind says how the numbers of a parameter lie in the slice of all weights.
type kind int

const (
	vector kind = iota // [columns]
	table              // [rows][columns], each row padded
	matrix             // [rows][columns] as Gemm multiplies by it, transposed, see place
)

// parameter is a tensor that is trained.
type parameter struct {
	name          string
	kind          kind
	rows, columns int
	at            int     // where it begins in the slice of all weights
	uniform       float64 // it begins uniform within ±uniform; with 0, normal
}

// size returns the number of floats that the parameter takes.
func (w *parameter) size() int {
	n := kernels.Padded(w.columns)
	switch w.kind {
	case table:
		n *= w.rows
	case matrix:
		n *= kernels.Padded(w.rows)
	}
	return n
}

// place returns where element (row, column) lies in the slice of all weights.
func (w *parameter) place(row, column int) int {
	const lanes = kernels.Lanes
	switch w.kind {
	case matrix:
		return w.at + (row/lanes*kernels.Padded(w.columns)+column)*lanes + row%lanes
	case table:
		return w.at + row*kernels.Padded(w.columns) + column
	}
	return w.at + column
}

// height returns the number of rows, 1 for a vector.
func (w *parameter) height() int {
	if w.kind == vector {
		return 1
	}
	return w.rows
}

// parameter appends a parameter, and returns it with its place.
func (c *Compiler) parameter(w parameter) parameter {
	all := &c.program.parameters
	for _, other := range *all {
		if other.name == w.name {
			panic("train: two parameters have one name")
		}
	}
	if n := len(*all); n > 0 {
		w.at = (*all)[n-1].at + (*all)[n-1].size()
	}
	*all = append(*all, w)
	return w
}

func inverseRoot(n int) float64 { return 1 / math.Sqrt(float64(n)) }

// Start sets the weights as PyTorch's layers begin: linear layers uniform within ±1/√inputs, tables
// normal. Number i of parameter j, in the order of the tensor, is number i of the draw j of package
// noise for the seed and the stream, so it depends on neither layout nor platform.
func (p *Program) Start(seed uint64, stream uint32) {
	clear(p.Weights)
	for j := range p.parameters {
		w := &p.parameters[j]
		values := make([]float64, w.height()*w.columns)
		if w.uniform == 0 {
			noise.Normal(values, seed, stream, uint32(j))
		} else {
			noise.Uniform(values, seed, stream, uint32(j))
			for i, u := range values {
				values[i] = float64((float64(2*u) - 1) * w.uniform)
			}
		}
		for i, v := range values {
			p.Weights[w.place(i/w.columns, i%w.columns)] = float32(v)
		}
	}
}

// Tensor is one parameter as PyTorch's state dicts have it.
type Tensor struct {
	Name   string
	Shape  []int     // [out, in] of a linear layer, [rows, width] of a table, [n] of a bias
	Values []float32 // row-major
}

// Parameters returns the number of weights, without the padding.
func (p *Program) Parameters() (sum int) {
	for i := range p.parameters {
		sum += p.parameters[i].height() * p.parameters[i].columns
	}
	return sum
}

// Tensors returns the parameters in weights, a slice in the layout of p.Weights.
func (p *Program) Tensors(weights []float32) []Tensor {
	list := make([]Tensor, 0, len(p.parameters))
	for i := range p.parameters {
		w := &p.parameters[i]
		t := Tensor{w.name, []int{w.rows, w.columns}, make([]float32, 0, w.height()*w.columns)}
		if w.kind == vector {
			t.Shape = t.Shape[1:]
		}
		for row := range w.height() {
			for column := range w.columns {
				t.Values = append(t.Values, weights[w.place(row, column)])
			}
		}
		list = append(list, t)
	}
	return list
}

// Load sets the weights. get returns the values of a parameter, in the order of Tensor.Values.
func (p *Program) Load(get func(name string) []float32) error {
	fresh := make([]float32, len(p.Weights))
	for i := range p.parameters {
		w := &p.parameters[i]
		values := get(w.name)
		if len(values) != w.height()*w.columns {
			return errors.New("train: " + w.name + " has " + strconv.Itoa(len(values)) +
				" values, wanted " + strconv.Itoa(w.height()*w.columns))
		}
		for j, v := range values {
			if v-v != 0 {
				return errors.New("train: " + w.name + " is not finite (element " +
					strconv.Itoa(j) + ")")
			}
			fresh[w.place(j/w.columns, j%w.columns)] = v
		}
	}
	copy(p.Weights, fresh)
	return nil
}
