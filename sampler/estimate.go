package sampler

import (
	"tweedie/sampler/network"
	"tweedie/sampler/solver"
)

// memory is what a self-conditioned network is shown beside the state: the x̂0 of the evaluation
// before, bounded as the recipe says.
//
// It is that of the evaluation before, not of the step before, where a step has several: so the
// authors' sampler with Heun's correction goes (lucidrains' ElucidatedDiffusion). The labels of
// guidance are one evaluation: they see the same estimate, which is that of the guided prediction.
//
// The network sees zeros at the first evaluation of a trajectory, after a
// restart, at the turn from an inversion to the generation, after a jump back to more noise, and in
// a Forward, whose states do not follow from each other.
type memory struct {
	model    network.SelfConditioned
	x0       []float64 // [C·H·W] of a solver.Evaluation, which fills it; nil in a Forward
	estimate []float32 // [C·H·W] x0 as the network sees it
}

// newMemory returns the memory of a network for pictures of size values, nil if it takes none.
func newMemory(m network.Model, size int) *memory {
	if s, ok := m.(network.SelfConditioned); ok && s.TakesEstimate() {
		return &memory{model: s, estimate: make([]float32, size)}
	}
	return nil
}

func (m *memory) predict(out [][]float32, x []float32, t float64, labels []int) {
	m.model.PredictFrom(out, x, m.seen(), t, labels)
}

// seen returns what the network is shown, nil without a memory.
func (m *memory) seen() []float32 {
	if m == nil {
		return nil
	}
	for i, v := range m.x0 {
		m.estimate[i] = float32(v)
	}
	return m.estimate
}

// remember has the sources of a trajectory see its own x̂0.
func (tr *Trajectory) remember(sources ...solver.Source) {
	for _, s := range sources {
		if g, ok := s.(*guided); ok && g.memory != nil {
			g.memory.x0, tr.remembers = tr.evaluation.X0, true
		}
	}
}

// forget drops the x̂0 that the network would see next, and the deep features.
func (tr *Trajectory) forget() {
	tr.features.forget()
	if tr.remembers {
		clear(tr.evaluation.X0)
	}
}
