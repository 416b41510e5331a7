package solver

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// rungeKutta is the embedded Runge–Kutta method of orders 5 and 4 of Dormand and Prince (J. Comput.
// Appl. Math. 6, 1980, 19–26), which is dopri5 of torchdyn and RK45 of SciPy: what flow matching
// and score SDEs are usually solved with (Lipman et al., arXiv:2210.02747, section 6; Song et al.,
// arXiv:2011.13456, appendix D.4). The length of its steps is chosen by the error, as in Hairer,
// Nørsett and Wanner, Solving Ordinary Differential Equations I, section II.4.
//
// A rectified flow is solved in σ. For other networks the variable is the angle u of the state
// cos(u)·x0 + sin(u)·ε, so σ = tan(u): dx/du is v̂ = cos(u)·ε̂ − sin(u)·x̂0, which is of one size
// on the whole way (Lu and Song, arXiv:2410.11081, section 3).
//
// The recipe's steps do not set the solver's steps. They divide the variable into equal parts, and
// the state is shown at the end of each.
type rungeKutta struct {
	lens
	space    space // straight or preserving
	timeOf   func(sigma float64) float64
	from, to float64 // of the variable, for the steps by error; then Euler's goes to 0
	views    int     // parts of the way after which the state is shown

	at     float64     // of the state; infinite before the beginning
	length float64     // by which the variable falls in the next step; 0 before the first
	nfe    int         // evaluations
	node   node        // of the current evaluation
	slopes [][]float64 // [stages][C·H·W]
	last   []float64   // [C·H·W] the state to which slopes[0] belongs
	next   []float64   // the state after the step
	fresh  bool        // slopes[0] is that of last
	// x̂0 and ε̂ at the state, for what is shown: the last evaluation may be of a step that was
	// refused, and a step of the recipe may pass without one.
	x0, epsilon []float64
}

