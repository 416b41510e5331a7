package langevin

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/conditional"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// Walk is the way of one picture. Each Step evaluates the network once.
type Walk struct {
	options Options
	network *conditional.Network
	perRung int // steps on each rung
	steps   int
	step    int
	t       float64
	level   schedule.Level
	x       []float64 // [C·H·W] the state
	moved   []float64 // [C·H·W] the state as the network sees it
	x0      []float64 // [C·H·W] x̂0
	epsilon []float64 // [C·H·W] ε̂
	score   []float64 // [C·H·W] ∇ log p(x)
	z       []float64 // [C·H·W] the step's noise
	err     error

	normal func(dst []float64, draw uint32) // unit noise: draw 0 for the first state, 1+i of step i
	norm   func(v []float64) float64        // ‖v‖ of a picture
}

// New prepares a walk, with noise of the first rung as its state: σ·z in VE, z in VP.
func New(m conditional.Model, o Options) (*Walk, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	n, err := conditional.New(m, o.Label, o.Guidance)
	if err != nil {
		return nil, err
	}
	scratch := func() []float64 { return make([]float64, n.Size()) }
	w := &Walk{
		options: o, network: n, perRung: o.Langevin, level: o.Ladder[0].Level, t: o.Ladder[0].T,
		x: scratch(), moved: scratch(), x0: scratch(), epsilon: scratch(), score: scratch(),
		z: scratch(), norm: portable.Norm,
	}
	w.normal = func(dst []float64, draw uint32) { noise.Normal(dst, o.Seed, o.Image, draw) }
	if o.Predictor != NoPredictor {
		w.perRung++
	}
	w.steps = w.perRung * len(o.Ladder)
	if o.Predictor == NoPredictor && o.Denoise {
		w.steps++
	}
	w.begin()
	return w, nil
}

// begin fills the state with noise.
func (w *Walk) begin() {
	w.normal(w.x, 0)
	if w.options.Space == VE {
		for i := range w.x {
			w.x[i] *= w.options.Ladder[0].Level.Noise
		}
	}
}

// Step does one step: a Langevin step, or the predictor's, or the last one to x̂0. It is false, and
// nothing is done, when all steps are done or one has failed; see Err. It allocates nothing.
func (w *Walk) Step() bool {
	if w.step >= w.steps || w.err != nil {
		return false
	}
	o := &w.options
	at, k := w.step/w.perRung, w.step%w.perRung
	last := at == len(o.Ladder) // the step to x̂0
	if last {
		at--
	}
	r := &o.Ladder[at]
	if !w.evaluate(r) {
		return false
	}
	switch {
	case last:
		copy(w.x, w.x0)
		w.level = schedule.Level{Signal: 1}
	case k < o.Langevin:
		w.langevin(r)
		if k == w.perRung-1 && at+1 < len(o.Ladder) {
			w.enter(&o.Ladder[at+1])
		}
	default:
		w.predict(r, at == len(o.Ladder)-1)
	}
	if !conditional.Finite(w.x) {
		w.err = errors.New("langevin: step " + strconv.Itoa(w.step+1) +
			" left the range of numbers; try a smaller step size")
		return false
	}
	w.step++
	return true
}

// evaluate evaluates the network at the state and fills x0, epsilon and score.
func (w *Walk) evaluate(r *Rung) bool {
	w.t, w.level = r.T, r.Level
	own := r.Own
	scale := own.Signal / r.Level.Signal
	for i, v := range w.x {
		w.moved[i] = float64(scale * v)
	}
	said, _, ok := w.network.Evaluate(w.moved, r.T)
	if !ok {
		w.err = errors.New("langevin: " + conditional.Sentence(r.T))
		return false
	}
	kind := w.options.Schedule.Config.PredictionType
	if w.options.Schedule.Config.Solver.Network == schedule.ScoreVE {
		kind = schedule.Score
	}
	own.X0(w.x0, w.moved, said, kind)
	if math.IsInf(w.options.Clip, 1) {
		own.Epsilon(w.epsilon, w.moved, said, kind)
	} else {
		for i, v := range w.x0 {
			w.x0[i] = min(max(v, -w.options.Clip), w.options.Clip)
		}
		own.Epsilon(w.epsilon, w.moved, w.x0, schedule.Sample)
	}
	for i, e := range w.epsilon {
		w.score[i] = -e / r.Level.Noise // Luo 151
	}
	return true
}

