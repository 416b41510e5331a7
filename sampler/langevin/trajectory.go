package langevin

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/reading"
	"tweedie/sampler/schedule"
)

// Trajectory is the walk of one picture. Each Step evaluates the network once.
type Trajectory struct {
	options Options
	network *reading.Network
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
func New(m reading.Model, o Options) (*Trajectory, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	n, err := reading.New(m, o.Label, o.Guidance)
	if err != nil {
		return nil, err
	}
	scratch := func() []float64 { return make([]float64, n.Size()) }
	tr := &Trajectory{
		options: o, network: n, perRung: o.Langevin, level: o.Ladder[0].Level, t: o.Ladder[0].T,
		x: scratch(), moved: scratch(), x0: scratch(), epsilon: scratch(), score: scratch(),
		z: scratch(), norm: norm,
	}
	tr.normal = func(dst []float64, draw uint32) { noise.Normal(dst, o.Seed, o.Image, draw) }
	if o.Predictor != NoPredictor {
		tr.perRung++
	}
	tr.steps = tr.perRung * len(o.Ladder)
	if o.Predictor == NoPredictor && o.Denoise {
		tr.steps++
	}
	tr.begin()
	return tr, nil
}

// begin fills the state with noise.
func (tr *Trajectory) begin() {
	tr.normal(tr.x, 0)
	if tr.options.Space == VE {
		for i := range tr.x {
			tr.x[i] *= tr.options.Ladder[0].Level.Noise
		}
	}
}

// Step does one step: a Langevin step, or the predictor's, or the last one to x̂0. It is false, and
// nothing is done, when all steps are done or one has failed; see Err. It allocates nothing.
func (tr *Trajectory) Step() bool {
	if tr.step >= tr.steps || tr.err != nil {
		return false
	}
	o := &tr.options
	at, k := tr.step/tr.perRung, tr.step%tr.perRung
	last := at == len(o.Ladder) // the step to x̂0
	if last {
		at--
	}
	r := &o.Ladder[at]
	if !tr.evaluate(r) {
		return false
	}
	switch {
	case last:
		copy(tr.x, tr.x0)
		tr.level = schedule.Level{Signal: 1}
	case k < o.Langevin:
		tr.langevin(r)
		if k == tr.perRung-1 && at+1 < len(o.Ladder) {
			tr.enter(&o.Ladder[at+1])
		}
	default:
		tr.predict(r, at == len(o.Ladder)-1)
	}
	if !reading.Finite(tr.x) {
		tr.err = errors.New("langevin: step " + strconv.Itoa(tr.step+1) +
			" left the range of numbers; try a smaller step size")
		return false
	}
	tr.step++
	return true
}

// evaluate evaluates the network at the state and fills x0, epsilon and score.
func (tr *Trajectory) evaluate(r *Rung) bool {
	tr.t, tr.level = r.T, r.Level
	own := r.Own
	scale := own.Signal / r.Level.Signal
	for i, v := range tr.x {
		tr.moved[i] = float64(scale * v)
	}
	said, _, ok := tr.network.Evaluate(tr.moved, r.T)
	if !ok {
		tr.err = errors.New("langevin: " + reading.Sentence(r.T))
		return false
	}
	kind := tr.options.Schedule.Config.PredictionType
	if tr.options.Schedule.Config.Solver.Network == schedule.ScoreVE {
		kind = schedule.Score
	}
	own.X0(tr.x0, tr.moved, said, kind)
	if math.IsInf(tr.options.Clip, 1) {
		own.Epsilon(tr.epsilon, tr.moved, said, kind)
	} else {
		for i, v := range tr.x0 {
			tr.x0[i] = min(max(v, -tr.options.Clip), tr.options.Clip)
		}
		own.Epsilon(tr.epsilon, tr.moved, tr.x0, schedule.Sample)
	}
	for i, e := range tr.epsilon {
		tr.score[i] = -e / r.Level.Noise // Luo 151
	}
	return true
}

// langevin is x ← x + ½α·∇log p(x) + √α·z.
func (tr *Trajectory) langevin(r *Rung) {
	o := &tr.options
	tr.normal(tr.z, uint32(tr.step)+1)
	alpha := o.Size
	switch o.Rule {
	case Scaled:
		ratio := r.Level.Noise / o.Ladder[len(o.Ladder)-1].Level.Noise
		alpha = o.Size * ratio * ratio
	case SignalToNoise:
		ratio := float64(o.Size * tr.norm(tr.z) / tr.norm(tr.score))
		alpha = 4 * float64(ratio*ratio)
		if o.Space == VP { // 1 − β of the step to the next rung
			keep := r.From.Signal / r.To.Signal
			alpha *= float64(keep * keep)
		}
	}
	drift, stdDev := 0.5*alpha, math.Sqrt(alpha)
	for i := range tr.x {
		tr.x[i] += float64(drift*tr.score[i]) + float64(stdDev*tr.z[i])
	}
}

// enter gives the state the scale of the next rung. In VE all rungs have one scale; in VP this
// makes annealing the same walk as in VE, in other coordinates.
func (tr *Trajectory) enter(next *Rung) {
	if scale := next.Level.Signal / tr.level.Signal; scale != 1 {
		for i := range tr.x {
			tr.x[i] *= scale
		}
	}
	tr.level = next.Level
}

// predict is one step of the reverse SDE from r.From to r.To: x ← state·x + drift·∇log p(x) +
// stdDev·z.
//
// VE: drift σ² − σ'² (Song et al., arXiv:2011.13456, algorithm 2). VP with B = log(ᾱ'/ᾱ), the
// integral of β: Euler–Maruyama has the state 1 + B/2 and the drift B; reverse diffusion, with β =
// 1 − ᾱ/ᾱ', the state 2 − √(1−β) and the drift β (algorithm 3). The variance of the noise is the
// drift.
func (tr *Trajectory) predict(r *Rung, last bool) {
	state, drift := 1.0, 0.0
	keep := r.From.Signal / r.To.Signal
	switch {
	case tr.options.Space == VE:
		drift = float64(r.From.Noise*r.From.Noise) - float64(r.To.Noise*r.To.Noise)
	case tr.options.Predictor == EulerMaruyama:
		drift = -2 * portable.Log(keep)
		state = 1 + float64(0.5*drift)
	default:
		drift = 1 - float64(keep*keep)
		state = 2 - keep
	}
	stdDev := math.Sqrt(drift)
	if last && tr.options.Denoise {
		stdDev = 0
	}
	tr.normal(tr.z, uint32(tr.step)+1)
	for i := range tr.x {
		tr.x[i] = float64(state*tr.x[i]) + float64(drift*tr.score[i]) + float64(stdDev*tr.z[i])
	}
	tr.level = r.To
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, e := range v {
		sum += float64(e * e)
	}
	return math.Sqrt(sum)
}

// Restart makes x, [C,H,W], the state before step number `step`, 0 for the first, and forgets an
// error. It panics if the length or the step does not fit.
func (tr *Trajectory) Restart(step int, x []float64) {
	if step < 0 || step > tr.steps || len(x) != len(tr.x) {
		panic("langevin: restart with a step or a state that does not fit the walk")
	}
	at := min(step/tr.perRung, len(tr.options.Ladder)-1)
	tr.step, tr.err = step, nil
	tr.level, tr.t = tr.options.Ladder[at].Level, tr.options.Ladder[at].T
	copy(tr.x, x)
}

// Steps is the number of steps.
func (tr *Trajectory) Steps() int { return tr.steps }

// Done is the number of finished steps.
func (tr *Trajectory) Done() int { return tr.step }

// Image is the number of the picture in its noise.
func (tr *Trajectory) Image() int { return int(tr.options.Image) }

// T is the training timestep of the last evaluation, rounded; before the first one, of that one.
func (tr *Trajectory) T() int { return int(math.Floor(tr.t + 0.5)) }

// Level is the noise level of the state X. X/√(Signal² + Noise²) has the size of a picture in both
// spaces.
func (tr *Trajectory) Level() schedule.Level { return tr.level }

// X is the state after the last step: [C,H,W], row-major. It, X0, Epsilon and Score must not be
// changed and stay valid until the next Step.
func (tr *Trajectory) X() []float64 { return tr.x }

// X0 is the clean picture that the network saw in the state before the last step, by Tweedie's
// formula; zero before the first.
func (tr *Trajectory) X0() []float64 { return tr.x0 }

// Epsilon is the noise that it saw.
func (tr *Trajectory) Epsilon() []float64 { return tr.epsilon }

// Score is ∇ log p of the state before the last step, in the coordinates of the space.
func (tr *Trajectory) Score() []float64 { return tr.score }

// Err is why Step ended early, nil otherwise.
func (tr *Trajectory) Err() error { return tr.err }
