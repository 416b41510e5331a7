package protocol

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/sampler"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// fake is a network that says what its picture is made of: nothing.
type fake struct {
	calls int
	trap  func(calls int, out []float32) // called with each output, if not nil
}

func (f *fake) Shape() (channels, height, width int) { return 1, 2, 3 }
func (f *fake) OutChannels() int                     { return 1 }
func (f *fake) Classes() int                         { return 2 }

func (f *fake) Predict(out [][]float32, x []float32, t float64, labels []int) {
	f.calls++
	for i := range out {
		for j := range out[i] {
			out[i][j] = x[j] / 2
		}
		if f.trap != nil {
			f.trap(f.calls, out[i])
		}
	}
}

// Gradient pulls every pixel of class 0 down and of class 1 up.
func (f *fake) Gradient(dst, x []float32, t float64, label int) {
	for i := range dst {
		dst[i] = float32(label) - 0.5
	}
}

// talk is a session with a fake model 'toy' and everything it has said, one
// line a message.
type talk struct {
	t       *testing.T
	session *Session
	said    []string
	started Started // the last one
	steps   []Step  // with their pixels copied
	clock   float64
	network *fake
	asked   []Wanted // that were not answered yet, with their bytes copied
	answer  Answer   // the last one
}

func newTalk(t *testing.T) *talk {
	k := &talk{t: t, network: &fake{}}
	open := func(r Load) (Opened, error) {
		name, file := r.Model, []byte(nil)
		if b, ok := r.Bytes.(Bytes); ok {
			file = b
		}
		if string(file) == "panic" {
			panic("index out of range")
		}
		if string(file) == "guide" {
			return Opened{Guide: &recipe.Guide{Classifier: k.network, Name: name, Hash: "fedc",
				Names: []string{"cat", "dog"}, Scheduler: schedule.Default()}, Parameters: 7}, nil
		}
		if string(file) != "toy" {
			return Opened{}, errors.New("weights: not a weights file")
		}
		info := recipe.Info{
			Name: name, Title: "Toy", Hash: "0123456789abcdef", Classes: []string{"cat", "dog"},
			Channels: 1, Height: 2, Width: 3, OutChannels: 1,
			Scheduler: schedule.Default(), Defaults: recipe.StandardDefaults(),
		}
		return Opened{Model: k.network, Info: info, Parameters: 6}, nil
	}
	now := func() float64 { k.clock += 2.5; return k.clock }
	k.session = NewSession(k, open, now)
	k.session.Receive(Load{Model: "toy", Bytes: Bytes([]byte("toy"))})
	k.expect("model toy")
	return k
}

// Send notes a message in short.
func (k *talk) Send(m Message) {
	words := []string{m.Type()}
	switch m := m.(type) {
	case Wanted: // which the page does not hear of
		m.X = slices.Clone(m.X)
		k.asked = append(k.asked, m)
		return
	case Answer:
		m.Values = slices.Clone(m.Values)
		k.answer = m
		return
	case Model:
		words = append(words, m.Model)
	case Companion:
		words = append(words, m.Model)
	case Described:
		words = append(words, strconv.Itoa(m.ID), m.Recipe)
	case Plotted:
		words = append(words, strconv.Itoa(m.ID))
	case Started:
		k.started = m
		words = append(words, strconv.Itoa(m.ID))
	case Step:
		m.Xt, m.X0 = append([]byte(nil), m.Xt...), append([]byte(nil), m.X0...)
		m.Epsilon, m.Change = append([]byte(nil), m.Epsilon...), append([]byte(nil), m.Change...)
		k.steps = append(k.steps, m)
		words = append(words, strconv.Itoa(m.ID),
			strconv.Itoa(m.Step)+"/"+strconv.Itoa(m.Steps)+"."+strconv.Itoa(m.Image))
	case Paused:
		words = append(words, strconv.Itoa(m.ID), strconv.Itoa(m.Step))
	case Measuring:
		words = append(words, strconv.Itoa(m.ID), m.Form, strconv.Itoa(m.Terms))
	case Term:
		words = append(words, strconv.Itoa(m.ID), strconv.Itoa(m.Term)+"/"+strconv.Itoa(m.Terms))
	case Measured:
		words = append(words, strconv.Itoa(m.ID))
	case Done:
		words = append(words, strconv.Itoa(m.ID))
	case Followed:
		words = append(words, strconv.Itoa(m.ID), m.Next)
	case Derived:
		words = append(words, strconv.Itoa(m.ID))
	case Worked:
		words = append(words, strconv.Itoa(m.ID))
	case Part:
		words = append(words, strconv.Itoa(m.ID))
	case Cancelled:
		words = append(words, strconv.Itoa(m.ID), strconv.Itoa(m.Step))
	case Failed:
		words = append(words, strconv.Itoa(m.ID), m.Key, m.Message)
	}
	k.said = append(k.said, strings.Join(words, " "))
}

