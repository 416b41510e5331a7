package browser

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestWalk uses the page at random. Whenever it comes to rest a person can act, the address is what
// is seen, and the console is empty. TWEEDIE_WALK is how long to go on, from seed to seed, and
// after a comma the first seed: 2h, or 1s,17 to repeat a failure. What a walk meets depends on how
// fast the machine is, so that one seed may find something on one run and nothing on the next; what
// it finds is a fault all the same, since it only judges a page that rests.
func TestWalk(t *testing.T) {
	t.Parallel()
	wish := os.Getenv("TWEEDIE_WALK")
	if wish == "" && os.Getenv("CI") != "" {
		wish = "60s"
	} else if wish == "" {
		t.Skip("set TWEEDIE_WALK, to how long to use the page at random: 10m, or 1s,17 from a seed")
	}
	until, first, _ := strings.Cut(wish, ",")
	length, err := time.ParseDuration(until)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := strconv.ParseUint(cmp.Or(first, "1"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(length); time.Now().Before(end); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { walk(t, seed) })
	}
}

// strides is the number of things that a walk does.
const strides = 50

// walker is someone who uses the page at random.
type walker struct {
	*tab
	rand *rand.Rand
	did  []string // what, in words
}

// seen is what seen-walk.js tells.
type seen struct {
	State, Fragment, Ran, Dialog, Status                string
	Paused, Rests, Offering, Beside, Startable, Invalid bool
	Stays, Retries, Cancels, Walks                      bool
	Begun                                               int
	Controls                                            map[string]string
}

func walk(t *testing.T, seed uint64) {
	w := &walker{tab: newTab(t, newSite(t)), rand: rand.New(rand.NewPCG(seed, 0))}
	defer func() {
		if t.Failed() {
			t.Logf("TWEEDIE_WALK=1s,%d:\n%s", seed, strings.Join(w.did, "\n"))
		}
	}()
	w.before(run("watch-walk.js"))
	w.open("#m=digits&c=7&steps=3")
	w.waitState("done")
	for range strides {
		w.stride()
		if w.rand.IntN(3) == 0 {
			w.rest()
		}
		if t.Failed() {
			return
		}
	}
	w.site.cut(false)
	w.rest()
	w.another()
}

// note tells what is done.
func (w *walker) note(format string, args ...any) {
	w.did = append(w.did, fmt.Sprintf("%3d ", len(w.did))+fmt.Sprintf(format, args...))
}

// one is one of some values.
func one[T any](w *walker, of ...T) T { return of[w.rand.IntN(len(of))] }

