package derive_test

import (
	"fmt"

	"tweedie/sampler/derive"
)

// The posterior's mean on three pixels, and what it says of a forgotten root.
func Example() {
	s := &derive.State{
		X0:       []float64{0.9, -0.2, 0.4},
		Xt:       []float64{0.3, -1.1, 0.8},
		XPrev:    []float64{0.5, -0.7, 0.6},
		AlphaBar: 0.36, AlphaBarPrev: 0.64,
	}
	const mean = 17 // the line μ_q = …
	for _, edits := range [][]derive.Edit{nil, {{Line: mean, Index: 0, Value: 0.5625}}} {
		r, err := derive.Evaluate(derive.Posterior, s, edits...)
		if err != nil {
			fmt.Println(err)
			return
		}
		l := r.Lines[mean]
		fmt.Printf("Luo %s: %.4f = %.4f, %v, differs by %.2g\n",
			l.Equation, l.LeftValue, l.RightValue, l.Holds, l.Difference)
		for _, c := range l.Coefficients {
			fmt.Printf("  %d  %s = %.4f\n", c.Index, c.Symbol, c.Value)
		}
	}
	// Output:
	// Luo 84: 0.6188 = 0.6188, true, differs by 0
	//   0  √α_{t|s} = 0.7500
	//   1  1−ᾱ_s = 0.3600
	//   2  √ᾱ_s = 0.8000
	//   3  1−α_{t|s} = 0.4375
	//   4  1−ᾱ_t = 0.6400
	// Luo 84: 0.6188 = 0.5871, false, differs by 0.15
	//   0  √α_{t|s} = 0.5625
	//   1  1−ᾱ_s = 0.3600
	//   2  √ᾱ_s = 0.8000
	//   3  1−α_{t|s} = 0.4375
	//   4  1−ᾱ_t = 0.6400
}