// expect compares what was said since the last time.
func (k *talk) expect(want ...string) {
	k.t.Helper()
	for i := range max(len(want), len(k.said)) {
		got, wanted := "nothing", "nothing"
		if i < len(k.said) {
			got = k.said[i]
		}
		if i < len(want) {
			wanted = want[i]
		}
		if got != wanted {
			k.t.Fatalf("message %d of %d: got %q, want %q\nall: %q",
				i, len(k.said), got, wanted, k.said)
		}
	}
	k.said = nil
}

// unknownKey is what the sampler says of a recipe with a key that there is not.
func unknownKey(t *testing.T, text string) string {
	_, err := recipe.Parse(text)
	wrong, ok := err.(*recipe.Error)
	if !ok {
		t.Fatalf("%s: got %v, want an error about a key", text, err)
	}
	return wrong.Message
}

// request is a message of a type, by its name on the wire, with what the toy needs.
func request(kind string, id int, recipe string) Request {
	image := make([]byte, 6)
	switch kind {
	case "load":
		return Load{Model: "toy", Bytes: Bytes([]byte("toy"))}
	case "describe":
		return Describe{ID: id, Recipe: recipe}
	case "plot":
		return Plot{ID: id, Recipe: recipe}
	case "run":
		return Run{ID: id, Recipe: recipe}
	case "forward":
		return Forward{ID: id, Recipe: recipe, Image: image}
	case "combine":
		return Combine{ID: id, Recipe: recipe, Bytes: image}
	case "measure":
		return Measure{ID: id, Recipe: recipe, Image: image}
	case "work":
		return Work{ID: id, Recipe: recipe, Step: 1}
	case "pause":
		return Pause{ID: id}
	case "resume":
		return Resume{ID: id}
	case "next":
		return Next{ID: id}
	case "follow":
		return Follow{ID: id, Recipe: recipe}
	case "cancel":
		return Cancel{ID: id}
	}
	return Unknown{Name: kind}
}

