package mixture

import (
	"errors"
	"strconv"

	"tweedie/weights"
)

// The tensors of a stored mixture.
const (
	meansTensor   = "mixture.means"    // [components, C, H, W], in [−1, 1]: pictures
	weightsTensor = "mixture.weights"  // [components], above 0; absent: all equal
	stdDevsTensor = "mixture.std_devs" // [components], 0 or more; absent: 0, a data set
	classesTensor = "mixture.classes"  // [components], I64, 0 or more; absent: all 0
)

// DataSet returns the mixture whose denoiser is the optimal one of a data set: points with equal
// weights and no spread. pictures: [N][dim]; classes: [N], or nil for one class. The pictures are
// not copied.
func DataSet(pictures [][]float64, classes []int) (*Mixture, error) {
	if classes != nil && len(classes) != len(pictures) {
		return nil, errors.New("mixture: " + strconv.Itoa(len(pictures)) + " pictures have " +
			strconv.Itoa(len(classes)) + " classes")
	}
	components := make([]Component, len(pictures))
	for i, p := range pictures {
		components[i] = Component{Weight: 1, Mean: p}
		if classes != nil {
			components[i].Class = classes[i]
		}
	}
	return New(components)
}

// Read returns the mixture that a weights file holds, and the shape of its pictures: the tensor
// mixture.means, [components, C, H, W], in any floating-point type, and, unless they have the
// default, mixture.weights, mixture.std_devs and mixture.classes, one element per component.
func Read(f *weights.File) (m *Mixture, channels, height, width int, err error) {
	means, ok := f.Tensor(meansTensor)
	if !ok {
		return nil, 0, 0, 0, errors.New("mixture: the file has no tensor " + meansTensor)
	}
	values := means.Float64s()
	if values == nil || len(means.Shape) != 4 {
		return nil, 0, 0, 0, errors.New("mixture: " + meansTensor +
			" must be floating-point numbers of shape [components, channels, height, width]")
	}
	n := means.Shape[0]
	shape := means.Shape[1:]
	components := make([]Component, n)
	for i := range components {
		size := len(values) / n
		components[i] = Component{Weight: 1, Mean: values[i*size : (i+1)*size]}
	}
	if err = readPerComponent(f, weightsTensor, components,
		func(c *Component, v float64) { c.Weight = v }); err == nil {
		err = readPerComponent(f, stdDevsTensor, components,
			func(c *Component, v float64) { c.StdDev = v })
	}
	if err == nil {
		err = readClasses(f, components)
	}
	if err == nil {
		m, err = New(components)
	}
	if err != nil {
		return nil, 0, 0, 0, err
	}
	return m, shape[0], shape[1], shape[2], nil
}

// readPerComponent sets the numbers of a tensor, if the file has it.
func readPerComponent(f *weights.File, name string, components []Component,
	set func(c *Component, v float64)) error {
	t, ok := f.Tensor(name)
	if !ok {
		return nil
	}
	values := t.Float64s()
	if values == nil || len(t.Shape) != 1 || len(values) != len(components) {
		return errors.New("mixture: " + name +
			" must be one floating-point number for each of the " + strconv.Itoa(len(components)) +
			" components")
	}
	for i, v := range values {
		set(&components[i], v)
	}
	return nil
}

// maxClass bounds the tables with an element for each class.
const maxClass = 9999

func readClasses(f *weights.File, components []Component) error {
	t, ok := f.Tensor(classesTensor)
	if !ok {
		return nil
	}
	classes, err := t.Int64s()
	if err != nil || len(t.Shape) != 1 || len(classes) != len(components) {
		return errors.New("mixture: " + classesTensor + " must be one I64 for each of the " +
			strconv.Itoa(len(components)) + " components")
	}
	for i, c := range classes {
		if c < 0 || c > maxClass {
			return errors.New("mixture: " + classesTensor + "[" + strconv.Itoa(i) + "] is " +
				strconv.FormatInt(c, 10) + ", wanted 0 to " + strconv.Itoa(maxClass))
		}
		components[i].Class = int(c)
	}
	return nil
}
