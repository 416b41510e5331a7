package experiment

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/digits"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/lab/vae"
	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/portable"
	"tweedie/sampler/recipe"
	"tweedie/sampler/train"
)

// latent is m=latent (Rombach et al., arXiv:2112.10752): an autoencoder of digits with two numbers
// for each, and then, while the autoencoder stays as it is, a diffusion of these latents.
type latent struct {
	diffusion // of the latents; until they are there one that has learned nothing
	encoder   *vae.Training
	pictures  digits.Set
	begin     func(*codes) (diffusion, error)
	begun     bool
	last      *codes // what codes returned last
}

func newLatent(s keys.Settings, c lab.Config) (*latent, error) {
	l := &latent{pictures: digits.Pictures()}
	rule := c.Rule
	if rule.Steps > 0 {
		rule.Steps = s.EncoderSteps
	}
	var err error
	if l.encoder, err = vae.New(vae.Config{Pictures: l.pictures.Ink, Pixels: digits.Pixels,
		Seed: c.Seed, Levels: 1, Units: c.Units, Layers: c.Layers, Batch: c.Batch, Rule: rule,
		Steps: s.EncoderSteps, Kernels: c.Kernels}); err != nil {
		return nil, err
	}
	l.begin = func(of *codes) (diffusion, error) {
		return newDiffusion(&s, c, func() (*plane.Distribution, error) {
			return plane.Given(of.parts, plane.Options{})
		})
	}
	l.diffusion, err = newDiffusion(&s, c, s.Distribution)
	return l, err
}

func (l *latent) Step() bool {
	if l.encoder.Step() {
		return true
	}
	if l.encoder.Err() != nil {
		return false
	}
	if !l.begun {
		d, err := l.begin(l.codes())
		if err != nil {
			panic("experiment: " + err.Error()) // the same was made before, of other data
		}
		l.diffusion, l.begun = d, true
	}
	return l.diffusion.Step()
}

func (l *latent) Steps() int { return l.encoder.Steps() + l.diffusion.Steps() }
func (l *latent) Done() int  { return l.encoder.Done() + l.diffusion.Done() }

func (l *latent) Loss() float64 {
	if l.diffusion.Done() == 0 {
		return l.encoder.Loss()
	}
	return l.diffusion.Loss()
}

func (l *latent) Err() error { return cmp.Or(l.encoder.Err(), l.diffusion.Err()) }

func (l *latent) Tensors() []train.Tensor {
	list := l.diffusion.Tensors()
	for _, x := range l.encoder.Tensors() {
		x.Name = "autoencoder." + x.Name
		list = append(list, x)
	}
	return list
}

func (l *latent) Parameters() int { return l.encoder.Parameters() + l.diffusion.Parameters() }

// codes are the latents of all digits for training, by the autoencoder of one moment, as points of
// the plane: moved and scaled alike along both axes, so that their mean is 0 and their standard
// deviation keys.Spread (Rombach et al., appendix G).
type codes struct {
	step     int // of the autoencoder
	model    *vae.Model
	parts    []mixture.Component // q(z|x) of each digit
	mean     [2]float64          // of the latents as the autoencoder has them
	factor   float64             // from them to points
	together *plane.Distribution // of all, the aggregated posterior
}

// codes returns the present ones. The first, of weights that have just begun, are numbers.
func (l *latent) codes() *codes {
	if l.last != nil && l.last.step == l.encoder.Done() {
		return l.last
	}
	c := &codes{step: l.encoder.Done(), model: l.encoder.Model()}
	n := len(l.pictures.Classes)
	z, logVariance := make([]float64, 2*n), make([]float64, 2*n)
	c.model.Encode(z, logVariance, wide(l.pictures.Ink), 1)
	for i, v := range z {
		c.mean[i%2] += v / float64(n)
	}
	sum := 0.0
	for i, v := range z {
		d := v - c.mean[i%2]
		sum += float64(d*d) + portable.Exp(logVariance[i])
	}
	if sum-sum != 0 { // finite weights gave what is no number: the latents of before are shown
		return l.last
	}
	c.factor = keys.Spread / math.Sqrt(sum/float64(2*n))
	c.parts = make([]mixture.Component, n)
	for i := range c.parts {
		x := []float64{0, 0}
		c.points(x, z[2*i:2*i+2])
		c.parts[i] = mixture.Component{Weight: 1, Mean: x, Class: l.pictures.Classes[i],
			StdDev: c.factor * portable.Exp(0.5*logVariance[2*i])}
	}
	var err error
	if c.together, err = plane.Given(c.parts, plane.Options{}); err != nil {
		panic("experiment: " + err.Error()) // the latents are numbers
	}
	l.last = c
	return c
}

