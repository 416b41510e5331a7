package schedule

import (
	"errors"
	"strconv"
	"strings"

	"tweedie/weights"
)

// The tensors of a learned schedule, in any floating-point type; n is 1 or more, 1024 in the paper.
const (
	learnedPrefix  = "schedule."
	learnedWeight1 = "schedule.l1.weight" // [1, 1], above 0
	learnedBias1   = "schedule.l1.bias"   // [1]
	learnedWeight2 = "schedule.l2.weight" // [n, 1], none negative
	learnedBias2   = "schedule.l2.bias"   // [n]
	learnedWeight3 = "schedule.l3.weight" // [1, n], none negative
	learnedBias3   = "schedule.l3.bias"   // [1], may be absent: it cancels
	learnedGamma   = "schedule.gamma"     // [2] γ0 < γ1, −log SNR of u = 0 and of u = 1
)

// maxGamma keeps ᾱ and 1−ᾱ apart from 1 in float64. The paper's range is −13.3 to 5.
const maxGamma = 30

// maxFeatures bounds the time that one ω takes.
const maxFeatures = 1 << 16

// IsLearned reports whether a tensor of a weights file belongs to a learned schedule.
func IsLearned(tensor string) bool { return strings.HasPrefix(tensor, learnedPrefix) }

// TakeLearnedSNR takes the learned schedule out of a weights file: the tensors schedule.l1.weight
// [1,1], schedule.l1.bias [1], schedule.l2.weight [n,1], schedule.l2.bias [n], schedule.l3.weight
// [1,n], schedule.l3.bias [1] and schedule.gamma [2]. The weights are stored as they act, after the
// transformation that kept them positive in training. rest is the file without these tensors, for
// sampler/unet to open. If no tensor is named schedule.…, l is nil and rest the file itself. An
// error names the tensor that cannot be used.
func TakeLearnedSNR(f *weights.File) (l *LearnedSNR, rest *weights.File, err error) {
	rest = &weights.File{Metadata: f.Metadata}
	for i := range f.Tensors {
		if !strings.HasPrefix(f.Tensors[i].Name, learnedPrefix) {
			rest.Tensors = append(rest.Tensors, f.Tensors[i])
		}
	}
	if len(rest.Tensors) == len(f.Tensors) {
		return nil, f, nil
	}
	if l, err = readLearnedSNR(f); err != nil {
		return nil, nil, err
	}
	return l, rest, nil
}

func readLearnedSNR(f *weights.File) (*LearnedSNR, error) {
	r := learnedReader{file: f, seen: map[string]bool{}}
	n := 0
	if t, ok := f.Tensor(learnedBias2); ok {
		n = t.Len()
	}
	if n < 1 || n > maxFeatures {
		return nil, errors.New("schedule: " + learnedBias2 + " must have from 1 to " +
			strconv.Itoa(maxFeatures) + " elements, not " + strconv.Itoa(n))
	}
	l := &LearnedSNR{
		weight1: r.read(learnedWeight1, true, 1, 1)[0], bias1: r.read(learnedBias1, false, 1)[0],
		weight2: r.read(learnedWeight2, true, n, 1), bias2: r.read(learnedBias2, false, n),
		weight3: r.read(learnedWeight3, true, 1, n),
	}
	copy(l.gamma[:], r.read(learnedGamma, false, 2))
	if _, ok := f.Tensor(learnedBias3); ok {
		r.read(learnedBias3, false, 1)
	}
	for i := range f.Tensors {
		if name := f.Tensors[i].Name; strings.HasPrefix(name, learnedPrefix) &&
			!r.seen[name] && r.err == nil {
			r.err = errors.New("schedule: there is no tensor " + name + " in a learned schedule")
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return l, l.finish()
}

// finish checks that ω rises, and computes its normalisation.
func (l *LearnedSNR) finish() error {
	switch {
	case !(l.gamma[0] < l.gamma[1] && l.gamma[0] >= -maxGamma && l.gamma[1] <= maxGamma):
		return wrong(learnedGamma, "two rising numbers within ±"+strconv.Itoa(maxGamma),
			number(l.gamma[0])+" and "+number(l.gamma[1]))
	case !(l.weight1 > 0):
		return wrong(learnedWeight1, "above 0, or the schedule does not change", number(l.weight1))
	}
	l.start = l.raw(0)
	end := l.raw(1)
	l.span = end - l.start
	if !(l.span > 0) || l.span-l.span != 0 {
		return errors.New("schedule: the learned ω runs from " + number(l.start) + " to " +
			number(end) + " and must rise; the weights may be damaged")
	}
	return nil
}

// learnedReader takes tensors out of a file and keeps the first error. Its results always have the
// requested length.
type learnedReader struct {
	file *weights.File
	seen map[string]bool
	err  error
}

func (r *learnedReader) read(name string, positive bool, shape ...int) []float64 {
	size := 1
	for _, d := range shape {
		size *= d
	}
	none := make([]float64, size)
	if r.err != nil {
		return none
	}
	r.seen[name] = true
	t, ok := r.file.Tensor(name)
	if !ok {
		r.err = errors.New("schedule: the learned schedule has no tensor " + name)
		return none
	}
	values := t.Float64s()
	if values == nil || !sameShape(t.Shape, shape) {
		r.err = wrong(name, "floating-point numbers of shape "+shapeText(shape),
			t.DType.String()+" "+shapeText(t.Shape))
		return none
	}
	for i, v := range values {
		if v-v != 0 || positive && v < 0 {
			wanted := "finite"
			if positive {
				wanted = "finite and not negative, for ω must rise"
			}
			r.err = wrong(name+"["+strconv.Itoa(i)+"]", wanted, number(v))
			return none
		}
	}
	return values
}

func sameShape(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// shapeText shows a shape in an error sentence: [3,1].
func shapeText(shape []int) string {
	text := "["
	for i, d := range shape {
		if i > 0 {
			text += ","
		}
		text += strconv.Itoa(d)
	}
	return text + "]"
}
