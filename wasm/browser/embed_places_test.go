package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// placed is a page whose script puts embeds where pages and their frameworks do.
const placed = `<script src="SITE/web/embed.js"></script>
	<script src="SITE/web/embed.js"></script><script type="module" src="SITE/web/embed.js"></script>
	<main><div id="one"></div><div id="two"></div><div id="wrap" hidden></div><div id="shade"></div>
	<details id="more"><summary>More</summary></details></main>`

// put makes an embed and puts it somewhere.
func (w *tab) put(id, into, attributes string) {
	w.t.Helper()
	eval[any](w, `(() => {
		const e = document.createElement('tweedie-sampler');
		for (const [name, value] of new URLSearchParams('id=`+id+`&`+attributes+`')) {
			e.setAttribute(name, value);
		}
		`+into+`.append(e);
		return 0;
	})()`)
}

// frames counts the frames of an embed.
func frames(id string) string {
	return id + `.shadowRoot.querySelectorAll('iframe').length`
}

// Wherever an embed is put, it runs once it is seen, and what it has drawn stays with it.
func TestEmbedPlaces(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, placed), s)
	w.must(chromedp.EmulateViewport(800, 2600))
	w.open("")
	w.wait(`customElements.get('tweedie-sampler') !== undefined`)
	w.put("a", "one", "label=1&steps=3&controls=")
	w.embedEnds("a", 1, "m=digits&c=1&steps=3")

	// Moved, its frame is a new one; its pictures are the last ones, not noise, until it is played.
	const kept = `!a.shadowRoot.querySelector('.poster canvas').hidden`
	w.wait(kept)
	eval[any](w, `two.append(a); 0`)
	w.wait(`a.visible`)
	if n := eval[int](w, frames("a")); n != 0 || !eval[bool](w, kept) {
		t.Errorf("moved, it has %d frames", n)
	}
	w.find("button", "Watch it being drawn")
	w.shoot("-moved")
	eval[any](w, `a.play(); 0`)
	w.embedEnds("a", 2, "m=digits&c=1&steps=3")
	if eval[bool](w, `'moveBefore' in one`) {
		eval[any](w, `one.moveBefore(a, null); 0`)
		if eval[int](w, frames("a")) != 1 || !eval[bool](w,
			`a.shadowRoot.querySelector('.live') !== null`) {
			t.Error("moved by moveBefore, it has lost its player")
		}
	}

	// Taken out in the middle of a run and put back, as frameworks do.
	w.put("b", "two", "label=2&steps=300")
	w.wait(`of('b', 'step').length > 1`)
	eval[any](w, `((e) => { e.remove(); e.steps = 4; two.append(e); })(b); 0`)
	w.embedEnds("b", 1, "m=digits&c=2&steps=4")
	eval[any](w, `(async () => {
		for (let i = 0; i < 40; i++) {
			b.label = i % 10;
			if (i % 3) await new Promise((resolve) => setTimeout(resolve, i % 7));
		}
		return 0;
	})()`)
	w.wait(`of('b', 'done').at(-1).recipe.includes('c=9&')`)
	if got, want := eval[string](w, `of('b', 'done').at(-1).sha256`),
		native(t, "m=digits&c=9&steps=4").done.Hash; got != want {
		t.Errorf("after many changes: got %s, natively %s", got, want)
	}

	// Where nothing is seen nothing is loaded.
	w.put("c", "wrap", "label=3&steps=2&loading=lazy")
	w.put("d", "more", "label=4&steps=2")
	eval[any](w, `new Promise((resolve) => setTimeout(() => resolve(0), 300))`)
	if n := eval[int](w, frames("c")+` + `+frames("d")); n != 0 {
		t.Errorf("out of sight there are %d frames", n)
	}
	eval[any](w, `wrap.hidden = false; more.open = true; 0`)
	w.embedEnds("c", 1, "m=digits&c=3&steps=2")
	w.embedEnds("d", 1, "m=digits&c=4&steps=2")
	eval[any](w, `c.hidden = true; c.hidden = false; 0`)

	// In a shadow tree its events reach the page; that tree's host is where they come from.
	w.put("e", "shade.attachShadow({mode: 'open'})", "label=5&steps=2")
	w.embedEnds("shade", 1, "m=digits&c=5&steps=2")

	// A framework that writes its markup again and again leaves one embed.
	eval[any](w, `(() => {
		for (let i = 0; i < 20; i++) {
			one.innerHTML = '<tweedie-sampler id="f" label="' + i % 10 + '" steps="2" dir="rtl">';
		}
		return 0;
	})()`)
	w.embedEnds("f", 1, "m=digits&c=9&steps=2")
	if n := eval[int](w, `heard.filter(({name}) => name === 'error').length`); n != 0 {
		t.Errorf("%d errors were told", n)
	}
	w.must(chromedp.EmulateViewport(320, 1200))
	w.shoot("-narrow")
	if wide := eval[int](w, `document.documentElement.scrollWidth`); wide > 320 {
		t.Errorf("at 320 px the page is %d px wide", wide)
	}
}

