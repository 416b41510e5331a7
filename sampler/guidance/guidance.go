// Package guidance mixes what a network predicts with a class and without. Its options are keys of
// a recipe.
package guidance

import "math"

// ClassifierFree is classifier-free guidance (Ho & Salimans, arXiv:2207.12598, with g = 1 + w; Luo
// 167).
// The prediction is ε̂_∅ + g·(ε̂_c − ε̂_∅), of the predictions with the class and without. Outside
// an interval of noise levels g is 1 (Kynkäänniemi et al., arXiv:2404.07724, equation 5).
//
// The part of ε̂_c − ε̂_∅ that lies along ε̂_c, over all values of the picture, can be left out of
// what guidance adds to ε̂_c (Sadat et al., arXiv:2410.02416, with η = 1 − project). Then the
// result can be rescaled to the standard deviation of the prediction with the class (Lin et al.,
// arXiv:2305.08891, §3.4). denoising-diffusion-pytorch does the two in this order, too.
type ClassifierFree struct {
	Guidance float64 // scale g: 0 without the class, 1 with it
	// It acts where GuidanceLow < σ ≤ GuidanceHigh; 0 means no bound.
	GuidanceLow, GuidanceHigh float64
	Project                   float64 // share of the part along ε̂_c that is left out, 0 to 1
	Rescale                   float64 // share of the rescaled prediction in the result, 0 to 1
}

// Drop clears the options that have no effect. others says that other guidance acts in the same
// interval.
func (g *ClassifierFree) Drop(withoutClass, others bool) {
	if !others && (withoutClass || g.Guidance == 1) {
		g.GuidanceLow, g.GuidanceHigh = 0, 0
	}
	if withoutClass || g.Guidance == 0 || g.Guidance == 1 {
		g.Project, g.Rescale = 0, 0
	}
}

// Acts reports whether a noise level lies in the interval.
func (g *ClassifierFree) Acts(sigma float64) bool {
	return !(g.GuidanceLow > 0 && sigma <= g.GuidanceLow) &&
		(g.GuidanceHigh == 0 || sigma <= g.GuidanceHigh)
}

// Mix changes class, the prediction with the class, to the guided prediction. without is the
// prediction without the class. Both: [C·H·W].
func (g *ClassifierFree) Mix(class []float64, without []float32) {
	own := 0.0
	if g.Rescale > 0 {
		own = deviation(class)
	}
	along := 0.0
	if g.Project > 0 {
		along = float64(g.Project*(g.Guidance-1)) * projection(class, without)
	}
	for i, v := range without {
		u, c := float64(v), class[i]
		class[i] = u + float64(g.Guidance*(c-u))
		if along != 0 {
			class[i] -= float64(along * c)
		}
	}
	if g.Rescale == 0 {
		return
	}
	// diffusers' rescale_noise_cfg. A prediction with the same value everywhere has no deviation
	// and stays as it is.
	if all := deviation(class); all > 0 {
		ratio := own / all
		for i, v := range class {
			class[i] = float64(g.Rescale*float64(v*ratio)) + float64((1-g.Rescale)*v)
		}
	}
}

// Weights returns how Mix weighs the two predictions: its result is onClass·class +
// onWithout·without. Both: [C·H·W].
func (g *ClassifierFree) Weights(class []float64, without []float32) (onClass, onWithout float64) {
	onClass, onWithout = g.Guidance, 1-g.Guidance
	if g.Project > 0 {
		onClass -= float64(float64(g.Project*(g.Guidance-1)) * projection(class, without))
	}
	if g.Rescale == 0 {
		return onClass, onWithout
	}
	mixed := make([]float64, len(class))
	for i, c := range class {
		mixed[i] = float64(onClass*c) + float64(onWithout*float64(without[i]))
	}
	if all := deviation(mixed); all > 0 {
		kept := float64(g.Rescale*(deviation(class)/all)) + (1 - g.Rescale)
		onClass, onWithout = onClass*kept, onWithout*kept
	}
	return onClass, onWithout
}

// projection returns the factor of class in the projection of class − without on it, 0 if class is
// zero.
func projection(class []float64, without []float32) float64 {
	dot, squares := 0.0, 0.0
	for i, c := range class {
		dot += float64((c - float64(without[i])) * c)
		squares += float64(c * c)
	}
	if squares == 0 {
		return 0
	}
	return dot / squares
}

// deviation returns the standard deviation of x times √len(x): the callers use ratios only.
func deviation(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	mean, squares := sum/float64(len(x)), 0.0
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	return math.Sqrt(squares)
}
