package sampler

import (
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Streams of noise of a picture, so that no two stages share theirs.
const (
	streamFirst   = 0
	streamSecond  = 1 << 31
	streamAugment = 3 << 30
)

// upscaling is a trajectory's source in the second stage.
type upscaling struct {
	model   network.Upscaler
	level   int
	x, low  []float32 // [C·H·W]
	out     []float32 // [OutChannels·H·W]
	noise   func(dst []float64, draw uint32)
	augment schedule.Level // of low
	added   []float64      // [C·H·W] the noise of low
}

func newUpscaling(m network.Upscaler, p *solver.Plan, s *recipe.Settings, image int) *upscaling {
	c, h, w := m.Shape()
	size := c * h * w
	u := &upscaling{model: m, level: s.Augmentation, augment: p.At(s.Augmentation),
		noise: draws(s, image, streamSecond, size)}
	u.x, u.low, u.out = make([]float32, size), make([]float32, size),
		make([]float32, m.OutChannels()*h*w)
	u.added = make([]float64, size)
	draws(s, image, streamAugment, size)(u.added, 0)
	return u
}

func (u *upscaling) Output(out, x []float64, t float64, _ schedule.Level) {
	for i, v := range x {
		u.x[i] = float32(v)
	}
	u.model.Upscale(u.out, u.x, u.low, t, u.level)
	for i, v := range u.out {
		out[i] = float64(v)
	}
}

func (u *upscaling) Normal(dst []float64, draw uint32) { u.noise(dst, draw) }

// lower is the first stage of a trajectory, shown in the size of the second.
type lower struct {
	*Trajectory    // in its own size
	source         *upscaling
	factor         int // from its size to the second stage's
	c, h, w        int
	x, x0, epsilon []float64 // [C·H·W] enlarged
	pixels         []byte    // [h·w·C] of the finished picture
	small          []float64
}

// newLower prepares the first stage of picture number image of a cascade.
func newLower(c *course, u *upscaling, image int) *lower {
	info, b := &c.info, &c.first.info
	l := &lower{Trajectory: c.first.trajectory(image), source: u, factor: info.Height / b.Height}
	l.c, l.h, l.w = b.Channels, b.Height, b.Width
	size := info.Channels * info.Height * info.Width
	l.x, l.x0, l.epsilon = make([]float64, size), make([]float64, size), make([]float64, size)
	l.pixels, l.small = make([]byte, b.Channels*b.Height*b.Width),
		make([]float64, b.Channels*b.Height*b.Width)
	l.enlarged()
	return l
}

// over says whether the small picture is finished.
func (l *lower) over() bool { return l.Done() == l.Steps() }

// next does a step of the first stage and, after the last, shows the second stage its picture.
func (l *lower) next() bool {
	if !l.Step() {
		return false
	}
	l.enlarged()
	if l.over() {
		l.condition()
	}
	return true
}

func (l *lower) enlarged() {
	l.enlarge(l.x, l.X())
	l.enlarge(l.x0, l.X0())
	l.enlarge(l.epsilon, l.Epsilon())
}

// enlarge repeats every pixel.
func (l *lower) enlarge(dst, src []float64) {
	f := l.factor
	for c := range l.c {
		for i := range l.h * f {
			row := src[(c*l.h+i/f)*l.w:][:l.w]
			for j := range l.w * f {
				dst[(c*l.h*f+i)*l.w*f+j] = row[j/f]
			}
		}
	}
}

// condition makes what the second stage sees of the finished picture: its pixels, of 8 bits,
// enlarged and noised.
func (l *lower) condition() {
	picture.Pixels(l.pixels, l.X(), l.c, l.h, l.w)
	picture.Values(l.small, l.pixels, l.c, l.h, l.w)
	l.enlarge(l.x, l.small)
	u := l.source
	for i, v := range l.x {
		u.low[i] = float32(float64(u.augment.Signal*v) + float64(u.augment.Noise*u.added[i]))
	}
	l.enlarge(l.x, l.X())
}

// restart makes x, in the second stage's size, the state before a step of the first.
func (l *lower) restart(step int, x []float64) {
	f := l.factor
	for c := range l.c {
		for i := range l.h {
			for j := range l.w {
				l.small[(c*l.h+i)*l.w+j] = x[(c*l.h*f+i*f)*l.w*f+j*f]
			}
		}
	}
	l.Restart(step, l.small)
	l.enlarged()
	if l.over() {
		l.condition()
	}
}
