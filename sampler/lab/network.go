package lab

import (
	"tweedie/sampler/layers"
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
	x, time *train.Value // [2], [timeWidth]
	labels  []int        // the class, or classes for none; nil without classes
	out     *train.Value // [2]
}

func newWeb(c *Config, classes int, o train.Options) *web {
	w := new(web)
	w.program = train.Compile(o, func(t *train.Compiler) {
		w.x, w.time = t.Input(2), t.Input(timeWidth)
		seen := []*train.Value{t.Octaves(w.x, c.Octaves), w.time}
		if classes > 0 {
			var class *train.Value
			class, w.labels = t.Table("classes", classes+1, classWidth)
			seen = append(seen, class)
		}
		h := t.SiLU(t.Linear("in", t.Concat(seen...), c.Units))
		for i := 1; i < c.Layers; i++ {
			name := "hidden." + string(rune('0'+i/10)) + string(rune('0'+i%10))
			h = t.Add(h, t.SiLU(t.Linear(name, h, c.Units)))
		}
		w.out = t.Output(t.Linear("out", h, 2))
	})
	return w
}

// embedding spreads a timestep over timeWidth numbers.
var embedding = layers.Sinusoid(timeWidth, 0, true)
