package bound_test

import (
	"fmt"

	"tweedie/sampler/bound"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

// A picture's bits per dimension, by the bound and by the flow. The network is the exact denoiser
// of two Gaussians here.
func Example() {
	m, err := mixture.New([]mixture.Component{
		{Weight: 1, Mean: []float64{0.4, -0.5}, StdDev: 0.2},
		{Weight: 2, Mean: []float64{-0.3, 0.4}, StdDev: 0.1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := schedule.New(schedule.Default())
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := mixture.NewModel(m, s, 1, 1, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := make([]float64, 2)
	bound.Quantise(picture, []float64{-0.25, 0.45})

	o := bound.Standard(s)
	o.Variance, o.Draws = schedule.FixedLarge, 100
	b, err := bound.New(picture, model, o)
	if err != nil {
		fmt.Println(err)
		return
	}
	for b.Next() {
		if t := b.Term(); t.T == 999 || t.T == 1 || t.T == 0 {
			fmt.Printf("timestep %d: %.4f bits per dimension\n", t.T, t.Bits)
		}
	}
	fmt.Printf("bound: %.1f ± %.1f\n", b.Total(), b.StandardError())

	f, err := bound.NewFlow(picture, model,
		bound.FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	for f.Next() {
	}
	fmt.Printf("flow: %.1f\n", f.BitsPerDim())
	// Output:
	// timestep 999: 0.0000 bits per dimension
	// timestep 1: 0.5267 bits per dimension
	// timestep 0: 2.4170 bits per dimension
	// bound: 5.5 ± 0.1
	// flow: 5.5
}
