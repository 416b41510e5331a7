package family

import (
	"fmt"
	"math"
)

// Fit returns the value that the network sees of the sample, where its pictures are not from −1 to
// 1 as the sampler's are, but from low to high. bar is ᾱ of each timestep. It returns the betas of
// the sampler, nil for those of the network.
//
// The network's pictures are d = m + s·u, of a picture u from −1 to 1. Its noisy pictures are x =
// √ᾱ·d + √(1−ᾱ)·ε, and with k = √(s²·ᾱ + 1 − ᾱ)
//
//	y = (x − √ᾱ·m)/k = √ᾱ′·u + √(1−ᾱ′)·ε,  ᾱ′ = s²·ᾱ/k²
//
// is a noisy picture of u with the same noise: the network is shown k·y + √ᾱ·m, and answers with
// the same ε̂.
func (b *Builder) Fit(low, high float64, bar []float64) (sample string, betas []float64) {
	if low == -1 && high == 1 {
		return "sample", nil
	}
	m, s := (low+high)/2, (high-low)/2
	scale, shift := make([]float64, len(bar)), make([]float64, len(bar))
	before := 1.0
	for i, a := range bar {
		k := math.Sqrt(s*s*a + 1 - a)
		scale[i], shift[i] = k, math.Sqrt(a)*m
		now := s * s * a / (k * k)
		betas = append(betas, 1-now/before)
		before = now
	}
	sample = b.Multiply("fit.scaled", "sample", b.everywhere("fit.scale", scale))
	if m != 0 {
		sample = b.Add("fit", sample, b.everywhere("fit.shift", shift))
	}
	return sample, betas
}

// everywhere is a number by timestep, once for each channel of the sample.
func (b *Builder) everywhere(name string, table []float64) string {
	x := b.Node(name, "time", 1, Options{"table": table})
	if b.sample[0] == 1 {
		return x
	}
	var all []string
	for range b.sample[0] {
		all = append(all, x)
	}
	return b.Concat(name+".channels", all...)
}

// valuesOf are the smallest and the largest value of a family's pictures: those of the settings, or
// what its authors' script has.
func (b *Builder) valuesOf(o Settings, low, high float64, script string) (float64, float64) {
	switch {
	case o.Raw:
		return -1, 1
	case o.Low != 0 || o.High != 0:
		low, high = o.Low, o.High
	case low != -1 || high != 1:
		b.Note("range", "took the pictures of training to have values from {low} to {high}, as "+
			"{script} has them; -range says otherwise", "low", fmt.Sprint(low), "high",
			fmt.Sprint(high), "script", script)
	}
	if !(low < high && math.Abs(low) <= 1000 && math.Abs(high) <= 1000) {
		b.Because("range", "pictures have values from a lower to a higher number, -range, not "+
			"from {low} to {high}", "low", fmt.Sprint(low), "high", fmt.Sprint(high))
	}
	return low, high
}

// noteTimesteps says that a file does not say the number of timesteps.
func (b *Builder) noteTimesteps(n int) {
	b.Note("timesteps", "took the noise schedule to have {n} timesteps; -timesteps says otherwise",
		"n", n)
}

// lineOf is ᾱ of betas that rise evenly.
func lineOf(first, last float64, count int) []float64 {
	bar, product := make([]float64, count), 1.0
	for i := range bar {
		product *= 1 - (first + (last-first)*float64(i)/float64(max(count-1, 1)))
		bar[i] = product
	}
	return bar
}
