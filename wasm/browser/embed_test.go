package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// blogScript is a script of the host's own. It keeps the events that reach the
// document, and how many elements were at work at a time.
var blogScript = source("blog.js")

// blogStyle is what blogs do to elements that embeds are made of.
const blogStyle = `
body { margin: 2rem; font: 18px/1.6 serif; background: #fffdf7; color: #222; }
main { max-width: 40rem; margin: auto; }
button { font-size: 3px; background: lime; border-radius: 0; }
iframe { border: 9px solid red; opacity: .3; }
canvas, progress { display: none; }
.far { height: 4000px; }`

// embedScript is the line that a host page takes in.
const embedScript = `<script src="SITE/web/embed.js" async></script>`

// tag is an embed in a host page, with what it holds.
func tag(attributes string, inside ...string) string {
	return `<tweedie-sampler ` + attributes + `>` + strings.Join(inside, "") + `</tweedie-sampler>`
}

// poster is a picture of one pixel.
const poster = `<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptV` +
	`AAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==" width="64" height="64" alt="A two">`

// blog serves one page with embeds of s, which its body calls SITE, from a
// separate origin, with a policy that allows only these embeds.
func blog(t *testing.T, s *site, body string) *site {
	t.Helper()
	page := strings.ReplaceAll(`<!doctype html><html lang="en"><meta charset="utf-8">
		<title>A blog</title><link rel="icon" href="data:,">
		<meta name="viewport" content="width=device-width">
		<link rel="stylesheet" href="blog.css"><script src="blog.js"></script>
		<p id="status" hidden></p>`+body, "SITE", s.url)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; script-src 'self' "+s.url+"/"+
				"; style-src 'self'; img-src 'self' data:; frame-src "+s.url+"/")
		switch r.URL.Path {
		case "/":
			content("text/html; charset=utf-8", []byte(page))(w, r)
		case "/blog.js":
			content("text/javascript; charset=utf-8", []byte(blogScript))(w, r)
		case "/blog.css":
			content("text/css; charset=utf-8", []byte(blogStyle))(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return &site{url: server.URL}
}

// newBlogTab opens a browser for a host page. Only it and the site of the
// player may be asked for anything.
func newBlogTab(t *testing.T, host, s *site) *tab {
	t.Helper()
	w := newTab(t, host)
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.requests = slices.DeleteFunc(w.requests,
			func(url string) bool { return strings.HasPrefix(url, s.url+"/") })
	})
	return w
}

// players are the numbers of frames that the embeds of a page have.
const players = `[...document.querySelectorAll('tweedie-sampler')]
	.map(({shadowRoot}) => shadowRoot.querySelectorAll('iframe').length).join()`

// scrollTo brings an element into sight.
func scrollTo(id string) string {
	return id + `.scrollIntoView({behavior: 'instant', block: 'center'})`
}

// embedEnds waits for the end of an embed's n-th run, and compares it with the
// native one.
func (w *tab) embedEnds(id string, n int, recipe string) *conversation {
	w.t.Helper()
	w.wait(fmt.Sprintf(`of('%s', 'done').length === %d`, id, n))
	want := native(w.t, recipe)
	got := eval[event](w, `of('`+id+`', 'done').at(-1)`)
	if got.SHA256 != want.done.Hash || got.Recipe != want.done.Recipe {
		w.t.Errorf("%s: got %s of %s, natively %s of %s",
			id, got.SHA256, got.Recipe, want.done.Hash, want.done.Recipe)
	}
	return want
}

// The script that every reader of a host page loads is small.
func TestEmbedSize(t *testing.T) {
	if n := gzipSize(t, pageFile(t, "web/embed.js")); n > 6300 {
		t.Errorf("embed.js is %d bytes under gzip, want at most 6300", n)
	}
}

