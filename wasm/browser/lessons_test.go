package browser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// course is what the page is told of the lessons.
type course struct {
	Lessons []struct {
		Number int
		Cards  []lessonCard
	}
	Said map[string]map[string]string
}

type lessonCard struct {
	ID, Recipe, View, Check string
	Step                    int
	Choices                 []string
}

// The files of the course that the page has, and the lab.
const (
	pageCourse = "web/learn/lessons.json"
	labCourse  = "web/lab/lessons.json"
)

// readCourse reads a file of the course, and the answers that teachers have, by the card.
func readCourse(t *testing.T, name string) (c course, answers map[string]string) {
	t.Helper()
	if err := json.Unmarshal(pageFile(t, name), &c); err != nil {
		t.Fatal(err)
	}
	answers = map[string]string{}
	form := regexp.MustCompile(`(?ms)^## (\S+).*?^answer: (\S+)$`)
	for _, l := range c.Lessons {
		name := strconv.Itoa(l.Number) + ".en.md"
		source, err := os.ReadFile(filepath.Join("../../web/learn/lessons", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range form.FindAllStringSubmatch(string(source), -1) {
			answers[found[1]] = found[2]
		}
	}
	return c, answers
}

// looks returns the part of a card's view with a key, and whether there is one.
func (c lessonCard) looks(key string) (value string, ok bool) {
	for part := range strings.SplitSeq(c.View, "&") {
		name, value, _ := strings.Cut(part, "=")
		if name == key {
			return value, true
		}
	}
	return "", false
}

// another reports whether the stage does not have the film of a card where it has that of another.
func (c lessonCard) another(than lessonCard) bool {
	for _, key := range []string{"forward", "against"} {
		one, is := c.looks(key)
		if other, was := than.looks(key); one != other || is != was {
			return true
		}
	}
	return c.Recipe != than.Recipe
}

// stands waits until the stage shows what a card sets: its recipe, its views and its step.
func (w *tab) stands(c lessonCard) {
	w.t.Helper()
	views, ok := c.looks("views")
	if !ok {
		views = "xt,x0"
	}
	forward, noised := c.looks("forward")
	against, compared := c.looks("against")
	films, images := "1", "1"
	if _, n, ok := strings.Cut(c.Recipe, "&n="); ok {
		images, _, _ = strings.Cut(n, "&")
	}
	if compared {
		films = "2"
	}
	if forward == "chain" {
		images = "2"
	}
	w.wait(hashed + ` && location.hash.slice(1).split('&').filter((part) =>
		!/^(h|by)=/.test(part)).join('&') === ` + quoted(c.Recipe) + ` &&
		(new URLSearchParams(location.search).get('against') ?? '') === ` + quoted(against) +
		` && ` + ofStage(`stage.clock.current === `+itoa(c.Step)+` &&
		stage.films.every((film) => film.complete) && stage.films.length === `+films+` &&
		stage.film.shape.images === `+images+` &&
		stage.film.noised === `+strconv.FormatBool(noised)+` &&
		stage.views.join() === `+quoted(views)))
	if name, ok := c.looks("derive"); ok {
		w.wait(`document.querySelector('#work .head select').value === ` + quoted(name) +
			` && document.querySelector('#work .derived math')?.checkVisibility()`)
	}
	if kind, ok := c.looks("plots"); ok {
		w.wait(`document.querySelector('#plots [name=plots]:checked')?.value === ` + quoted(kind))
	}
	if work, _ := c.looks("work"); work != "" {
		column, row, _ := strings.Cut(work, ",")
		w.wait(`document.querySelector('#work .place')?.textContent === 'Column ` + column +
			`, row ` + row + `'`)
	}
}

// answers gives an answer to the question of a card, and waits for what becomes of it.
func (w *tab) answers(answer, verdict string) {
	w.t.Helper()
	eval[any](w, `(() => {
		const radio = document.querySelector('.ask [type=radio][value="`+answer+`"]');
		if (radio) return radio.click();
		const field = document.querySelector('.ask .answers input');
		field.value = `+quoted(answer)+`;
		field.dispatchEvent(new Event('input', {bubbles: true}));
	})(), 0`)
	w.click("button", "Check")
	w.wait(`document.querySelector('.verdict').dataset.verdict !== ''`)
	got := eval[[2]string](w, `(({dataset: {verdict}, textContent}) => [verdict, textContent])(
		document.querySelector('.verdict'))`)
	if got[0] != verdict {
		stage := eval[string](w, ofStage(`JSON.stringify({...document.documentElement.dataset,
			films: stage.films.map(({shape, latest, current, noised, complete, facts}) =>
				({shape, latest, current, noised, complete, facts: facts.size}))})`))
		w.t.Errorf("to the answer %s the page says %q: %s, %s", answer, got, w.address(), stage)
	}
}

// Every card comes, sets the stage as it says, and knows the right answer from a wrong one; the
// answers are those that teachers have.
func TestLessons(t *testing.T) {
	t.Parallel()
	all, answers := readCourse(t, pageCourse)
	source := axe(t)
	w := newTab(t, newSite(t))
	w.show(laptop)
	w.open("?lesson=1.1")
	var before lessonCard
	for _, l := range all.Lessons {
		for i, c := range l.Cards {
			w.wait(`document.querySelector('.lessons h3')?.textContent.startsWith('` + c.ID + ` ')`)
			if c.ID != "1.1" { // which an address without a recipe shows by itself
				if c.another(before) {
					w.answers(answers[c.ID], "hint")
				}
				w.click("button", "Show it")
			}
			before = c
			w.stands(c)
			w.wait(`document.querySelector('.formula-of-card .values mn')`)
			w.shoot("-" + c.ID + ".en")
			if below := eval[float64](w, `document.querySelector('.lessons .solid')
				.getBoundingClientRect().bottom - innerHeight`); below > 0 {
				t.Errorf("card %s: its button ends %g pixels below the window", c.ID, below)
			}
			hidden := eval[int](w, `(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(
				document.querySelector('.formula-of-card'))`)
			if hidden > 0 {
				t.Errorf("card %s: %d pixels of the formula are hidden", c.ID, hidden)
			}
			wrong := "0"
			for _, choice := range c.Choices {
				if choice != answers[c.ID] {
					wrong = choice
				}
			}
			w.answers(wrong, "wrong")
			w.answers(answers[c.ID], "right")
			if i == 0 || c.Choices == nil {
				w.unhindered(source, "card "+c.ID)
			}
			if last := all.Lessons[len(all.Lessons)-1].Cards; c.ID != last[len(last)-1].ID {
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
			w.shoot("-" + id + ".zh")
			if i+j > 0 {
				w.click("button", "上一张卡片")
			}
		}
	}
	w.unhindered(source, "a card in Chinese")
}

// Before a room the recipe is away and keys turn the cards; Escape leaves, and Back goes to the
// card before.
func TestPresent(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.show(laptop)
	w.open("?lesson=3.2&present")
	card := func(id string) {
		t.Helper()
		w.wait(`document.querySelector('.lessons h3')?.textContent.startsWith('` + id + ` ') &&
			new URLSearchParams(location.search).get('lesson') === '` + id + `'`)
	}
	card("3.2")
	w.wait(done)
	if w.visible("controls") {
		t.Error("the recipe is there before a room")
	}
	if wide := eval[int](w, overflow); wide > 0 {
		t.Errorf("the page is %d pixels too wide", wide)
	}
	at := ofStage(`stage.clock.current`)
	step := eval[int](w, at)
	w.press(kb.ArrowRight)
	card("3.3")
	w.press(kb.ArrowLeft, kb.ArrowLeft)
	card("3.1")
	if got := eval[int](w, at); got != step {
		t.Errorf("the keys that turn cards go to step %d", got)
	}
	eval[any](w, `document.querySelector('.ask [type=radio]').focus(), 0`)
	w.press(kb.ArrowDown, kb.ArrowRight)
	card("3.1")
	w.unhindered(axe(t), "before a room")
	w.must(chromedp.NavigateBack())
	card("3.2")
	eval[any](w, `document.activeElement.blur(), 0`)
	w.press(kb.Escape)
	w.wait(`!location.search.includes('present')`)
	if !w.visible("controls") {
		t.Error("Escape does not leave")
	}
	w.click("button", "QR code")
	handed := eval[string](w, `document.querySelector('.hand input').value`)
	if !strings.HasSuffix(handed, "/?lesson=3.2") {
		t.Errorf("the card is handed on as %s", handed)
	}
	w.unhindered(axe(t), "the code of a card")
	w.click("button", "Close")
	w.click("button", "Close the lesson")
	w.wait(`!location.search.includes('lesson')`)
	w.click("link", "2 What the network sees")
	card("2.1")
	if got := eval[string](w, `location.hash`); !strings.Contains(got, "m=digits&c=7") {
		t.Errorf("a link to a lesson takes the recipe away: %s", got)
	}
}

// The pages for teachers have every card, in both languages, and lead to each other.
func TestTeachers(t *testing.T) {
	t.Parallel()
	cards := 0
	for _, name := range []string{pageCourse, labCourse} {
		all, _ := readCourse(t, name)
		for _, l := range all.Lessons {
			cards += len(l.Cards)
		}
	}
	source := axe(t)
	w := newTab(t, newSite(t))
	page := "lessons.html"
	for _, language := range []string{"en", "zh-Hans", "en"} {
		w.open("web/" + page)
		if n := eval[int](w, `document.querySelectorAll('.course article').length`); n != cards {
			t.Errorf("%s has %d cards of %d", page, n, cards)
		}
		if got := eval[string](w, `document.documentElement.lang`); got != language {
			t.Errorf("%s is in %s, want %s", page, got, language)
		}
		w.unhindered(source, page)
		page = eval[string](w, `document.querySelector('.other a').getAttribute('href')`)
	}
	w.open("web/" + eval[string](w, `[...document.querySelectorAll('h3 a')].find((link) =>
		link.textContent === '3.2').getAttribute('href')`))
	w.wait(`document.querySelector('.lessons h3')?.textContent.startsWith('3.2 ')`)
}
