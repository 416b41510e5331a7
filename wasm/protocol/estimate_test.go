package protocol

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/sampler/likelihood"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
)

// TestEstimates holds conversations about estimates; see TestConversations.
func TestEstimates(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"to its end", []string{"measure 1 m=toy&steps=2", "-", "."},
			[]string{"measuring 1 denoising 2", "term 1 1/2", "term 1 2/2", "measured 1"}},
		{"a cancel", []string{"measure 1 m=toy&steps=9", "-", "cancel 1", ".", "cancel 1"},
			[]string{"measuring 1 denoising 9", "term 1 1/9", "cancelled 1 1"}},
		{"all timesteps", []string{"measure 1 m=toy", "cancel 1"},
			[]string{"measuring 1 denoising 1000", "cancelled 1 0"}},
		{"the next estimate cancels",
			[]string{"measure 1 m=toy&steps=9", "-", "measure 2 m=toy&steps=1", "."},
			[]string{"measuring 1 denoising 9", "term 1 1/9", "cancelled 1 1",
				"measuring 2 denoising 1", "term 2 1/1", "measured 2"}},
		{"a run cancels an estimate",
			[]string{"measure 1 m=toy&steps=9", "-", "run 2 m=toy&steps=1", "."},
			[]string{"measuring 1 denoising 9", "term 1 1/9", "cancelled 1 1", "started 2",
				"step 2 1/1.0", "done 2"}},
		{"an estimate cancels a run",
			[]string{"run 1 m=toy&steps=9", "-", "measure 2 m=toy&steps=1", "."},
			[]string{"started 1", "step 1 1/9.0", "cancelled 1 1", "measuring 2 denoising 1",
				"term 2 1/1", "measured 2"}},
		{"pause, resume and step", []string{"measure 1 m=toy&steps=5", "pause 1", "pause 1", ".",
			"next 1", "next 1", "-", ".", "resume 1", "-", "-", "."},
			[]string{"measuring 1 denoising 5", "paused 1 0", "term 1 1/5", "term 1 2/5",
				"paused 1 2", "term 1 3/5", "term 1 4/5", "term 1 5/5", "measured 1"}},
		{"describe during an estimate",
			[]string{"measure 1 m=toy&steps=2", "-", "describe 2 m=toy", "."},
			[]string{"measuring 1 denoising 2", "term 1 1/2", "described 2 m=toy",
				"term 1 2/2", "measured 1"}},
		{"an id twice", []string{"measure 1 m=toy&steps=1", "run 1 m=toy", "."},
			[]string{"measuring 1 denoising 1",
				"failed 0  the id 1 belongs to the estimate that is being made; every request " +
					"needs its own", "term 1 1/1", "measured 1"}},
		{"refusals", []string{"measure 1 m=cow", "measure 2 m=toy&c=all",
			"measure 3 m=toy&image=0123456789abcdef", "measure 0 m=toy", "."},
			[]string{"failed 1 m model 'cow' is not loaded",
				"failed 2 c c is all but one picture is estimated under one class; name it, or " +
					"write none",
				"failed 3 image the recipe begins with the image 0123456789abcdef, and the one " +
					"that was given is " + picture.Hash(make([]byte, 6)),
				"failed 0  a message of type 'measure' needs an id, a whole number from 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			for _, line := range c.lines {
				switch line {
				case "-", ".":
					if more := k.session.Advance(); more != (line == "-") {
						t.Fatalf("Advance: got %v after %q", more, k.said)
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
	k := newTalk(t)
	k.session.Receive(Measure{ID: 1, Recipe: "m=toy", Image: make([]byte, 6), Form: "best"})
	k.session.Receive(Measure{ID: 2, Recipe: "m=toy", Image: make([]byte, 5)})
	k.session.Receive(Measure{ID: 3, Recipe: "m=toy"})
	k.session.Receive(Measure{ID: 4, Recipe: "m=toy", Image: make([]byte, 6), Draws: 2001})
	k.session.Receive(Measure{ID: 5, Recipe: "m=toy", Image: make([]byte, 6), Draws: -1})
	k.expect(`failed 1  there is no estimate "best"; there are denoising, consistency, flow`,
		"failed 2 image the image has 5 values but a model of 3×2 pixels with 1 channels needs 6",
		"failed 3 image there is no picture to estimate; it has to be given with the recipe",
		"failed 4  draws must be from 1 to 2000, not 2001",
		"measuring 5 denoising 1000")
	k.network.trap = func(_ int, out []float32) { out[0] = float32(math.NaN()) }
	if k.session.Advance() || k.session.estimate != nil {
		t.Error("an estimate goes on after a failure")
	}
	k.expect("failed 5  the network's output at timestep 999 is not finite; the weights may be " +
		"damaged or too large for float32")
	k.network.trap = func(int, []float32) { panic("out of reach") }
	k.session.Receive(Measure{ID: 6, Recipe: "m=toy", Image: make([]byte, 6)})
	if k.session.Advance() || k.session.estimate != nil {
		t.Error("an estimate goes on after a fault")
	}
	k.expect("measuring 6 denoising 1000",
		"failed 6  the sampler has a fault (out of reach); please report it with the recipe")
}

// TestTermsAreTheEstimates compares the messages with package likelihood's numbers.
func TestTermsAreTheEstimates(t *testing.T) {
	image := []byte{0, 50, 100, 150, 200, 250}
	for _, form := range likelihood.Forms() {
		k := newTalk(t)
		recipe, model, err := k.session.find("m=toy&c=dog&steps=4")
		if err != nil {
			t.Fatal(err)
		}
		want, err := likelihood.New(recipe, model.info, model.model, image,
			likelihood.Options{Form: form, Draws: 3})
		if err != nil {
			t.Fatal(err)
		}
		table, err := schedule.New(model.info.Scheduler)
		if err != nil {
			t.Fatal(err)
		}
		var said []Message
		k.session.out = relay{k, collect{&said}}
		k.session.Receive(Measure{ID: 1, Recipe: "m=toy&c=dog&steps=4",
			Image: image, Form: form, Draws: 3})
		for k.session.Advance() {
		}
		begin, ok := said[0].(Measuring)
		if text := "m=toy&c=dog&steps=4&image=" + picture.Hash(image); !ok ||
			begin.Recipe != text || begin.Prior != want.Prior() || begin.Total != want.Total() {
			t.Errorf("%s begins with %+v", form, said[0])
		}
		for i := 1; want.Next(); i++ {
			got, w := said[i].(Term), want.Term()
			if got.T != w.T || got.AlphaBar != table.AlphaBar[w.T] ||
				got.Bits != w.Bits || !same(got.Variance, w.Variance) ||
				!same(got.X0MSE, w.X0MSE) || got.Total != want.Total() ||
				!same(got.StandardError, want.StandardError()) || got.Milliseconds != 2.5 {
				t.Errorf("%s, term %d: %+v, want %+v", form, i, got, w)
			}
		}
		end, ok := said[len(said)-1].(Measured)
		if !ok || len(said) != 6 || end.Bits != want.Total() || end.Form != form ||
			end.Milliseconds != 10 {
			t.Errorf("%s ends with %+v after %d messages, want %v",
				form, end, len(said), want.Total())
		}
	}
}

func same(a, b float64) bool { return a == b || a != a && b != b }

// collect keeps messages.
type collect struct{ to *[]Message }

func (c collect) Send(m Message) { *c.to = append(*c.to, m) }

// TestEditsByRequest: the pictures travel with the request, the answer names them, and any split
// into shares makes the same bytes.
func TestEditsByRequest(t *testing.T) {
	image, mask := []byte{0, 50, 100, 150, 200, 250}, []byte{255, 0, 0, 0, 0, 255}
	name := "&image=" + picture.Hash(image)
	for _, c := range []struct {
		recipe, want string
		mask         []byte
	}{
		{"m=toy&c=all&n=4&steps=5", "m=toy&c=all&n=4&steps=5" + name, nil},
		{"m=toy&n=3&steps=5&k=ddpm&resample=3&jump=2",
			"m=toy&n=3&k=ddpm&steps=5" + name + "&mask=" + picture.Hash(mask) +
				"&resample=3&jump=2", mask},
		{"m=toy&n=3&steps=5&invert=dog&c=cat", "m=toy&c=cat&n=3&steps=5" + name + "&invert=dog",
			nil},
	} {
		k := newTalk(t)
		k.session.Receive(Describe{ID: 1, Recipe: c.recipe, Image: image, Mask: c.mask})
		k.expect("described 1 " + c.want)
		want, ok := k.finished(t, Run{ID: 2, Recipe: c.recipe, Image: image, Mask: c.mask}).(Done)
		if !ok || !strings.HasPrefix(want.Recipe, c.want+"&by=01234567.3&h=") {
			t.Fatalf("%s ends with %+v", c.recipe, k.said)
		}
		images := len(k.steps) / k.steps[0].Steps
		for of := 2; of <= 4; of++ {
			pixels := make([]byte, images*6)
			for share := range min(of, images) {
				one := newTalk(t)
				one.finished(t, Run{ID: 7, Recipe: c.want, Image: slices.Clone(image), Mask: c.mask,
					Share: share, Of: of})
				for _, step := range one.steps {
					copy(pixels[step.Image*6:], step.Xt)
				}
			}
			got := newTalk(t).finished(t, Combine{ID: 9, Recipe: c.want, Bytes: pixels})
			if done, ok := got.(Done); !ok || done.Hash != want.Hash || done.Recipe != want.Recipe {
				t.Errorf("%s in %d shares: %+v, want %+v", c.recipe, of, got, want)
			}
		}
		k.said = nil
		k.session.Receive(Run{ID: 3, Recipe: c.want})
		k.expect("failed 3 image the recipe begins with the image " + picture.Hash(image) +
			", which has to be given with it")
	}
}
