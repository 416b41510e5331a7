package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	labkeys "tweedie/sampler/lab/keys"
)

// openLab shows the lab with a recipe.
func (w *tab) openLab(recipe string) {
	w.t.Helper()
	w.must(chromedp.Navigate(w.site.url + "/web/lab.html#" + recipe))
}

// painted holds when the lab's plain canvas has points.
const painted = `(() => { const { data } = document.getElementById('canvas').getContext('2d')
	.getImageData(0, 0, 400, 400); return data.some((v, i) => i % 4 === 0 && v > 200); })()`

// The lab trains a recipe to the points that it has natively. A knob of the sampler draws again
// without training, a refused one says why and changes nothing; back and a reload give the same.
func TestLab(t *testing.T) {
	t.Parallel()
	golden := labGolden(t)[0]
	certified := "#" + golden.Name + "&h=" + golden.Value
	w := newTab(t, newSite(t))
	w.openLab(golden.Name)
	w.wait(hashed)
	if got := eval[string](w, `location.hash`); got != certified {
		t.Fatalf("the address is %s, want %s", got, certified)
	}
	w.says("status", "Learned.", golden.Value)
	w.wait(byID("measures") + `.rows.length >= 3`)
	w.wait(painted)

	w.fill("spinbutton", "Solver steps", "0")
	w.press(kb.Enter)
	w.wait(byID("error-ssteps") + `.checkVisibility()`)
	w.says("error-ssteps", "Solver steps must be 1 to 1,000; you wrote 0.")
	if got := eval[string](w, `location.hash`); got != certified || !eval[bool](w, painted) {
		t.Errorf("what was refused left the address %s", got)
	}
	w.fill("spinbutton", "Solver steps", "5")
	w.press(kb.Enter)
	w.wait(hashed + ` && location.hash.includes('ssteps=5&')`)
	w.says("moment-now", "30 of 30")
	if eval[string](w, `location.hash`) == certified || w.visible("error-ssteps") {
		t.Error("other solver steps leave the points, or the complaint")
	}
	eval[any](w, `history.back()`)
	w.wait(`location.hash === '` + certified + `'`)
	w.wait(byID("status") + `.textContent.includes('the link promises')`)
	w.must(chromedp.Reload())
	w.wait(hashed + ` && ` + byID("status") + `.textContent.includes('the link promises')`)
	if got := eval[string](w, `location.hash`); got != certified {
		t.Errorf("after a reload the address is %s", got)
	}
	w.openLab("d=squares")
	w.wait(byID("status") + `.textContent.includes('squares')`)
	if got := eval[string](w, `location.hash`); got != "#d=squares" {
		t.Errorf("a refused link becomes %s", got)
	}
	eval[any](w, `history.back()`)
	w.wait(byID("status") + `.textContent.includes('the link promises')`)
	w.set("Language", "zh-Hans")
	w.wait(byID("loss") + `.getAttribute('aria-label').includes('损失')`)
	w.set("语言", "en")

	// A first link that is refused trains nothing else in its place.
	w.must(chromedp.Navigate("about:blank"))
	w.openLab("d=moons&units=0")
	w.wait(byID("error-units") + `?.checkVisibility()`)
	w.waitState("waits")
	w.says("moment-now", "0 of 2,000")
	if got := eval[string](w, `location.hash`); got != "#d=moons&units=0" {
		t.Errorf("a refused first link becomes %s", got)
	}
}

// A learning rate at which the loss comes to no number ends the training with a sentence. The last
// good network stays drawn, the link says the same again, and a lower rate learns.
func TestLabDiverges(t *testing.T) {
	t.Parallel()
	const recipe = "d=mixture&p=epsilon&loss=bound&units=8&batch=16&steps=40&lr=100&fall=constant" +
		"&warm=0&norm=0&n=30&ssteps=5"
	w := newTab(t, newSite(t))
	for range 2 {
		w.openLab(recipe)
		w.wait(done)
		w.says("status", "The loss came to no number at this learning rate",
			"the network of the last good step")
		if got := w.text("moment-now"); !strings.HasSuffix(got, "of 40") ||
			strings.HasPrefix(got, "40 ") {
			t.Errorf("training ended at %s", got)
		}
		w.wait(painted)
		if got := eval[string](w, `location.hash`); got != "#"+recipe {
			t.Errorf("the address is %s, want #%s", got, recipe)
		}
		w.must(chromedp.Navigate("about:blank"))
	}
	w.openLab(recipe)
	w.wait(done)
	w.toggle("More to turn")
	w.fill("spinbutton", "Learning rate", "0.01")
	w.press(kb.Enter)
	w.wait(hashed)
	w.says("moment-now", "40 of 40")
	w.says("status", "Learned.")
}

// A worker that is lost is told of and begun again, and comes to the same points. One that is lost
// again is begun by hand.
func TestLabLosesWorkers(t *testing.T) {
	t.Parallel()
	golden := labGolden(t)[0]
	certified := "#" + golden.Name + "&h=" + golden.Value
	for times, sentence := range map[int]string{1: "The lab’s worker was lost, and begins again.",
		2: "The lab’s worker was lost again."} {
		w := newTab(t, newSite(t))
		w.before(run("lose-lab.js", times))
		w.openLab(golden.Name + "&h=" + golden.Value)
		w.wait(`window.told?.some((text) => text.startsWith(` + quoted(sentence) + `))`)
		if times == 2 {
			w.wait(done)
			w.says("status", sentence)
			if got := eval[string](w, `location.hash`); got != certified {
				t.Errorf("the address is %s, want %s", got, certified)
			}
			w.click("button", "Learn again from the first step")
		}
		w.wait(byID("status") + `.textContent.includes('the link promises')`)
		if got := eval[string](w, `location.hash`); got != certified {
			t.Errorf("after %d losses the address is %s, want %s", times, got, certified)
		}
	}
}

