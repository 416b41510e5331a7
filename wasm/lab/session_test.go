//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/lab/keys"
)

// page is a session as the page sees it. Its clock goes on by a millisecond with every look.
type page struct {
	t       *testing.T
	session *Session
	said    []Message
	clock   float64
}

func (p *page) Send(m Message) { p.said = append(p.said, m) }

func open(t *testing.T) *page {
	p := &page{t: t}
	p.session = NewSession(p, func() float64 { p.clock++; return p.clock })
	return p
}

// hears returns all that is said to a request, and until nothing more is done.
func (p *page) hears(r Request) []Message {
	p.t.Helper()
	p.said = nil
	p.session.Receive(r)
	for range 100_000 {
		if !p.session.Advance() {
			return p.said
		}
	}
	p.t.Fatal("there is no end of it")
	return nil
}

// last returns the last message of a type.
func last[T Message](t *testing.T, said []Message) T {
	t.Helper()
	for i := len(said) - 1; i >= 0; i-- {
		if m, ok := said[i].(T); ok {
			return m
		}
	}
	var none T
	t.Fatalf("there is no message %s in %+v", none.Type(), said)
	return none
}

func count[T Message](said []Message) (n int) {
	for _, m := range said {
		if _, ok := m.(T); ok {
			n++
		}
	}
	return n
}

