package experiment

import (
	"iter"
	"math"
	"slices"
	"strings"

	"tweedie/sampler/bound"
	"tweedie/sampler/lab"
	"tweedie/sampler/plane"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Measure is one number that says what a model is worth.
type Measure struct {
	Name string // for programs, one of MeasureNames
	Doc  string // what it is, for people
	At   int    // the training timestep or level of latents that it is of, −1 for none
	Of   string // the class or the mode that it is of, "" for all
	// Value is the number, and Error its standard error, 0 where that is not known.
	Value, Error float64
	// Real is the best that a model can reach, NaN where that is not known. Beside says what it was
	// measured on: "" is other held-out data.
	Real   float64
	Beside string
}

// described are all measures that there are, and what each is.
var described = []struct{ name, doc string }{
	{"wasserstein", "sliced Wasserstein distance from held-out data"},
	{"fidelity", "mean distance to the nearest held-out point"},
	{"coverage", "mean distance of a held-out point to the nearest point"},
	{"off", "share of the points further than 0.1 from all data"},
	{"mode", "share of the points in the mode at"},
	{"precision", "share of the points within 0.1 of data of their class"},
	{"covered", "share of the class's data with a point within 0.1"},
	{"clear", "share of decoded digits whose five nearest are of one class, the asked one"},
	{"straightness", "bend of the paths, mean ‖(Z1 − Z0) − dZ/dt‖²; 0 is straight"},
	{string(bound.Denoising), likely + ", denoising form"},
	{string(bound.Consistency), likely + ", consistency form"},
	{"flow", "log likelihood of held-out data, in nats, along the probability flow"},
	{"bound", likely},
	{"reconstruction", "its reconstruction"},
	{"divergence", "its divergence"},
	{"score", "error against the exact score, as one of ε"},
	{"rare", "the same where data are rare"},
}

const likely = "bound of the log likelihood of held-out data, in nats"

// MeasureNames lists the names of all measures that there are.
func MeasureNames() (names []string) {
	for _, d := range described {
		names = append(names, d.name)
	}
	return names
}

// docOf returns what a measure is, "" for one that there is not.
func docOf(name string) string {
	for _, d := range described {
		if d.name == name {
			return d.doc
		}
	}
	return ""
}

// none stands for a number that there is not.
var none = math.NaN()

// Measures judges points that were drawn, as Points returns them, and the present model.
func (e *Experiment) Measures(points []float32) (list []Measure) {
	for m := range e.Judge(points) {
		if m != nil {
			list = append(list, *m)
		}
	}
	return list
}

// Judge yields Measures one by one, and nil where only a part of one is done: a judgement takes
// seconds, in which other things can be seen to. The model must not learn meanwhile.
func (e *Experiment) Judge(points []float32) iter.Seq[*Measure] {
	return func(yield func(*Measure) bool) {
		for _, m := range e.OfPoints(points) {
			if !yield(&m) {
				return
			}
		}
		for m := range e.kind.judge(e, points) {
			if m != nil && math.IsNaN(m.Value) {
				m = nil // it could not be measured
			}
			if m != nil {
				m.Doc = docOf(m.Name)
			}
			if !yield(m) {
				return
			}
		}
	}
}

// OfPoints returns those of Measures that follow from the points, at once.
func (e *Experiment) OfPoints(points []float32) []Measure {
	x := make([]float64, len(points))
	for i, v := range points {
		x[i] = float64(v)
	}
	list := slices.Concat(fromData(e, x), modes(e, x), ofClasses(e, x))
	for i := range list {
		list[i].Doc = docOf(list[i].Name)
	}
	return list
}

// fromData returns how far points are from held-out data. Points of a class have no distance from
// all data.
func fromData(e *Experiment, points []float64) []Measure {
	s := &e.Settings
	if !s.Unconditional() {
		return nil
	}
	points = points[:min(len(points), 2*dense)]
	n := len(points) / 2
	held, again := lab.HeldOut(e.Data(), s.Seed, n, 0), lab.HeldOut(e.Data(), s.Seed, n, 1)
	many := lab.HeldOut(e.Data(), s.Seed, dense, 2)
	list := []Measure{
		{Name: "wasserstein", Value: lab.SlicedWasserstein(points, held),
			Real: lab.SlicedWasserstein(again, held)},
		{Name: "fidelity", Value: lab.Nearest(points, held), Real: lab.Nearest(again, held)},
		{Name: "coverage", Value: lab.Nearest(held, points), Real: lab.Nearest(held, again)},
		{Name: "off", Value: lab.Beyond(points, many, near), Real: lab.Beyond(again, many, near)},
	}
	for i := range list {
		list[i].At = -1
	}
	return list
}

// exactDensity is what Real is of where the likelihood of the data is known.
const exactDensity = "the exact density"

// mostJudged is the most points over which a network is judged.
const mostJudged = 1000

// exactLikelihood returns the mean log density of points, [n][2], in nats, and NaN where it is not
// known: no model's is larger, but by chance.
func exactLikelihood(d *plane.Distribution, points []float64) float64 {
	exact := d.Exact()
	if exact == nil {
		return none
	}
	logs := make([]float64, len(points)/2)
	for i := range logs {
		logs[i] = exact.LogDensity(points[2*i:2*i+2], schedule.Level{Signal: 1}, -1)
	}
	mean, _ := estimate(logs)
	return mean
}

// estimate returns the mean of numbers and its standard error.
func estimate(x []float64) (mean, deviation float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	squares := 0.0
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(squares / (n - 1) / n)
}

// near is the distance from data within which a point is on them, and dense how many held-out
// points stand for all data there, and at most how many points are compared with them.
const (
	near  = 0.1
	dense = 2000
)

// modes returns the share of the points in each mode of the data, and in the place of other data's
// its weight.
func modes(e *Experiment, points []float64) (list []Measure) {
	all := e.Data().Modes()
	if all == nil || !e.Settings.Unconditional() {
		return nil
	}
	for i, share := range lab.Modes(points, all) {
		c := &all[i]
		where := "(" + solver.Number(c.Mean[0]) + ", " + solver.Number(c.Mean[1]) + ")"
		list = append(list, Measure{Name: "mode", At: -1, Of: where, Value: share, Real: c.Weight,
			Beside: "the data"})
	}
	return list
}

// ofClasses judges the points of each class that was drawn, as guidance changes them: precision is
// the share near data of their class (Kynkäänniemi et al., arXiv:1904.06991), covered the share of
// the class's data that has one of them near (the coverage of Naeem et al., arXiv:2002.09797). Both
// papers take the distance to the k-th neighbour among data; here it is one number, because data
// that lie on a curve are at no distance from their neighbours.
func ofClasses(e *Experiment, points []float64) (list []Measure) {
	s, all := &e.Settings, e.Data().Classes()
	drawn := all
	switch {
	case s.Unconditional():
		return nil
	case slices.Contains(all, s.Class):
		drawn = []string{s.Class}
	}
	size := len(points) / len(drawn)
	for i, name := range drawn {
		own, class := points[i*size:(i+1)*size], slices.Index(all, name)
		held := lab.HeldOutOf(e.Data(), s.Seed, class, dense, 0)
		again := lab.HeldOutOf(e.Data(), s.Seed, class, size/2, 1)
		list = append(list,
			Measure{Name: "precision", At: -1, Of: name,
				Value: 1 - lab.Beyond(own, held, near), Real: 1 - lab.Beyond(again, held, near)},
			Measure{Name: "covered", At: -1, Of: name,
				Value: 1 - lab.Beyond(held, own, near), Real: 1 - lab.Beyond(held, again, near)})
	}
	slices.SortStableFunc(list, func(a, b Measure) int { return strings.Compare(b.Name, a.Name) })
	return list
}