// points writes latents as points of the plane, both [n][2]; latents is the way back. dst may be
// the other.
func (c *codes) points(dst, z []float64) {
	for i, v := range z {
		dst[i] = float64((v - c.mean[i%2]) * c.factor)
	}
}

func (c *codes) latents(dst, x []float64) {
	for i, v := range x {
		dst[i] = v/c.factor + c.mean[i%2]
	}
}

func wide(x []float32) []float64 {
	all := make([]float64, len(x))
	for i, v := range x {
		all[i] = float64(v)
	}
	return all
}

// data returns the aggregated posterior of the moment.
func (l *latent) data() *plane.Distribution { return l.codes().together }

// draw draws from the prior of the autoencoder until it has learned, as one draws from it without
// a diffusion.
func (l *latent) draw(s *keys.Settings) (Drawing, recipe.Recipe, error) {
	d, own, err := l.diffusion.draw(s)
	if err != nil || l.begun {
		return d, own, err
	}
	p := &prior{t: lab.T - 1, x: make([]float64, 2*s.Points)}
	noise.Normal(p.x, s.Seed, 0, 0)
	l.codes().points(p.x, p.x)
	return p, own, nil
}

// prior is a drawing of points that are there already.
type prior struct {
	x       []float64
	t, step int
}

func (p *prior) Next() bool {
	p.step++
	return p.step == 1
}
func (p *prior) Steps() int       { return 1 }
func (p *prior) Step() int        { return min(p.step, 1) }
func (p *prior) Images() int      { return 1 }
func (p *prior) Image() int       { return 0 }
func (p *prior) T() int           { return p.t }
func (p *prior) X(int) []float64  { return p.x }
func (p *prior) X0(int) []float64 { return p.x }
func (p *prior) Err() error       { return nil }

// Decoder turns points of the plane into digits, by the autoencoder of one moment. It holds scratch
// memory, so that one value serves one goroutine.
type Decoder struct {
	codes    *codes
	pictures digits.Set
}

// Decoder returns the present decoder, and nil for a kind without one.
func (e *Experiment) Decoder() *Decoder {
	l, ok := e.kind.(*latent)
	if !ok {
		return nil
	}
	return &Decoder{l.codes(), l.pictures}
}

// Ink writes to dst, [n][digits.Pixels], how likely ink is in the digits of points x, [n][2].
func (d *Decoder) Ink(dst, x []float64) {
	z := make([]float64, len(x))
	d.codes.latents(z, x)
	d.codes.model.Ink(dst, z)
}

// Encoded returns the points that the digits for training are encoded to, [n][2], and their
// classes.
func (d *Decoder) Encoded() (points []float64, classes []int) {
	for _, part := range d.codes.parts {
		points = append(points, part.Mean...)
	}
	return points, d.pictures.Classes
}

// Nearest returns the class of the digit for training that a picture, [digits.Pixels], is nearest
// to.
func (d *Decoder) Nearest(ink []float64) (class int) {
	least := math.Inf(1)
	for i, c := range d.pictures.Classes {
		if distance := distance(ink, d.pictures.Ink[i*digits.Pixels:]); distance < least {
			least, class = distance, c
		}
	}
	return class
}

// distance returns the square distance of two pictures.
func distance(ink []float64, other []float32) (sum float64) {
	for i, v := range ink {
		d := v - float64(other[i])
		sum += float64(d * d)
	}
	return sum
}

