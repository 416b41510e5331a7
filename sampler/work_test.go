package sampler

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// follow computes value i of a line from the lines before it, as a reader would. size is the
// magnitude of what was added up.
func follow(w *working.Working, l *working.Line, i int) (value, size float64) {
	for _, t := range l.Terms {
		v := t.Factor
		for _, line := range []int{t.Line, t.By} {
			if line != working.One {
				v *= w.Lines[line].Values[i]
			}
		}
		value += v
		size = max(size, math.Abs(v))
	}
	switch l.Rule {
	case working.Given:
		return l.Values[i], 0
	case working.Sum:
		return value / l.Over, size / math.Abs(l.Over)
	case working.Clip:
		return max(-l.Over, min(l.Over, value)), size
	case working.Scale:
		return max(-l.Over, min(l.Over, value)) / l.Over, size
	case working.HalfExp:
		return math.Exp(value / 2), math.Exp(value/2) * (1 + math.Abs(value))
	case working.SquareRoot:
		return math.Sqrt(value), math.Sqrt(value)
	case working.Round:
		return max(0, min(255, math.Floor(value+0.5))), 0
	}
	return math.NaN(), 0
}

// checkWork holds every line to its terms, and the last to the bytes that are shown.
func checkWork(t *testing.T, text string, tr *Trajectory, w *Work) {
	t.Helper()
	for k := range w.Lines {
		l := &w.Lines[k]
		if len(l.Values) != w.Channels*w.Height*w.Width {
			t.Fatalf("%s: step %d: line %d has %d values", text, tr.Done(), k, len(l.Values))
		}
		for i, got := range l.Values {
			if l.Except != working.One && w.Lines[l.Except].Values[i] == 1 {
				continue
			}
			want, size := follow(&w.Working, l, i)
			if !(math.Abs(got-want) <= 1e-13*max(size, math.Abs(want))) {
				t.Fatalf("%s: step %d: line %d, %v[%d] is %v, and its terms say %v", text,
					tr.Done(), k, l.Of, i, got, want)
			}
		}
		for _, m := range l.Terms {
			if m.Line >= k || m.By >= k {
				t.Fatalf("%s: line %d refers to a line that is not before it", text, k)
			}
		}
	}
	if first := slices.IndexFunc(w.Lines, func(l working.Line) bool {
		return l.Of == working.X
	}); w.Lines[first].Back != 0 {
		t.Errorf("%s: step %d begins with a state of an earlier step", text, tr.Done())
	}
	if l := w.Lines[len(w.Lines)-1]; l.Of != working.Byte {
		t.Fatalf("%s: the last line is %v", text, l.Of)
	}
	checkReadings(t, text, w)
}

// checkReadings holds that every reading of the last answer stands for the same clean picture, and
// that each value of it gives that of the picture as its factors say.
func checkReadings(t *testing.T, text string, w *Work) {
	t.Helper()
	all, seen := w.Readings()
	if len(all) == 0 {
		return
	}
	if len(all) != 5 || all[0].Kind != schedule.Sample {
		t.Fatalf("%s: got %d readings, the first %v", text, len(all), all[0].Kind)
	}
	for _, r := range all {
		if r.Kind == w.Predicts && !fixture.SameBits(r.Values, w.Lines[w.Question.Answer].Values) {
			t.Errorf("%s: the answer read as it was given is another", text)
		}
		for i, want := range all[0].Values {
			x := w.Lines[seen].Values[i]
			got := (r.X0.State*x + r.X0.Output*r.Values[i]) / r.X0.Over
			size := max(math.Abs(r.X0.State*x), math.Abs(r.X0.Output*r.Values[i])) /
				math.Abs(r.X0.Over)
			if d := math.Abs(got - want); !(d <= 1e-12*max(size, 1)) || d > r.Apart+1e-12*size {
				t.Fatalf("%s: from %s follows %v where x̂0 is %v (%v apart, it says)", text, r.Kind,
					got, want, r.Apart)
			}
		}
	}
}

// checkWorks takes all steps of a picture with their workings. The states are those of a picture
// whose working nobody asked for.
func checkWorks(t *testing.T, text string, begin func() *Trajectory) {
	t.Helper()
	tr, plain := begin(), begin()
	for plain.Step() {
		w := tr.Work()
		if w == nil || !fixture.SameBits(tr.X(), plain.X()) ||
			!fixture.SameBits(tr.X0(), plain.X0()) {
			t.Fatalf("%s: step %d differs where its working is written", text, plain.Done())
		}
		checkWork(t, text, tr, w)
		c, h, width := w.Channels, w.Height, w.Width
		shown := tr.X()
		if tr.below() {
			shown = tr.lower.X()
		}
		pixels := make([]byte, c*h*width)
		if len(pixels) == len(shown) { // not at the turn from a first stage to the second
			picture.Pixels(pixels, shown, c, h, width)
			for i, v := range w.Lines[len(w.Lines)-1].Values {
				if at := picture.At(c, width, i/(h*width), i%(h*width)); float64(pixels[at]) != v {
					t.Fatalf("%s: step %d: the working ends in %v where %d is shown", text,
						tr.Done(), v, pixels[at])
				}
			}
		}
	}
	if plain.Err() != nil || tr.Work() != nil {
		t.Fatalf("%s: %v", text, plain.Err())
	}
}