func numbers(b []byte) []float32 {
	x := make([]float32, len(b)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return x
}

const small = "d=mixture&units=8&batch=16&steps=40&n=30&ssteps=5"

// TestRun: a recipe trains, shows what it draws meanwhile, and ends once with the points of its
// hash. What they are worth follows.
func TestRun(t *testing.T) {
	p := open(t)
	said := p.hears(Train{ID: 1, Recipe: small + "&h=0123456789abcdef"})
	started := said[0].(Started)
	if started.Recipe != small || started.Steps != 40 || started.Step != 0 || !started.Exact ||
		!started.Sees || len(started.AlphaBar) != 4000 || len(started.Classes) != 2 ||
		len(started.Fields) < 20 {
		t.Errorf("started with %+v", started)
	}
	losses := 0
	for _, m := range said {
		if m, ok := m.(Progress); ok {
			if losses += len(m.Losses) / 4; losses != m.Step {
				t.Errorf("after %d losses the step is %d", losses, m.Step)
			}
		}
	}
	if losses != 40 {
		t.Errorf("%d losses of 40 steps were told", losses)
	}
	done := last[Done](t, said)
	if said[len(said)-2] != Message(done) || !done.Differs ||
		done.Recipe != small+"&h="+done.Hash[:16] {
		t.Errorf("ends with %+v", said[len(said)-2:])
	}
	s := last[Snapshot](t, said)
	states := numbers(s.States)
	if times := numbers(s.Times); !s.Whole || s.Step != 40 || s.Points != 30 || s.Clouds != 1 ||
		len(times) != 6 || times[0] <= times[1] || times[5] != 0 || len(states) != 6*60 ||
		len(s.Guesses) != len(s.States) {
		t.Errorf("the snapshot has %d points, %d times, %d states", s.Points, len(s.Times)/4,
			len(states))
	}
	if got := experiment.Hash(states[5*60:]); got != done.Hash {
		t.Errorf("the points of the snapshot have the hash %s, the end says %s", got, done.Hash)
	}
	if m := said[len(said)-1].(Measured); !m.Whole || len(m.Measures) < 12 {
		t.Errorf("measured %+v", m)
	}
	said = p.hears(Train{ID: 2, Recipe: done.Recipe, Again: true})
	if again := last[Done](t, said); again.Hash != done.Hash || again.Differs {
		t.Errorf("the second time it ends with %+v", again)
	}
}

// TestWhileItLearns: what is drawn meanwhile is quick, comes from earlier networks, and takes less
// time than training.
func TestWhileItLearns(t *testing.T) {
	p := open(t)
	said := p.hears(Train{ID: 1, Recipe: "units=8&batch=16&steps=3000&n=1500&ssteps=30"})
	step := 0
	for _, m := range said {
		if s, ok := m.(Snapshot); ok && !s.Whole {
			if s.Points != quickPoints || len(s.Times) != 4*(quickSteps+1) || s.Step < step {
				t.Errorf("at step %d after %d: %d points in %d frames", s.Step, step, s.Points,
					len(s.Times)/4)
			}
			step = s.Step
		}
	}
	if n := count[Snapshot](said); n < 5 || step == 0 {
		t.Errorf("%d snapshots, the last at step %d", n, step)
	}
}

// TestScheduleLearns: a snapshot has the schedule that its network had learned by then, and none
// where that stays.
func TestScheduleLearns(t *testing.T) {
	const recipe = "d=grid&units=8&batch=16&steps=1500&n=20&ssteps=4"
	p := open(t)
	said := p.hears(Train{ID: 1, Recipe: recipe + "&schedule=learned"})
	began := said[0].(Started).AlphaBar
	var all []Snapshot
	for _, m := range said {
		if s, ok := m.(Snapshot); ok {
			all = append(all, s)
		}
	}
	moved := 0
	for i, s := range all {
		if len(s.AlphaBar) != len(began) {
			t.Errorf("the schedule of step %d has %d bytes", s.Step, len(s.AlphaBar))
		}
		if i > 0 && !bytes.Equal(s.AlphaBar, all[i-1].AlphaBar) {
			moved++
		}
	}
	if moved < 3 {
		t.Errorf("the schedule moved %d times in %d snapshots", moved, len(all))
	}
	if now := last[Started](t, p.hears(Train{ID: 2, Recipe: recipe +
		"&schedule=learned&k=heun"})).AlphaBar; !bytes.Equal(now, all[len(all)-1].AlphaBar) {
		t.Error("the last snapshot has not the schedule of the network")
	}
	for _, m := range p.hears(Train{ID: 3, Recipe: recipe}) {
		if s, ok := m.(Snapshot); ok && len(s.AlphaBar) > 0 {
			t.Errorf("at step %d a schedule that stays is told again", s.Step)
		}
	}
}

// TestTrainingKeepsItsShare: what is asked beside a training takes about half of the time, however
// long a unit of it takes.
func TestTrainingKeepsItsShare(t *testing.T) {
	p := open(t)
	p.session.Receive(Train{ID: 1, Recipe: "units=8&batch=16&steps=1000000&n=9"})
	const unit = 50.0
	units := 0
	p.session.tasks = []task{{2, func() bool { units++; p.clock += unit; return true }}}
	for range 300 {
		p.session.Advance()
	}
	if share := unit * float64(units) / p.clock; !(share > 0.2 && share < 0.55) {
		t.Errorf("%d units took %.2f of the time", units, share)
	}
}

// TestOtherKinds: a model that does not denoise is drawn, and has no score; a flow and a network of
// one noise level have one.
func TestOtherKinds(t *testing.T) {
	for _, c := range []struct {
		recipe       string
		sees, levels bool
	}{
		{"m=vae&units=8&batch=16&steps=5&n=9", false, false},
		{"d=mixture&schedule=straight&units=8&batch=16&steps=5&n=9&ssteps=3", true, true},
		{"d=mixture&at=0.5&units=8&batch=16&steps=5&n=9&ssteps=3", true, false},
	} {
		p := open(t)
		said := p.hears(Train{ID: 1, Recipe: c.recipe})
		started := said[0].(Started)
		if started.Sees != c.sees || len(started.AlphaBar) > 0 != c.levels {
			t.Errorf("%s: sees %v, %d levels", c.recipe, started.Sees, len(started.AlphaBar)/4)
		}
		if s := last[Snapshot](t, said); s.Points != 9 || last[Done](t, said).Hash == "" {
			t.Errorf("%s: %d points", c.recipe, s.Points)
		}
		for _, f := range started.Fields {
			if !c.sees && (f.Key == "p" || f.Key == "k") || c.sees && f.Key == "levels" {
				t.Errorf("%s has the key %s", c.recipe, f.Key)
			}
		}
		said = p.hears(Score{ID: 2, Right: 1, Top: 1, Columns: 2, Rows: 2})
		if c.sees {
			for _, v := range numbers(last[Scored](t, said).Model) {
				if math.IsNaN(float64(v)) {
					t.Errorf("%s: the score at the last level is NaN", c.recipe)
				}
			}
		} else if last[Failed](t, said).ID != 2 {
			t.Errorf("%s: %+v", c.recipe, said)
		}
	}
}

// TestTurning: a sampler's knob changes what is drawn and trains nothing; a refused one leaves all
// as it is.
func TestTurning(t *testing.T) {
	p := open(t)
	first := last[Done](t, p.hears(Train{ID: 1, Recipe: small}))
	said := p.hears(Train{ID: 2, Recipe: small + "&k=heun"})
	if s := said[0].(Started); s.Step != 40 || count[Progress](said) != 0 {
		t.Errorf("a sampler's key trains again: %+v", said)
	}
	if d := last[Done](t, said); d.Hash == first.Hash || d.ID != 2 {
		t.Errorf("another sampler draws the same: %+v", d)
	}
	for key, recipe := range map[string]string{"units": "units=0", "k": "k=best",
		"sigmas": small + "&k=dpmpp_2m&sigmas=flow"} {
		said := p.hears(Train{ID: 3, Recipe: recipe})
		if f := last[Failed](t, said); f.ID != 3 || f.Key != key || len(said) != 1 {
			t.Errorf("%s: got %+v", recipe, said)
		}
	}
	if d := last[Done](t, p.hears(Train{ID: 4, Recipe: small})); d.Hash != first.Hash {
		t.Errorf("after what was refused it draws %s, want %s", d.Hash, first.Hash)
	}
	if s := p.hears(Train{ID: 5, Recipe: small + "&lr=0.01"})[0].(Started); s.Step != 0 {
		t.Errorf("another learning rate begins at step %d", s.Step)
	}
}

// TestPause: a training that waits draws what it has learned as the recipe says, and goes on to the
// same end.
func TestPause(t *testing.T) {
	p := open(t)
	want := last[Done](t, p.hears(Train{ID: 1, Recipe: small})).Hash
	said := p.hears(Train{ID: 2, Recipe: small, Again: true, Wait: true})
	if last[Paused](t, said).Step != 0 || !last[Snapshot](t, said).Whole ||
		count[Done](said) != 0 {
		t.Errorf("a training that waits: %+v", said)
	}
	said = p.hears(Step{ID: 2, Steps: 7})
	if last[Paused](t, said).Step != 7 || last[Snapshot](t, said).Step != 7 {
		t.Errorf("seven steps: %+v", said)
	}
	if said := p.hears(Step{ID: 1, Steps: 7}); len(said) != 0 {
		t.Errorf("a step of a run that is over: %+v", said)
	}
	p.session.Receive(Resume{ID: 2})
	p.session.Advance()
	if said = p.hears(Pause{ID: 2}); last[Paused](t, said).Step <= 7 || !last[Snapshot](t,
		said).Whole {
		t.Errorf("paused: %+v", said)
	}
	if got := last[Done](t, p.hears(Resume{ID: 2})).Hash; got != want {
		t.Errorf("with pauses it draws %s, without %s", got, want)
	}
	p.session.Receive(Train{ID: 3, Recipe: small, Again: true})
	said = p.hears(Train{ID: 4, Recipe: small, Again: true})
	if c := last[Cancelled](t, said); c.ID != 3 {
		t.Errorf("the run that another takes the place of: %+v", said)
	}
}

// TestDiverges: a training that comes to no number keeps the last good network, and says so.
func TestDiverges(t *testing.T) {
	said := open(t).hears(Train{ID: 1, Recipe: small + "&lr=100&norm=0&warm=0&fall=constant&" +
		"p=epsilon&loss=bound"})
	f := last[Failed](t, said)
	if !f.Diverged || f.Key != "lr" || !strings.Contains(f.Message, "learning rate") {
		t.Errorf("it ends with %+v", said[len(said)-1])
	}
	for _, v := range numbers(last[Snapshot](t, said).States) {
		if math.IsNaN(float64(v)) {
			t.Fatal("a point is NaN")
		}
	}
	losses := 0
	for _, m := range said {
		if m, ok := m.(Progress); ok {
			if losses += len(m.Losses) / 4; losses != m.Step {
				t.Errorf("%d losses were told of %d steps", losses, m.Step)
			}
		}
	}
}

// TestBlank: a network that gives no numbers, though its loss was one, says so where it was to
// draw. While training waits it can still learn on.
func TestBlank(t *testing.T) {
	p := open(t)
	const recipe = "d=mixture&units=8&batch=16&steps=60&n=30&ssteps=20&lr=100&norm=0"
	said := p.hears(Train{ID: 1, Recipe: recipe})
	f := last[Failed](t, said)
	if !f.Blank || f.Diverged || f.ID != 1 || f.Key != "lr" || count[Snapshot](said) != 0 {
		t.Errorf("it ends with %+v", said[len(said)-1])
	}
	p.session.Receive(Train{ID: 2, Recipe: recipe, Again: true, Wait: true})
	said = p.hears(Step{ID: 2, Steps: 40})
	if f := last[Failed](t, said); !f.Blank || last[Paused](t, said).Step != 40 {
		t.Errorf("after 40 steps: %+v", said)
	}
	said = p.hears(Resume{ID: 2})
	if f := last[Failed](t, said); !f.Blank || last[Progress](t, said).Step != 60 {
		t.Errorf("at the end: %+v", said)
	}
}

// TestLooks: score, density and a path of data whose exact answer is known.
func TestLooks(t *testing.T) {
	p := open(t)
	if f := last[Failed](t, p.hears(Score{ID: 9, T: 1, Right: 1, Top: 1, Columns: 1, Rows: 1})); f.
		Message != "nothing is being trained" {
		t.Errorf("got %+v", f)
	}
	p.hears(Train{ID: 1, Recipe: "d=mixture&gauss=1,0.5,0,0.1&units=8&batch=16&steps=5&n=9&" +
		"ssteps=3"})
	scored := last[Scored](t, p.hears(Score{ID: 2, T: 300, Left: -1, Right: 1, Bottom: -2, Top: 2,
		Columns: 4, Rows: 2}))
	at, exact := numbers(scored.Points), numbers(scored.Exact)
	if len(at) != 16 || len(exact) != 16 || len(scored.Model) != 64 || at[0] != -0.75 ||
		at[1] != 1 || at[15] != -1 {
		t.Fatalf("scored %+v of %v", scored, at)
	}
	if exact[1] >= 0 || exact[0] <= 0 || exact[15] <= 0 {
		t.Errorf("the exact score does not lead to the only Gaussian: %v", exact)
	}
	shaded := numbers(last[Shaded](t, p.hears(Density{ID: 3, T: -1, Left: 0, Right: 1, Bottom: -0.5,
		Top: 0.5, Columns: 3, Rows: 3})).Values)
	peak := 1 / (2 * math.Pi * 0.01)
	if len(shaded) != 9 || math.Abs(float64(shaded[4])/peak-1) > 1e-4 {
		t.Errorf("the density is %v, want %v in the middle", shaded, peak)
	}
	traced := numbers(last[Traced](t, p.hears(Path{ID: 4, X: 2, Y: 1, T: 999})).Exact)
	if len(traced) != 202 || traced[0] != 2 || math.Abs(float64(traced[200])-0.5) > 0.5 {
		t.Errorf("the path goes from %v to %v in %d points", traced[:2], traced[len(traced)-2:],
			len(traced)/2)
	}
	for _, r := range []Request{Score{ID: 5, T: 1000, Right: 1, Top: 1, Columns: 1, Rows: 1},
		Density{ID: 5, Right: 1, Top: -1, Columns: 1, Rows: 1},
		Density{ID: 5, Right: 1, Top: 1, Columns: 1000, Rows: 1}, Path{ID: 5, T: -1}} {
		if f := last[Failed](t, p.hears(r)); f.ID != 5 || f.Message == "" {
			t.Errorf("%+v: %+v", r, f)
		}
	}
	p.session.Receive(Density{ID: 6, Right: 1, Top: 1, Columns: 9, Rows: 9})
	if said := p.hears(Cancel{ID: 6}); len(said) != 1 || said[0] != Message(Cancelled{6}) {
		t.Errorf("cancelled: %+v", said)
	}
}

// TestDescribes: the page hears of every key and every preset, and gets points of each.
func TestDescribes(t *testing.T) {
	p := open(t)
	d := last[Described](t, p.hears(Describe{ID: 1}))
	if len(d.Keys) != len(keys.Keys()) || len(d.Presets) < 8 || len(d.Samplers) < 30 {
		t.Errorf("%d keys, %d presets, %d samplers", len(d.Keys), len(d.Presets), len(d.Samplers))
	}
	for _, one := range d.Presets {
		s := last[Sampled](t, p.hears(Sample{ID: 2, Recipe: "d=" + one.Name, Points: 50}))
		if len(s.Points) != 400 || len(s.Classes) != 50 || len(s.Names) != len(one.Classes) {
			t.Errorf("%s: %+v", one.Name, s)
		}
	}
	for _, r := range []Request{Sample{ID: 3, Recipe: "d=no", Points: 5},
		Sample{ID: 3, Points: 0}, Sample{ID: 3, Points: 1 << 20}} {
		if f := last[Failed](t, p.hears(r)); f.ID != 3 {
			t.Errorf("%+v: %+v", r, f)
		}
	}
	for _, r := range []Request{Train{Recipe: small}, Unknown{}, Unknown{Name: "dance"}} {
		if f := last[Failed](t, p.hears(r)); f.ID != 0 || f.Message == "" {
			t.Errorf("%+v: %+v", r, f)
		}
	}
}

// TestDigits: places of the plane decode to digits, and digits are encoded to places, from the
// first step on; both and the density follow the autoencoder while that learns, and stay then.
func TestDigits(t *testing.T) {
	p := open(t)
	grid := Decode{ID: 8, Left: -1, Right: 1, Bottom: -1, Top: 1, Columns: 3, Rows: 2}
	if f := last[Failed](t, p.hears(grid)); f.Message != "nothing is being trained" {
		t.Errorf("got %+v", f)
	}
	p.hears(Train{ID: 1, Recipe: "d=moons&units=8&batch=8&steps=1&n=5&ssteps=2"})
	for _, r := range []Request{grid, Encode{ID: 8}} {
		if f := last[Failed](t, p.hears(r)); f.ID != 8 ||
			f.Message != "the points of this model decode to nothing" {
			t.Errorf("got %+v", f)
		}
	}
	const recipe = "d=digits&units=8&batch=16&steps=4&vsteps=30&n=20&ssteps=2"
	s := last[Started](t, p.hears(Train{ID: 2, Recipe: recipe, Wait: true}))
	if s.Encodes != 30 || s.Steps != 34 || !s.Exact || !s.Sees || len(s.Classes) != 10 {
		t.Errorf("it starts with %+v", s)
	}
	var before [3]string
	for i, steps := range []int{0, 10, 20, 4} {
		if steps > 0 {
			p.hears(Step{ID: 2, Steps: steps})
		}
		d := last[Decoded](t, p.hears(grid))
		if d.ID != 8 || d.Side != 16 || d.Columns != 3 || d.Rows != 2 || len(d.Ink) != 6*256 ||
			len(d.Names) != 0 {
			t.Errorf("%d values of %d×%d digits, %d names", len(d.Ink), d.Columns, d.Rows,
				len(d.Names))
		}
		e := last[Encoded](t, p.hears(Encode{ID: 9}))
		if len(e.Points) != 8*len(e.Classes) || len(e.Classes) != 1000 || e.Classes[13] != 3 ||
			e.Step != d.Step {
			t.Errorf("%d bytes of %d digits", len(e.Points), len(e.Classes))
		}
		shaded := last[Shaded](t, p.hears(Density{ID: 10, T: -1, Left: -1, Right: 1, Bottom: -1,
			Top: 1, Columns: 2, Rows: 2}))
		now := [3]string{string(d.Ink), string(e.Points), string(shaded.Values)}
		for j, name := range []string{"digits", "places", "density"} {
			if same := now[j] == before[j]; same != (i == 3) {
				t.Errorf("after stop %d the %s are those of before: %v", i, name, same)
			}
		}
		before = now
	}
	grid.Name = true
	for _, name := range last[Decoded](t, p.hears(grid)).Names {
		if name > 9 {
			t.Errorf("a digit is most like %d", name)
		}
	}
	grid.Columns = 1000
	if f := last[Failed](t, p.hears(grid)); !strings.Contains(f.Message, "rows and columns") {
		t.Errorf("got %+v", f)
	}
	said := p.hears(Train{ID: 3, Recipe: recipe + "&lr=100&norm=0&warm=0&fall=constant"})
	if f := last[Failed](t, said); f.Key != "lr" {
		t.Errorf("at a learning rate of 100: %+v", f)
	}
}
