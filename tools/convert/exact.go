package main

import (
	"errors"
	"fmt"
	"io"

	"tweedie/sampler/oracle"
	"tweedie/weights"
)

// exact is the exact denoiser of stored pictures.
type exact struct{ *oracle.Model }

func (e exact) size() string { return fmt.Sprint(e.Pictures(), " pictures") }

// check compares predictions with recorded ones. In class_labels −1 stands for no class.
func (e exact) check(file string, tolerance float64, w io.Writer) error {
	return checkFile(file, tolerance, w, func(f *weights.File, all *difference) error {
		x, times := elements(f, "sample"), elements(f, "timesteps")
		labels, want := elements(f, "class_labels"), elements(f, "output")
		channels, height, width := e.Shape()
		n, size := len(times), channels*height*width
		if n == 0 || len(labels) != n || len(x) != n*size || len(want) != n*size {
			return fmt.Errorf(
				"want sample and output of %d values, and class_labels, for each of timesteps",
				size)
		}
		in, out := make([]float32, size), [][]float32{make([]float32, size)}
		for i := range n {
			label := int(labels[i])
			if label < -1 || label >= e.Classes() {
				return errors.New(
					"want class_labels of the classes that the file has, or −1 for none")
			}
			for j := range in {
				in[j] = float32(x[i*size+j])
			}
			e.Predict(out, in, times[i], []int{label})
			var d difference
			for j, v := range out[0] {
				d.add(float64(v), want[i*size+j])
			}
			all.join(d)
			if _, err := fmt.Fprintf(w, "output[%d]  %v  t %g  class %d\n",
				i, &d, times[i], label); err != nil {
				return err
			}
		}
		return nil
	})
}