// Where there is a graphics card, the viewer takes the stage once there are points, and leaves
// pointer and keyboard to it. Elsewhere the plain canvas keeps it, and nothing more is fetched.
func TestLabViewer(t *testing.T) {
	t.Parallel()
	const recipe = "d=spiral&units=8&batch=16&steps=20&n=300&ssteps=5"
	s := newSite(t)
	plain := newViewerTab(t, s)
	plain.openLab(recipe)
	plain.wait(hashed)
	for _, url := range plain.asked() {
		if strings.Contains(url, "viewer") {
			t.Errorf("where the processor would draw it the viewer is fetched: %s", url)
		}
	}
	w := newViewerTab(t, s)
	w.before(run("graphics-card.js"))
	w.openLab(recipe)
	w.wait(hashed)
	w.wait(onViewer)
	eval[[]int](w, readStage)
	coloured := `(() => { let n = 0; for (let i = 0; i < pixels.data.length; i += 4) {
		const [r, g, b] = pixels.data.slice(i, i + 3); n += r > 180 && g > 120 && b < 110;
	} return n; })()`
	if got := eval[int](w, coloured); got < 300 {
		t.Errorf("%d pixels of the viewer have the colour of the points", got)
	}
	eval[any](w, `document.activeElement.blur()`)
	w.must(chromedp.MouseClickXY(eval[float64](w, middle+`.x`), eval[float64](w, middle+`.y`)))
	if got := eval[string](w, `document.activeElement.id`); got != "canvas" {
		t.Fatalf("a press upon the stage gives the focus to %q", got)
	}
	w.press("+")
	w.wait(byID("whole") + `.checkVisibility()`)
	w.click("button", "Whole plane")
	eval[any](w, call("lose-viewer.js", false))
	w.wait(onViewer)
}

// The lab is reached from the first page, and left for it, on a phone too.
func TestLabFromPhone(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(320, 568))
	w.open("#m=digits&steps=2")
	w.click("link", "Lab")
	w.reloads(byID("presets") + `?.childElementCount > 0`)
	w.click("link", "Play")
	w.reloads(byID("mode-view") + ` !== null`)
}

// What to try is a list of links, one for each example, which carry theirs out.
func TestLabTries(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(390, 844))
	w.openLab("d=spiral&units=8&batch=16&steps=5&n=20&ssteps=2")
	w.wait(hashed)
	w.click("button", "Try")
	w.wait(byID("tries") + `.open`)
	var want []string
	for _, e := range labkeys.Examples() {
		want = append(want, "#"+e.Recipe)
	}
	got := eval[[]string](w,
		`Array.from(document.querySelectorAll('#tries-list a'), (a) => a.getAttribute('href'))`)
	if !slices.Equal(got, want) {
		t.Errorf("to try are %v, want %v", got, want)
	}
	w.unhindered(source, "what to try")
	if got := eval[float64](w, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
		t.Errorf("on a phone the page scrolls sideways by %v pixels", got)
	}
	eval[any](w, `document.querySelector('#tries a[href="#d=moons&p=x0"]').click()`)
	w.wait(`!` + byID("tries") + `.open && ` + byID("knob-p") + `.value === 'x0'`)
	w.wait(`location.hash === '#d=moons&p=x0'`)
}

// middle is the middle of the lab's stage.
const middle = `(({left, top, width, height}) => ({x: left + width / 2, y: top + height / 2}))(
	document.getElementById('canvas').getBoundingClientRect())`

// While the network learns, points are drawn and can be looked back at; training waits when it is
// told to, takes a step, and goes on.
func TestLabLearns(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650),
		media(map[string]string{"prefers-color-scheme": "light"}))
	w.openLab("d=mixture&units=16&batch=32&steps=1000000")
	at := `Number(` + byID("moment-now") + `.textContent.split(' ')[0].replace(',', ''))`
	w.wait(at + ` > 200`)
	w.click("button", "Pause")
	w.waitState("waits")
	w.says("status", "Training waits at step")
	was := eval[int](w, at)
	w.click("button", "One training step")
	w.wait(at + ` === ` + itoa(was+1))
	for _, layer := range []string{"Density", "Score", "Exact"} {
		w.click("button", layer)
	}
	w.slide("Time", "0")
	w.says("time-now", "t = 9")
	w.slide("Training", "0")
	w.wait(at + ` < ` + itoa(was))
	if got := eval[float64](w, `document.documentElement.scrollHeight - innerHeight`); got > 0 {
		t.Errorf("on a laptop the page scrolls by %v pixels", got)
	}
	w.unhindered(source, "light")
	// Charts are drawn in CSS pixels on every screen, and their words stay as small as they are.
	charted := `Array.from(document.querySelectorAll('.meters figure svg')).every((svg) =>
		svg.querySelector('text') && Math.abs(svg.getScreenCTM().a - 1) < 0.01)`
	w.wait(charted)
	w.must(media(map[string]string{"prefers-color-scheme": "dark"}))
	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
	w.unhindered(source, "dark, in Chinese")
	w.must(chromedp.EmulateViewport(390, 844))
	w.unhindered(source, "on a phone")
	w.wait(charted)
	if got := eval[float64](w, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
		t.Errorf("on a phone the page scrolls sideways by %v pixels", got)
	}
	w.click("button", "训练")
	w.waitState("learning")
}