// langevin is x ← x + ½α·∇log p(x) + √α·z.
func (w *Walk) langevin(r *Rung) {
	o := &w.options
	w.normal(w.z, uint32(w.step)+1)
	alpha := o.Size
	switch o.Rule {
	case Scaled:
		ratio := r.Level.Noise / o.Ladder[len(o.Ladder)-1].Level.Noise
		alpha = o.Size * ratio * ratio
	case SignalToNoise:
		ratio := float64(o.Size * w.norm(w.z) / w.norm(w.score))
		alpha = 4 * float64(ratio*ratio)
		if o.Space == VP { // 1 − β of the step to the next rung
			keep := r.From.Signal / r.To.Signal
			alpha *= float64(keep * keep)
		}
	}
	drift, stdDev := 0.5*alpha, math.Sqrt(alpha)
	for i := range w.x {
		w.x[i] += float64(drift*w.score[i]) + float64(stdDev*w.z[i])
	}
}

// enter gives the state the scale of the next rung. In VE all rungs have one scale; in VP this
// makes annealing the same walk as in VE, in other coordinates.
func (w *Walk) enter(next *Rung) {
	if scale := next.Level.Signal / w.level.Signal; scale != 1 {
		for i := range w.x {
			w.x[i] *= scale
		}
	}
	w.level = next.Level
}

// predict is one step of the reverse SDE from r.From to r.To: x ← state·x + drift·∇log p(x) +
// stdDev·z.
//
// VE: drift σ² − σ'² (Song et al., arXiv:2011.13456, algorithm 2). VP with B = log(ᾱ'/ᾱ), the
// integral of β: Euler–Maruyama has the state 1 + B/2 and the drift B; reverse diffusion, with β =
// 1 − ᾱ/ᾱ', the state 2 − √(1−β) and the drift β (algorithm 3). The variance of the noise is the
// drift.
func (w *Walk) predict(r *Rung, last bool) {
	state, drift := 1.0, 0.0
	keep := r.From.Signal / r.To.Signal
	switch {
	case w.options.Space == VE:
		drift = float64(r.From.Noise*r.From.Noise) - float64(r.To.Noise*r.To.Noise)
	case w.options.Predictor == EulerMaruyama:
		drift = -2 * portable.Log(keep)
		state = 1 + float64(0.5*drift)
	default:
		drift = 1 - float64(keep*keep)
		state = 2 - keep
	}
	stdDev := math.Sqrt(drift)
	if last && w.options.Denoise {
		stdDev = 0
	}
	w.normal(w.z, uint32(w.step)+1)
	for i := range w.x {
		w.x[i] = float64(state*w.x[i]) + float64(drift*w.score[i]) + float64(stdDev*w.z[i])
	}
	w.level = r.To
}

// Restart makes x, [C,H,W], the state before step number `step`, 0 for the first, and forgets an
// error. It panics if the length or the step does not fit.
func (w *Walk) Restart(step int, x []float64) {
	if step < 0 || step > w.steps || len(x) != len(w.x) {
		panic("langevin: restart with a step or a state that does not fit the walk")
	}
	at := min(step/w.perRung, len(w.options.Ladder)-1)
	w.step, w.err = step, nil
	w.level, w.t = w.options.Ladder[at].Level, w.options.Ladder[at].T
	copy(w.x, x)
}

// Steps is the number of steps.
func (w *Walk) Steps() int { return w.steps }

// Done is the number of finished steps.
func (w *Walk) Done() int { return w.step }

// Image is the number of the picture in its noise.
func (w *Walk) Image() int { return int(w.options.Image) }

// T is the training timestep of the last evaluation, rounded; before the first one, of that one.
func (w *Walk) T() int { return int(math.Floor(w.t + 0.5)) }

// Level is the noise level of the state X. X/√(Signal² + Noise²) has the size of a picture in both
// spaces.
func (w *Walk) Level() schedule.Level { return w.level }

// X is the state after the last step: [C,H,W], row-major. It, X0, Epsilon and Score must not be
// changed and stay valid until the next Step.
func (w *Walk) X() []float64 { return w.x }

// X0 is the clean picture that the network saw in the state before the last step, by Tweedie's
// formula; zero before the first.
func (w *Walk) X0() []float64 { return w.x0 }

// Epsilon is the noise that it saw.
func (w *Walk) Epsilon() []float64 { return w.epsilon }

// Score is ∇ log p of the state before the last step, in the coordinates of the space.
func (w *Walk) Score() []float64 { return w.score }

// Err is why Step ended early, nil otherwise.
func (w *Walk) Err() error { return w.err }
