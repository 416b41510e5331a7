package browser

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// ownHost serves a page with embeds on the site itself, so that a test can look into the players.
func ownHost(s *site, body string) {
	page := `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
		<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
		<script src="blog.js"></script><script src="/web/embed.js"></script>
		<p id="status" hidden></p>` + body
	s.replace("/host/", content("text/html; charset=utf-8", []byte(page)))
	s.replace("/host/blog.js", content("text/javascript", []byte(blogScript)))
}

// inPlayer is an element of the player of an embed.
func inPlayer(id, part string) string {
	return id + `.shadowRoot.querySelector('iframe').contentDocument.getElementById('` + part + `')`
}

// Of many embeds few hold a sampler. What the others have drawn stays: it is there at once when
// they are seen again, and a run that was in its middle goes on from where it was.
func TestEmbedsSleep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := tag(`id="done" label="1" steps="3"`) + `<p class="far"></p>` +
		tag(`id="half" label="2" steps="600"`)
	for i := range 5 {
		body += `<p class="far"></p>` + tag(fmt.Sprintf(`id="e%d" label="%[1]d" steps="2"`, i))
	}
	w := newBlogTab(t, blog(t, s, embedScript+`<main>`+body+`</main>`), s)
	w.open("")
	w.embedEnds("done", 1, "m=digits&c=1&steps=3")
	eval[any](w, scrollTo("half")+`; 0`)
	w.wait(`of('half', 'step').length > 3`)
	for i := range 5 {
		id := fmt.Sprintf("e%d", i)
		eval[any](w, scrollTo(id)+`; 0`)
		w.wait(`of('` + id + `', 'done').length === 1`)
	}
	const awake = `[...document.querySelectorAll('tweedie-sampler')]
		.filter((e) => e.awake).map((e) => e.id).join()`
	if got := eval[string](w, awake); got != "e1,e2,e3,e4" {
		t.Errorf("awake are %s, want the last four", got)
	}
	for _, id := range []string{"done", "half"} {
		if !eval[bool](w, id+`.shadowRoot.querySelector('.live ~ iframe') !== null`) {
			t.Errorf("%s: its pictures are gone", id)
		}
	}
	eval[any](w, scrollTo("half")+`; 0`)
	last := eval[int](w, `of('half', 'step').at(-1).step`)
	w.wait(fmt.Sprintf(`of('half', 'step').at(-1).step > %d`, last+3))
	if eval[bool](w, `of('half', 'step')
		.some((e, i, all) => i > 0 && e.step < all[i - 1].step)`) {
		t.Error("the run that was in its middle has begun again")
	}
	eval[any](w, `half.pause(); `+scrollTo("done")+`; 0`)
	w.wait(`done.visible`)
	eval[any](w, `done.seek(1); 0`)
	if got := eval[int](w, `done.toPNG().then((blob) => blob.size)`); got < 100 {
		t.Errorf("a player asleep gives a PNG of %d bytes", got)
	}
	if n := eval[int](w, `of('done', 'step').length`); n != 3 {
		t.Errorf("the finished run has made %d steps, want 3 and no more", n)
	}
	eval[any](w, `done.label = 8; 0`)
	w.embedEnds("done", 2, "m=digits&c=8&steps=3")
}