func TestConversations(t *testing.T) {
	// A line is a request, `-` one Advance that has more to do, `.` one that
	// has not, `*` as many as there are.
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"a run to its end", []string{"run 1 m=toy&steps=2", "-", "."},
			[]string{"started 1", "step 1 1/2.0", "step 1 2/2.0", "done 1"}},
		{"pictures in lockstep", []string{"run 1 m=toy&steps=2&n=2", "-", "-", "-", "."},
			[]string{"started 1", "step 1 1/2.0", "step 1 1/2.1", "step 1 2/2.0",
				"step 1 2/2.1", "done 1"}},
		{"nothing to do", []string{".", "cancel 1", "pause 1", "resume 1", "next 1", "."}, nil},
		{"a cancel", []string{"run 1 m=toy&steps=9", "-", "cancel 1", "."},
			[]string{"started 1", "step 1 1/9.0", "cancelled 1 1"}},
		{"a cancel within a step", []string{"run 1 m=toy&steps=9&n=3", "-", "cancel 1", "."},
			[]string{"started 1", "step 1 1/9.0", "cancelled 1 0"}},
		{"a cancel before the first step", []string{"run 1 m=toy", "cancel 1", "."},
			[]string{"started 1", "cancelled 1 0"}},
		{"cancels without end",
			[]string{"run 1 m=toy&steps=9", "cancel 1", "cancel 1", "cancel 2", "cancel 1", "."},
			[]string{"started 1", "cancelled 1 0"}},
		{"a cancel after the end",
			[]string{"run 1 m=toy&steps=1", ".", "cancel 1", "pause 1", "next 1", "."},
			[]string{"started 1", "step 1 1/1.0", "done 1"}},
		{"the next run cancels", []string{"run 1 m=toy&steps=9", "-", "run 2 m=toy&steps=1", "."},
			[]string{"started 1", "step 1 1/9.0", "cancelled 1 1", "started 2",
				"step 2 1/1.0", "done 2"}},
		{"a bad next run cancels too",
			[]string{"run 1 m=toy&steps=9", "-", "run 2 m=toy&steps=0", "."},
			[]string{"started 1", "step 1 1/9.0", "cancelled 1 1",
				`failed 2 steps steps is "0" but must be a whole number from 1 to the model's ` +
					`number of timesteps`}},
		{"requests about another run",
			[]string{"run 2 m=toy&steps=2", "-", "cancel 1", "pause 3", "."},
			[]string{"started 2", "step 2 1/2.0", "step 2 2/2.0", "done 2"}},
		{"pause and resume", []string{"run 1 m=toy&steps=2", "-", "pause 1", ".",
			".", "resume 1", "."},
			[]string{"started 1", "step 1 1/2.0", "paused 1 1", "step 1 2/2.0", "done 1"}},
		{"pause twice", []string{"run 1 m=toy&steps=2", "pause 1", "pause 1", ".",
			"resume 1", "resume 1", "*"},
			[]string{"started 1", "paused 1 0", "step 1 1/2.0", "step 1 2/2.0", "done 1"}},
		{"pause then cancel", []string{"run 1 m=toy&steps=2", "-", "pause 1",
			"cancel 1", "resume 1", "."},
			[]string{"started 1", "step 1 1/2.0", "paused 1 1", "cancelled 1 1"}},
		{"pause then run", []string{"run 1 m=toy&steps=2", "pause 1", "run 2 m=toy&steps=1", "*"},
			[]string{"started 1", "paused 1 0", "cancelled 1 0", "started 2",
				"step 2 1/1.0", "done 2"}},
		{"step while paused", []string{"run 1 m=toy&steps=3", "pause 1", "next 1", ".", ".",
			"next 1", ".", "resume 1", "."},
			[]string{"started 1", "paused 1 0", "step 1 1/3.0", "paused 1 1",
				"step 1 2/3.0", "paused 1 2",
				"step 1 3/3.0", "done 1"}},
		{"a step is all pictures'",
			[]string{"run 1 m=toy&steps=2&n=2", "-", "pause 1", "next 1", ".", "next 1", "-", "."},
			[]string{"started 1", "step 1 1/2.0", "paused 1 0", "step 1 1/2.1", "paused 1 1",
				"step 1 2/2.0", "step 1 2/2.1", "done 1"}},
		{"steps add up", []string{"run 1 m=toy&steps=5", "pause 1", "next 1", "next 1",
			"next 1", "*", "cancel 1"},
			[]string{"started 1", "paused 1 0", "step 1 1/5.0", "step 1 2/5.0", "step 1 3/5.0",
				"paused 1 3", "cancelled 1 3"}},
		{"step while running pauses",
			[]string{"run 1 m=toy&steps=3", "-", "next 1", "*", "next 1", "next 1", "*"},
			[]string{"started 1", "step 1 1/3.0", "step 1 2/3.0", "paused 1 2",
				"step 1 3/3.0", "done 1"}},
		{"pause while stepping", []string{"run 1 m=toy&steps=5", "pause 1", "next 1", "next 1", "-",
			"pause 1", ".", "resume 1", "-"},
			[]string{"started 1", "paused 1 0", "step 1 1/5.0", "paused 1 1", "step 1 2/5.0"}},
		{"describe during a run",
			[]string{"run 1 m=toy&steps=2", "-", "describe 2 m=toy&s=0007&eta=0", "."},
			[]string{"started 1", "step 1 1/2.0", "described 2 m=toy&s=7",
				"step 1 2/2.0", "done 1"}},
		{"a run that another follows, the last of those that were asked for",
			[]string{"run 1 m=toy&steps=2", "-", "follow 1 m=toy&s=2", "follow 1 m=toy&s=3&steps=1",
				"-", "."},
			[]string{"started 1", "step 1 1/2.0", "step 1 2/2.0", "followed 1 m=toy&s=3&steps=1",
				"started 1", "step 1 1/1.0", "done 1"}},
		{"a cancel ends what follows, too",
			[]string{"run 1 m=toy&steps=2", "follow 1 m=toy&s=2", "cancel 1", "."},
			[]string{"started 1", "cancelled 1 0"}},
		{"what follows is refused", []string{"run 1 m=toy&steps=1", "follow 1 m=toy&c=cow", "."},
			[]string{"started 1", "step 1 1/1.0", "followed 1 m=toy&c=cow",
				`failed 1 c c is "cow" but must be none, all, one of the names cat, dog, or ` +
					`an index from 0 to 1`}},
		{"nothing follows what is over",
			[]string{"run 1 m=toy&steps=1", ".", "follow 1 m=toy", "."},
			[]string{"started 1", "step 1 1/1.0", "done 1"}},
		{"no model", []string{"run 1 m=digits", ".", "describe 2 "},
			[]string{"failed 1 m model 'digits' is not loaded",
				"failed 2 m model 'digits' is not loaded"}},
		{"an unknown key", []string{"run 1 m=toy&colour=blue", "."},
			[]string{"failed 1 colour " + unknownKey(t, "m=toy&colour=blue")}},
		{"an unknown class", []string{"describe 1 m=toy&c=cow"},
			[]string{`failed 1 c c is "cow" but must be none, all, one of the names cat, dog, or ` +
				`an index from 0 to 1`}},
		{"no id", []string{"run 0 m=toy", "describe -3 m=toy", "."},
			[]string{"failed 0  a message of type 'run' needs an id, a whole number from 1",
				"failed 0  a message of type 'describe' needs an id, a whole number from 1"}},
		{"an id twice", []string{"run 1 m=toy&steps=1", "run 1 m=toy", "describe 1 m=toy", "."},
			[]string{"started 1",
				"failed 0  the id 1 belongs to the picture that is being made; every request " +
					"needs its own",
				"failed 0  the id 1 belongs to the picture that is being made; every request " +
					"needs its own",
				"step 1 1/1.0", "done 1"}},
		{"bad messages", []string{" 1 m=toy", "dance 1 m=toy", "."},
			[]string{"failed 0  a message has no type",
				"failed 0  there is no message type 'dance'"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			for _, line := range c.lines {
				switch line {
				case "-", ".":
					if more := k.session.Advance(); more != (line == "-") {
						t.Fatalf("Advance: got %v after %q", more, k.said)
					}
				case "*":
					for k.session.Advance() {
					}
				default:
					kind, rest, _ := strings.Cut(line, " ")
					number, recipe, _ := strings.Cut(rest, " ")
					id, err := strconv.Atoi(number)
					if err != nil {
						t.Fatal(err)
					}
					k.session.Receive(request(kind, id, recipe))
				}
			}
			k.expect(c.want...)
		})
	}
}