// Controls are named by their ids and classes, since what they are called changes with the
// language.
var (
	pressed = []string{"#start", "#start", "#cancel", "#play", "#back", "#next", "#mode-view",
		"#mode-forward", "#mode-draw", "#mode-compare", "#view-xt", "#view-x0", "#view-epsilon",
		"#view-change", "#tools-open", "#zoom-in", "#zoom-out", "#smooth", "#fade", "#loop",
		"#backwards", "#compare", "#compare", "#difference", "#forward-own", "#forward-back",
		"#defaults", "#help-open", "#share-open", "#save-open", "#sheet-open", "#load-stay",
		"#retry", "#edit-stage", "#edit-start", "#edit-leave", "#edit-undo", "#edit-clear",
		"#between-start", "#between-leave", "#bound-measure", "#bound-cancel", "#zoom-reset"}
	ofPad = []string{"#plane-save", "#plane-save", "#plane-gif", "#plane-gif", "#plane-cancel",
		"#plane-close", "#plane-dice", "#plane-walk", "#plane-leave"}
	keys = []string{" ", kb.ArrowLeft, kb.ArrowRight, kb.Home, kb.End, "b", "c", "e", "f", "i", "l",
		"n", "p", "s", "x", "+", "-", "0", "1", "2", "3", "4", "5", "?",
		kb.Escape, kb.Enter, kb.Tab}
	fields = map[string][]string{
		"seed": {"0", "7", "007", "12345678901234567890", "", "x"}, "images": {"1", "2", "3", "0"},
		"steps": {"1", "2", "4", "5", "0", "1e9"}, "guidance": {"0", "1", "2.5", "-1", "nonsense"},
		"word": {"A", "GO", "é!", ""}, "option-eta": {"0", "0.5", "1", "9"},
		"between-to": {"3", ""}, "against-number": {"2", "3", "?"},
	}
	fieldNames = []string{"seed", "images", "steps", "guidance", "word", "option-eta", "between-to",
		"against-number"}
	recipes = []string{"m=digits&c=3&steps=4", "m=digits&s=9&steps=3&n=2", "m=digits&c=all&steps=2",
		"m=digits-small&c=5&steps=3", "m=glyphs&w=AB&steps=2", "m=digits&k=ddpm&c=1&steps=4&s=2",
		"m=digits&c=2&steps=300", "m=digits&steps=0", "m=nothing", "m=digits&colour=red",
		"c=8&steps=2",
		"m=digits&c=2&s=3&to=9&n=3&steps=2", "m=digits&c=7&s=3&plane=5,9,12&n=4&steps=2",
		"m=digits-small&c=4&s=3&plane=5,9&at=0.25,0.5&steps=3"}
)

// stride does one thing.
func (w *walker) stride() {
	switch w.rand.IntN(19) {
	case 0, 1, 2:
		w.pressOn(one(w, pressed...), 0)
	case 3, 4:
		w.pressOn("#classes .chip", w.rand.IntN(60))
	case 5:
		w.pressOn(one(w, "#presets button", "#results button", "#controls summary",
			"#edit .segments .chip"), w.rand.IntN(8))
	case 6, 7:
		name := one(w, fieldNames...)
		w.write(name, one(w, fields[name]...))
	case 8:
		key := one(w, keys...)
		w.note("strike %q", key)
		w.press(key)
	case 9, 10:
		w.dragIn(one(w, "#guidance-range", "#timeline"))
	case 11:
		w.choose()
	case 12:
		s := one(w, laptop, desktop, phone, screen{320, 256}, screen{820, 1180})
		w.note("a window of %v", s)
		w.tab.show(s)
	case 13:
		by := one(w, -1, -1, 1)
		w.note("go %d in the history", by)
		eval[any](w.tab, fmt.Sprintf(`if (%d > 0 ? navigation.canGoForward : navigation.canGoBack)
			history.go(%d); 0`, by, by))
	case 14:
		recipe := one(w, recipes...)
		w.note("the address is #%s", recipe)
		w.follow("#" + recipe)
	case 15:
		w.surroundings()
	case 16, 17:
		w.onPad()
	case 18:
		w.onCorners()
	}
}

// onPad moves over the pad of a plane, pressed or not, and presses what belongs to it.
func (w *walker) onPad() {
	pressed := w.rand.IntN(2) == 0
	w.note("move over the pad, pressed: %v", pressed)
	w.pressOn("#mode-draw", 0)
	w.pressOn("#edit .segments .chip", 2)
	var last [2]float64
	for i := range 4 {
		x, y, there := w.spot("#plane-pad", 0, w.rand.Float64(), w.rand.Float64())
		if !there {
			break
		}
		last = [2]float64{x, y}
		switch {
		case !pressed:
			w.pointer("mouseMoved", x, y, nil)
		case i == 0:
			w.grab(last)
		default:
			w.pull(last)
		}
	}
	if pressed && last != [2]float64{} {
		w.release(last)
	}
	for range w.rand.IntN(4) {
		w.pressOn(one(w, ofPad...), 0)
	}
}