// A reader draws another picture, or one of another class, and the page around hears of it.
func TestEmbedReaders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ownHost(s, tag(`id="e" recipe="c=all&n=10" steps="2" controls labels="true" loop="false"`))
	w := newTab(t, s)
	w.must(chromedp.Navigate(s.url + "/host/"))
	w.embedEnds("e", 1, "m=digits&c=all&n=10&steps=2")
	eval[any](w, inPlayer("e", "labels")+`.children[3].click(); 0`)
	w.embedEnds("e", 2, "m=digits&c=3&steps=2")
	eval[any](w, inPlayer("e", "another")+`.click(); 0`)
	w.wait(`of('e', 'done').length === 3`)
	got := eval[event](w, `of('e', 'done')[2]`)
	if !strings.HasPrefix(got.Recipe, "m=digits&c=3&s=") || strings.Contains(got.Recipe, "&s=1&") ||
		got.SHA256 != native(t, got.Recipe[:strings.Index(got.Recipe, "&by=")]).done.Hash {
		t.Errorf("another picture is %+v", got)
	}
	pressed := eval[string](w, inPlayer("e", "labels")+
		`.querySelector('[aria-pressed=true]').textContent`)
	link := eval[string](w, inPlayer("e", "home")+`.href`)
	if pressed != "3" || link != s.url+"/#"+got.Recipe {
		t.Errorf("the class row shows %s, and the link leads to %s", pressed, link)
	}
	if eval[bool](w, `e.loop || !e.labels`) {
		t.Error("flags of the words true and false are read wrong")
	}
	small := eval[bool](w, `[...`+inPlayer("e", "bar")+`.querySelectorAll('button'), ...`+
		inPlayer("e", "labels")+`.children]
			.some((e) => e.checkVisibility() && e.offsetHeight < 44)`)
	if small {
		t.Error("a control is lower than 44 px")
	}
}

// What an author has written wrong is told in the console, once, and by an event. Readers see the
// poster, and the next recipe runs.
func TestEmbedAuthors(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := blog(t, s, embedScript+`<main>`+
		tag(`id="a" label="eleven" theme="blue" view="xt,guess"`, poster)+
		tag(`id="b" label="eleven" steps="3" strip="two"`)+`</main>`)
	w := newBlogTab(t, host, s)
	w.before(`window.said = []; const {warn} = console;
		console.warn = (text, of) => said.push(of.id + ': ' + text);`)
	w.must(chromedp.EmulateViewport(700, 1400))
	w.open("")
	w.wait(`of('a', 'error').length === 1 && of('b', 'error').length === 1`)
	w.forgive("eleven")
	if got := eval[string](w, `of('a', 'error')[0].reason`); got != "recipe" {
		t.Errorf("the reason of a wrong class is %q", got)
	}
	n := 0
	for _, complaint := range w.asComplained() {
		n += strings.Count(complaint, "eleven")
	}
	if n != 1 {
		t.Errorf("the console has said it %d times, want once", n)
	}
	got := eval[string](w, `said.join('\n')`)
	for _, line := range []string{
		"a: <tweedie-sampler>: view is “guess”, but can only be xt, x0, epsilon, score, change.",
		"b: <tweedie-sampler>: strip is “two”, but can only be row, none.",
		"a: <tweedie-sampler>: theme is “blue”, but can only be auto, light, dark.",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("the console lacks %q:\n%s", line, got)
		}
	}
	if eval[bool](w, `[a, b].some((e) => e.shadowRoot.querySelector('.live'))`) {
		t.Error("readers see what is for the author")
	}
	w.find("image", "A two")
	eval[any](w, `b.label = 4; 0`)
	w.embedEnds("b", 1, "m=digits&c=4&steps=3")
	if !eval[bool](w, `b.shadowRoot.querySelector('.live') !== null`) {
		t.Error("after a right recipe the poster is still there")
	}
}

