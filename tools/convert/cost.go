package main

import (
	"fmt"
	"io"
	"math"

	"tweedie/sampler"
	"tweedie/sampler/model"
	networks "tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/tools/convert/conversion"
	"tweedie/weights"
)

// costly is the relative change of the predictions above which a type is not the right one for a
// network: the root mean square of the change against that of the predictions. Int8 changes those
// of our models by 0.7 to 1.6 %, those of the trained networks of package family by 0.9 to 3.1 %,
// and those of one by 12 %: mindiffusion-cifar, which divides differences of constants by √eps.
// Bf16 changes that one's by 4.6 %, and all others by less than 1 %.
const costly = 0.05

// costRun is the run on whose states the predictions are compared: from noise to a picture in few
// steps, each with one evaluation, since a large network takes seconds for each.
const costRun = "m=model&s=1&steps=3&g=1"

// sayCost says by how much the predictions change where a type rounds more than f16, and warns if
// that is much. f16 itself changes them by less than defaultTolerance.
func sayCost(o options, r *conversion.Result, stored []byte, stdout, stderr io.Writer) error {
	if o.DType != weights.I8 && o.DType != weights.BF16 || r.Draft.Classifier ||
		r.Draft.UNet.ClassEmbedType == "identity" || r.File.Metadata["cascade"] != "" {
		return nil
	}
	exact, err := r.In(weights.F32)
	if err != nil {
		return err
	}
	change, err := cost(exact, stored)
	if err != nil {
		return err
	}
	name := conversion.TypeName(o.DType)
	if change <= costly {
		_, err := fmt.Fprintf(stdout, "%s changes the predictions by %.2g %%\n", name, 100*change)
		return err
	}
	half, err := r.In(weights.F16)
	if err != nil { // a value that only the wide types hold
		warn(stderr, fmt.Sprintf("%s changes the predictions by %.2g %%: -dtype f32 is the better "+
			"choice", name, 100*change))
		return nil
	}
	less, err := cost(exact, half)
	if err != nil {
		return err
	}
	warn(stderr, fmt.Sprintf("%s changes the predictions by %.2g %%, and f16 by %.2g %%: -dtype "+
		"f16 is the better choice", name, 100*change, 100*less))
	return nil
}

// cost is the relative change of the predictions between two weights files of one network. Both see
// the states of the exact one's run.
func cost(exact, stored []byte) (float64, error) {
	m, info, err := model.Open("model", exact)
	if err != nil {
		return 0, err
	}
	other, _, err := model.Open("model", stored)
	if err != nil {
		return 0, err
	}
	text := costRun
	if len(info.Classes) > 0 {
		text += "&c=" + info.Classes[0]
	}
	r, err := recipe.Parse(text)
	if err != nil {
		return 0, err
	}
	var d difference
	run, err := sampler.NewRun(r, info, beside(m, other, &d))
	if err != nil {
		return 0, err
	}
	for run.Next() {
	}
	return math.Sqrt(d.squares / max(d.squared, math.SmallestNonzeroFloat64)), run.Err()
}

// compared is a network beside another one, which is evaluated wherever it is.
type compared struct {
	networks.Model
	other networks.Model
	got   [][]float32
	d     *difference
}

// recalled is compared for networks that are shown an estimate.
type recalled struct {
	compared
	exact, other networks.SelfConditioned
}

// beside returns exact, whose difference to other is added to d.
func beside(exact, other networks.Model, d *difference) networks.Model {
	_, height, width := exact.Shape()
	c := compared{exact, other, nil, d}
	for range 2 {
		c.got = append(c.got, make([]float32, exact.OutChannels()*height*width))
	}
	if s, ok := exact.(networks.SelfConditioned); ok {
		return recalled{c, s, other.(networks.SelfConditioned)}
	}
	return c
}

// Predict implements networks.Model.
func (c compared) Predict(out [][]float32, x []float32, t float64, labels []int) {
	c.Model.Predict(out, x, t, labels)
	c.other.Predict(c.got[:len(labels)], x, t, labels)
	c.add(out[:len(labels)])
}

// TakesEstimate implements networks.SelfConditioned.
func (r recalled) TakesEstimate() bool { return r.exact.TakesEstimate() }

// PredictFrom implements networks.SelfConditioned.
func (r recalled) PredictFrom(out [][]float32, x, estimate []float32, t float64, labels []int) {
	r.exact.PredictFrom(out, x, estimate, t, labels)
	r.other.PredictFrom(r.got[:len(labels)], x, estimate, t, labels)
	r.add(out[:len(labels)])
}

func (c compared) add(out [][]float32) {
	for i, want := range out {
		for j, v := range c.got[i] {
			c.d.add(float64(v), float64(want[j]))
		}
	}
}