// A host page of another origin with three embeds: one in sight, one far below,
// one that waits for a click. Each ends in the pixels that its recipe has.
func TestEmbeds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := blog(t, s, embedScript+`<main>
		<h1 id="title">Three digits</h1><button id="own">A button of the blog</button>`+
		tag(`id="near" label="7" seed="3" steps="9" guidance="2" controls`)+`<p>Text.</p>`+
		tag(`id="asks" label="2" steps="5" loading="click"`, poster)+
		`<p class="far">More text.</p>`+
		tag(`id="below" recipe="eta=1" label="4" steps="4" theme="light" view="x0"`)+`</main>`)
	w := newBlogTab(t, host, s)
	w.open("")
	const hosts = `[own, document.body].map((e) => getComputedStyle(e).cssText).join() +
		document.head.childElementCount`
	before := eval[string](w, hosts)
	want := w.embedEnds("near", 1, "m=digits&c=7&s=3&steps=9&g=2")
	names := eval[string](w, `heard.filter(({id, name}) => id === 'near' && name !== 'progress')
		.map(({name}) => name).join(' ')`)
	if want := "ready" + strings.Repeat(" step", 9) + " done"; names != want &&
		!strings.HasSuffix(names, "step done") {
		t.Errorf("near: events %s, want %s", names, want)
	}
	if n := eval[int](w, `of('near', 'progress').length`); n == 0 {
		t.Error("near: no progress was told")
	}
	got := eval[[]int](w, call("pictures-of.js", "near", want.started.Width))
	end := want.picture(t, 9, 0)
	for i := range end.Xt {
		if got[i] != int(end.Xt[i]) {
			t.Errorf("near: pixel %d of the PNG is %d, want %d", i, got[i], end.Xt[i])
			break
		}
	}

	if counts := eval[string](w, players); counts != "1,0,0" {
		t.Errorf("players: %s, want one for the embed in sight alone", counts)
	}
	w.shoot("-blog")
	w.click("button", "Watch it being drawn")
	w.embedEnds("asks", 1, "m=digits&c=2&steps=5")
	eval[any](w, scrollTo("below")+`; 0`)
	w.embedEnds("below", 1, "m=digits&c=4&steps=4&eta=1")

	if after := eval[string](w, hosts); after != before {
		t.Error("the host's own elements look different after the embeds came")
	}
	const style = `(({borderTopWidth, opacity}) => borderTopWidth + ' ' + opacity)(
		getComputedStyle(near.shadowRoot.querySelector('iframe')))`
	if got := eval[string](w, style); got != "0px 1" {
		t.Errorf("the host's style reaches the player's frame: %s", got)
	}
	w.shoot("-light")
}

// hasNoPicture fails if an embed gives a PNG.
func (w *tab) hasNoPicture(id string) {
	w.t.Helper()
	got := eval[string](w, id+`.toPNG().catch(({message}) => message)`)
	if got != "there is no picture yet" {
		w.t.Errorf("%s: asked for a PNG before any step it says %s", id, got)
	}
}

// Attributes and methods steer a player while it lives.
func TestEmbedMethods(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := blog(t, s, `<script type="module" src="SITE/web/embed.js"></script>`+
		`<main>`+tag(`id="e" label="1" steps="200" loading="click" controls`)+`</main>`)
	w := newBlogTab(t, host, s)
	w.open("")
	w.wait(`customElements.get('tweedie-sampler') !== undefined`)
	w.hasNoPicture("e")
	eval[any](w, `e.step(); 0`)
	w.wait(`of('e', 'step').length === 1`)
	eval[any](w, `e.step(); 0`)
	w.wait(`of('e', 'step').length === 2`)
	eval[any](w, `e.play(); 0`)
	w.wait(`of('e', 'step').length >= 6`)
	eval[any](w, `e.pause(); 0`)
	if eval[bool](w, `e.shadowRoot.querySelector('iframe').contentDocument !== null`) {
		t.Error("the player is of the host's own origin")
	}
	eval[any](w, `e.seek(3); e.reset(); e.steps = 3; e.label = 5; e.play(); 0`)
	w.embedEnds("e", 1, "m=digits&c=5&steps=3")
	eval[any](w, `e.label = 'eleven'; 0`)
	w.wait(`of('e', 'error').length === 1`)
	w.forgive("eleven")
	if got := eval[event](w, `of('e', 'error')[0]`); !strings.Contains(got.Message, "eleven") {
		t.Errorf("of a wrong class: %+v", got)
	}
	w.shoot("-error")
	eval[any](w, `e.label = 6; e.play(); 0`)
	w.wait(`of('e', 'done').length === 2`)

	// Nobody but the player is believed.
	eval[any](w, `postMessage({tweedie: 1, type: 'done', detail: {recipe: 'forged'}}, '*'); 0`)
	eval[any](w, `addEventListener('message', ({data}) => (window.last = data)); 0`)
	eval[any](w, `postMessage('last', '*'); 0`)
	w.wait(`window.last === 'last'`)
	if n := eval[int](w, `of('e', 'done').length`); n != 2 {
		t.Errorf("%d runs are done, want 2: a message of the host's own was believed", n)
	}
}

