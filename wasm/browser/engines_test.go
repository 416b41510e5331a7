package browser

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"tweedie/wasm/browser/engines"
)

// everywhere lists what has to work in every engine. Each case has a new page in
// the same browser.
var everywhere = []struct {
	name string
	run  func(*visit)
}{
	{"generates", visitGenerates},
	{"certifies", visitCertifies},
	{"deals pictures to workers", visitGrid},
	{"cancels", visitCancels},
	{"learns the golden recipes", visitLearns},
	{"trains the golden networks", visitTrains},
	{"learns on in a hidden tab", visitLearnsHidden},
	{"loses the graphics card", visitLosesGraphics},
	{"has no storage", visitWithoutStorage},
	{"goes on in a hidden tab", visitHidden},
	{"second visit without a network", visitOffline},
	{"saves the demo", visitSavesTheDemo},
	{"saves the lab", visitSavesTheLab},
	{"opens pictures", visitOpensPictures},
	{"takes what is dropped", visitDrops},
	{"blog", visitBlog},
	{"embed in an isolated page", visitIsolated},
	{"single file", visitSingleFile},
}

// halfFormula begins what Firefox says of a formula of which only a part has
// arrived. TestAxe looks whether all of them are whole.
const halfFormula = "Invalid markup: Incorrect number of children for <m"

// keptOut is part of what an embed says to its author where a policy keeps the player out
// (visitIsolated). Listeners for errors take its event for one without words.
const keptOut = "Cross-Origin-Embedder-Policy"

// TestEveryEngine runs the cases in Chromium, Firefox and WebKit. One that is
// not installed is skipped, unless TWEEDIE_ENGINES=all says that none may be.
func TestEveryEngine(t *testing.T) {
	for _, engine := range engines.All {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			b, err := engine.Start(t.Context())
			var missing *engines.Missing
			if errors.As(err, &missing) && os.Getenv("TWEEDIE_ENGINES") != "all" {
				t.Skipf("%s is not tested: %v", engine.Name, err)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				b.Close()
				for _, complaint := range b.Complaints() {
					if !strings.HasPrefix(complaint, halfFormula) && complaint != "" &&
						!strings.Contains(complaint, keptOut) {
						t.Errorf("the page complained: %s", complaint)
					}
				}
			})
			s := newSite(t)
			for _, c := range everywhere {
				t.Run(c.name, func(t *testing.T) {
					v := &visit{t, b, s}
					t.Cleanup(v.finish)
					c.run(v)
				})
			}
		})
	}
}

// visit is one page in one browser of any kind.
type visit struct {
	t    *testing.T
	b    engines.Browser
	site *site
}

// finish keeps a picture where something went wrong.
func (v *visit) finish() {
	if !v.t.Failed() && os.Getenv("TWEEDIE_SCREENSHOTS") == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	picture, err := v.b.Screenshot(ctx)
	keepPicture(v.t, "", picture, err)
}

// open shows an address of any site. The viewer of the page that was there comes
// first: Firefox complains of a frame whose page goes while a service worker
// brings it.
func (v *visit) open(address string) {
	v.t.Helper()
	v.wait(`!document.querySelector('iframe.viewer') || ` + onViewer)
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	if err := v.b.Open(ctx, address); err != nil {
		v.t.Fatalf("%s: %v", address, err)
	}
}

// into gives the value of an expression.
func (v *visit) into(expression string, value any) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	text, err := v.b.Evaluate(ctx, expression)
	if err == nil {
		err = json.Unmarshal(text, value)
	}
	if err != nil {
		v.t.Fatalf("%s: %v", expression, err)
	}
}

func (v *visit) do(expression string) {
	v.t.Helper()
	v.into(`(async () => { await (`+expression+`); return 0; })()`, new(int))
}

func (v *visit) text(expression string) (text string) {
	v.t.Helper()
	v.into(`String(`+expression+`)`, &text)
	return text
}

// says fails unless the page's line of status has a part.
func (v *visit) says(part string) {
	v.t.Helper()
	if got := v.text(byID("status") + `.textContent`); !strings.Contains(got, part) {
		v.t.Errorf("the page says %q, want %q in it", got, part)
	}
}