// TestWorkings follows the arithmetic of every pixel through every sampler.
func TestWorkings(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range append(everyRecipe(),
		"m=test&c=two&steps=5&clip=none", "m=test&c=two&steps=5&clip=0.4&eta=0.7&rederive=on",
		"m=test&c=two&steps=5&clip=dynamic&k=dpmpp_2m",
		"m=test&c=two&steps=5&project=0.6&rescale=0.7&g=3",
		"m=test&c=two&steps=5&glow=0.5&ghigh=3&g=3", "m=test&c=none&steps=5&k=euler",
		"m=test&c=two&steps=5&reading=v", "m=test&c=two&steps=5&k=heun&reading=score",
		"m=test&c=two&steps=5&k=ddpm&variance=fixed_large",
	) {
		checkWorks(t, text, func() *Trajectory {
			tr, err := NewTrajectory(mustParse(t, text), info, model, 0)
			if err != nil {
				t.Fatal(text, err)
			}
			return tr
		})
	}
}

// TestWorkingsOfThresholds: dynamic thresholding that divides.
func TestWorkingsOfThresholds(t *testing.T) {
	c := schedule.Default()
	c.DynamicThresholdingRatio, c.SampleMaxValue = 0.6, 3
	model, info := testModel(t, c)
	divided := false
	for _, k := range []string{"ddim", "euler"} {
		text := "m=test&c=two&steps=5&g=9&clip=dynamic&k=" + k
		begin := func() *Trajectory {
			tr, err := NewTrajectory(mustParse(t, text), info, model, 0)
			if err != nil {
				t.Fatal(err)
			}
			return tr
		}
		checkWorks(t, text, begin)
		tr := begin()
		for w := tr.Work(); w != nil; w = tr.Work() {
			divided = divided || slices.ContainsFunc(w.Lines, func(l working.Line) bool {
				return l.Rule == working.Scale && l.Over > 1
			})
		}
	}
	if !divided {
		t.Error("nothing was divided by a threshold")
	}
}

// TestWorkingsOfEdits: pictures that begin with another.
func TestWorkingsOfEdits(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	in := drawn()
	for _, text := range []string{
		"m=test&c=one&steps=6&strength=0.5", "m=test&c=one&steps=6&k=euler",
		"m=test&c=one&steps=6&k=dpmpp_2m&resample=3&jump=2",
		"m=test&c=one&steps=6&k=ddpm&resample=2",
		"m=test&c=one&steps=6&invert=two&g=1", "m=test&c=one&steps=6&invert=two&g=1&k=euler",
	} {
		with := in
		if strings.Contains(text, "strength") || strings.Contains(text, "invert") {
			with.Mask = nil
		}
		checkWorks(t, text, func() *Trajectory {
			tr, err := NewTrajectoryFrom(naming(t, text, with), info, model, 0, with)
			if err != nil {
				t.Fatal(text, err)
			}
			return tr
		})
	}
}

// TestWorkingsOfNetworks: networks that predict other things, or more.
func TestWorkingsOfNetworks(t *testing.T) {
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score} {
		c := schedule.Default()
		c.PredictionType = kind
		model, info := testModel(t, c)
		text := "m=test&c=two&steps=5&k="
		for _, k := range []string{"ddim", "ddpm", "heun", "unipc", "rk45"} {
			checkWorks(t, string(kind)+" "+text+k, func() *Trajectory {
				tr, err := NewTrajectory(mustParse(t, text+k), info, model, 0)
				if err != nil {
					t.Fatal(err)
				}
				return tr
			})
		}
	}
	u, _, info := testCascade(t, "")
	text := "m=large&c=two&steps=4&bsteps=3&aug=90"
	checkWorks(t, text, func() *Trajectory {
		tr, err := NewTrajectory(mustParse(t, text), info, u, 0)
		if err != nil {
			t.Fatal(err)
		}
		return tr
	})
	model, steered := guidedModel(t, schedule.Default())
	text = "m=test&c=two&steps=4&g=0&cg=2"
	checkWorks(t, text, func() *Trajectory {
		tr, err := NewTrajectory(mustParse(t, text), steered, model, 0)
		if err != nil {
			t.Fatal(err)
		}
		return tr
	})
}

// varying predicts the variance, too, each value's own.
type varying struct{ network.Model }

func (v varying) OutChannels() int { c, _, _ := v.Shape(); return 2 * c }

func (v varying) Predict(out [][]float32, x []float32, t float64, labels []int) {
	half := make([][]float32, len(out))
	for i, o := range out {
		half[i] = o[:len(x)]
		for j := range x {
			o[len(x)+j] = float32(j%7)/4 - 0.75
		}
	}
	v.Model.Predict(half, x, t, labels)
}

// TestWorkingsOfVariances: a network that predicts the variance of each value.
func TestWorkingsOfVariances(t *testing.T) {
	plain, known := testModel(t, schedule.Default())
	model := varying{plain}
	for _, kind := range []schedule.Variance{schedule.LearnedRange, schedule.LearnedLog} {
		info, err := recipe.NewInfo("test", map[string]string{"classes": `["one","two","three"]`},
			"0123456789abcdef", model)
		if err != nil {
			t.Fatal(err)
		}
		info.Scheduler = known.Scheduler
		info.Scheduler.VarianceType = kind
		text := "m=test&c=two&steps=5&k=ddpm"
		tr, err := NewTrajectory(mustParse(t, text), info, model, 0)
		if err != nil {
			t.Fatal(err)
		}
		w := tr.Work()
		if w == nil || !slices.ContainsFunc(w.Lines, func(l working.Line) bool {
			return l.Of == working.StdDev && l.Values[0] != l.Values[1]
		}) {
			t.Errorf("%s: a working without the predicted deviation", kind)
			continue
		}
		checkWork(t, text, tr, w)
	}
}
