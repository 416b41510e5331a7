package protocol

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// duo is a session whose passes another one makes, with a clock on which that is worth it.
type duo struct {
	Sender
	clock   float64
	session *Session
	other   *Session
	asked   []Wanted
	steps   []Step
	passed  int
	lose    func(pass int) string // what becomes of a pass, see the test of losses
}

func (d *duo) now() float64 { d.clock += 10; return d.clock }

func (d *duo) Send(m Message) {
	switch m := m.(type) {
	case Wanted:
		d.clock -= 6
		m.X = slices.Clone(m.X)
		d.asked = append(d.asked, m)
		return
	case Step:
		d.steps = append(d.steps, m)
	}
	d.Sender.Send(m)
}

// back takes the answers of the other session.
type back struct{ *duo }

func (b back) Send(m Message) {
	switch m := m.(type) {
	case Answer:
		b.passed++
		b.session.Receive(Passed{slices.Clone(m.Values)})
	case Failed: // after which the page does without this worker
		b.session.Receive(Assist{})
	}
}

// carry brings a run to its end.
func (d *duo) carry() {
	for more := true; more || len(d.asked) > 0; {
		more = d.session.Advance()
		if len(d.asked) == 0 {
			continue
		}
		a := d.asked[0]
		d.asked = d.asked[1:]
		p := Pass(a)
		switch d.lose(d.passed) {
		case "killed": // the page or worker.js says so
			d.session.Receive(Assist{})
		case "broken":
			d.session.Receive(Passed{make([]byte, 3)})
		case "unknown": // the other worker has not the weights
			p.Of = "other"
			d.other.Receive(p)
		default:
			d.other.Receive(p)
		}
		more = true
	}
}

// inTwo is transcript with a second session that helps.
func inTwo(t *testing.T, recipe string, r Run, lose func(int) string) (*duo, []fixture.Line) {
	t.Helper()
	s := &scribe{t: t}
	d := &duo{Sender: s, lose: lose}
	d.session = NewSession(d, Open, d.now)
	d.other = NewSession(back{d}, Open, d.now)
	s.session = d.session
	for _, name := range goldenWeights(recipe) {
		file := fixture.File(t, filepath.Join("..", "..", "weights", name+".safetensors"))
		for _, each := range []*Session{d.session, d.other} {
			each.Receive(Load{Model: name, Bytes: Bytes(file)})
		}
	}
	d.session.Receive(Assist{On: true})
	d.session.Receive(r)
	d.carry()
	return d, s.lines
}

// sharedRecipes are golden recipes with several passes a step, and how many of these passes a
// helper makes. It makes none of the first two steps, which the clock is for.
var sharedRecipes = map[string]int{
	"m=digits&c=7&s=42&steps=4&g=2":                                          2,
	"m=digits&c=5&s=2&steps=3&g=0&cg=6":                                      1,
	"m=digits-cascade&c=4&steps=2&bsteps=3":                                  1,
	"m=faces&c=all&s=3&steps=4&g=1.5":                                        29,
	"m=digits&c=7&s=4&k=ddpm&steps=4&fork=2,c:8,k:euler_a,steps:6~4,fresh:9": 3,
}

// TestGoldenInTwo: what two workers make together has the golden hashes, with all helping, and if
// the helper is lost in any phase.
func TestGoldenInTwo(t *testing.T) {
	want := map[string][]fixture.Line{}
	for recipe := range sharedRecipes {
		if !slices.Contains(goldenRecipes, recipe) {
			t.Fatalf("%s is not golden", recipe)
		}
		want[recipe] = transcript(t, recipe, Run{ID: 1, Recipe: recipe})
	}
	all := func(int) string { return "" }
	for recipe, passes := range sharedRecipes {
		d, got := inTwo(t, recipe, Run{ID: 1, Recipe: recipe, Of: 1}, all)
		if !slices.Equal(got, want[recipe]) {
			t.Errorf("%s: other bits: %v, want %v", recipe, got, want[recipe])
		}
		if d.passed != passes {
			t.Errorf("%s: the helper made %d passes, want %d", recipe, d.passed, passes)
		}
	}
	const recipe = "m=digits&c=7&s=42&steps=4&g=2"
	for _, how := range []string{"killed", "broken", "unknown"} {
		for at := range 2 {
			d, got := inTwo(t, recipe, Run{ID: 1, Recipe: recipe, Of: 2}, func(pass int) string {
				if pass == at {
					return how
				}
				return ""
			})
			if !slices.Equal(got, want[recipe]) {
				t.Errorf("%s at pass %d: other bits", how, at)
			}
			if d.passed != at {
				t.Errorf("%s at pass %d: %d passes were made", how, at, d.passed)
			}
		}
	}
}

// TestWorkersAreCounted: a step says how many workers were at it.
func TestWorkersAreCounted(t *testing.T) {
	const recipe = "m=digits&c=7&s=42&steps=5&g=2"
	lost := func(pass int) string { return map[int]string{1: "killed"}[pass] }
	d, _ := inTwo(t, recipe, Run{ID: 1, Recipe: recipe, Of: 4}, lost)
	var got []int
	for _, step := range d.steps {
		got = append(got, step.Workers)
	}
	if want := []int{0, 0, 2, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("the steps were made by %v workers, want %v", got, want)
	}
}

// waiting returns a session in the middle of a step of run 1, which waits for its helper.
func waiting(t *testing.T) *talk {
	k := newTalk(t)
	k.session.Receive(Assist{On: true})
	k.session.Receive(Run{ID: 1, Recipe: "m=toy&c=cat&g=2&steps=4", Of: 2})
	if k.started.Passes != 2 {
		t.Fatalf("a run with guidance has %d passes a step", k.started.Passes)
	}
	k.session.Advance()
	k.session.Advance()
	if more := k.session.Advance(); more || len(k.asked) != 1 {
		t.Fatalf("more: %v, passes that were asked for: %d", more, len(k.asked))
	}
	k.expect("started 1", "step 1 1/4.0", "step 1 2/4.0")
	if k.session.Advance() || len(k.asked) != 1 {
		t.Fatal("a step that waits goes on")
	}
	return k
}