// The method's table: times, weights of the stages, and of the difference between the solutions of
// orders 5 and 4. The last stage is the slope at the result, with which the next step begins.
var (
	rungeKuttaAt    = []float64{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1}
	rungeKuttaStage = [][]float64{
		{},
		{1. / 5},
		{3. / 40, 9. / 40},
		{44. / 45, -56. / 15, 32. / 9},
		{19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
		{9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
		{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
	}
	rungeKuttaError = []float64{71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200,
		22. / 525, -1. / 40}
)

// Limits of the method: the tolerance, absolute and relative; how much of the length that just
// keeps it is used, and by how much the length may change at once; and how many tries in a row may
// fail.
const (
	rungeKuttaTolerance = 1e-4
	rungeKuttaSafety    = 0.9
	rungeKuttaLeast     = 0.2
	rungeKuttaMost      = 10
	rungeKuttaTries     = 100
	rungeKuttaRest      = 1e-3 // σ from which one step of Euler's goes to 0
)

func newRungeKutta(p *Plan) (Solver, error) {
	// From the first to the last level of training, whatever the number of steps.
	whole := *p
	whole.Steps, whole.Spacing = p.schedule.T(), schedule.Linspace
	whole.Sigmas, whole.Final = schedule.Spaced, schedule.FinalMin
	l, err := whole.ladder(byPoints)
	if err != nil {
		return nil, err
	}
	r := &rungeKutta{lens: l.lens, space: preserving, timeOf: l.timeOf, views: p.Steps}
	high, low := whole.sigmaRange(l)
	if l.sloped() == straight {
		r.space, r.from, r.to = straight, high, rungeKuttaRest
	} else {
		r.from, r.to = portable.Atan(high), portable.Atan(low)
	}
	return r, nil
}

// sigma returns the noise level of a value of the variable.
func (r *rungeKutta) sigma(at float64) float64 {
	if r.space == straight {
		return at
	}
	sin, cos := portable.Sincos(at)
	return sin / cos
}

func (r *rungeKutta) Clone(size int) Solver {
	c := *r
	c.slopes = make([][]float64, len(rungeKuttaAt))
	for i := range c.slopes {
		c.slopes[i] = make([]float64, size)
	}
	c.last, c.next = make([]float64, size), make([]float64, size)
	c.x0, c.epsilon = make([]float64, size), make([]float64, size)
	c.at, c.length, c.fresh = math.Inf(1), 0, false
	return &c
}

func (r *rungeKutta) Start() Start {
	high := r.sigma(r.from)
	b := Start{T: r.timeOf(high), Scale: r.space.level(high).Noise, Draws: 1,
		End: schedule.Level{Signal: 1}}
	for i := range r.views + 1 {
		b.Shown = append(b.Shown, 1)
		if i < r.views {
			sigma := r.sigma(r.mark(i))
			b.Marks = append(b.Marks, Mark{r.timeOf(sigma), r.space.level(sigma)})
		}
	}
	return b
}

// mark returns the variable at the end of the first i views.
func (r *rungeKutta) mark(i int) float64 {
	if i == r.views {
		return r.to
	}
	return r.from + float64(float64(i)/float64(r.views)*(r.to-r.from))
}

func (r *rungeKutta) Step(i int, x []float64, e *Evaluation) {
	if math.IsInf(r.at, 1) {
		r.at = r.mark(i)
	}
	if r.fresh && !slices.Equal(r.last, x) { // something has changed the state
		r.fresh = false
	}
	for tries := 0; r.at > r.mark(i+1) && e.Err == nil; tries++ {
		if r.try(x, e) {
			tries = 0
		}
		if tries == rungeKuttaTries {
			e.Err = errors.New("solver: rk45 refused a step " + strconv.Itoa(tries) +
				" times; choose a sampler with fixed steps")
		}
	}
	if i == r.views-1 && e.Err == nil {
		r.finish(x, e)
	}
	copy(e.X0, r.x0)
	copy(e.Epsilon, r.epsilon)
}

// finish is a step of Euler's to σ = 0, where ε̂ is not defined.
func (r *rungeKutta) finish(x []float64, e *Evaluation) {
	r.slope(x, e)
	r.combine(e, x, x, -r.at, []float64{1})
	r.at, r.fresh = 0, false
}

// slope sets slopes[0] to that of state x.
func (r *rungeKutta) slope(x []float64, e *Evaluation) {
	if r.fresh {
		return
	}
	r.look(0, x, r.at, e)
	r.fresh = e.Err == nil
	copy(r.last, x)
	r.keep(e)
}

// keep takes what the last evaluation gave, which was of the state.
func (r *rungeKutta) keep(e *Evaluation) {
	copy(r.x0, e.X0)
	copy(r.epsilon, e.Epsilon)
}

// try takes a step if its error is small enough, and adjusts the length of the next one. It reports
// whether the step was taken.
func (r *rungeKutta) try(x []float64, e *Evaluation) bool {
	r.slope(x, e)
	if r.length == 0 {
		r.begin(x)
	}
	to := max(r.to, r.at-r.length)
	h := to - r.at
	for k := 1; k < len(r.slopes); k++ {
		if e.Err != nil {
			return false
		}
		r.combine(e, r.next, x, h, rungeKuttaStage[k])
		at := r.at + float64(rungeKuttaAt[k]*h)
		if rungeKuttaAt[k] == 1 {
			at = to
		}
		r.look(k, r.next, at, e)
	}
	if e.Err != nil {
		return false
	}
	err := r.error(x, h)
	factor := float64(rungeKuttaMost)
	if err > 0 {
		factor = rungeKuttaSafety * portable.Pow(err, -1./5)
		factor = min(rungeKuttaMost, max(rungeKuttaLeast, factor))
	}
	r.length = float64(-h * factor)
	if err > 1 {
		return false
	}
	copy(x, r.next)
	copy(r.last, x)
	r.keep(e)
	r.slopes[0], r.slopes[6] = r.slopes[6], r.slopes[0]
	r.at = to
	return true
}

// begin chooses the length of the first step, in which an explicit step of Euler's would change the
// state by a hundredth of its size (Hairer et al., II.4, first part of their starting step).
func (r *rungeKutta) begin(x []float64) {
	size, slope := 0.0, 0.0
	for j, v := range x {
		scale := rungeKuttaTolerance + float64(rungeKuttaTolerance*math.Abs(v))
		a, b := v/scale, r.slopes[0][j]/scale
		size += float64(a * a)
		slope += float64(b * b)
	}
	r.length = 1e-6
	if size > 0 && slope > 0 {
		r.length = 0.01 * math.Sqrt(size/slope)
	}
}

// error is the root mean square of the difference between both solutions of a step, by the
// tolerance.
func (r *rungeKutta) error(x []float64, h float64) float64 {
	sum := 0.0
	for j, v := range x {
		d := 0.0
		for k := range r.slopes {
			d += float64(rungeKuttaError[k] * r.slopes[k][j])
		}
		largest := max(math.Abs(v), math.Abs(r.next[j]))
		d *= h / (rungeKuttaTolerance + float64(rungeKuttaTolerance*largest))
		sum += float64(d * d)
	}
	return math.Sqrt(sum / float64(len(x)))
}

// look evaluates the network at state x of the variable and keeps the slope in slopes[k].
func (r *rungeKutta) look(k int, x []float64, at float64, e *Evaluation) {
	sigma := r.sigma(at)
	level := r.space.level(sigma)
	r.lens.fill(&r.node, level, sigma, r.timeOf(sigma))
	e.look(x, &r.node)
	r.nfe++
	e.read(r.slopes[k], r.slopeOf(), level)
}

// slopeOf says what the slopes are.
func (r *rungeKutta) slopeOf() quantity {
	if r.space == straight {
		return readSlope
	}
	return readV
}

// combine writes x + h·Σ weights[k]·slopes[k] to dst.
func (r *rungeKutta) combine(e *Evaluation, dst, x []float64, h float64, weights []float64) {
	var lines []int
	if w := e.Working; w != nil {
		lines = append(lines, w.State(x))
		for k, weight := range weights {
			line := working.One
			if weight != 0 {
				line = w.Find(quantities[r.slopeOf()], 1, r.slopes[k])
			}
			lines = append(lines, line)
		}
	}
	for j, v := range x {
		sum := 0.0
		for k, w := range weights {
			sum += float64(w * r.slopes[k][j])
		}
		dst[j] = v + float64(h*sum)
	}
	if w := e.Working; w != nil {
		w.Sum(working.X, dst)
		w.Times(1, lines[0])
		for k, weight := range weights {
			w.Times(h*weight, lines[1+k])
		}
	}
}

func (r *rungeKutta) Copied() Solver {
	c := *r
	c.slopes = copiedAll(r.slopes)
	c.last, c.next = slices.Clone(r.last), slices.Clone(r.next)
	c.x0, c.epsilon = slices.Clone(r.x0), slices.Clone(r.epsilon)
	return &c
}

func (r *rungeKutta) Held() int { return 11 * len(r.last) }
