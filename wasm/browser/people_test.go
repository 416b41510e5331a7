package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// axe is the source of axe-core. Where it is not installed the test is skipped,
// or fails where CI says that nothing may be missing.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "tools", "axe", "node_modules",
		"axe-core", "axe.min.js"))
	if err != nil {
		const reason = "axe-core is not installed: run `npm --prefix tools/axe ci`"
		if os.Getenv("CI") != "" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	return string(source)
}

// obstacles are what axe finds against WCAG 2.2 AA and good practice.
var obstacles = call("obstacles.js")

// unhindered fails if axe, whose source is given, finds an obstacle.
func (w *tab) unhindered(axe, where string) {
	w.t.Helper()
	eval[any](w, axe+"; 0")
	if found := eval[[]string](w, obstacles); len(found) > 0 {
		w.t.Errorf("%s:\n%s", where, strings.Join(found, "\n"))
	}
}

// axe finds nothing: in both languages and colour schemes, on a phone, with
// more contrast, and in every dialog.
func TestAxe(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	for _, c := range []struct {
		name  string
		width int64
		media map[string]string
		until string
		page  string
	}{
		{"light", 1440, map[string]string{"prefers-color-scheme": "light"}, done,
			"#m=digits&steps=2"},
		{"dark, all views", 1440, map[string]string{"prefers-color-scheme": "dark"}, done,
			"?views=xt,x0,epsilon,score,change#m=digits&c=all&steps=2"},
		{"phone", 360, map[string]string{"prefers-color-scheme": "light"}, done,
			"#m=digits&steps=3"},
		{"contrast", 1440, map[string]string{"prefers-contrast": "more"}, done,
			"#m=digits&steps=4"},
		{"refused", 1440, nil, refused, "#m=digits&steps=0"},
		{"share", 1440, map[string]string{"prefers-color-scheme": "dark"}, opened("share"),
			"?dialog#m=digits&steps=2"},
		{"save", 360, map[string]string{"prefers-color-scheme": "light"}, opened("save"),
			"?save#m=digits&steps=2"},
		{"tools", 1440, map[string]string{"prefers-color-scheme": "light"}, tools + done,
			"?against=g:5&difference&zoom=2#m=digits&steps=2"},
		{"tools on a phone, noised", 360, map[string]string{"prefers-color-scheme": "dark"},
			tools + ofStage(`stage.film.noised && stage.film.complete`),
			"?forward#m=digits&steps=2"},
		{"columns on a phone", 360, map[string]string{"prefers-color-scheme": "light"}, done,
			"?against=k:ddpm#m=digits&steps=2"},
		{"a line between two", 1440, map[string]string{"prefers-color-scheme": "dark"},
			`document.querySelector('.wipe') && ` + done, "?against=c:3&wipe#m=digits&steps=2"},
		{"ladder", 1440, map[string]string{"prefers-color-scheme": "light"}, ladder,
			"?ladder#m=digits-small&steps=2"},
		{"models", 320, map[string]string{"prefers-color-scheme": "dark"}, menu + done,
			"?models#m=digits&steps=2"},
		{"keys", 1440, nil, opened("help"), "?keys#m=digits&steps=2"},
	} {
		w.must(chromedp.EmulateViewport(c.width, 900), media(c.media),
			chromedp.Navigate("about:blank"))
		w.open(c.page)
		w.wait(c.until)
		w.unhindered(source, c.name)
	}
	w.on(w.find("button", "Close"), `function () { this.click(); return ''; }`)
	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
	w.unhindered(source, "in Chinese")
}

// Where people have colours of their own, what is selected is marked in them.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, scheme := range []string{"light", "dark"} {
		w.must(media(map[string]string{"forced-colors": "active", "prefers-color-scheme": scheme}),
			chromedp.Navigate("about:blank"))
		w.open("#m=digits&c=7&steps=2")
		w.waitState("done")
		check := func(where string) {
			t.Helper()
			eval[any](w, repainted)
			if found := eval[[]string](w, call("unmarked.js")); len(found) > 0 {
				t.Errorf("%s, %s: nothing marks %v", scheme, where, found)
			}
		}
		for _, mode := range []string{"View", "Forward", "Compare", "Draw"} {
			w.click("tab", mode)
			check(mode)
		}
		w.wait(`!document.querySelector('#edit .inside').inert`)
		check("the drawing")
		w.shoot("-" + scheme)
		w.click("button", "Share")
		w.click("tab", "Embed")
		check("the dialog")
	}
}

// What a keyboard comes to is in sight with a ring around it, on a phone and where the page is
// enlarged to 400 %, also with the recipe over the page.
func TestFocusIsSeen(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, s := range []screen{desktop, phone, {320, 256}} {
		w.show(s)
		for _, recipe := range []bool{false, true} {
			if recipe && s == desktop {
				continue // it is there anyway
			}
			w.must(chromedp.Navigate("about:blank"))
			w.open("#m=glyphs&c=A&steps=2")
			w.waitState("done")
			if recipe {
				w.click("button", "Recipe")
				eval[any](w, `document.querySelectorAll('#controls details').forEach(
					(details) => details.open = true); 0`)
			}
			eval[any](w, `document.activeElement.blur(); scrollTo(0, 0); 0`)
			for range 140 {
				w.press(kb.Tab)
				eval[any](w, repainted)
				got := eval[string](w, call("obscured.js"))
				if got == "" {
					break
				}
				if strings.Contains(got, ":") {
					t.Errorf("%v, with the recipe: %v: %s", s, recipe, got)
				}
			}
			if got := eval[string](w, call("obscured.js")); got != "" {
				t.Errorf("%v, with the recipe: %v: Tab does not come to the end, but to %s",
					s, recipe, got)
			}
		}
	}
}

// A hundred runs of three workers, begun and cancelled at once or after some
// steps, leave a page that works.
func TestCancelStorm(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + processors(3))
	w.open("#m=digits&n=3&steps=2")
	w.waitState("done")
	w.fill("spinbutton", "Steps", "200")
	eval[any](w, call("click-storm.js", 100, false))
	w.waitState("cancelled")
	w.fill("spinbutton", "Steps", "3")
	w.click("radio", "6")
	w.fill("spinbutton", "Pictures", "3")
	w.draw()
	w.waitState("done")
	want := native(t, "m=digits&c=6&n=3&steps=3")
	heard := w.events()
	if last := heard[len(heard)-1]; last.SHA256 != want.done.Hash {
		t.Errorf("after the storm a run ends as %+v, want %s", last, want.done.Hash)
	}
	for _, e := range heard {
		if e.Name == "error" {
			t.Errorf("the page told of an error: %+v", e)
		}
	}
}
