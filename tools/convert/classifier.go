package main

import (
	"errors"
	"fmt"
	"io"

	"tweedie/sampler/classifier"
	"tweedie/sampler/recipe"
	"tweedie/weights"
)

// guide is a classifier of noisy pictures.
type guide struct{ *classifier.Model }

// openClassifier compiles a classifier and reads its metadata as the sampler does.
func openClassifier(f *weights.File) (network, error) {
	m, err := classifier.Open(f)
	if err != nil {
		return nil, err
	}
	_, err = recipe.NewGuide("model", f.Metadata, "", m)
	return guide{m}, err
}

func (g guide) size() string { return fmt.Sprint(g.Parameters, " parameters") }

// check compares logits and input gradients with those recorded from PyTorch.
func (g guide) check(file string, tolerance float64, w io.Writer) error {
	return checkFile(file, tolerance, w, func(f *weights.File, all *difference) error {
		x, times := elements(f, "sample"), elements(f, "timesteps")
		classes := elements(f, "class_labels")
		logits, slopes := elements(f, "output"), elements(f, "gradient")
		n, size := len(times), g.InChannels*g.Height*g.Width
		if n == 0 || len(classes) != n || len(x) != n*size || len(slopes) != n*size ||
			len(logits) != n*g.Classes() {
			return fmt.Errorf(
				"want sample and gradient of %d values, output of %d, and class_labels, for "+
					"each of timesteps", size, g.Classes())
		}
		for i := range n {
			if class := int(classes[i]); class < 0 || class >= g.Classes() {
				return errors.New("want class_labels of the classes that the network has")
			}
			in := make([]float32, size)
			for j := range in {
				in[j] = float32(x[i*size+j])
			}
			out, slope := make([]float32, g.Classes()), make([]float32, size)
			g.Forward(out, in, float32(times[i]))
			g.Gradient(slope, in, times[i], int(classes[i]))
			for _, c := range []struct {
				name string
				got  []float32
				want []float64
			}{{"output", out, logits[i*len(out):]}, {"gradient", slope, slopes[i*size:]}} {
				var d difference
				for j, v := range c.got {
					d.add(float64(v), c.want[j])
				}
				all.join(d)
				if _, err := fmt.Fprintf(w, "%s[%d]  %v  t %g\n",
					c.name, i, &d, times[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// elements returns the elements of a tensor, none if the file lacks it.
func elements(f *weights.File, name string) []float64 {
	t, ok := f.Tensor(name)
	if !ok {
		return nil
	}
	x, err := numbers(t)
	if err != nil {
		return nil
	}
	return x
}
