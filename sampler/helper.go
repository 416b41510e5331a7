package sampler

import "tweedie/sampler/network"

// Pass is a part of an evaluation that can be made elsewhere: the output of a network for one
// label, or the gradient of a classifier. It depends on the weights and on these fields alone, so
// every worker with the weights computes the same bits.
type Pass struct {
	Of    string    // name of the network or the classifier
	X     []float32 // [C·H·W] the state as the network sees it
	T     float64   // training timestep
	Label int       // a class, or network.NoClass
}

// Make makes the pass with the network that it names, or with the classifier where that is nil. It
// panics if the state does not fit.
func (p *Pass) Make(m network.Model, classifier network.Classifier) []float32 {
	var c, h, w int
	if m == nil {
		c, h, w = classifier.Shape()
	} else {
		c, h, w = m.Shape()
	}
	if len(p.X) != c*h*w {
		panic("sampler: a pass with a state of another size")
	}
	if m == nil {
		out := make([]float32, c*h*w)
		classifier.Gradient(out, p.X, p.T, p.Label)
		return out
	}
	out := make([]float32, m.OutChannels()*h*w)
	m.Predict([][]float32{out}, p.X, p.T, []int{p.Label})
	return out
}

// Helper makes one pass of an evaluation while the run makes the others. It is asked for one pass
// at a time. It is no interface, whose implementation the linker would keep whole.
type Helper struct {
	// Ask hands over a pass, which is valid until Ask returns. It returns false if the run had
	// better make the pass itself.
	Ask func(*Pass) bool
	// Answer waits for the pass and writes it to out. It returns false, and leaves out in any
	// state, if nobody makes it any more.
	Answer func(out []float32) bool
}

// Assist has a helper make a part of each evaluation that has several passes. It returns false, and
// does nothing, where no picture of the run has such evaluations. Steps have the same bits with a
// helper and without; h may be nil.
func (r *Run) Assist(h *Helper) bool {
	several := false
	for _, p := range r.pictures {
		if tr, ok := p.(*Trajectory); ok && tr.assist(h) {
			several = true
		}
	}
	return several
}

// assist is Assist of one picture.
func (tr *Trajectory) assist(h *Helper) bool {
	several := tr.lower != nil && tr.lower.assist(h)
	for i := range tr.parts {
		g, ok := tr.parts[i].sources[0].(*guided)
		if ok && (len(g.labels) > 1 && g.stateless() || g.steering != nil) {
			g.helper, several = h, true
		}
	}
	return several
}

// evaluate makes the passes of an evaluation at timestep t: the network's for all labels, and the
// gradient of the classifier if it steers. The last of them is the helper's, if there is one. The
// network has its labels together where their answers depend on more than the state.
func (n *guided) evaluate(t float64, labels []int, steers bool) {
	here, s, p := len(labels), n.steering, &n.pass
	var dst []float32 // of the pass that the helper may make
	p.T = t
	switch {
	case steers:
		dst, p.Of, p.Label = s.slope, s.classifier.Name, s.label
	case n.helper != nil && here > 1 && n.stateless():
		here--
		dst, p.Of, p.Label = n.outs[here], n.name, labels[here]
	}
	asked := n.helper != nil && dst != nil && n.helper.Ask(p)
	if !asked {
		here = len(labels) // together they share work
	}
	n.predict(0, here, labels)
	switch {
	case asked && n.helper.Answer(dst):
	case steers:
		s.classifier.Gradient(dst, n.x, t, s.label)
	case here < len(labels):
		n.predict(here, len(labels), labels)
	}
}

// predict evaluates the network for the labels from one to before another.
func (n *guided) predict(from, to int, labels []int) {
	outs, labels, t := n.outs[from:to], labels[from:to], n.pass.T
	switch {
	case n.features != nil:
		n.features.predict(outs, n.x, n.memory.seen(), t, labels, n.every)
	case n.memory != nil:
		n.memory.predict(outs, n.x, t, labels)
	default:
		n.model.Predict(outs, n.x, t, labels)
	}
}

// stateless reports whether the network's answers depend on the state, the timestep and the label
// alone.
func (n *guided) stateless() bool { return n.features == nil && n.memory == nil }
