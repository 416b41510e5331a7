package sampler

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
	"tweedie/sampler/working"
)

// deepest is a network whose deep features are what another one answers. It adds a share of the
// state to them, so its answer depends on both.
type deepest struct {
	network.Model
	asked []string // of each evaluation: whole or again, and its labels
}

func (d *deepest) DeepSize() int {
	c, h, w := d.Shape()
	return c * h * w
}

func (d *deepest) Predict(out [][]float32, x []float32, t float64, labels []int) {
	d.Model.Predict(out, x, t, labels)
	for i := range out {
		beside(out[i], out[i], x, t)
	}
}

func (d *deepest) PredictDeep(
	out [][]float32, x, estimate []float32, t float64, labels []int, deep [][]float32, again bool,
) {
	if len(deep) != len(labels) || len(out) != len(labels) {
		panic("not as many features as labels")
	}
	if d.asked != nil {
		d.asked = append(d.asked, said(labels, again))
	}
	if !again {
		d.Model.Predict(deep, x, t, labels)
	}
	for i := range out {
		beside(out[i], deep[i], x, t)
	}
}

// said is an entry of asked.
func said(labels []int, again bool) string {
	text := "whole"
	if again {
		text = "again"
	}
	for _, label := range labels {
		if text += " class"; label == network.NoClass {
			text += "less"
		}
	}
	return text
}

// beside is what follows the deep features.
func beside(out, deep, x []float32, t float64) {
	for i, v := range deep {
		out[i] = v + float32(0.001*x[i]) + float32(1e-6*t)
	}
}

// slowly is deepest as an ordinary network that keeps to itself what it worked out for the labels
// of every third of its evaluations. It is for one trajectory alone, without guidance.
type slowly struct {
	network.Model
	every, count int
	deep         []float32
}

func (c *slowly) Predict(out [][]float32, x []float32, t float64, labels []int) {
	if c.deep == nil {
		c.deep = make([]float32, len(x))
	}
	if c.count%c.every == 0 {
		c.Model.Predict([][]float32{c.deep}, x, t, labels)
	}
	c.count++
	beside(out[0], c.deep, x, t)
}

func deepModelOf(t testing.TB) (*deepest, recipe.Info) {
	c := schedule.Default()
	c.BetaSchedule = "squaredcos_cap_v2"
	model, info := testModel(t, c)
	info.Deep = true
	return &deepest{Model: model}, info
}

// TestCacheCounts compares every sampler with a network that does the counting itself.
func TestCacheCounts(t *testing.T) {
	model, info := deepModelOf(t)
	plain := info
	plain.Deep = false
	for _, text := range everyRecipe() {
		text += "&g=1"
		whole := last(mustRun(t, text, model, info))
		if one := last(mustRun(t, text+"&cache=1", model, info)); !fixture.SameBits(one, whole) {
			t.Errorf("%s: cache=1 changes the picture", text)
		}
		for _, every := range []int{2, 3} {
			r := mustParse(t, text+"&cache="+string(rune('0'+every)))
			got := mustRun(t, r.String(), model, info)
			same, differs := true, false
			for image := range 3 {
				alone := mustBegin(t, text, &slowly{Model: model.Model, every: every}, plain,
					image)
				for alone.Step() {
				}
				same = same && fixture.SameBits(got.X(image), alone.X())
				differs = differs || !fixture.SameBits(got.X(image),
					whole[image*24:(image+1)*24])
			}
			if !same || !differs {
				t.Errorf("%s: equal to the slow count %v, different from cache=1 %v", r, same,
					differs)
			}
		}
	}
}

