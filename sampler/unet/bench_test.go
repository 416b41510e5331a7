package unet

import (
	"testing"

	"tweedie/internal/fixture"
)

// BenchmarkDeep evaluates shipped networks for the two labels of guidance, whole and with deep
// features used again.
func BenchmarkDeep(b *testing.B) {
	for _, name := range []string{"digits", "glyphs", "faces"} {
		m, err := Open(fixture.Weights(b, "../../weights/"+name+".safetensors"))
		if err != nil {
			b.Fatal(err)
		}
		c, h, w := m.Shape()
		out, deep := make([][]float32, 2), deepOf(m.Network, 2)
		for i := range out {
			out[i] = make([]float32, c*h*w)
		}
		x := make([]float32, c*h*w)
		for _, again := range []bool{false, true} {
			of, products := "/whole", m.MultiplyAdds()
			if again {
				of, products = "/again", m.MultiplyAddsAgain()
			}
			b.Run(name+of, func(b *testing.B) {
				for b.Loop() {
					m.PredictDeep(out, x, nil, 500, []int{1, NoClass}, deep, again)
				}
				b.ReportMetric(float64(products)/1e6, "M-products")
			})
		}
	}
}
