package sampler_test

import (
	"fmt"

	"tweedie/sampler"
	"tweedie/sampler/mixture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// One picture of a recipe by itself. The network is the exact denoiser of two pictures here.
func ExampleNewTrajectory() {
	noise, err := schedule.New(schedule.Default())
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := mixture.New([]mixture.Component{
		{Weight: 1, Mean: []float64{0.9, -0.9, 0.9, -0.9}, Class: 0},
		{Weight: 1, Mean: []float64{-0.5, -0.5, 0.5, 0.5}, Class: 1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := mixture.NewModel(data, noise, 1, 2, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	info, err := recipe.NewInfo("pair", map[string]string{"classes": `["columns", "rows"]`},
		"0123456789abcdef", model)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := recipe.Parse("m=pair&n=2&steps=10")
	if err != nil {
		fmt.Println(err)
		return
	}
	last, err := sampler.NewTrajectory(r, info, model, 1) // the second picture of two
	if err != nil {
		fmt.Println(err)
		return
	}
	for last.Step() {
		if done := last.Done(); done == 1 || done == last.Steps() {
			fmt.Printf("step %d: x_t %.1f, x̂0 %.1f\n", done, last.X(), last.X0())
		}
	}
	if last.Err() != nil {
		fmt.Println(last.Err())
	}
	// Output:
	// step 1: x_t [0.5 2.6 0.7 -1.6], x̂0 [0.2 -0.7 0.7 -0.2]
	// step 10: x_t [0.9 -0.9 0.9 -0.9], x̂0 [0.9 -0.9 0.9 -0.9]
}