// TestCacheEvaluations: which evaluations work out the deep features.
func TestCacheEvaluations(t *testing.T) {
	model, info := deepModelOf(t)
	const one, both, without = " class", " class classless", " classless"
	for _, c := range []struct{ text, want string }{
		{"steps=5&cache=2", "whole2,again2,whole2,again2,whole2"},
		{"steps=5&cache=4&g=1", "whole1,again1,again1,again1,whole1"},
		{"steps=3&cache=100&g=0", "whole0,again0,again0"},
		// two evaluations in each step but the last
		{"k=heun&steps=3&cache=2&g=1", "whole1,again1,whole1,again1,whole1"},
		{"k=heun&steps=3&cache=3&g=1", "whole1,again1,again1,whole1,again1"},
		// guidance acts in the middle: it begins with a whole evaluation, and the count with it;
		// where it ends the class has its features
		{"steps=8&cache=3&g=3&glow=0.5&ghigh=3",
			"whole1,whole2,again2,again2,whole2,again1,again1,whole1"},
		{"steps=6&cache=9&g=0&ghigh=3", "whole1,whole0,again0,again0,again0,again0"},
		{"steps=5&cache=3&fork=2", "whole2,again2,again2,whole2,again2"},
		{"steps=5&cache=3&fork=2,g:1", "whole2,again2,again1,whole1,again1"},
		{"steps=5&cache=3&fork=2,c:one", "whole2,again2,whole2,again2,again2"},
		{"steps=6&fork=2,cache:3", "whole2,whole2,again2,again2,whole2,again2"},
		{"steps=6&cache=3&fork=2,cache:1", "whole2,again2,whole2,whole2,whole2,whole2"},
		{"steps=5&cache=3&fork=2,k:euler_a", "whole2,again2,whole2,again2,again2"},
		{"steps=5&cache=3&fork=2,fresh:4", "whole2,again2,whole2,again2,again2"},
	} {
		model.asked = []string{}
		mustRun(t, "m=test&c=two&"+c.text, model, info)
		want := strings.NewReplacer("2", both, "1", one, "0", without).Replace(c.want)
		if got := strings.Join(model.asked, ","); got != want {
			t.Errorf("%s: evaluated %s\nwant %s", c.text, got, want)
		}
	}
}

// cachedRecipes lists recipes of the deep test model of all kinds that a run can have.
func cachedRecipes() (all []string) {
	for _, text := range everyRecipe() {
		all = append(all, text+"&cache=3")
	}
	for _, text := range forkedRecipes {
		all = append(all, strings.Replace(text, "&fork", "&cache=2&fork", 1),
			text+",cache:3")
	}
	return append(all, "m=test&c=all&steps=12&cache=4&glow=0.3&ghigh=4&g=3",
		"m=test&c=all&steps=12&cache=3&n=3&to=8", "m=test&c=all&steps=9&cache=2&n=4&plane=5,9")
}

// TestCacheCheckpoints goes back to every checkpoint, in the trajectory of the checkpoint and in
// another one, and takes the steps after it again.
func TestCacheCheckpoints(t *testing.T) {
	model, info := deepModelOf(t)
	for _, text := range cachedRecipes() {
		checkpoints(t, text, model, info)
	}
}

// TestCacheForks: a fork that changes nothing is its parent, and one before the first step is the
// recipe with its changes.
func TestCacheForks(t *testing.T) {
	model, info := deepModelOf(t)
	for _, more := range []string{"", "&k=dpmpp_2m", "&k=heun&g=3&ghigh=4"} {
		text := "m=test&c=two&steps=9" + more
		for _, fork := range []string{"&cache=3&fork=4", "&cache=3&fork=1~5", "&fork=0,cache:3",
			"&cache=2&fork=0,cache:3~4"} {
			sameCourse(t, text+fork, mustBegin(t, text+fork, model, info, 0),
				mustBegin(t, text+"&cache=3", model, info, 0))
		}
	}
}

// TestCacheReturns: the way back to a checkpoint costs an evaluation only where features are used
// that are lost.
func TestCacheReturns(t *testing.T) {
	model, info := deepModelOf(t)
	const text = "m=test&c=two&steps=9&cache=3"
	tr := mustBegin(t, text, model, info, 0)
	marks := []Checkpoint{tr.Checkpoint()}
	for tr.Step() {
		marks = append(marks, tr.Checkpoint())
	}
	for _, c := range []struct{ at, want int }{
		{8, 1}, // the features of step 7 are there
		{6, 1}, // the next step works them out
		{5, 3}, // those of step 4 are worked out again, for each label
		{4, 1}, // and are there now
	} {
		model.asked = []string{}
		tr.Return(marks[c.at])
		tr.Step()
		if len(model.asked) != c.want {
			t.Errorf("after a return to step %d the network is asked %q, want %d times", c.at,
				model.asked, c.want)
		}
	}
}

// TestCacheAllocatesNothing: no step allocates, with features that are kept, used again and lost.
func TestCacheAllocatesNothing(t *testing.T) {
	model, info := deepModelOf(t)
	tr := mustBegin(t, "m=test&c=two&steps=40&cache=3&glow=0.3", model, info, 0)
	for range 7 {
		tr.Step()
	}
	mark := tr.Checkpoint()
	tr.Step()
	tr.Step()
	tr.Return(mark)
	if n := testing.AllocsPerRun(30, func() { tr.Step() }); n != 0 {
		t.Errorf("%v allocations in a step", n)
	}
}