func TestHundredStartsAndCancels(t *testing.T) {
	k := newTalk(t)
	for id := 1; id <= 100; id++ {
		k.session.Receive(Run{ID: id, Recipe: "m=toy&steps=3"})
		name := strconv.Itoa(id)
		switch id % 3 {
		case 0: // cancelled at once
			k.session.Receive(Cancel{ID: id})
			k.expect("started "+name, "cancelled "+name+" 0")
		case 1: // cancelled within
			k.session.Advance()
			k.session.Receive(Cancel{ID: id})
			k.expect("started "+name, "step "+name+" 1/3.0", "cancelled "+name+" 1")
		case 2: // replaced by the next
			k.session.Advance()
			k.session.Receive(Run{ID: id + 1000, Recipe: "m=toy&steps=1"})
			k.session.Advance()
			after := strconv.Itoa(id + 1000)
			k.expect("started "+name, "step "+name+" 1/3.0", "cancelled "+name+" 1",
				"started "+after, "step "+after+" 1/1.0", "done "+after)
		}
	}
	if k.session.Advance() {
		t.Error("there is something left to do")
	}
}

func TestStepCarriesThePicture(t *testing.T) {
	k := newTalk(t)
	k.session.Receive(Run{ID: 7, Recipe: "m=toy&steps=4&s=9"})
	for k.session.Advance() {
	}
	info := recipe.Info{
		Name: "toy", Classes: []string{"cat", "dog"}, Channels: 1, Height: 2,
		Width: 3, OutChannels: 1,
		Scheduler: schedule.Default(), Defaults: recipe.StandardDefaults(),
	}
	recipe, err := recipe.Parse("m=toy&steps=4&s=9")
	if err != nil {
		t.Fatal(err)
	}
	again, err := sampler.NewRun(recipe, info, &fake{})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 6)
	for i, step := range k.steps {
		if !again.Next() {
			t.Fatal(again.Err())
		}
		for name, pair := range map[string]struct {
			got   []byte
			state []float64
		}{"xt": {step.Xt, again.X(0)}, "x0": {step.X0, again.X0(0)}} {
			picture.Pixels(want, pair.state, 1, 2, 3)
			if string(pair.got) != string(want) {
				t.Errorf("step %d %s: got %v, want %v", i+1, name, pair.got, want)
			}
		}
		if step.Milliseconds != 2.5 || step.T != again.T() || step.Images != 1 {
			t.Errorf("step %d: got %v ms, t %d, %d pictures, want 2.5, %d, 1",
				i+1, step.Milliseconds, step.T, step.Images, again.T())
		}
	}
	if len(k.steps) != 4 {
		t.Errorf("got %d steps, want 4", len(k.steps))
	}
}

