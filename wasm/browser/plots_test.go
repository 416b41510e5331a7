package browser

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tweedie/wasm/protocol"
)

// plots are what plotted.js returns.
type plots struct {
	Cursors, Thumbs          []float64
	Numbers                  [][]float64 // of each run: t, ᾱ, SNR, σ or what is plotted
	Lines                    []int
	Name, Said, Heard, Query string
}

// plotted reads the plots, whose cursors have to be where the thumbs are.
func (w *tab) plotted() plots {
	w.t.Helper()
	got := eval[plots](w, call("plotted.js"))
	if len(got.Cursors) != len(got.Thumbs) {
		w.t.Fatalf("there are cursors at %v, and thumbs at %v", got.Cursors, got.Thumbs)
	}
	for i, x := range got.Cursors {
		if math.Abs(x-got.Thumbs[i]) > 0.6 {
			w.t.Errorf("cursor %d is at %v, and the thumb above it at %v", i, x, got.Thumbs[i])
		}
	}
	return got
}

// levelsOf are the noise levels of a recipe of a model, worked out natively.
func levelsOf(t *testing.T, model, recipe string) protocol.Plotted {
	t.Helper()
	c := &conversation{}
	session := protocol.NewSession(c, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: model,
		Bytes: protocol.Bytes(pageFile(t, "weights/"+model+".safetensors"))})
	session.Receive(protocol.Plot{ID: 1, Recipe: recipe})
	if c.failed != nil {
		t.Fatal(c.failed.Message)
	}
	return c.plotted
}

// numbers fails unless a row of numbers is that, to three digits.
func (w *tab) numbers(when string, got []float64, want ...float64) {
	w.t.Helper()
	ok := len(got) >= len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = math.Abs(got[i]-want[i]) <= 0.006*math.Abs(want[i])
	}
	if !ok {
		w.t.Errorf("%s: the plots say %v, want %v", when, got, want)
	}
}

// drawn holds when the plots have curves.
const plotDrawn = `document.querySelector('#plots .line') !== null`

// The plots have the axis of the film strip and its cursor. A drag in them moves the strip and the
// stage; what they say is what the sampler says of the recipe, in both languages.
func TestPlots(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=20"
	source := axe(t)
	w := newTab(t, newSite(t))
	w.open("#" + recipe)
	w.waitState("done")
	script := w.site.files.Named("web/plots/plots.js")
	comes := func(url string) bool { return strings.HasSuffix(url, script) }
	if slices.ContainsFunc(w.asked(), comes) {
		t.Error("the plots come before anyone asks for them")
	}
	w.click("button", "Plots")
	w.wait(plotDrawn + ` && location.search === '?plots'`)
	if !slices.ContainsFunc(w.asked(), comes) {
		t.Errorf("%s is not what draws the plots", script)
	}

	levels := levelsOf(t, "digits", recipe)
	at := func(step int) []float64 {
		l := levels.Steps[step-1]
		return []float64{l.T, l.AlphaBar, math.Exp(l.LogSNR), l.Sigma}
	}
	drag := func(step int, fingers bool) {
		t.Helper()
		w.plotted()
		box := eval[struct{ X, Y, From, Long float64 }](w, `(() => {
			const plot = document.querySelector('#plots svg').getBoundingClientRect();
			const strip = document.getElementById('timeline').getBoundingClientRect();
			return {X: plot.left, Y: plot.top + plot.height / 2,
				From: strip.left + 1.5, Long: strip.width - 3};
		})()`)
		from := [2]float64{box.From + box.Long/2, box.Y}
		to := [2]float64{box.From + float64(step-1)/19*box.Long + 3, box.Y - 5}
		if fingers {
			w.fingers("touchStart", from)
			w.fingers("touchMove", [2]float64{(from[0] + to[0]) / 2, from[1]})
			w.fingers("touchMove", to)
			w.fingers("touchEnd")
		} else {
			w.grab(from)
			w.pull([2]float64{(from[0] + to[0]) / 2, from[1]})
			w.pull(to)
			w.release(to)
		}
		if got := eval[int](w, ofStage(`stage.film.current`)); got != step ||
			w.value("timeline") != itoa(step) {
			t.Fatalf("after a drag to step %d the stage shows %d, and the strip %s", step, got,
				w.value("timeline"))
		}
		got := w.plotted()
		want := at(step)[:min(4, len(got.Numbers[0]))] // of two runs there is no σ
		w.numbers("at step "+itoa(step), got.Numbers[0], want...)
		if want := "t = " + itoa(int(levels.Steps[step-1].T)); !strings.Contains(got.Said, want) ||
			!strings.Contains(got.Heard, want) ||
			!strings.HasPrefix(got.Heard, "step "+itoa(step)+" of 20") {
			t.Errorf("at %s the plot says %q, and the slider %q", want, got.Said, got.Heard)
		}
	}
	drag(5, false)
	drag(12, false)
	w.press(kb.ArrowRight) // of the page
	w.wait(ofStage(`stage.film.current === 13`))
	w.numbers("after a key", w.plotted().Numbers[0], at(13)...)

	// Each kind is one of a group of radio buttons, and in the address.
	w.click("radio", "log SNR")
	w.wait(`location.search === '?plots=snr'`)
	w.press(kb.ArrowRight)
	w.wait(`location.search === '?plots=beta'`)
	step := levels.Steps[12]
	of := levels.Schedule[int(step.T)]
	got := w.plotted()
	w.numbers("the kind β", got.Numbers[0], append(at(13), of.Beta, step.Beta)...)
	if !strings.HasPrefix(got.Name, "β, ") {
		t.Errorf("the plot of β is called %q", got.Name)
	}
	w.click("radio", "Change in each step")
	w.wait(`location.search === '?plots=change'`)
	w.numbers("the change", w.plotted().Numbers[0],
		append(at(13), native(t, recipe).picture(t, 13, 0).RMS)...)
	w.unhindered(source, "the plots")

	// Other levels of the recipe, and the schedule of another model, are a second curve.
	w.click("radio", "Signal and noise")
	w.set("Second curve", "spacing:trailing")
	w.wait(`document.querySelectorAll('.levels p').length === 2`)
	second := levelsOf(t, "digits", recipe+"&spacing=trailing").Steps[12]
	w.numbers("trailing", w.plotted().Numbers[1], second.T, second.AlphaBar)
	w.set("Second curve", "m:digits-learned")
	w.wait(`document.querySelector('.levels .second')?.textContent.includes('learned')`)
	learned := levelsOf(t, "digits-learned", "m=digits-learned&steps=20").Steps[12]
	got = w.plotted()
	w.numbers("the learned schedule", got.Numbers[1], learned.T, learned.AlphaBar)
	if math.Abs(got.Numbers[0][1]-got.Numbers[1][1]) < 0.05 || got.Lines[0] != 1 ||
		got.Lines[1] != 1 || got.Query != "?plots&beside=m:digits-learned" {
		t.Errorf("the learned schedule beside the fixed one is %+v", got)
	}

	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans' && ` + has("plots", "信号"))
	w.unhindered(source, "the plots in Chinese")
	if got := w.plotted(); !strings.Contains(got.Said, "信噪比") ||
		!strings.Contains(got.Name, "信号与噪声") {
		t.Errorf("in Chinese the plots are called %q and say %q", got.Name, got.Said)
	}
	w.set("语言", "en")
	w.wait(has("plots", "Signal"))

	w.show(phone)
	w.must(media(map[string]string{"prefers-color-scheme": "dark"}))
	eval[int](w, call("settled-stage.js"))
	drag(8, true)
	w.unhindered(source, "the plots on a phone")
	if out := w.outside("box", "plots", "start"); len(out) > 0 {
		t.Errorf("on a phone %v are not within the window", out)
	}
	if wide := eval[int](w, overflow); wide > 0 {
		t.Errorf("on a phone the page is %d pixels too wide", wide)
	}
	w.shoot("-phone")
	w.show(desktop)
	w.click("button", "Plots")
	w.wait(`location.search === '' && ` + byID("plots") + `.hidden`)
	if heard := eval[string](w, byID("timeline")+`.ariaValueText`); strings.Contains(heard, "ᾱ") {
		t.Errorf("without the plots the slider says %q", heard)
	}
}

