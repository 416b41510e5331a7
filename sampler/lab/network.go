package lab

import (
	"math"

	"tweedie/sampler/layers"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/sampler/train"
)

// Sizes of what the network sees beside the point.
const (
	timeWidth  = 32
	classWidth = 8
)

// web is the network: a point with its octaves, the embeddings of timestep and class, hidden layers
// with SiLU, all but the first residual, and two outputs.
type web struct {
	program *train.Program
	x, time *train.Value // [axes], [timeWidth]
	scale   *train.Value // [1 + octaves], see scales
	labels  []int        // the class, or classes for none; nil without classes
	out     *train.Value // [2]
}

// newWeb makes the network. With steep x has a gradient, too.
func newWeb(c *Config, classes int, o train.Options, steep bool) *web {
	w := new(web)
	w.program = train.Compile(o, func(t *train.Compiler) {
		w.x, w.time, w.scale = t.Input(len(axes)), t.Input(timeWidth), t.Input(1+c.Octaves)
		if steep {
			w.x = t.InputWithGradient(len(axes))
		}
		seen := []*train.Value{t.Octaves(w.x, w.scale, c.Octaves), w.time}
		if classes > 0 {
			var class *train.Value
			class, w.labels = t.Table("classes", classes+1, classWidth)
			seen = append(seen, class)
		}
		h := t.Hidden("", t.Concat(seen...), c.Units, c.Layers)
		w.out = t.Output(t.Linear("out", h, 2))
	})
	return w
}

// axes are the directions in which the network sees a point: along the axes and between them, so
// that octaves can follow what lies askew.
var axes = [4][2]float32{{1, 0}, {0, 1}, {math.Sqrt2 / 2, math.Sqrt2 / 2},
	{math.Sqrt2 / 2, -math.Sqrt2 / 2}}

// see writes a point to a row of x.
func (w *web) see(i int, x, y float32) { see(w.x.Row(i), x, y) }

// see writes a point along the axes, [axes].
func see(row []float32, x, y float32) {
	for j, d := range &axes {
		row[j] = float32(d[0]*x) + float32(d[1]*y)
	}
}

// embed writes the embedding of a timestep, [timeWidth]. A twentieth of the timestep turns the
// fastest sine once in 126 steps, so that neighbours look alike.
func embed(t float64, out []float32) { sinusoid(float32(t/20), out) }

var sinusoid = layers.Sinusoid(timeWidth, 0, true)

// scales writes what Octaves reads at a noise level, [1 + octaves]. The octaves are those of x/√ᾱ,
// the point with noise σ, and each is as small as noise makes the mean of its sine: e^(−ω²σ²/2)
// (Barron et al., arXiv:2103.13415, integrated positional encoding). So the network sees of the
// coordinates what can be known of them.
func scales(l schedule.Level, out []float32) {
	out[0] = float32(1 / max(l.Signal, leastSignal))
	sigma, frequency := l.Sigma(), math.Pi
	for k := range out[1:] {
		a := float64(frequency * sigma)
		out[1+k] = 0
		if power := float64(0.5 * float64(a*a)); power < 16 { // no denormal numbers, which are slow
			out[1+k] = float32(portable.Exp(-power))
		}
		frequency *= 2
	}
}

// leastSignal keeps the octaves' argument small where they are nothing.
const leastSignal = 1e-3
