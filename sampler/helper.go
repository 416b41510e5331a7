package sampler

import "tweedie/sampler/network"

// Pass is a part of an evaluation that can be made elsewhere: the output of a network for one
// label, or the gradient of a classifier. It depends on the weights and on what stands here alone,
// so whoever has the weights makes the same bits.
type Pass struct {
	Of       string    // name of the network or the classifier
	X        []float32 // [C·H·W] the state as the network sees it
	Estimate []float32 // [C·H·W] what a self-conditioned network is shown beside it; else nil
	T        float64   // training timestep
	Label    int       // a class, or network.NoClass
}

// Make makes the pass with the network that it names. out: [OutChannels,H,W], row-major, not
// overlapping X.
func (p *Pass) Make(out []float32, m network.Model) {
	outs, labels := [][]float32{out}, []int{p.Label}
	if s, ok := m.(network.SelfConditioned); ok && p.Estimate != nil {
		s.PredictFrom(outs, p.X, p.Estimate, p.T, labels)
		return
	}
	m.Predict(outs, p.X, p.T, labels)
}

// Helper makes one pass of an evaluation while the run makes the others. It is asked for one pass
// at a time.
type Helper interface {
	// Ask hands over a pass, which is valid until Ask returns. It returns false if the run had
	// better make the pass itself.
	Ask(*Pass) bool
	// Answer waits for the pass and writes it to out. It returns false, and leaves out in any
	// state, if nobody makes it any more.
	Answer(out []float32) bool
}

// Assist has a helper make a part of each evaluation that has several passes. It returns false, and
// does nothing, where no picture of the run has such evaluations. Steps have the same bits with a
// helper and without; h may be nil.
func (r *Run) Assist(h Helper) bool {
	several := false
	for _, p := range r.pictures {
		if tr, ok := p.(*Trajectory); ok && tr.assist(h) {
			several = true
		}
	}
	return several
}

// assist is Assist of one picture.
func (tr *Trajectory) assist(h Helper) bool {
	several := tr.lower != nil && tr.lower.assist(h)
	for i := range tr.parts {
		g, ok := tr.parts[i].sources[0].(*guided)
		if ok && (len(g.labels) > 1 || g.steering != nil) {
			g.helper, several = h, true
		}
	}
	return several
}

// ask hands a pass to the helper, if there is one. It returns false if the run has to make it.
func (n *guided) ask(of string, t float64, label int, estimate []float32) bool {
	if n.helper == nil {
		return false
	}
	n.pass = Pass{Of: of, X: n.x, Estimate: estimate, T: t, Label: label}
	return n.helper.Ask(&n.pass)
}

// evaluate makes the passes of an evaluation at timestep t: the network's for all labels, and the
// gradient of the classifier if it steers. The last of them is the helper's.
func (n *guided) evaluate(t float64, labels []int, steers bool) {
	outs, last := n.outs[:len(labels)], len(labels)-1
	var estimate []float32
	if n.memory != nil {
		estimate = n.memory.look()
	}
	if steers {
		s := n.steering
		asked := n.ask(s.classifier.Name, t, s.label, nil)
		n.predict(outs, t, labels)
		if !asked || !n.helper.Answer(s.slope) {
			s.classifier.Gradient(s.slope, n.x, t, s.label)
		}
		return
	}
	if last == 0 || !n.ask(n.name, t, labels[last], estimate) {
		n.predict(outs, t, labels)
		return
	}
	n.predict(outs[:last], t, labels[:last])
	if !n.helper.Answer(outs[last]) {
		n.predict(outs[last:], t, labels[last:])
	}
}

// predict evaluates the network for labels.
func (n *guided) predict(outs [][]float32, t float64, labels []int) {
	if n.memory != nil {
		n.memory.model.PredictFrom(outs, n.x, n.memory.estimate, t, labels)
		return
	}
	n.model.Predict(outs, n.x, t, labels)
}