// The colours follow the reader's system and what the page around gives, poster and player alike.
func TestEmbedColours(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ownHost(s, tag(`id="e" label="7" steps="2" controls`)+
		tag(`id="d" theme="dark" loading="click"`)+tag(`id="p" loading="click"`))
	w := newTab(t, s)
	scheme := func(name string) {
		w.must(media(map[string]string{"prefers-color-scheme": name}))
	}
	scheme("light")
	w.must(chromedp.Navigate(s.url + "/host/"))
	w.wait(`of('e', 'done').length === 1`)
	colours := func(light bool) {
		t.Helper()
		ground, theme := "rgb(14, 16, 20)", "dark"
		if light {
			ground, theme = "rgb(255, 255, 255)", "light"
		}
		w.wait(inPlayer("e", "box") + `.ownerDocument.documentElement.dataset.theme === '` +
			theme + `'`)
		got := eval[string](w, `[e, p, `+inPlayer("e", "box")+`.ownerDocument.body]
			.map((e) => getComputedStyle(e).backgroundColor).join(' ')`)
		if want := strings.Join([]string{ground, ground, ground}, " "); got != want {
			t.Errorf("%s: the grounds are %s, want %s", theme, got, want)
		}
		if got := eval[string](w, `getComputedStyle(d).backgroundColor`); got != "rgb(14, 16, 20)" {
			t.Errorf("%s: with theme=dark the ground is %s", theme, got)
		}
	}
	colours(true)
	if got := eval[string](w, `getComputedStyle(p).borderTopColor`); got != "rgb(221, 225, 231)" {
		t.Errorf("the line around is %s", got)
	}
	scheme("dark")
	colours(false)
	scheme("light")
	colours(true)
	eval[any](w, `e.style.setProperty('--tweedie-accent', 'rebeccapurple');
		e.style.setProperty('--tweedie-background', '#fef'); e.strip = 'none'; 0`)
	w.wait(`getComputedStyle(` + inPlayer("e", "box") + `).getPropertyValue('--stage-mark') ===
		'rebeccapurple'`)
	got := eval[string](w, `getComputedStyle(`+inPlayer("e", "box")+`.ownerDocument.body)
		.backgroundColor`)
	if got != "rgb(255, 238, 255)" {
		t.Errorf("the page's own ground is %s in the player", got)
	}
	// The slider lies in the line of controls, between its neighbours.
	slider := eval[[]float64](w, `[`+inPlayer("e", "one")+`, `+inPlayer("e", "timeline")+`, `+
		inPlayer("e", "count")+`].map((e) => e.getBoundingClientRect())
		.flatMap(({left, right, top, bottom}) => [left, right, (top + bottom) / 2])`)
	if one, line, count := slider[:3], slider[3:6], slider[6:]; line[0] < one[1] ||
		line[1] > count[0] || line[1]-line[0] < 60 || math.Abs(line[2]-one[2]) > 4 {
		t.Errorf("left, right and middle of step, slider and count: %v", slider)
	}
	// The page's own theme is a class, of which no media query knows.
	eval[any](w, `{ const sheet = new CSSStyleSheet();
		sheet.replaceSync('.night { --tweedie-accent: teal }');
		document.adoptedStyleSheets.push(sheet);
		e.style.removeProperty('--tweedie-accent');
		document.documentElement.classList.add('night'); } 0`)
	w.wait(`getComputedStyle(` + inPlayer("e", "box") + `).getPropertyValue('--stage-mark') ===
		'teal'`)
}

// An embed is as high as its pictures need, and no higher.
func TestEmbedHeights(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, embedScript+`<main id="m">`+
		tag(`id="two" loading="click" controls`)+
		tag(`id="three" view="xt,x0,score" loading="click"`)+
		tag(`id="bare" loading="click" strip="none"`)+tag(`id="s" size="s" loading="click"`)+
		`<div id="none">`+tag(`id="zero" loading="eager" steps="2"`)+`</div></main>`), s)
	w.open("")
	w.wait(`customElements.get('tweedie-sampler') !== undefined`)
	eval[any](w, `m.style.maxWidth = '680px'; none.style.width = 0; 0`)
	for id, want := range map[string][2]int{
		"two": {370, 390}, "three": {260, 300}, "bare": {280, 300}, "s": {200, 260},
	} {
		got := eval[int](w, id+`.offsetHeight`)
		if got < want[0] || got > want[1] {
			t.Errorf("%s is %d px high, want %d to %d", id, got, want[0], want[1])
		}
	}
	if got := eval[int](w, `s.offsetWidth`); got != 320 {
		t.Errorf("the small one is %d px wide", got)
	}
	w.wait(`of('zero', 'ready').length === 1`)
}
