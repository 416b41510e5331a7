package main

import (
	"fmt"
	"slices"
)

func header() {
	fmt.Println("| where | what | ms, median | lower quartile | least | GFLOP/s at the quartile " +
		"| of peak | onnxruntime-web is slower by (median of rounds, quartile) |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
}

// show prints a line for each timing. The rate counts the operations of the
// plain formulas, so Winograd convolutions can exceed the peak.
func show(place string, r *result) {
	for i, t := range r.Timings {
		passes := 1
		if i == 1 {
			passes = 2
		}
		rate := 2e-6 * float64(passes*r.MultiplyAdds) / t.Quartile
		fmt.Printf("| %s | %s | %.2f | %.2f | %.2f | %.0f | %.0f %% | %s |\n",
			place, t.Name, t.Median, t.Quartile, t.Least, rate, 100*rate/r.Peak, against(r, i))
	}
	fmt.Printf("| %s | load | %.0f | | | | | |\n", place, r.LoadMs)
	if r.Memory > 0 {
		fmt.Printf("\n%d parameters; %.0f MB of packed weights and buffers, %.0f MB of memory in "+
			"the program, %.2f times as much\n\n", r.Parameters, float64(r.Bytes)/1e6,
			float64(r.Memory)/1e6, float64(r.Memory)/float64(r.Bytes))
	}
}

// against compares timing i with the peer's, which is the third.
func against(r *result, i int) string {
	if len(r.Timings) < 3 || i != 0 {
		return ""
	}
	var ratios []float64
	for k := range r.Rounds[0] {
		ratios = append(ratios, r.Rounds[2][k]/r.Rounds[0][k])
	}
	slices.Sort(ratios)
	return fmt.Sprintf("%.2f, %.2f",
		ratios[len(ratios)/2], r.Timings[2].Quartile/r.Timings[0].Quartile)
}
