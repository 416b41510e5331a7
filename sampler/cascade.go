package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/weights/json"
)

// A cascade makes a small picture and then, with another network that sees the small one, a large picture (Ho et al.,
// arXiv:2106.15282). Both stages follow one recipe, that of the second stage's model.

// Upscaler is a network that also sees a picture of lower resolution: the second stage of a cascade. It takes no labels.
type Upscaler interface {
	Model
	// Upscale evaluates the network at (x, t) beside low: out, [OutChannels, H, W]; x, low: [C, H, W]. low is the small picture enlarged
	// and noised to training timestep level, which the network is told. Nothing is allocated, and x and low are not changed.
	Upscale(out, x, low []float32, t float64, level int)
	// Levels is the number of levels that the network can be told, from 0 up; 0 if any timestep will do.
	Levels() int
}

// Cascade is what the file of a second stage says of the first.
type Cascade struct {
	Base         string // its file's name without extension
	Augmentation int    // training timestep of the noise that the small picture is given (noise-conditioning augmentation)
	Limit        int    // largest one that the network was trained with; 0 if any will do
}

// Stage is the first stage of a cascade.
type Stage struct {
	Info  Info
	Model Model
}

// parseCascade reads the metadata's `cascade`, a JSON object with base and any of augmentation and augmentation_limit; "" is no cascade.
func parseCascade(text string) (*Cascade, error) {
	if text == "" {
		return nil, nil
	}
	v, err := json.Parse([]byte(text))
	if err != nil {
		return nil, errors.New("sampler: the file's cascade is no JSON: " + err.Error())
	}
	c := &Cascade{}
	for _, m := range v.Members() {
		ok := false
		switch m.Key {
		case "base":
			var named bool
			c.Base, ok = m.Value.Text()
			_, named = modelName(c.Base)
			ok = ok && named
		case "augmentation":
			c.Augmentation, ok = m.Value.Int()
		case "augmentation_limit":
			c.Limit, ok = m.Value.Int()
		}
		if !ok || c.Augmentation < 0 || c.Limit < 0 {
			return nil, errors.New("sampler: " + strconv.Quote(shorten(m.Key)) + " in the file's cascade is not base, the name of a file, or" +
				" augmentation or augmentation_limit, a whole number from 0")
		}
	}
	if c.Base == "" {
		return nil, errors.New("sampler: the file's cascade does not name the base, its first stage")
	}
	return c, nil
}

// limit takes into account what the network can be told.
func (c *Cascade) limit(m Model) error {
	u, ok := m.(Upscaler)
	if !ok {
		return errors.New("sampler: the file's cascade needs a network that sees a small picture, which this one does not")
	}
	n := u.Levels()
	if n == 1 {
		return errors.New("sampler: the network of the file's cascade tells no levels of noise apart; give it a class embedding of type timestep")
	}
	if n > 0 && (c.Limit == 0 || c.Limit >= n) {
		c.Limit = n - 1
	}
	return nil
}

// AccompanyBase makes the first stage of a cascade available, if it fits: it is the one that the file names, and has the same classes and
// channels, and a whole fraction of the size.
func (info *Info) AccompanyBase(s Stage) error {
	fail := func(reason string) error {
		return errors.New("sampler: the model " + strconv.Quote(s.Info.Name) + " " + reason + " the cascade " + strconv.Quote(info.Name))
	}
	b := &s.Info
	switch {
	case info.Cascade == nil || info.Cascade.Base != b.Name || b.Cascade != nil:
		return fail("is not the first stage of")
	case b.Channels != info.Channels || info.Height%b.Height != 0 || info.Width != info.Height/b.Height*b.Width:
		return fail("makes pictures of another shape than those that begin")
	case len(b.Classes) != len(info.Classes):
		return fail("has other classes than")
	}
	for i, name := range info.Classes {
		if b.Classes[i] != name {
			return fail("has other classes than")
		}
	}
	info.Stage = &s
	return nil
}