// listen is a Sender that keeps the last message.
type listen struct{ last Message }

func (l *listen) Send(m Message) { l.last = m }

// Done's recipe holds the hash of the pictures, the hash of the weights and the version.
func TestDoneCarriesTheHash(t *testing.T) {
	k := newTalk(t)
	l := &listen{}
	k.session.out = l
	k.session.Receive(Run{ID: 1, Recipe: "m=toy&n=3&by=76543210.9&h=00000000000000ff&steps=4"})
	for k.session.Advance() {
	}
	done, ok := l.last.(Done)
	if !ok {
		t.Fatalf("got %+v, want done", l.last)
	}
	want := "m=toy&n=3&steps=4&by=01234567.3&h=" + done.Hash[:16]
	if done.Recipe != want || len(done.Hash) != 64 || done.Milliseconds != 12*2.5 {
		t.Errorf("got %+v, want the recipe %q and 30 ms", done, want)
	}
}

func TestModelMessage(t *testing.T) {
	k := newTalk(t)
	l := &listen{}
	k.session.out = l
	k.session.Receive(Load{Model: "two", Bytes: Bytes([]byte("toy"))})
	m, ok := l.last.(Model)
	if !ok {
		t.Fatalf("got %+v, want a model", l.last)
	}
	if m.Model != "two" || m.Defaults != "m=two" || m.Timesteps != 1000 ||
		m.Parameters != 6 || m.Height != 2 ||
		len(m.Classes) != 2 || len(m.Samplers) == 0 || m.Samplers[0].Name == "" ||
		m.Samplers[0].Group == "" || m.Hash == "" {
		t.Errorf("got %+v", m)
	}
	for _, k := range m.Samplers {
		if idle := k.Idle == recipe.IdleNetwork; idle != solver.Named(k.Name).Traits.Distilled {
			t.Errorf("the sampler %s is idle for %q", k.Name, k.Idle)
		}
	}
}