// TestCacheEdits: resampling and inversions begin with whole evaluations where their states do not
// follow from each other, and a restart does.
func TestCacheEdits(t *testing.T) {
	model, info := deepModelOf(t)
	image := make([]byte, 24)
	for i := range image {
		image[i] = byte(40 + 7*i)
	}
	mask := []byte{255, 0, 255, 0, 255, 255, 0, 255, 0, 0, 0, 0}
	for _, c := range []struct {
		text, want string
		mask       []byte
	}{
		{"steps=4&cache=3&g=1&invert=two", "waawwaaw", nil},
		{"steps=4&cache=3&g=1&strength=1", "waaw", nil},
		// steps 1, 2, 3, then back to 2, 3, 4
		{"steps=4&cache=2&g=1&resample=2&jump=2", "wawwaw", mask},
	} {
		r := mustParse(t, "m=test&c=two&"+c.text)
		in := recipe.Inputs{Image: image, Mask: c.mask}
		if err := in.Name(&r); err != nil {
			t.Fatal(err)
		}
		model.asked = []string{}
		tr, err := NewTrajectoryFrom(r, info, model, 0, in)
		if err != nil {
			t.Fatal(err)
		}
		for tr.Step() {
		}
		got := ""
		for _, a := range model.asked {
			got += a[:1]
		}
		if got != c.want {
			t.Errorf("%s: evaluated %s, want %s", c.text, got, c.want)
		}
	}
	tr := mustBegin(t, "m=test&c=two&steps=9&cache=3&g=1", model, info, 0)
	tr.Step()
	model.asked = []string{}
	tr.Restart(1, slices.Clone(tr.X()))
	tr.Step()
	if model.asked[0] != "whole class" {
		t.Errorf("after a restart the network is asked %q", model.asked)
	}
}

// TestCacheForward: the pictures of a forward process use nothing again.
func TestCacheForward(t *testing.T) {
	model, info := deepModelOf(t)
	var ends [][]float64
	for _, text := range []string{"m=test&c=two&steps=5", "m=test&c=two&steps=5&cache=3"} {
		run, err := NewForward(mustParse(t, text), info, model, make([]byte, 24), Share{})
		if err != nil {
			t.Fatal(err)
		}
		var all []float64
		for run.Next() {
			all = append(all, run.X0(0)...)
		}
		ends = append(ends, all)
	}
	if !fixture.SameBits(ends[0], ends[1]) {
		t.Error("what the network predicts in a forward process depends on cache")
	}
}

// TestCacheRefused: networks without deep features, and too many pictures with them.
func TestCacheRefused(t *testing.T) {
	model, info := deepModelOf(t)
	large := &larger{deepest{Model: model.Model}}
	plain := info
	plain.Deep = false
	for _, c := range []struct {
		text   string
		info   recipe.Info
		model  network.Model
		reason solver.Reason
		says   string
	}{
		{"cache=2", plain, model.Model, solver.NoDeep,
			"cache is 2 but the network of test has no skip connections"},
		{"steps=9&fork=2,cache:2", plain, model.Model, solver.NoDeep, "after step 2 cache is 2"},
		{"cache=3&n=64", info, large, solver.MuchDeep,
			"1024 MB for these pictures, and 512 MB are allowed; choose fewer pictures"},
	} {
		_, err := NewRun(mustParse(t, "m=test&"+c.text), c.info, c.model)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Reason != c.reason ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: got %v, want %q", c.text, err, c.says)
		}
	}
	if _, err := NewRun(mustParse(t, "m=test&cache=2"), info, model.Model); err == nil {
		t.Error("a network without deep features is run as one that has them")
	}
	mustRun(t, "m=test&steps=2&cache=1", model.Model, plain)
}

// larger is a network with deep features of 8 MB.
type larger struct{ deepest }

func (*larger) DeepSize() int { return 2 << 20 }

// TestCacheWork: a working says how old the deep features of each answer are, and its step is the
// same.
func TestCacheWork(t *testing.T) {
	model, info := deepModelOf(t)
	const text = "m=test&c=two&steps=5&k=heun&cache=3&g=3"
	tr, plain := mustBegin(t, text, model, info, 0), mustBegin(t, text, model, info, 0)
	var ages []int
	for w := tr.Work(); w != nil; w = tr.Work() {
		plain.Step()
		if !fixture.SameBits(tr.X(), plain.X()) {
			t.Fatalf("step %d differs with its working", tr.Done())
		}
		for _, l := range w.Lines {
			if l.Of == working.Class || l.Of == working.NoClass {
				ages = append(ages, l.Deep)
			} else if l.Deep != 0 {
				t.Errorf("%v has deep features", l.Of)
			}
		}
	}
	// of both labels of nine evaluations
	if want := []int{0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2}; !slices.Equal(ages,
		want) {
		t.Errorf("the deep features are %v evaluations old, want %v", ages, want)
	}
}
