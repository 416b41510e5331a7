package langevin_test

import (
	"fmt"

	"tweedie/sampler/langevin"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

// Annealed Langevin dynamics on the score of two Gaussians.
func Example() {
	m, err := mixture.New([]mixture.Component{
		{Weight: 1, Mean: []float64{0.5, 0.5}, StdDev: 0.05},
		{Weight: 4, Mean: []float64{-0.5, -0.5}, StdDev: 0.05},
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
	o, err := langevin.Annealed(s)
	if err != nil {
		fmt.Println(err)
		return
	}
	for image := range uint32(3) {
		o.Image = image
		w, err := langevin.New(model, o)
		if err != nil {
			fmt.Println(err)
			return
		}
		for w.Step() {
			if w.Done() == 150 {
				fmt.Printf("σ %.2f: x %6.2f; ", w.Level().Sigma(), w.X())
			}
		}
		fmt.Printf("at last %.2f\n", w.X())
	}
	// Output:
	// σ 0.68: x [ -0.99  -1.63]; at last [-0.61 -0.43]
	// σ 0.68: x [  0.21   0.30]; at last [0.48 0.46]
	// σ 0.68: x [  0.23  -1.22]; at last [-0.50 -0.53]
}
