package browser

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// card waits for a card below the stage, in the address too.
func (w *tab) card(id string) {
	w.t.Helper()
	w.wait(`document.querySelector('.lessons h3')?.textContent.startsWith('` + id + ` ') &&
		new URLSearchParams(location.search).get('lesson') === '` + id + `'`)
}

// fits reports what of a card is hidden.
func (w *tab) fits(id string) {
	w.t.Helper()
	if wide := eval[int](w, overflow); wide > 0 {
		w.t.Errorf("card %s: the page is %d pixels too wide", id, wide)
	}
	hidden := eval[int](w, `(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(
		document.querySelector('.formula-of-card'))`)
	if hidden > 0 {
		w.t.Errorf("card %s: %d pixels of the formula are hidden", id, hidden)
	}
}

// onLab waits until the lab carries out what a card sets.
func (w *tab) onLab(c lessonCard) {
	w.t.Helper()
	against, _ := c.looks("against")
	layers, ok := c.looks("layers")
	if !ok {
		layers = "data,points,trails,posterior"
	}
	w.wait(hashed + ` && location.hash.slice(1).replace(/&h=.*/, '') === ` + quoted(c.Recipe) + ` &&
		(new URLSearchParams(location.search).get('against') ?? '') === ` + quoted(against) + ` &&
		[...document.querySelectorAll('#layers [aria-pressed=true]')]
			.filter((layer) => layer.checkVisibility())
			.map((layer) => layer.id.slice('layer-'.length)).join() ===
		` + quoted(layers) + `.split(',').filter((layer) =>
			document.getElementById('layer-' + layer).checkVisibility()).join() &&
		` + byID("beside") + `.checkVisibility() === ` + quoted(against) + ` > ''`)
}

// learns gives an answer to the question of a card as soon as the stage has come to its end, and
// returns what becomes of it.
func (w *tab) learns(answer string) (verdict string) {
	w.t.Helper()
	eval[any](w, `(() => {
		const radio = document.querySelector('.ask [type=radio][value="`+answer+`"]');
		if (radio) return radio.click();
		const field = document.querySelector('.ask .answers input');
		field.value = `+quoted(answer)+`;
		field.dispatchEvent(new Event('input', {bubbles: true}));
	})(), 0`)
	w.wait(`(() => {
		const { verdict } = document.querySelector('.verdict').dataset;
		if (verdict === 'right' || verdict === 'wrong') return true;
		document.querySelector('.ask [type=submit]').click();
		return false;
	})()`)
	return eval[string](w, `document.querySelector('.verdict').dataset.verdict`)
}

// Every card of the lab comes, sets the lab as it says, and knows the right answer from a wrong one
// by what the lab has learned; the answers are those that teachers have.
func TestLabLessons(t *testing.T) {
	t.Parallel()
	all, answers := readCourse(t, labCourse)
	source := axe(t)
	w := newTab(t, newSite(t))
	w.show(laptop)
	first := all.Lessons[0].Cards[0]
	w.must(chromedp.Navigate(w.site.url + "/web/lab.html?lesson=" + first.ID))
	var before lessonCard
	for _, l := range all.Lessons {
		for i, c := range l.Cards {
			w.card(c.ID)
			if c.ID != first.ID { // which an address without a recipe shows by itself
				if c.another(before) {
					w.answers(answers[c.ID], "hint")
				}
				w.click("button", "Show it")
			}
			before = c
			w.onLab(c)
			wrong := "1"
			for _, choice := range c.Choices {
				if choice != answers[c.ID] {
					wrong = choice
				}
			}
			if got := w.learns(wrong); got != "wrong" {
				t.Errorf("card %s: the answer %s is %s", c.ID, wrong, got)
			}
			if got := w.learns(answers[c.ID]); got != "right" {
				t.Errorf("card %s: the answer %s is %s", c.ID, answers[c.ID], got)
			}
			w.wait(`document.querySelector('.formula-of-card .values mn')`)
			w.fits(c.ID)
			w.shoot("-" + c.ID + ".en")
			if i%2 == 0 || c.Choices == nil {
				w.unhindered(source, "card "+c.ID)
			}
			if i < len(l.Cards)-1 {
				w.click("button", "The next card")
			}
		}
	}
	w.set("Language", "zh-Hans")
	for i := len(all.Lessons) - 1; i >= 0; i-- {
		for j := len(all.Lessons[i].Cards) - 1; j >= 0; j-- {
			id := all.Lessons[i].Cards[j].ID
			w.wait(`document.querySelector('.lessons h3')?.textContent === ` +
				quoted(id+" "+all.Said["zh"]["card."+id+".title"]))
			w.fits(id)
			w.shoot("-" + id + ".zh")
			if i+j > 0 {
				w.click("button", "上一张卡片")
			}
		}
	}
	w.unhindered(source, "a card of the lab in Chinese")
	w.must(media(map[string]string{"prefers-color-scheme": "dark"}))
	w.show(phone)
	w.click("button", "演示")
	w.onLab(first)
	w.wait(`document.querySelector('.formula-of-card .values mn')`)
	w.fits(first.ID)
	w.unhindered(source, "a card of the lab on a phone")
	w.click("button", "关闭课程")
	w.wait(`!location.search.includes('lesson')`)
	if w.visible("lessons") {
		t.Error("a lesson that is closed stays in sight")
	}
	w.must(chromedp.NavigateBack())
	w.card(first.ID)
}

