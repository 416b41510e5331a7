package sampler

import (
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Streams of a picture's noise: the first stage, the second stage, and the noise on the small
// picture. No two share their draws.
const (
	streamFirst   = 0
	streamSecond  = 1 << 31
	streamAugment = 3 << 30
)

// upscaling is the source of a trajectory of the second stage.
type upscaling struct {
	model  network.Upscaler
	level  int
	x, low []float32 // [C·H·W]
	out    []float32 // [OutChannels·H·W]
	noise  func(dst []float64, draw uint32)
	// features are nil where no deep features are used again; of `every` evaluations, one works
	// them out. outs holds out.
	features *features
	every    int
	outs     [1][]float32
	augment  schedule.Level // noise level of low
	added    []float64      // [C·H·W] unit noise that is added to low
}

func newUpscaling(m network.Upscaler, p *solver.Plan, s *recipe.Settings, image int) *upscaling {
	c, h, w := m.Shape()
	size := c * h * w
	u := &upscaling{model: m, level: s.Augmentation, every: s.Cache, augment: p.At(s.Augmentation),
		noise: draws(s, image, streamSecond, size)}
	u.x, u.low, u.out = make([]float32, size), make([]float32, size),
		make([]float32, m.OutChannels()*h*w)
	u.outs[0] = u.out
	u.added = make([]float64, size)
	draws(s, image, streamAugment, size)(u.added, 0)
	return u
}

func (u *upscaling) Output(out, x []float64, t float64, _ schedule.Level) {
	for i, v := range x {
		u.x[i] = float32(v)
	}
	if u.features != nil {
		u.features.predict(u.outs[:], u.x, nil, t, unlabelled, u.every)
	} else {
		u.model.Upscale(u.out, u.x, u.low, t, u.level)
	}
	for i, v := range u.out {
		out[i] = float64(v)
	}
}

// unlabelled are the labels of a network without labels.
var unlabelled = []int{network.NoClass}

// PredictDeep evaluates the second stage for features.
func (u *upscaling) PredictDeep(
	out [][]float32, x, _ []float32, t float64, _ []int, deep [][]float32, again bool,
) {
	u.model.(network.DeepUpscaler).UpscaleDeep(out[0], x, u.low, t, u.level, deep[0], again)
}

func (u *upscaling) Normal(dst []float64, draw uint32) { u.noise(dst, draw) }

// lower is a trajectory of the first stage, shown in the size of the second.
type lower struct {
	*Trajectory    // in the first stage's size
	source         *upscaling
	factor         int       // the second stage's height and width over the first's
	c, h, w        int       // shape of the small picture
	x, x0, epsilon []float64 // [C·H·W] enlarged
	pixels         []byte    // [h,w,c] of the finished small picture
	small          []float64 // [c·h·w] scratch
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

// over reports whether the small picture is finished.
func (l *lower) over() bool { return l.Done() == l.Steps() }

// next takes a step of the first stage. After the last step it passes the small picture on to the
// second stage.
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

// enlarged updates what is shown of the first stage.
func (l *lower) enlarged() {
	l.enlarge(l.x, l.X())
	l.enlarge(l.x0, l.X0())
	l.enlarge(l.epsilon, l.Epsilon())
}

// enlarge writes src, [c,h,w], to dst, [c,h·factor,w·factor]: every pixel is repeated. They do not
// overlap.
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

// condition computes what the second stage sees of the finished picture: its pixels, rounded to 8
// bits, enlarged and noised.
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

// restart sets the state before a step of the first stage to x, given in the second stage's size.
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