// Of two runs each is a curve, below the strip of each; a model with a learned schedule has other
// numbers than one with a fixed one; and a picture that is noised goes the other way.
func TestPlotsOfOthers(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("?plots=deviation&against=steps:10&step=5#m=digits&c=7&s=3&steps=20")
	w.wait(done + ` && document.querySelector('#plots .second > .line') && ` +
		`document.querySelector('.levels p + p')`)
	first := levelsOf(t, "digits", "m=digits&steps=20").Steps[4]
	other := levelsOf(t, "digits", "m=digits&steps=10")
	got := w.plotted()
	beside := other.Steps[2] // whose timestep is nearest to that of the first
	w.numbers("the first run", got.Numbers[0], first.T, first.AlphaBar)
	w.numbers("the second", got.Numbers[1], beside.T, beside.AlphaBar)
	if len(got.Cursors) != 2 || got.Lines[0] != 2 || got.Lines[1] != 2 {
		t.Fatalf("two runs are plotted with cursors at %v and lines %v", got.Cursors, got.Lines)
	}
	// A press below the second strip moves both.
	y := eval[float64](w, `document.querySelector('#plots svg').getBoundingClientRect().top + 40`)
	second := eval[[]float64](w, `(() => {
		const box = document.getElementById('timeline-second').getBoundingClientRect();
		return [box.left + 1.5, box.width - 3];
	})()`)
	place := [2]float64{second[0] + 6.0/9*second[1], y}
	w.grab(place)
	w.release(place)
	w.wait(`document.getElementById('timeline-second').value === '7'`)
	got = w.plotted()
	w.numbers("the second run after a press", got.Numbers[1], other.Steps[6].T)
	w.shoot("-two")

	learned := "m=digits-learned&c=7&s=3&steps=8"
	w.open("?plots&step=4#" + learned)
	w.wait(done + " && " + plotDrawn + ` && document.querySelectorAll('.levels p').length === 1`)
	want := levelsOf(t, "digits-learned", learned).Steps[3]
	fixed := levelsOf(t, "digits", "m=digits&steps=8").Steps[3]
	w.numbers("the learned schedule", w.plotted().Numbers[0], want.T, want.AlphaBar)
	if want.T != fixed.T || math.Abs(want.AlphaBar-fixed.AlphaBar) < 0.05 {
		t.Errorf("at timesteps %v and %v, ᾱ is %v learned and %v fixed", want.T, fixed.T,
			want.AlphaBar, fixed.AlphaBar)
	}

	w.open("?plots&forward#m=digits&c=7&s=3&steps=8")
	w.wait(ofStage(`stage.film.noised && stage.film.complete && ` + plotDrawn))
	w.slide("Step on the stage", "5")
	w.wait(`document.querySelector('.levels')?.textContent.includes('375')`)
	forward := levelsOf(t, "digits", "m=digits&steps=8").Steps[4] // 8, 7, … of the run
	w.numbers("a picture that is noised", w.plotted().Numbers[0], forward.T, forward.AlphaBar)
}
