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
	lost  [2]bool     // of which labels deep is not the answer to kept
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
	seen   []float32 // [2·C·H·W] the state, and behind it the estimate, zeros without one
	t      float64
	labels [2]int
	count  int // of the labels
}

// predict evaluates the network with the features of one of the last evaluations, unless that was
// `every` of them ago or more.
func (f *features) predict(
	out [][]float32, x, estimate []float32, t float64, labels []int, every int,
) {
	f.pass(out, x, estimate, t, labels, f.begin(x, estimate, t, labels, every))
}

// begin decides whether an evaluation uses features again. If not, they are those of this one.
func (f *features) begin(
	x, estimate []float32, t float64, labels []int, every int,
) (again bool) {
	q := &f.kept
	if f.age > 0 && f.age < every && len(labels) <= q.count &&
		slices.Equal(labels, q.labels[:len(labels)]) {
		f.age++
		return true
	}
	f.age, f.lost = 1, [2]bool{true, true}
	copy(q.seen, x)
	copy(q.seen[len(x):], estimate)
	q.t, q.labels = t, [2]int{}
	q.count = copy(q.labels[:], labels)
	return false
}

// pass evaluates the network after begin. What is lost of the features is worked out again.
func (f *features) pass(
	out [][]float32, x, estimate []float32, t float64, labels []int, again bool,
) {
	q := &f.kept
	for i := range labels {
		if again && f.lost[i] {
			f.model.PredictDeep(out[i:i+1], q.seen[:len(x)], q.seen[len(x):], q.t, labels[i:i+1],
				f.deep[i:i+1], false)
		}
		f.lost[i] = false
	}
	f.model.PredictDeep(out, x, estimate, t, labels, f.deep[:len(labels)], again)
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
	question
	age int
}

// mark returns what a checkpoint needs, nil without features. f may be nil.
func (f *features) mark() *kept {
	if f == nil || f.age == 0 {
		return nil
	}
	k := &kept{f.kept, f.age}
	k.seen = slices.Clone(k.seen)
	return k
}

// back goes back to what a checkpoint has. f may be nil.
func (f *features) back(to *kept) {
	if f.forget(); f == nil || to == nil {
		return
	}
	f.age = to.age
	q, seen := &f.kept, f.kept.seen
	same := q.t == to.t && q.labels == to.labels && q.count == to.count
	for i, v := range to.seen {
		same = same && math.Float32bits(v) == math.Float32bits(seen[i])
		seen[i] = v
	}
	if !same {
		f.lost = [2]bool{true, true}
	}
	*q = to.question
	q.seen = seen
}

// share gives the sources of a trajectory its deep features, if a part of it uses any again.
func (tr *Trajectory) share() {
	used, labels := false, 1
	for i := range tr.parts {
		used = used || tr.parts[i].course.settings.Cache > 1
	}
	if !used {
		return
	}
	f := &features{kept: question{seen: make([]float32, 2*len(tr.x))}}
	tr.features = f
	for i := range tr.parts {
		for _, s := range tr.parts[i].sources {
			if g, ok := s.(*guided); ok {
				f.model, g.features = g.model.(network.Deep), f
				labels = max(labels, len(g.labels))
			} else {
				u := s.(*upscaling)
				f.model, u.features = u, f
			}
		}
	}
	size := network.DeepSize(tr.root.model)
	for range labels {
		f.deep = append(f.deep, make([]float32, size))
	}
}

// maxDeep bounds the memory of the deep features of all pictures of a recipe, in bytes.
const maxDeep = 1 << 29

// checkDeep refuses a recipe whose deep features take too much memory.
func (c *course) checkDeep() error {
	s := &c.settings
	bytes := s.Images * 2 * 4 * network.DeepSize(c.model)
	if s.Cache > 1 && bytes > maxDeep {
		return solver.Because("cache", solver.MuchDeep, "cache is {value}, which would keep "+
			"{size} MB for these pictures, and {max} MB are allowed; choose fewer pictures, or "+
			"leave cache out", "value", strconv.Itoa(s.Cache),
			"size", strconv.Itoa(bytes>>20), "max", strconv.Itoa(maxDeep>>20))
	}
	return nil
}
