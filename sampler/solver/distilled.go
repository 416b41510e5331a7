package solver

import (
	"math"
	"strconv"

	"tweedie/sampler/schedule"
)

// distilledSteps returns the timesteps of LCM and TCD. The network was distilled at every
// ⌊T/original_inference_steps⌋-th timestep, counted from the last; the plan's steps are an even
// selection of these.
func (p *Plan) distilledSteps() ([]int, error) {
	T, original := p.schedule.T(), min(p.schedule.Config.Solver.OriginalSteps, p.schedule.T())
	if p.Steps > original {
		return nil, Refuse("steps", "steps is "+strconv.Itoa(p.Steps)+" but "+p.Sampler+
			" has at most the "+strconv.Itoa(original)+
			" steps that the network was distilled for")
	}
	ts := make([]int, p.Steps)
	for i := range ts {
		index := int(math.Floor(float64(i) * (float64(original) / float64(p.Steps))))
		ts[i] = (original-index)*(T/original) - 1
	}
	return ts, p.checkSignal(ts[0])
}

// newLCM is the sampling of latent consistency models (Luo et al., arXiv:2310.04378, algorithm 3):
// each step noises x̂0 to the next level. The boundary condition skip·x + out·x̂0 makes the
// prediction x itself at timestep 0.
func newLCM(p *Plan) (Solver, error) {
	ts, err := p.distilledSteps()
	if err != nil {
		return nil, err
	}
	t := &table{space: preserving, of: readX0, initial: 1}
	for i, at := range ts {
		scaled := float64(at) * p.schedule.Config.Solver.TimestepScaling
		const data2 = 0.25
		total := float64(scaled*scaled) + data2
		skip, out := data2/total, scaled/math.Sqrt(total)
		to := schedule.Level{Signal: 1}
		if i+1 < len(ts) {
			to = p.schedule.At(ts[i+1])
		}
		t.ask(p.trainedNode(at), linear(to.Signal*skip, to.Noise, to.Signal*out))
		t.end()
	}
	return t.finish(0), nil
}

// newTCD is strategic stochastic sampling of trajectory consistency models (Zheng et al.,
// arXiv:2402.19159, algorithm 2): DDIM's step to (1−η) times the next timestep, then noise up to
// the next timestep.
func newTCD(p *Plan) (Solver, error) {
	ts, err := p.distilledSteps()
	if err != nil {
		return nil, err
	}
	t := &table{space: preserving, of: readNoise, initial: 1}
	for i, at := range ts {
		next := 0
		if i+1 < len(ts) {
			next = ts[i+1]
		}
		through, to := p.schedule.At(int(math.Floor((1-p.Eta)*float64(next)))), p.schedule.At(next)
		r := t.pseudo(p.schedule.At(at), through, term{0, 1})
		if p.Eta > 0 && i+1 < len(ts) {
			ratio := to.Signal / through.Signal
			r.state *= ratio
			r.terms[0].weight *= ratio
			r.stdDev = math.Sqrt(max(1-float64(ratio*ratio), 0))
		}
		t.ask(p.trainedNode(at), r)
		t.end()
	}
	return t.finish(p.schedule.At(0).Sigma()), nil
}

// newConsistency is multistep consistency sampling (Song et al., arXiv:2303.01469, algorithm 1):
// each step goes to the clean picture x̂0 and noises it to the next level. For a rectified flow it
// is diffusers' stochastic sampling.
func newConsistency(p *Plan) (Solver, error) {
	l, err := p.ladder(byIntervals)
	if err != nil {
		return nil, err
	}
	t := exponentials(p, l, readX0)
	n := l.steps()
	for i := range n {
		to := t.space.level(l.sigmas[i+1])
		if l.network == schedule.Consistency { // the clean picture has the smallest level
			low := l.sigmas[n]
			to.Noise = math.Sqrt(max(float64(l.sigmas[i+1]*l.sigmas[i+1])-float64(low*low), 0))
		}
		t.ask(l.node(t.space, i), linear(0, float64(to.Noise*p.sNoise), to.Signal))
		t.end()
	}
	return t.finish(l.sigmas[n]), nil
}
