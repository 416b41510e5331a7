package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shows waits until the timeline is at a step.
func (w *tab) shows(step int) {
	w.t.Helper()
	w.wait(byID("timeline") + `.value === '` + itoa(step) + `'`)
}

// called fails unless the stage is called so for those who do not see it.
func (w *tab) called(want string) {
	w.t.Helper()
	if got := eval[string](w, byID("canvas")+`.ariaLabel`); got != want {
		w.t.Errorf("the stage is called %q, want %q", got, want)
	}
}

// readout is the line of figures below the stage.
const readout = `document.querySelector('.readout').textContent`

// captions are those that are shown.
const captions = `[...document.querySelectorAll('.caption')].filter((e) => e.checkVisibility())`

// space presses the space bar. chromedp's own sends the character also where the
// page has prevented that, and so scrolls.
func (w *tab) space() {
	w.t.Helper()
	eval[any](w, `document.body.dispatchEvent(
		new KeyboardEvent('keydown', {key: ' ', bubbles: true, cancelable: true})); 0`)
}

// testTime goes through the steps of a run that is over, by every control.
func testTime(t *testing.T, w *tab, surface string) {
	const recipe = "m=digits&c=7&s=3&steps=12&g=2"
	want := native(t, recipe)
	w.open("#" + recipe)
	w.waitState("done")
	w.wait(`document.getElementById('box').dataset.surface === ` + surface)
	for _, c := range []struct {
		act  func()
		step int
	}{
		{func() { w.slide("Step on the stage", "4") }, 4},
		{func() { w.click("button", "One step forward") }, 5},
		{func() { w.click("button", "One step back"); w.click("button", "One step back") }, 3},
		{func() {
			w.focus("slider", "Step on the stage")
		}, 3},
		{func() { w.press(kb.ArrowRight) }, 4},
		{func() { w.press(kb.End) }, 12},
		{func() { eval[any](w, `document.activeElement.blur(); 0`); w.press(kb.Home) }, 1},
		{func() { w.press(kb.ArrowRight, kb.ArrowRight) }, 3},
		{func() { w.press(kb.ArrowLeft) }, 2},
	} {
		c.act()
		w.shows(c.step)
		w.checkStage(want, c.step, 0)
	}
	counted := eval[string](w, readout)
	if !strings.Contains(counted, "step 2 of 12") ||
		!strings.Contains(counted, "t = "+itoa(want.picture(t, 2, 0).T)) {
		t.Errorf("at step 2 the page counts %q", counted)
	}
	told := w.property("slider", "Step on the stage", "ariaValueText")
	if decided := decidedAt(want, 2); told != "step 2 of 12, "+itoa(decided)+" % decided" ||
		decided > 99 {
		t.Errorf("the slider says %q, want %d %% decided", told, decided)
	}
	w.called("Step 2 of 12: the noisy picture, what the network sees in it. Class: 7.")

	// Playing goes to the end and stops there.
	w.click("button", "Display")
	w.set("Speed", "4")
	w.click("button", "Play the steps")
	w.shows(12)
	w.appears("button", "Play the steps")
	w.checkStage(want, 12, 0)
	// In a loop it begins again, until it is held.
	w.click("button", "Loop")
	w.press("a") // a key without a meaning
	eval[any](w, `document.activeElement.blur(); 0`)
	w.space()
	w.appears("button", "Stop playing")
	w.shows(12)
	w.wait(`document.getElementById('timeline').value < 12`)
	w.space()
	w.appears("button", "Play the steps")

	// A picture of the film strip is a place to go to.
	point := eval[[]float64](w, call("place-in-strip.js", 6))
	if len(point) != 2 {
		t.Fatal("step 6 is nowhere on the film strip")
	}
	w.must(chromedp.MouseClickXY(point[0], point[1]))
	w.shows(6)
	w.checkStage(want, 6, 0)
}

// decidedAt is how many percent of the pixels are within 8 levels of the last
// x̂0.
func decidedAt(c *conversation, step int) int {
	var now, end []byte
	for _, m := range c.steps {
		if m.Step == step {
			now = m.X0
		}
		if m.Step == m.Steps {
			end = m.X0
		}
	}
	right := 0
	for i := range end {
		if d := int(end[i]) - int(now[i]); d >= -8 && d <= 8 {
			right++
		}
	}
	return 100 * right / len(end)
}