// TestCompanions: a recipe that asks for a classifier says which file it lacks, and
// is guided once that was loaded.
func TestCompanions(t *testing.T) {
	k := newTalk(t)
	const recipe = "m=toy&c=dog&steps=2&cg=3"
	l := &listen{}
	for i, kind := range []string{"describe", "run", "combine"} {
		k.session.out = l
		k.session.Receive(request(kind, i+1, recipe))
		failed, ok := l.last.(Failed)
		if !ok || failed.ID != i+1 || len(failed.Needs) != 1 ||
			failed.Needs[0] != "toy-classifier" ||
			failed.Message != `the recipe needs "toy-classifier", which is not loaded` {
			t.Errorf("%s: got %+v, want a failure that needs the classifier", kind, l.last)
		}
	}
	k.session.out = relay{k, l}
	k.session.Receive(Load{Model: "toy-classifier", Bytes: Bytes([]byte("guide"))})
	want := Companion{Model: "toy-classifier", Parameters: 7, Hash: "fedc"}
	if got := l.last; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	k.session.Receive(Describe{ID: 4, Recipe: recipe})
	k.session.Receive(Run{ID: 5, Recipe: recipe})
	for k.session.Advance() {
	}
	k.expect("companion toy-classifier", "described 4 "+recipe, "started 5", "step 5 1/2.0",
		"step 5 2/2.0", "done 5")
	guided := l.last.(Done).Hash
	k.session.Receive(Run{ID: 6, Recipe: "m=toy&c=dog&steps=2"})
	for k.session.Advance() {
	}
	k.said = nil
	if done, ok := l.last.(Done); !ok || done.Hash == guided {
		t.Error("guidance makes no difference")
	}
	k.session.Receive(Run{ID: 7, Recipe: "m=toy-classifier"})
	k.expect("failed 7 m model 'toy-classifier' is not loaded")
}

func TestLoadFailures(t *testing.T) {
	k := newTalk(t)
	k.session.Receive(Run{ID: 1, Recipe: "m=toy&steps=2"})
	for _, bytes := range []string{"", "junk", "panic"} {
		k.session.Receive(Load{Model: "bad", Bytes: Bytes([]byte(bytes))})
	}
	for k.session.Advance() {
	}
	k.expect("started 1",
		`failed 0  the model "bad" cannot be loaded: the message holds no bytes`,
		`failed 0  the model "bad" cannot be loaded: weights: not a weights file`,
		`failed 0  the model "bad" cannot be loaded: its reader has a fault (index out of range)`,
		"step 1 1/2.0", "step 1 2/2.0", "done 1")
}

func TestFaultsEndTheRunOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		trap func(calls int, out []float32)
		want string // part of the failure
	}{
		{"not a number", func(calls int, out []float32) {
			if calls == 2 {
				out[3] = float32(math.NaN())
			}
		}, "not finite"},
		{"a panic", func(calls int, out []float32) {
			if calls == 2 {
				panic("kernels: wrong length")
			}
		}, "(kernels: wrong length)"},
		{"a panic of the runtime", func(calls int, out []float32) {
			if calls == 2 {
				out[calls*100] = 0
			}
		}, "index out of range"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			k.network.trap = c.trap
			k.session.Receive(Run{ID: 1, Recipe: "m=toy&steps=5"})
			for k.session.Advance() {
			}
			if n := len(k.said); n != 3 || !strings.HasPrefix(k.said[2], "failed 1") ||
				!strings.Contains(k.said[2], c.want) {
				t.Fatalf("got %q, want a third message that fails with %q", k.said, c.want)
			}
			k.said = nil
			k.session.Receive(Cancel{ID: 1})
			k.network.trap = nil
			k.session.Receive(Run{ID: 2, Recipe: "m=toy&steps=1"})
			k.session.Advance()
			k.expect("started 2", "step 2 1/1.0", "done 2")
		})
	}
}

func TestAdvanceAllocatesOnlyForItsMessage(t *testing.T) {
	k := newTalk(t)
	k.session.out = &listen{}
	k.session.Receive(Run{ID: 1, Recipe: "m=toy&steps=900"})
	// The one allocation is the Step that becomes an interface value.
	if n := testing.AllocsPerRun(200, func() { k.session.Advance() }); n > 1 {
		t.Errorf("got %v allocations a step, want at most 1", n)
	}
}
