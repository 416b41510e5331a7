package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	labkeys "tweedie/sampler/lab/keys"
)

// Help says what is seen and what to try, answers four questions, each with recipes that show the
// answer, and lists keys, which work and can be switched off.
func TestLabHelp(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(390, 844))
	w.openLab("d=spiral&units=8&batch=16&steps=20&n=20&ssteps=2")
	w.wait(hashed)
	w.press("?")
	w.find("dialog", "Half a minute’s tour")
	w.wait(byID("keys-list") + `.childElementCount > 0`)
	if n := eval[int](w, `document.querySelectorAll('#tour li').length`); n < 4 || n > 6 {
		t.Errorf("the tour has %d sentences, want 4 to 6", n)
	}
	var examples []string
	for _, e := range labkeys.Examples() {
		examples = append(examples, "#"+e.Recipe)
	}
	const links = `Array.from(document.querySelectorAll('#questions section'),
		(s) => Array.from(s.querySelectorAll('a'), (a) => a.getAttribute('href')).join(' '))`
	answers := eval[[]string](w, links)
	if len(answers) != 4 {
		t.Errorf("help answers %d questions, want 4", len(answers))
	}
	for i, of := range answers {
		for link := range strings.FieldsSeq(of) {
			if !strings.Contains(" "+strings.Join(examples, " ")+" ", " "+link+" ") {
				t.Errorf("question %d has the link %s, which is no example", i+1, link)
			}
		}
		if of == "" {
			t.Errorf("question %d has no link to a recipe", i+1)
		}
	}
	w.unhindered(source, "help")
	const over = `document.getElementById('help').scrollWidth -
		document.getElementById('help').clientWidth`
	if got := eval[float64](w, over); got > 0 {
		t.Errorf("on a phone help scrolls sideways by %v pixels", got)
	}
	w.press(kb.Escape)
	w.set("Language", "zh-Hans")
	w.press("?")
	w.find("dialog", "半分钟导览")
	w.wait(byID("questions") + `.textContent.includes('VAE 有什么关系')`)
	w.unhindered(source, "help in Chinese")
	w.press(kb.Escape)
	w.set("语言", "en")

	w.press("5") // the score
	w.wait(byID("layer-score") + `.getAttribute('aria-pressed') === 'true'`)
	w.press(kb.ArrowLeft)
	w.wait(`Number(` + byID("time") + `.value) < 1000`)
	w.press("r")
	w.wait(hashed + ` && ` + byID("moment-now") + `.textContent === '20 of 20'`)
	w.press("t")
	w.wait(byID("tries") + `.open`)
	w.press(kb.Escape)
	w.press("+")
	w.wait(byID("whole") + `.checkVisibility()`)
	w.press("0")
	w.wait(`!` + byID("whole") + `.checkVisibility()`)
	w.press("?")
	w.toggle("Keys")
	w.click("checkbox", "These keys work everywhere on the page")
	w.press(kb.Escape)
	w.press("t")
	if w.visible("tries") {
		t.Error("a key works that was switched off")
	}
	w.click("button", "Help")
	eval[any](w, `document.querySelector('#questions a[href="#d=moons&m=vae"]').click()`)
	w.wait(`!` + byID("help") + `.open && location.hash.startsWith('#d=moons&m=vae')`)
	w.wait(byID("knob-m") + `.value === 'vae'`)
}