// takeBase checks what a recipe of a cascade asks for, and resolves the recipe of its first stage.
func (s *Settings) takeBase(info Info) error {
	c := info.Cascade
	if c == nil {
		s.Augmentation, s.BaseSteps = -1, 0
		return nil
	}
	most := info.Scheduler.NumTrainTimesteps - 1
	if c.Limit > 0 {
		most = min(most, c.Limit)
	}
	switch {
	case info.Stage == nil:
		return &RecipeError{"m", "the model " + info.Name + " begins with pictures of " + strconv.Quote(c.Base) + ", which is not loaded"}
	case s.Image != "":
		return &RecipeError{"image", "image does not go with " + info.Name + ", which begins with a small picture of its own"}
	case s.Steering > 0:
		return &RecipeError{"cg", "cg does not go with " + info.Name + ", whose stages have pictures of different sizes"}
	case s.Augmentation > most:
		return &RecipeError{"aug", "aug is " + strconv.Itoa(s.Augmentation) + " but the model " + info.Name + " knows timesteps up to " + strconv.Itoa(most)}
	}
	if s.BaseSteps == 0 {
		s.BaseSteps = s.Steps
	}
	s.standard[keyBaseSteps] = strconv.Itoa(s.Steps)
	_, err := Resolve(s.baseRecipe(c.Base), info.Stage.Info)
	return err
}

// baseRecipe is the recipe of the first stage: every key as the cascade has it, so that no default of the first stage's file counts.
func (s *Settings) baseRecipe(name string) Recipe {
	r := Recipe{values: s.texts()}
	r.values[keyModel], r.values[keySteps] = name, strconv.Itoa(s.BaseSteps)
	r.values[keyAugmentation], r.values[keyBaseSteps], r.values[keyHash] = "", "", ""
	if s.Reading == s.standard[keyReading] { // the stages were trained to different ones
		r.values[keyReading] = ""
	}
	return r
}

// Streams of noise of a picture, so that no two stages share theirs.
const (
	streamFirst   = 0
	streamSecond  = 1 << 31
	streamAugment = 3 << 30
)

// upscaling is a trajectory's source in the second stage.
type upscaling struct {
	model   Upscaler
	level   int
	x, low  []float32 // [C·H·W]
	out     []float32 // [OutChannels·H·W]
	noise   func(dst []float64, draw uint32)
	augment schedule.Level // of low
	added   []float64      // [C·H·W] the noise of low
}

func newUpscaling(m Upscaler, p *plan, s *Settings, image int) *upscaling {
	c, h, w := m.Shape()
	size := c * h * w
	u := &upscaling{model: m, level: s.Augmentation, augment: p.schedule.At(s.Augmentation), noise: s.draws(image, streamSecond, size)}
	u.x, u.low, u.out = make([]float32, size), make([]float32, size), make([]float32, m.OutChannels()*h*w)
	u.added = make([]float64, size)
	s.draws(image, streamAugment, size)(u.added, 0)
	return u
}

func (u *upscaling) output(out, x []float64, t float64, _ schedule.Level) {
	for i, v := range x {
		u.x[i] = float32(v)
	}
	u.model.Upscale(u.out, u.x, u.low, t, u.level)
	for i, v := range u.out {
		out[i] = float64(v)
	}
}

func (u *upscaling) normal(dst []float64, draw uint32) { u.noise(dst, draw) }

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

// newLower prepares the first stage of picture number image.
func newLower(s *Settings, info *Info, u *upscaling, image int) (*lower, error) {
	first, err := NewTrajectory(s.baseRecipe(info.Cascade.Base), info.Stage.Info, info.Stage.Model, image)
	if err != nil {
		return nil, err
	}
	b := &info.Stage.Info
	l := &lower{Trajectory: first, source: u, factor: info.Height / b.Height, c: b.Channels, h: b.Height, w: b.Width}
	size := info.Channels * info.Height * info.Width
	l.x, l.x0, l.epsilon = make([]float64, size), make([]float64, size), make([]float64, size)
	l.pixels, l.small = make([]byte, b.Channels*b.Height*b.Width), make([]float64, b.Channels*b.Height*b.Width)
	l.enlarged()
	return l, nil
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

// condition makes what the second stage sees of the finished picture: its pixels, of 8 bits, enlarged and noised.
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