// Of several embeds in sight two run at a time, and all come to their end.
func TestEmbedsTakeTurns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := embedScript
	for i := range 4 {
		body += tag(fmt.Sprintf(`id="e%[1]d" label="%[1]d" steps="12" view="x0"`, i))
	}
	w := newBlogTab(t, blog(t, s, body), s)
	w.must(chromedp.EmulateViewport(300, 1900))
	w.open("")
	w.wait(`heard.filter((e) => e.name === 'done').length === 4`)
	if most := eval[int](w, `most`); most > 2 {
		t.Errorf("%d ran at a time, want 2 at most", most)
	}
}

// Out of sight a run waits, and goes on when it is seen again.
func TestEmbedWaitsOutOfSight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, embedScript+tag(`id="e" steps="900"`)+
		`<p class="far">Text.</p><p id="end">End.</p>`), s)
	w.open("")
	w.wait(`of('e', 'step').length > 3`)
	eval[any](w, scrollTo("end")+`; 0`)
	w.rests("e")
	eval[any](w, scrollTo("e")+`; 0`)
	w.goesOn("e")
}

// rests waits until a run has come to rest: some turns of the page's loop bring
// no step. One of 900 steps is not over by then unless it did not rest.
func (w *tab) rests(id string) {
	w.t.Helper()
	w.wait(call("rests.js", id))
	if eval[int](w, `of('`+id+`', 'done').length`) != 0 {
		w.t.Fatal("the run came to its end and not to rest")
	}
}

// goesOn waits for more steps of a run that has come to rest.
func (w *tab) goesOn(id string) {
	w.t.Helper()
	w.wait(`of('` + id + `', 'step').length > last + 3`)
}

// Who wants no motion gets the poster and a button.
func TestEmbedReducedMotion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, embedScript+
		`<main>`+tag(`id="e" steps="3" loading="eager"`)+`</main>`), s)
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.open("")
	w.wait(`customElements.get('tweedie-sampler') !== undefined`)
	w.shoot("-poster")
	if eval[bool](w, `e.shadowRoot.querySelector('iframe') !== null`) {
		t.Error("the player is there before anyone asked for it")
	}
	w.click("button", "Watch it being drawn")
	w.wait(`of('e', 'done').length === 1`)
}

// Without JavaScript, or where a reader of feeds takes out what it does not know, the picture
// inside the element and the link beside it are all that a reader has. With the script the link is
// not seen.
func TestEmbedWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const link = `<a slot="link" href="SITE/#c=2">Watch it being drawn</a>`
	host := blog(t, s, embedScript+`<main>`+tag(`loading="click"`, poster+link)+`</main>`)
	w := newBlogTab(t, host, s)
	w.open("")
	w.find("image", "A two")
	w.appears("button", "Watch it being drawn")
	if n := len(w.findAll("link", "Watch it being drawn")); n != 0 {
		t.Errorf("with the script %d links are seen", n)
	}
	w = newBlogTab(t, host, s)
	w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	w.open("")
	w.find("image", "A two")
	w.find("link", "Watch it being drawn")
	for _, url := range w.asked() {
		if strings.HasPrefix(url, s.url) {
			t.Errorf("without scripts %s was asked for", url)
		}
	}
}

// A player that is missing, or refused by the host's policy, is told of, and
// the poster stays.
func TestEmbedWithoutPlayer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.replace("/web/player.html", missing)
	w := newBlogTab(t, blog(t, s, embedScript+`<main>`+tag(`id="e"`)+`</main>`), s)
	w.before(`const after = setTimeout;
		window.setTimeout = (f, ms, ...rest) => after(f, ms === 10000 ? 10 : ms, ...rest);`)
	w.open("")
	w.wait(`of('e', 'error').length === 1`)
	w.forgive("/web/player.html", "connect") // it asks whether the policy of the page keeps it out
	got := eval[event](w, `of('e', 'error')[0]`)
	if !strings.Contains(got.Message, "/web/player.html") {
		t.Errorf("of a missing player: %+v", got)
	}
	w.find("button", "Watch it being drawn")
}