// onCorners presses a corner of a plane, or drags it to another.
func (w *walker) onCorners() {
	from, to := w.rand.IntN(4), w.rand.IntN(4)
	w.note("drag corner %d to %d", from, to)
	x, y, there := w.place(".corner", from, 0.5)
	if !there {
		return
	}
	w.grab([2]float64{x, y})
	if u, v, there := w.place(".corner", to, 0.5); there {
		w.pull([2]float64{u, v})
		x, y = u, v
	}
	w.release([2]float64{x, y})
}

// surroundings changes the language, takes the network away or brings it back, or loads the page
// again.
func (w *walker) surroundings() {
	switch w.rand.IntN(5) {
	case 0, 1:
		language := one(w, "en", "zh-Hans")
		w.note("speak %s", language)
		eval[any](w.tab, byID("language")+`.value = '`+language+`'; `+byID("language")+
			`.dispatchEvent(new Event('change')); 0`)
	case 2, 3:
		off := w.rand.IntN(2) == 0
		w.note("the network is gone: %v", off)
		w.site.cut(off)
	case 4:
		w.note("load the page again")
		w.site.cut(false)
		w.must(chromedp.Reload())
	}
}

// place is where to press an element, if it can be pressed.
func (w *walker) place(selector string, number int, part float64) (x, y float64, there bool) {
	return w.spot(selector, number, part, 0.5)
}

// spot is such a place by its parts to the right and down.
func (w *walker) spot(selector string, number int, part, down float64) (x, y float64, there bool) {
	at := eval[[]float64](w.tab, call("place-of.js", selector, number, part, down))
	if len(at) < 2 {
		return 0, 0, false
	}
	return at[0], at[1], true
}

func (w *walker) pressOn(selector string, number int) {
	x, y, there := w.place(selector, number, 0.5)
	w.note("press %s %d (%v)", selector, number, there)
	if there {
		w.must(chromedp.MouseClickXY(x, y))
	}
}

// write types into a field in place of what is there.
func (w *walker) write(id, text string) {
	w.note("write %q into %s", text, id)
	there := eval[bool](w.tab, `(() => {
		const field = `+byID(id)+`;
		if (!field?.checkVisibility() || field.closest('[inert]')) return false;
		field.focus();
		field.select();
		return document.activeElement === field;
	})()`)
	if there && text == "" {
		w.press(kb.Backspace)
	} else if there {
		w.press(text)
	}
	if there && w.rand.IntN(2) == 0 {
		w.note("strike Enter")
		w.press(kb.Enter)
	}
}

// choose takes another value of a menu.
func (w *walker) choose() {
	menu, number := one(w, "sampler", "sampler", "speed", "against-knob", "against-choice",
		"bound-form"), w.rand.IntN(40)
	w.note("choose %d of %s", number, menu)
	eval[any](w.tab, fmt.Sprintf(`(() => {
		const menu = %s;
		if (!menu.checkVisibility()) return;
		menu.selectedIndex = %d %% menu.options.length;
		for (const name of ['input', 'change']) {
			menu.dispatchEvent(new Event(name, {bubbles: true}));
		}
	})()`, byID(menu), number))
}

// dragIn moves a slider with the pointer, and lets it go.
func (w *walker) dragIn(slider string) {
	parts := []float64{w.rand.Float64(), w.rand.Float64(), w.rand.Float64(), w.rand.Float64()}
	w.note("drag %s to %.2v", slider, parts)
	kind := input.DispatchMouseEventType("mousePressed")
	for i, part := range parts {
		x, y, there := w.place(slider, 0, part)
		if !there {
			return
		}
		w.pointer(kind, x, y, func(p *input.DispatchMouseEventParams) {
			p.Button, p.ClickCount = "left", 1
			if i > 0 {
				p.Buttons = 1
			}
		})
		kind = "mouseMoved"
		if i == len(parts)-1 {
			w.pointer("mouseReleased", x, y, func(p *input.DispatchMouseEventParams) {
				p.Button, p.ClickCount = "left", 1
			})
		}
	}
}