// More places: what is cloned, from a template, in a dialog or in a closed shadow tree runs once it
// is seen. What is taken out while it loads is forgotten without an
// error, and what is put back starts again, from the picture that it drew last.
func TestEmbedMorePlaces(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, `<script src="SITE/web/embed.js"></script><main>
		<div id="shade"><template shadowrootmode="closed">`+tag(`label="2" steps="2"`)+
		`</template></div>
		<dialog id="sheet">`+tag(`id="c" label="3" steps="2"`)+`</dialog>
		<div id="later">`+tag(`id="d" label="4" steps="2"`)+`</div>
		<template id="made">`+tag(`label="5" steps="2"`)+`</template>
		<div id="app"></div></main>`), s)
	w.must(chromedp.EmulateViewport(800, 2600))
	w.open("")
	w.embedEnds("shade", 1, "m=digits&c=2&steps=2")
	w.embedEnds("d", 1, "m=digits&c=4&steps=2")
	if n := eval[int](w, frames("c")); n != 0 {
		t.Errorf("in a closed dialog there are %d frames", n)
	}
	eval[any](w, `sheet.showModal(); sheet.style.width = '400px'; 0`)
	w.embedEnds("c", 1, "m=digits&c=3&steps=2")
	eval[any](w, `sheet.close(); 0`)
	eval[any](w, `((one) => { one.id = 'e'; app.append(one); })(
		made.content.cloneNode(true).firstElementChild); 0`)
	w.embedEnds("e", 1, "m=digits&c=5&steps=2")
	eval[any](w, `((one) => { one.id = 'f'; app.append(one); })(e.cloneNode(true)); 0`)
	w.embedEnds("f", 1, "m=digits&c=5&steps=2")

	// As the views of an application come and go.
	const frame = `.shadowRoot.querySelector('iframe')`
	w.put("g", "app", "label=6&steps=2&loading=eager")
	if eval[bool](w, `g`+frame+` === null`) {
		t.Error("an eager embed has no frame at once")
	}
	eval[any](w, `self.kept = g; g.remove(); 0`)
	if !eval[bool](w, `kept`+frame+` === null`) {
		t.Error("taken out while it loads, it has a frame")
	}
	eval[any](w, `app.append(kept); 0`)
	w.embedEnds("g", 1, "m=digits&c=6&steps=2")
	w.wait(`!g.shadowRoot.querySelector('.poster canvas').hidden`)
	eval[any](w, `kept.remove(); app.append(kept); 0`)
	w.wait(`kept.visible`)
	if !eval[bool](w, `!kept.shadowRoot.querySelector('.poster canvas').hidden`) {
		t.Error("taken out and put back, it has lost what it has drawn")
	}
	w.put("h", "app", "label=7&steps=2&loading=eager")
	if got := eval[string](w, `((p) => (h.remove(), p))(h.toPNG().then(String, String))`); got !=
		"Error: the player has ended" {
		t.Errorf("a picture of what is taken out is %q", got)
	}
	if n := eval[int](w, `heard.filter(({name}) => name === 'error').length`); n != 0 {
		t.Errorf("%d errors were told", n)
	}
}

// Of two scripts the first is at work, and the author of the page is told of the other, unless it
// is the same.
func TestEmbedTwoVersions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.replace("/other/embed.js", content("text/javascript", pageFile(t, "web/embed.js")))
	w := newBlogTab(t, blog(t, s, `<script src="SITE/web/embed.js"></script>
		<script src="SITE/web/embed.js"></script><script src="SITE/other/embed.js"></script>
		<main>`+tag(`id="a" label="1" steps="2"`)+`</main>`), s)
	w.before(`window.said = []; console.warn = (...words) => said.push(words.join(' '));`)
	w.open("")
	w.embedEnds("a", 1, "m=digits&c=1&steps=2")
	want := "<tweedie-sampler>: the script of " + s.url + "/web/ is at work, that of " + s.url +
		"/other/ is not used."
	if got := eval[[]string](w, `said`); len(got) != 1 || got[0] != want {
		t.Errorf("the author is told %q, want %q", got, want)
	}
}

// On paper a finished embed is its last picture, and one that waits its poster or its name.
func TestEmbedPrints(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, `<script src="SITE/web/embed.js"></script><main>`+
		tag(`id="a" label="1" steps="2" theme="dark" controls`)+
		tag(`id="b" label="3" loading="click"`, poster)+
		tag(`id="c" label="3" loading="click"`)+`</main>`), s)
	w.must(chromedp.EmulateViewport(800, 1600))
	w.open("")
	w.embedEnds("a", 1, "m=digits&c=1&steps=2")
	w.wait(`!a.shadowRoot.querySelector('.poster canvas').hidden`)
	w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	seen := func(id, part string) bool {
		return eval[bool](w, id+`.shadowRoot.querySelector('`+part+
			`').checkVisibility({visibilityProperty: true, opacityProperty: true})`)
	}
	for _, c := range []struct {
		id, part string
		want     bool
	}{
		{"a", ".poster canvas", true}, {"a", "iframe", false}, {"a", ".name", false},
		{"b", ".name", false}, {"b", "button", false}, {"c", ".name", true},
	} {
		if got := seen(c.id, c.part); got != c.want {
			t.Errorf("%s of %s: printed is %v, want %v", c.part, c.id, got, c.want)
		}
	}
	if !eval[bool](w, `b.querySelector('img').checkVisibility({visibilityProperty: true})`) {
		t.Error("the poster is not printed")
	}
	if got := eval[string](w, `getComputedStyle(c).color`); got != "rgb(0, 0, 0)" {
		t.Errorf("the name is printed in %s", got)
	}
	w.shoot("")
}
