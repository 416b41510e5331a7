package sampler

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// aide is a helper with the same networks.
type aide struct {
	models      map[string]network.Model
	guide       network.Classifier
	refuse      func(n int) bool // whether it refuses its n-th pass
	lose        func(n int) bool // whether it never answers its n-th pass
	asked, made int
	out         []float32 // of the pass that it has
	lost, busy  bool
}

func (a *aide) ask(p *Pass) bool {
	if a.busy {
		panic("a second pass is asked for before the first was answered")
	}
	if a.asked++; a.refuse != nil && a.refuse(a.asked) {
		return false
	}
	a.busy, a.lost = true, a.lose != nil && a.lose(a.asked)
	if a.lost {
		return true
	}
	a.made++
	a.out = p.Make(a.models[p.Of], a.guide)
	return true
}

func (a *aide) answer(out []float32) bool {
	a.busy = false
	if a.lost {
		for i := range out {
			out[i] = float32(math.NaN())
		}
		return false
	}
	if len(out) != len(a.out) {
		panic("an answer of another size")
	}
	copy(out, a.out)
	return true
}

// newAide returns a helper with a network and a classifier.
func newAide(m network.Model, guide network.Classifier) *aide {
	return &aide{models: map[string]network.Model{"test": m}, guide: guide}
}

// helped runs a recipe with a helper.
func helped(t *testing.T, text string, m network.Model, info recipe.Info, a *aide) []float64 {
	t.Helper()
	run, err := NewRun(mustParse(t, text), info, m)
	if err != nil {
		t.Fatal(err)
	}
	run.Assist(&Helper{a.ask, a.answer})
	for run.Next() {
	}
	if run.Err() != nil {
		t.Fatal(run.Err())
	}
	return last(run)
}

// TestHelpedStepsHaveTheSameBits: with every sampler, with guidance of each kind, and with forks;
// also if passes are refused, or lost with the helper.
func TestHelpedStepsHaveTheSameBits(t *testing.T) {
	model, info := guidedModel(t, schedule.Default())
	check := func(text string, m network.Model) {
		t.Helper()
		want := last(mustRun(t, text, m, info))
		all := newAide(m, info.Guide.Classifier)
		third := newAide(m, info.Guide.Classifier)
		third.refuse = func(n int) bool { return n%3 == 0 }
		third.lose = func(n int) bool { return n%3 == 1 }
		none := newAide(m, info.Guide.Classifier)
		none.lose = func(int) bool { return true }
		for what, a := range map[string]*aide{"helped": all, "refused": third, "lost": none} {
			if !fixture.SameBits(helped(t, text, m, info, a), want) {
				t.Errorf("%s, %s: another picture", text, what)
			}
			if a.asked == 0 || what == "helped" && a.made != a.asked {
				t.Errorf("%s, %s: %d passes were asked for, %d made", text, what, a.asked, a.made)
			}
		}
	}
	for _, text := range everyRecipe() {
		check(text+"&g=2", model)
	}
	for _, more := range []string{"g=0&cg=2", "g=1&cg=2", "g=3&cg=2&glow=0.5", "g=3&rescale=0.5"} {
		check("m=test&c=two&steps=8&"+more, model)
	}
	for _, text := range []string{"m=test&c=two&n=2&steps=8&g=3&fork=3,c:one,k:heun~5,g:2"} {
		check(text, model)
	}
	check("m=test&c=two&steps=6&g=2&cg=1", &conditioned{Model: model, quiet: true})
	info.Deep = true
	check("m=test&c=two&steps=6&g=2&cg=1&cache=2", &deepest{Model: model})
}

// TestHelpedCascade: a helper makes passes of a cascade's first stage.
func TestHelpedCascade(t *testing.T) {
	u, small, info := testCascade(t, "")
	const text = "m=large&c=two&n=2&steps=4&bsteps=5&g=3"
	want := last(mustRun(t, text, u, info))
	a := newAide(small, nil)
	if got := helped(t, text, u, info, a); !fixture.SameBits(got, want) || a.made != 2*5 {
		t.Errorf("another picture, or %d passes and not those of 5 steps of 2 pictures", a.made)
	}
}

// TestNothingToHelpWith: a run says whether any of its evaluations has several passes.
func TestNothingToHelpWith(t *testing.T) {
	model, info := guidedModel(t, schedule.Default())
	for text, want := range map[string]bool{"g=1": false, "g=0": false, "g=2": true,
		"g=0&cg=1": true, "g=1&fork=2,g:3": true, "g=1&fork=2,c:one": false,
		"g=2&cache=2": false} {
		info.Deep = true
		run, err := NewRun(mustParse(t, "m=test&c=two&steps=4&"+text), info,
			&deepest{Model: model})
		if err != nil {
			t.Fatal(err)
		}
		if run.Assist(nil) != want {
			t.Errorf("%s: without a helper the run reports other passes", text)
		}
		a := newAide(model, info.Guide.Classifier)
		if got := run.Assist(&Helper{a.ask, a.answer}); got != want {
			t.Errorf("%s: there is something to help with: %v, want %v", text, got, want)
		}
		for run.Next() {
		}
		if (a.asked > 0) != want {
			t.Errorf("%s: %d passes were asked for", text, a.asked)
		}
	}
}

// TestHelpedStepsAllocateNothing: whether the helper takes a pass or refuses it.
func TestHelpedStepsAllocateNothing(t *testing.T) {
	model, info := guidedModel(t, schedule.Default())
	for _, more := range []string{"&g=3", "&cg=2"} {
		run, err := NewRun(mustParse(t, "m=test&c=all&steps=40"+more), info, model)
		if err != nil {
			t.Fatal(err)
		}
		a := newAide(model, info.Guide.Classifier)
		a.refuse = func(n int) bool { return n%3 == 0 }
		a.lose = func(int) bool { return true } // who makes a pass allocates
		run.Assist(&Helper{a.ask, a.answer})
		if n := testing.AllocsPerRun(50, func() { run.Next() }); n != 0 {
			t.Errorf("%s: %v allocations for each call of Next", more, n)
		}
	}
}