// hear answers the pass that is waited for.
func (k *talk) hear() {
	k.session.Receive(Passed{k.asked[0].X})
	k.asked = k.asked[1:]
}

// TestRequestsWaitForAStep: what comes while a step waits for its helper is acted on after the
// step, in order.
func TestRequestsWaitForAStep(t *testing.T) {
	for _, c := range []struct {
		name     string
		requests []Request
		want     []string
	}{
		{"cancel", []Request{Cancel{ID: 1}}, []string{"step 1 3/4.0", "cancelled 1 3"}},
		{"pause", []Request{Pause{ID: 1}, Describe{ID: 2, Recipe: "m=toy"}},
			[]string{"step 1 3/4.0", "paused 1 3", "described 2 m=toy"}},
		{"another run", []Request{Run{ID: 3, Recipe: "m=toy&steps=1"}},
			[]string{"step 1 3/4.0", "cancelled 1 3", "started 3", "step 3 1/1.0", "done 3"}},
	} {
		k := waiting(t)
		for _, r := range c.requests {
			k.session.Receive(r)
		}
		k.expect()
		k.hear()
		for k.session.Advance() {
		}
		if len(k.said) == 0 || !strings.HasPrefix(k.said[0], "step") {
			t.Fatalf("%s: %q", c.name, k.said)
		}
		k.expect(c.want...)
	}
}

// TestHelperGoesWhileAStepWaits: the session makes the pass itself, and those after it.
func TestHelperGoesWhileAStepWaits(t *testing.T) {
	k := waiting(t)
	k.session.Receive(Assist{})
	before := k.network.calls
	for k.session.Advance() {
	}
	k.expect("step 1 3/4.0", "step 1 4/4.0", "done 1")
	if made := k.network.calls - before; made != 2 || len(k.asked) != 1 {
		t.Errorf("%d evaluations and %d questions, want the lost pass and one step", made,
			len(k.asked))
	}
}

// TestFaultWhileAHelperHelps: a fault of the network ends the run, and a late answer is for nobody.
func TestFaultWhileAHelperHelps(t *testing.T) {
	k := newTalk(t)
	k.network.trap = func(calls int, _ []float32) {
		if calls == 3 {
			panic("broken")
		}
	}
	k.session.Receive(Assist{On: true})
	k.session.Receive(Run{ID: 1, Recipe: "m=toy&c=cat&g=2&steps=4"})
	for k.session.Advance() {
	}
	k.expect("started 1", "step 1 1/4.0", "step 1 2/4.0",
		"failed 1  the sampler has a fault (broken); please report it with the recipe")
	k.session.Receive(Run{ID: 2, Recipe: "m=toy&c=cat&g=2&steps=1"})
	k.hear()
	for k.session.Advance() {
	}
	k.expect("started 2", "step 2 1/1.0", "done 2")
}

// TestPasses: a pass is the network's answer for one label, or the classifier's; one that cannot be
// made is a fault, after which the session goes on.
func TestPasses(t *testing.T) {
	k := newTalk(t)
	k.session.Receive(Load{Model: "toy-classifier", Bytes: Bytes([]byte("guide"))})
	k.said = nil
	good := Pass{Of: "toy", X: bytesOf([]float32{1, 2, 3, 4, 5, 6}), T: 3, Label: 1}
	for of, want := range map[string][]float32{"toy": {.5, 1, 1.5, 2, 2.5, 3},
		"toy-classifier": {.5, .5, .5, .5, .5, .5}} {
		p := good
		p.Of = of
		k.session.Receive(p)
		if got := numbers(k.answer.Values); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", of, got, want)
		}
	}
	k.expect()
	for what, change := range map[string]func(*Pass){
		"no such model": func(p *Pass) { p.Of = "none" },
		"a small state": func(p *Pass) { p.X = p.X[:20] },
		"a large state": func(p *Pass) { p.X = make([]byte, 28) },
	} {
		p := good
		change(&p)
		k.answer = Answer{}
		k.session.Receive(p)
		if k.answer.Values != nil || len(k.said) != 1 || !strings.HasPrefix(k.said[0], "failed 0") {
			t.Errorf("%s: %+v, and %q", what, k.answer, k.said)
		}
		k.said = nil
	}
}

// TestPace: the faster way is taken, the other is tried again after a while, and one step that was
// held up decides nothing.
func TestPace(t *testing.T) {
	var p pace
	run := func(steps int, alone, helped float64) (with int) {
		for range steps {
			if helps := p.helps(); helps {
				with++
				p.note(true, helped)
			} else {
				p.note(false, alone)
			}
		}
		return with
	}
	for i, c := range []struct {
		steps         int
		alone, helped float64
		from, to      int // how many steps are made with the helper
	}{
		{1, 90, 50, 0, 0},      // both begin slowly
		{2, 10, 50, 1, 1},      //
		{97, 10, 6, 92, 95},    // the helper is worth it
		{1, 10, 36, 1, 1},      // once it is held up
		{30, 10, 6, 29, 30},    //
		{300, 10, 14, 8, 30},   // no core is idle any more
		{900, 10, 6, 700, 890}, // one is
	} {
		if got := run(c.steps, c.alone, c.helped); got < c.from || got > c.to {
			t.Errorf("part %d: %d of %d steps with the helper, want %d to %d", i, got, c.steps,
				c.from, c.to)
		}
	}
}