// wait waits until an expression holds.
func (v *visit) wait(expression string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	if err := engines.Wait(ctx, v.b, expression); err != nil {
		v.t.Fatalf("%v (the page is %s: %s)",
			err, v.text(state), v.text(`document.body.innerText.slice(0, 400)`))
	}
}

// waitDone waits until the run of a recipe has ended and stands in the address
// with its hash, which a recipe that was just put there has not, and checks it.
func (v *visit) waitDone(recipe string) *conversation {
	v.t.Helper()
	want := native(v.t, recipe)
	v.wait(hashed)
	if got := v.text(`location.hash`); got != "#"+want.done.Recipe {
		v.t.Errorf("the address holds %s, natively #%s", got, want.done.Recipe)
	}
	return want
}

// A link generates at once and ends in the pixels that the same recipe gives on
// the command line, also as they are seen.
func visitGenerates(v *visit) {
	const recipe = "m=digits&c=7&s=3&steps=12&g=2"
	v.open(v.site.url + "/#" + recipe)
	want := v.waitDone(recipe)
	checkPixels(v.t, v.into, want, 12, 0)
	v.wait(onViewer)
	checkPixels(v.t, v.into, want, 12, 0)
}

// A link with a hash is certified, or is said to differ.
func visitCertifies(v *visit) {
	const recipe = "m=digits&c=1&s=9&steps=4"
	v.open(v.site.url + "/?certified#" + native(v.t, recipe).done.Recipe)
	v.waitDone(recipe)
	v.says("identical")
	v.do(`location.hash = '#m=digits&c=1&s=8&steps=4&h=0123456789abcdef'`)
	v.wait(has("status", "0123456789abcdef"))
	v.says("differ")
}

// Several pictures are made by as many workers as the machine is good for; the
// whole hash of all of them is the native one.
func visitGrid(v *visit) {
	const recipe = "m=digits&c=all&n=5&steps=3&s=6"
	v.open(v.site.url + "/?grid#m=digits&steps=2")
	v.waitDone("m=digits&steps=2")
	v.do(`addEventListener('tweedie:done', ({detail}) => (window.last = detail)),
		location.hash = '#` + recipe + `'`)
	v.wait(`window.last`)
	if got, want := v.text(`last.sha256`), native(v.t, recipe).done.Hash; got != want {
		v.t.Errorf("got %s, natively %s", got, want)
	}
}

// A cancel ends the run soon, and the next one is as if nothing had been.
func visitCancels(v *visit) {
	v.open(v.site.url + "/?cancel#m=digits&steps=900")
	v.wait(state + ` === 'running' && Number(` + byID("timeline") + `.value) > 2`)
	v.do(byID("cancel") + `.click()`)
	v.wait(state + ` === 'cancelled'`)
	v.says("of 900")
	v.do(`location.hash = '#m=digits&c=4&steps=3'`)
	v.waitDone("m=digits&c=4&steps=3")
}

// When the graphics card is reset the canvas steps in, and the viewer comes back
// with all that was drawn.
func visitLosesGraphics(v *visit) {
	const recipe = "m=digits&c=6&s=2&steps=5"
	v.open(v.site.url + "/?graphics#" + recipe)
	want := v.waitDone(recipe)
	v.wait(onViewer)
	v.do(call("lose-viewer.js", true))
	v.wait(onViewer)
	checkPixels(v.t, v.into, want, 5, 0)
}

// Where the browser keeps nothing for the page, a choice lasts as long as the
// page does.
func visitWithoutStorage(v *visit) {
	v.open(v.site.url + "/?storage#m=digits&steps=2")
	v.waitDone("m=digits&steps=2")
	v.do(call("without.js", "local storage"))
	for _, language := range []string{"zh-Hans", "en"} {
		v.do(byID("language") + `.value = '` + language + `'`)
		v.do(byID("language") + `.dispatchEvent(new Event('change'))`)
		v.wait(`document.documentElement.lang === '` + language + `'`)
	}
}

// The single file opens from a folder.
func visitSingleFile(v *visit) {
	v.open("file://" + strings.ReplaceAll(singleFile(v.t), " ", "%20"))
	v.waitDone(singleRecipe)
	v.wait(onViewer)
	checkPixels(v.t, v.into, native(v.t, singleRecipe), 12, 0)
	v.do(`location.hash = '#m=digits&c=all&n=4&steps=2'`)
	v.waitDone("m=digits&c=all&n=4&steps=2")
}