// The course goes on from the page to the lab and back, also before a room; the lab's cards are
// handed on by their own address, and what few open comes when it is opened.
func TestLabLessonsBeyond(t *testing.T) {
	t.Parallel()
	all, _ := readCourse(t, pageCourse)
	inLab, _ := readCourse(t, labCourse)
	cards := all.Lessons[len(all.Lessons)-1].Cards
	last, first := cards[len(cards)-1].ID, inLab.Lessons[0].Cards[0].ID
	second := inLab.Lessons[0].Cards[1].ID
	w := newTab(t, newSite(t))
	w.show(laptop)
	w.openLab("d=moons&units=8&batch=16&steps=5&n=20&ssteps=2")
	w.wait(hashed)
	for _, url := range w.asked() {
		if strings.Contains(url, "lesson") {
			t.Errorf("without a lesson the lab asks for %s", url)
		}
	}
	w.click("button", "Try")
	w.click("link", "A lesson goes through some of them, card by card")
	w.reloads(`document.querySelector('.lessons h3') !== null`)
	w.card(first)
	w.openLab("d=moons&units=8&batch=16&steps=5&n=20&ssteps=2")
	w.wait(hashed)
	w.click("button", "Score")
	w.wait(`location.search === '?layers=data,points,trails,score,posterior,digits'`)
	w.must(chromedp.Reload())
	w.wait(byID("layer-score") + `?.getAttribute('aria-pressed') === 'true'`)
	w.click("button", "Score")
	w.wait(`location.search === ''`)
	w.open("?lesson=" + last + "&present#m=digits&steps=2")
	w.card(last)
	w.wait(done)
	w.press(kb.ArrowRight)
	w.reloads(byID("layers") + ` !== null`)
	w.card(first)
	w.wait(`location.search.includes('present') && !` + byID("data") + `.checkVisibility()`)
	if wide := eval[int](w, overflow); wide > 0 {
		t.Errorf("before a room the lab is %d pixels too wide", wide)
	}
	w.unhindered(axe(t), "the lab before a room")
	w.press(kb.ArrowRight)
	w.card(second)
	w.press(kb.ArrowLeft)
	w.card(first)
	w.click("button", "QR code")
	handed := eval[string](w, `document.querySelector('.hand input').value`)
	if !regexp.MustCompile(`/web/lab\.html\?lesson=` + first + `$`).MatchString(handed) {
		t.Errorf("the card is handed on as %s", handed)
	}
	w.click("button", "Close")
	w.press(kb.Escape)
	w.wait(`!location.search.includes('present')`)
	w.click("button", "The card before")
	w.reloads(byID("mode-view") + ` !== null`)
	w.card(last)
}

// Where the page was used, and a card of the lab was shown, a class needs no network for it.
func TestLabLessonOffline(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keeps = true
	w := newTab(t, s)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.kept()
	const recipe = "#d=moons&units=8&batch=16&steps=5&n=20&ssteps=2"
	w.must(chromedp.Navigate(s.url + "/web/lab.html?lesson=9.1" + recipe))
	w.card("9.1")
	w.wait(hashed)
	s.cut(true)
	w.must(chromedp.Navigate("about:blank"),
		chromedp.Navigate(s.url+"/web/lab.html?lesson=9.2&present"+recipe))
	w.card("9.2")
	w.wait(hashed)
	w.click("button", "QR code")
	w.click("button", "Close")
}

// Where the cards cannot be had, the lab says so and learns all the same.
func TestLabLessonFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.replace("/"+labCourse, missing)
	w := newTab(t, s)
	w.must(chromedp.Navigate(s.url + "/web/lab.html?lesson=9.1"))
	w.wait(byID("lessons-said") + `?.checkVisibility() &&
		` + byID("lessons-said") + `.textContent !== '' && ` + byID("train") + `.checkVisibility()`)
	w.waitState("learning")
	w.forgive(labCourse)
	s.replace("/"+labCourse, nil)
	w.click("link", "9 Scores")
	w.reloads(`document.querySelector('.lessons h3') !== null`)
	w.card("9.1")
}