// The builder writes a tag that says what its form says, with the finished picture in it, and shows
// it at work. It takes a recipe in its own address, offers what the site has, and writes what each
// host takes.
func TestEmbedBuilder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newTab(t, s)
	w.before(`window.heard = []; addEventListener('done', (event) => heard.push(event.detail));`)
	w.must(chromedp.Navigate(s.url + "/web/embed-builder.html#m=digits&c=7&s=3&steps=3&eta=1&h=ab"))
	w.wait(`heard.length === 1`)
	w.fill("spinbutton", "Steps", "4")
	w.set("Class", "2")
	w.wait(`heard.length >= 2 && heard.at(-1).recipe.includes('c=2') &&
		heard.at(-1).recipe.includes('steps=4')`)
	want := native(t, "m=digits&c=2&s=3&steps=4&eta=1")
	if got := eval[string](w, `heard.at(-1).sha256`); got != want.done.Hash {
		t.Errorf("the preview gives %s, natively it is %s", got, want.done.Hash)
	}
	if got := eval[string](w, `location.hash`); got != "#eta=1&c=2&s=3&steps=4" {
		t.Errorf("the builder's own address holds %s", got)
	}
	w.wait(`document.getElementById('tag').value.includes('<img')`)
	w.set("Sampler", "dpmpp_2m")
	w.wait(`heard.at(-1).recipe.includes('k=dpmpp_2m')`)
	w.set("Sampler", "")
	w.wait(`!heard.at(-1).recipe.includes('k=') &&
		document.getElementById('tag').value.includes('<img')`)
	const attributes = ` label="2" seed="3" steps="4" recipe="eta=1" controls`
	script := `<script src="` + s.url + `/web/embed.js" async></script>` + "\n" +
		`<tweedie-sampler` + attributes + `><img src="data:image/png;base64,`
	const recipe = "eta=1&c=2&s=3&steps=4"
	for _, c := range []struct{ host, begins, ends string }{
		{"html", script, `" alt="2, drawn by a diffusion model" width="256"><a slot="link" href="` +
			s.url + `/#` + strings.ReplaceAll(recipe, "&", "&amp;") +
			`">Watch it being drawn</a></tweedie-sampler>`},
		{"wordpress", "<!-- wp:html -->\n" + script, "</tweedie-sampler>\n<!-- /wp:html -->"},
		{"hugo", script, "</tweedie-sampler>"},
		{"frame", `<iframe src="` + s.url + `/web/player.html#` +
			strings.ReplaceAll(recipe, "&", "&amp;") + `" title="2, drawn by a diffusion model" ` +
			`width="680" height="380" `, `allow-popups-to-escape-sandbox"></iframe>`},
		{"notion", s.url + "/web/player.html#" + recipe, ""},
		{"markdown", "[![2, drawn by a diffusion model](tweedie.png)](" + s.url + "/#" + recipe,
			")"},
	} {
		w.set("For", c.host)
		got := w.value("tag")
		if !strings.HasPrefix(got, c.begins) || !strings.HasSuffix(got, c.ends) {
			t.Errorf("%s: got %s, want %s…%s", c.host, got, c.begins, c.ends)
		}
	}
	// The picture in the tag is the one that was drawn.
	pixels := eval[[]int](w, `(async () => {
		const bitmap = Object.assign(new Image(), {src: picture.href});
		await bitmap.decode();
		const c = new OffscreenCanvas(32, 32).getContext('2d');
		c.drawImage(bitmap, 0, 0);
		return [...c.getImageData(0, 0, 32, 32).data].filter((_, i) => i % 4 === 0);
	})()`)
	if !same(pixels, want.picture(t, 4, 0).Xt) {
		t.Error("the picture in the tag is another")
	}
	w.set("For", "html")
	w.set("Size", "m")
	w.set("Colours", "dark")
	w.click("checkbox", "Film strip")
	w.wait(`document.getElementById('tag').value.includes(' strip="none" size="m" theme="dark" ')`)
	w.shoot("-form")

	// The address alone is a player that begins by itself; here one that plays
	// its steps again, in Chinese.
	w.must(chromedp.Navigate(s.url + `/web/player.html?loop=on&lang=zh&labels=on#c=2&s=3&steps=4`))
	w.waitState("done")
	w.shoot("-player")
	w.waitText("count", "1/4")
	w.waitText("count", "4/4")
	got := eval[string](w, `document.documentElement.lang + ' ' + `+byID("one")+`.ariaLabel`)
	if !strings.HasPrefix(got, "zh-Hans") || strings.HasSuffix(got, "Step") {
		t.Errorf("the player speaks %s", got)
	}
}
