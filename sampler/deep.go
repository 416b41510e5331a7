package sampler

import (
	"math"
	"slices"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/solver"
)

// features are the deep features of a network with skip connections, which the evaluations of a
// trajectory share (Ma et al., DeepCache, arXiv:2312.00858). With cache=N, one evaluation works
// them out and N−1 after it use them again.
//
// Evaluations are counted, not steps: with a solver that evaluates twice in a step, and N = 2, the
// second evaluation of each step uses what the first worked out. All labels of guidance are one
// evaluation, and each label has features of its own. An evaluation that asks about a label which
// the features are not of, as where guidance begins to act, works them out for all its labels, and
// the count begins again. So it does where the network of a self-conditioned trajectory sees zeros
// (see memory). The evaluations of an inversion count, too. A Forward uses nothing again, as its
// states do not follow from each other.
//
// A checkpoint holds the question to the network instead of the features, which are many times
// larger: after a return to it they are worked out again, once they are used.
type features struct {
	model deepModel
	kept  question
	age   int         // number of evaluations with them; 0 where there are none
	deep  [][]float32 // [labels][DeepSize]
	lost  bool        // deep is not the answer to kept
}

// deepModel is what features need of a network.
type deepModel interface {
	PredictDeep(
		out [][]float32, x, estimate []float32, t float64, labels []int, deep [][]float32,
		again bool,
	)
}

// question is what a network was asked.
type question struct {
	x, estimate []float32 // [C·H·W]; estimate is nil for a network that is shown none
	t           float64
	labels      []int
}

// newFeatures returns the features of a trajectory, without a model, for up to `labels` labels at
// once, each of deepSize values, and pictures of size values.
func newFeatures(labels, deepSize, size int, estimates bool) *features {
	f := &features{}
	for range labels {
		f.deep = append(f.deep, make([]float32, deepSize))
	}
	f.kept.x, f.kept.labels = make([]float32, size), make([]int, 0, labels)
	if estimates {
		f.kept.estimate = make([]float32, size)
	}
	return f
}

// predict evaluates the network with the features of one of the last evaluations, unless that was
// `every` of them ago or more.
func (f *features) predict(
	out [][]float32, x, estimate []float32, t float64, labels []int, every int,
) {
	again := f.age > 0 && f.age < every && f.kept.of(labels)
	if again && f.lost {
		for i := range f.kept.labels { // one by one, so that out has room
			q := &f.kept
			f.model.PredictDeep(out[:1], q.x, q.estimate, q.t, q.labels[i:i+1], f.deep[i:i+1],
				false)
		}
		f.lost = false
	}
	f.model.PredictDeep(out, x, estimate, t, labels, f.deep[:len(labels)], again)
	if f.age++; !again {
		f.age, f.lost = 1, false
		f.kept.set(x, estimate, t, labels)
	}
}

// of reports whether the question was about labels, and perhaps about others after them.
func (q *question) of(labels []int) bool {
	return len(labels) <= len(q.labels) && slices.Equal(labels, q.labels[:len(labels)])
}

// set copies a question.
func (q *question) set(x, estimate []float32, t float64, labels []int) {
	copy(q.x, x)
	copy(q.estimate, estimate)
	q.t, q.labels = t, append(q.labels[:0], labels...)
}

// equal reports whether two questions are the same to the bit.
func (q *question) equal(r *question) bool {
	same := func(a, b []float32) bool {
		return slices.EqualFunc(a, b, func(x, y float32) bool {
			return math.Float32bits(x) == math.Float32bits(y)
		})
	}
	return q.t == r.t && slices.Equal(q.labels, r.labels) && same(q.x, r.x) &&
		same(q.estimate, r.estimate)
}

// reused returns how many evaluations before the last one its features were worked out. f may be
// nil.
func (f *features) reused() int {
	if f == nil {
		return 0
	}
	return f.age - 1
}

// forget has the next evaluation work out the features. f may be nil.
func (f *features) forget() {
	if f != nil {
		f.age = 0
	}
}

// kept is what a checkpoint has of features.
type kept struct {
	age int
	question
}

// mark returns what a checkpoint needs, nil where there are no features.
func (f *features) mark() *kept {
	if f == nil || f.age == 0 {
		return nil
	}
	q := &f.kept
	return &kept{f.age, question{slices.Clone(q.x), slices.Clone(q.estimate), q.t,
		slices.Clone(q.labels)}}
}

// back goes back to what a checkpoint has.
func (f *features) back(to *kept) {
	f.forget()
	if f == nil || to == nil {
		return
	}
	f.age = to.age
	if q := &to.question; !f.kept.equal(q) {
		f.lost = true
		f.kept.set(q.x, q.estimate, q.t, q.labels)
	}
}

// bytes returns about how much memory the part of a checkpoint takes.
func (k *kept) bytes() int {
	if k == nil {
		return 0
	}
	return 4 * (len(k.x) + len(k.estimate))
}

// share gives the sources of a trajectory its deep features, if a part of it uses any again.
func (tr *Trajectory) share() {
	labels, used, estimates := 1, false, false
	for i := range tr.parts {
		p := &tr.parts[i]
		used = used || p.course.settings.Cache > 1
		if g, ok := p.sources[0].(*guided); ok {
			labels, estimates = max(labels, len(g.labels)), g.memory != nil
		}
	}
	if !used {
		return
	}
	c := tr.root
	tr.features = newFeatures(labels, network.DeepSize(c.model), c.size(), estimates)
	for i := range tr.parts {
		p := &tr.parts[i]
		for _, s := range p.sources {
			switch s := s.(type) {
			case *guided:
				tr.features.model = s.model.(network.Deep)
				s.features, s.every = tr.features, p.course.settings.Cache
			case *upscaling:
				tr.features.model = s
				s.features, s.every = tr.features, p.course.settings.Cache
			}
		}
	}
}

// maxDeep bounds the memory of the deep features of all pictures of a recipe, in bytes.
const maxDeep = 1 << 29

// checkDeep refuses a recipe whose deep features take too much memory.
func (c *course) checkDeep() error {
	s := &c.settings
	if s.Cache <= 1 {
		return nil
	}
	bytes := s.Images * 2 * 4 * network.DeepSize(c.model)
	if bytes > maxDeep {
		return solver.Because("cache", solver.MuchDeep, "cache is {value} but what it keeps of "+
			"these pictures would take {size} MB, and {max} MB are allowed; choose fewer "+
			"pictures, or leave cache out", "value", strconv.Itoa(s.Cache),
			"size", strconv.Itoa(bytes>>20), "max", strconv.Itoa(maxDeep>>20))
	}
	return nil
}