// Shown returns what stands for the data of a recipe before anything is learned: the data, or of
// digits the ink of some.
func Shown(s *keys.Settings) (*plane.Distribution, error) {
	own, err := s.Distribution()
	if err != nil || s.Data != keys.Digits {
		return own, err
	}
	const first, count = 1, 3 // of the digits of one typeface
	d := plane.Density{Width: count * digits.Side, Height: digits.Side,
		Weights: make([]float64, count*digits.Pixels), Classes: make([]int, count*digits.Pixels)}
	all := digits.Pictures()
	for i := range d.Weights {
		row, column := i/d.Width, i%d.Width
		at := first + column/digits.Side
		v := all.Ink[at*digits.Pixels+row*digits.Side+column%digits.Side]
		d.Weights[i], d.Classes[i] = float64(v*v), all.Classes[at]
	}
	return plane.Painted(&d, own.Classes(), plane.Options{})
}

// EncoderSteps returns the number of training steps of the autoencoder, which come first; 0 without
// one.
func (e *Experiment) EncoderSteps() int {
	if l, ok := e.kind.(*latent); ok {
		return l.encoder.Steps()
	}
	return 0
}

func (l *latent) judge(e *Experiment, points []float32) iter.Seq[*Measure] {
	return func(yield func(*Measure) bool) {
		if !l.ofPictures(e, points, yield) {
			return
		}
		for m := range l.diffusion.judge(e, points) {
			if !yield(m) {
				return
			}
		}
	}
}

// ofPictures judges what points decode to, and the autoencoder by its bound. It returns false where
// yield did.
func (l *latent) ofPictures(e *Experiment, points []float32, yield func(*Measure) bool) bool {
	held := digits.HeldOut()
	if !yield(&Measure{Name: "clear", At: -1, Value: l.clear(e, points),
		Real: clear(wide(held.Ink), l.pictures, func(int) int { return -1 })}) {
		return false
	}
	z := make([]float64, 2*len(held.Classes))
	noise.Normal(z, e.Settings.Seed, streamLatents, 0)
	evidence := l.codes().model.Evidence(wide(held.Ink), z)
	for _, m := range ofEvidence(evidence) {
		if !yield(&m) {
			return false
		}
	}
	return true
}

// decoded is the number of points whose digits are compared with others, and neighbours with how
// many of the nearest.
const (
	decoded    = 300
	neighbours = 5
)

// clear returns the share of points that decode to a digit that can be told: one whose nearest
// digits for training are of one class, the one that was asked for.
func (l *latent) clear(e *Experiment, points []float32) float64 {
	n := len(points) / 2
	count := min(decoded, n)
	x, asked := make([]float64, 2*count), make([]int, count)
	for i := range count {
		at := i * n / count
		x[2*i], x[2*i+1] = float64(points[2*at]), float64(points[2*at+1])
		if asked[i] = e.Settings.Label(); asked[i] < 0 && !e.Settings.Unconditional() {
			asked[i] = at * digits.Classes / n // c=all: one cloud after another
		}
	}
	ink := make([]float64, count*digits.Pixels)
	e.Decoder().Ink(ink, x)
	return clear(ink, l.pictures, func(i int) int { return asked[i] })
}

// clear returns the share of pictures whose nearest of others are of one class. asked is the class
// that picture i has to be of, −1 for any.
func clear(ink []float64, others digits.Set, asked func(i int) int) float64 {
	n, right := len(ink)/digits.Pixels, 0
	type other struct {
		distance float64
		class    int
	}
	all := make([]other, len(others.Classes))
	for i := range n {
		own := ink[i*digits.Pixels : (i+1)*digits.Pixels]
		for j := range all {
			all[j] = other{distance(own, others.Ink[j*digits.Pixels:]), others.Classes[j]}
		}
		slices.SortStableFunc(all, func(a, b other) int {
			return cmp.Compare(a.distance, b.distance)
		})
		class := all[0].class
		same := asked(i) < 0 || asked(i) == class
		for _, o := range all[:neighbours] {
			same = same && o.class == class
		}
		if same {
			right++
		}
	}
	return float64(right) / float64(n)
}
