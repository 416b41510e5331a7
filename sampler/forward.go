package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/picture"
)

// Forward is the noising of one picture, q(x_t | x_0) (Luo 70): first the picture itself, and then the states at the noise levels of a
// recipe's steps, from the last to the first, all with the noise that the recipe's own run begins with. In each it shows what the network
// sees. State k+1 is the one from which a run of that recipe and picture begins that takes k of its steps, up to
// the rounding of solvers that keep their state in another scale.
type Forward struct {
	plan       *plan
	evaluation evaluation
	image      int
	step       int
	known, z   []float64 // [C·H·W] the picture and the noise
	x          []float64
}

// NewForward prepares picture number image of a recipe; what the recipe says of a picture to begin with does not matter. pixels are those of
// the picture, [H,W,C].
func NewForward(r Recipe, info Info, m Model, image int, pixels []byte) (*Forward, error) {
	for _, k := range []key{keyImage, keyMask, keyStrength, keyResample, keyJump, keyInvert} {
		r.values[k] = ""
	}
	s, err := Resolve(r, info)
	if err != nil {
		return nil, err
	}
	if info.Cascade != nil {
		return nil, &RecipeError{"m", "m is " + info.Name + ", which makes its pictures in two stages; only for a model of one can a picture be noised"}
	}
	if image < 0 || image >= s.Images {
		return nil, errors.New("sampler: there is no picture " + strconv.Itoa(image) + " in a recipe of " + strconv.Itoa(s.Images))
	}
	p, _, err := prepare(&s, info, m, Inputs{})
	if err != nil {
		return nil, err
	}
	c, h, w := m.Shape()
	size := c * h * w
	if len(pixels) != size {
		return nil, errors.New("sampler: the picture has " + strconv.Itoa(len(pixels)) + " bytes but the model " + info.Name + " makes pictures of " + strconv.Itoa(size))
	}
	from := newNetwork(m, &s, image)
	f := &Forward{plan: p, image: image, evaluation: newEvaluation(p, from, size, m.OutChannels()*h*w)}
	f.known, f.z, f.x = make([]float64, size), make([]float64, size), make([]float64, size)
	picture.Values(f.known, pixels, c, h, w)
	copy(f.x, f.known)
	from.normal(f.z, 0)
	return f, nil
}

// Step goes to the next state. It is false, and nothing is done, when there is none or one has failed; see Err. It allocates nothing but a
// node.
func (f *Forward) Step() bool {
	e := &f.evaluation
	if f.step == f.Steps() || e.err != nil {
		return false
	}
	if f.step == 0 {
		copy(e.x0, f.known)
		f.step++
		return true
	}
	at := f.plan.start.marks[f.Steps()-1-f.step]
	for i, v := range f.known {
		f.x[i] = float64(at.level.Signal*v) + float64(at.level.Noise*f.z[i])
	}
	e.look(f.x, f.plan.lens.nodeAt(at.level, at.level.Sigma(), at.t))
	if e.err != nil {
		return false
	}
	f.step++
	return true
}

// Steps is the number of states: that of the recipe's steps, and the picture itself.
func (f *Forward) Steps() int { return len(f.plan.start.marks) + 1 }

// Image is the number of the picture in its recipe.
func (f *Forward) Image() int { return f.image }

// T is the training timestep of the state, −1 for the picture itself.
func (f *Forward) T() int {
	if f.step < 2 {
		return -1
	}
	return int(f.plan.start.marks[f.Steps()-f.step].t + 0.5)
}

// AlphaBar is ᾱ of the state, 1 of the picture itself.
func (f *Forward) AlphaBar() float64 {
	if f.step < 2 {
		return 1
	}
	levels := f.plan.schedule.AlphaBar
	return levels[max(0, min(f.T(), len(levels)-1))]
}

// X is the state, as the network sees it, and X0 and Epsilon what the network sees in it; of the picture itself that is the picture and no
// noise. They must not be changed and stay valid until the next Step.
func (f *Forward) X() []float64       { return f.x }
func (f *Forward) X0() []float64      { return f.evaluation.x0 }
func (f *Forward) Epsilon() []float64 { return f.evaluation.epsilon }

// Err is why Step ended early, nil otherwise.
func (f *Forward) Err() error { return f.evaluation.err }