func TestTime(t *testing.T) {
	t.Parallel()
	testTime(t, newViewerTab(t, newSite(t)), `'viewer'`)
}

func TestTimeWithoutWebGL(t *testing.T) {
	t.Parallel()
	testTime(t, newTab(t, newSite(t), withoutWebGL...), `undefined`)
}

// Going back does not stop the run, and the end of the timeline follows it.
func TestTimeDuringARun(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&c=2&s=1&steps=900")
	w.wait(`heard.some((e) => e.step === 8)`)
	w.slide("Step on the stage", "3")
	at := w.step()
	w.wait(`heard.at(-1).step > ` + itoa(at+3))
	w.shows(3)
	got := eval[string](w, readout)
	if !strings.Contains(got, "step 3 of 900") || strings.Contains(got, "decided") {
		t.Errorf("while the run goes on the page counts %q", got)
	}
	w.focus("slider", "Step on the stage")
	w.press(kb.End)
	at = w.step()
	w.wait(`heard.at(-1).step > ` + itoa(at+3) +
		` && Number(` + byID("timeline") + `.value) === heard.at(-1).step`)
	w.cancel()
	w.waitState("cancelled")
}

// Help begins with a tour; the list of keys is there, names the keys that work, and
// they can be switched off.
func TestKeys(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&steps=3")
	w.waitState("done")
	w.press("?")
	w.find("dialog", "Half a minute’s tour")
	w.wait(`document.querySelectorAll('#keys-list dt').length > 0`)
	if n := eval[int](w, `document.querySelectorAll('#help .tour li').length`); n < 4 || n > 6 {
		t.Errorf("the tour has %d sentences, want 4 to 6", n)
	}
	w.toggle("Keys")
	if got := eval[int](w, `document.querySelectorAll('#keys-list dt').length`); got < 10 {
		t.Errorf("%d keys are listed", got)
	}
	w.press(kb.Home) // not for the page under the dialog
	w.shows(3)
	w.press(kb.Escape)
	w.wait(`!document.getElementById('help').open`)

	w.press("3")
	if !w.visible("caption-epsilon") {
		t.Error("the key 3 does not show the noise")
	}
	w.fill("textbox", "Seed", "3")
	if !w.visible("caption-epsilon") {
		t.Error("typing a number into a field hides a view")
	}
	w.click("button", "Help")
	w.click("checkbox", "These keys work everywhere on the page")
	w.click("button", "Close")
	w.press("3")
	if !w.visible("caption-epsilon") {
		t.Error("a key that was switched off still works")
	}
}

// The views that are chosen show what the sampler drew, in colours that are
// explained.
func TestViews(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	w.open("?views=x0#m=digits&c=1&s=9&steps=4")
	w.waitState("done")
	w.wait(onViewer)
	shown := func() string {
		return eval[string](w, captions+`.map(({id}) => id.slice('caption-'.length)).join(' ')`)
	}
	if got := shown(); got != "x0" {
		t.Errorf("?views=x0 shows %s", got)
	}
	w.click("button", "Guess") // the only one stays
	w.click("button", "Score")
	w.click("button", "Change")
	w.click("button", "Guess")
	if got := shown(); got != "score change" {
		t.Errorf("the stage shows %s", got)
	}
	for _, name := range []string{"Score", "Change"} {
		if w.property("button", name, "ariaPressed") != "true" {
			t.Errorf("%s does not look pressed", name)
		}
	}
	w.slide("Step on the stage", "2")
	legends := eval[[]string](w, captions+`
		.flatMap((e) => [...e.querySelectorAll('.legend span')].map((s) => s.textContent))`)
	if len(legends) != 4 || legends[0] == "−" || legends[2] == "−" || legends[3] == "+" {
		t.Errorf("the colours stand for %q", legends)
	}
	w.called("Step 2 of 4: the score, the change in this step. Class: 1.")
}
