package browser

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"tweedie/sampler/recipe"
)

// The link that is shared leads to the same pixels, which the page says.
func TestShares(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(run("keep-shared.js"))
	w.open("#m=digits&c=4&s=6&steps=3")
	w.waitState("done")
	w.click("button", "Share")
	w.find("dialog", "Share this run")
	w.wait(byID("share-code") + `.childElementCount > 0`)
	w.find("image", "QR code of the link")
	w.wait(previewed)
	link := w.property("textbox", "Link", "value")
	want := native(t, "m=digits&c=4&s=6&steps=3")
	plain, preview, _ := strings.Cut(link, "&preview=")
	if plain != w.site.url+"/#"+want.done.Recipe ||
		!strings.Contains(link, digitsBy(t, recipe.Version)+"h=") || len(preview) > 400 {
		t.Errorf("the link is %s", link)
	}
	w.click("button", "Copy the link")
	w.waitText("share-said", "Copied.")
	w.click("button", "Send…")
	w.wait(`shared.length === 2`)
	for i, got := range eval[[]string](w, `shared`) {
		if got != link {
			t.Errorf("%d: %s was handed on", i, got)
		}
	}
	w.click("button", "Close")
	w.open("?other" + link[strings.Index(link, "#"):])
	w.waitState("done")
	w.says("status", "identical")
	// The step that is shown is part of the link.
	w.click("button", "One step back")
	w.click("button", "Share")
	w.wait(byID("share-link") + `.value.includes('step=2#')`)
	link = w.property("textbox", "Link", "value")
	if !strings.HasPrefix(link, w.site.url+"/?other=&step=2#") &&
		!strings.HasPrefix(link, w.site.url+"/?other&step=2#") {
		t.Errorf("from step 2 the link is %s", link)
	}
	w.click("button", "Close")
	w.open("?lang=zh&step=2" + link[strings.Index(link, "#"):])
	w.waitState("done")
	w.shows(2)
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
}

// previewed holds when the link has its small picture.
var previewed = byID("share-link") + `.value.includes('&preview=')`

// digitsBy is what a recipe says of who drew it: the page's digits, with a version of the program.
func digitsBy(t *testing.T, version int) string {
	t.Helper()
	return fmt.Sprintf("by=%.4x.%d&",
		sha256.Sum256(pageFile(t, "weights/digits.safetensors")), version)
}

// A link whose pixels differ says why.
func TestDifferences(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, c := range []struct{ by, say string }{
		{"", "but the pixels"},
		{"by=00000000.1&", "the weights of this network are not the ones"},
		{digitsBy(t, recipe.Version-1), "another version of this program"},
		{digitsBy(t, recipe.Version), "the link was changed"},
	} {
		w.open("?" + c.by + "#m=digits&c=4&steps=1&" + c.by + "h=0123456789abcdef")
		w.waitState("done")
		w.says("status", c.say, "0123456789abcdef")
		own := digitsBy(t, recipe.Version) + "h="
		if got := eval[string](w, `location.hash`); !strings.Contains(got, own) ||
			strings.Contains(got, "h=0123") {
			t.Errorf("%s: the address is %s", c.by, got)
		}
	}
}

// Back and forward are undo and redo.
func TestUndo(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=4&s=6&steps=2")
	w.waitState("done")
	first := eval[string](w, `location.hash`)
	w.click("radio", "5") // acts at once
	w.waitDone("#m=digits&c=5&")
	second := eval[string](w, `location.hash`)
	w.click("button", "Back to the defaults")
	w.waitDone("#m=digits&by=")
	for _, c := range []struct{ act, want string }{
		{"back", second}, {"back", first}, {"forward", second},
	} {
		eval[any](w, `history.`+c.act+`(); 0`)
		w.wait(done + ` && location.hash === '` + c.want + `' && ` +
			has("status", "identical") + ` && ` + has("status", c.want[len(c.want)-16:]))
	}
	if got := eval[string](w, `document.querySelector('input[name=c]:checked').value`); got != "5" {
		t.Errorf("after going forward the class is %s", got)
	}
}

// Presets run at once, and so does a class; Another has another seed each time.
func TestPresetsAndSeeds(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&steps=2")
	w.waitState("done")
	const noisy = "#m=digits&c=9&k=ddpm&by="
	w.click("button", "Fresh noise")
	w.waitDone(noisy)
	w.click("button", "By a classifier")
	w.waitDone("#m=digits&c=all&g=0&cg=10&by=")
	w.click("button", "Fresh noise")
	w.waitDone(noisy)
	w.click("radio", "3")
	w.waitDone("#m=digits&c=3&k=ddpm&by=")
	seeds := map[string]bool{"1": true}
	for range 2 {
		w.click("button", "Another")
		w.wait(done + ` && ` + byID("seed") + `.value ===
			new URLSearchParams(location.hash.slice(1)).get('s')`)
		seeds[w.value("seed")] = true
	}
	if len(seeds) != 3 {
		t.Errorf("the seeds were %v", seeds)
	}
	w.click("button", "Four steps") // of what was distilled, beside its teacher
	w.waitDone("#m=digits-few&c=all&by=")
}

// The link of a run that ends while it is shared has its fingerprint.
func TestSharesARunThatGoesOn(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=4&s=6&steps=30&n=4"
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#" + recipe)
	w.wait(`heard.some(({name}) => name === 'step')`)
	eval[any](w, byID("share-open")+`.click()`)
	w.wait(byID("share-code") + `.childElementCount > 0`)
	code := eval[string](w, byID("share-code")+`.innerHTML`)
	w.ended(recipe)
	w.wait(byID("share-link") + `.value.startsWith(location.href + '&preview=')`)
	w.wait(byID("share-code") + `.innerHTML !== ` + quoted(code))
}

// The tag of a run carries its recipe and its last picture, as large as is chosen, and the builder
// begins with the run.
func TestSharesATag(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("?views=x0#m=digits&c=7&s=3&steps=2")
	w.waitState("done")
	recipe := strings.TrimPrefix(eval[string](w, `location.hash`), "#")
	w.click("button", "Share")
	w.click("tab", "Embed")
	attribute := `recipe="` + strings.ReplaceAll(recipe, "&", "&amp;") +
		`" view="x0" size="m" controls>`
	w.wait(byID("embed-tag") + `.value.includes(` + quoted(attribute) + `)`)
	if got := w.value("embed-tag"); !strings.HasPrefix(got, `<script src="`+w.site.url+
		`/web/embed.js" async>`) || !strings.Contains(got, `<img src="data:image/png;base64,`) {
		t.Errorf("the tag is %s", got)
	}
	w.click("radio", "Large")
	w.wait(`!` + byID("embed-tag") + `.value.includes(' size=')`)
	if got := eval[string](w, byID("embed-builder")+`.href`); got !=
		w.site.url+"/web/embed-builder.html#"+recipe {
		t.Errorf("the builder begins with %s", got)
	}
}

// Whoever opens a link sees its small picture, called a preview, until the first step is there; it
// is no part of what is certified, and one that is none is passed over.
func TestPreviews(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newTab(t, s)
	w.open("#m=digits&c=4&s=6&steps=3")
	w.waitState("done")
	w.click("button", "Share")
	w.wait(previewed)
	code := eval[string](w, byID("share-code")+`.innerHTML`)
	recipe, preview, _ := strings.Cut(eval[string](w,
		`decodeURI(new URL(`+byID("share-link")+`.value).hash)`), "&preview=")
	w.click("checkbox", "With a small picture")
	w.wait(`!(` + previewed + `)`)
	if got := eval[string](w, byID("share-link")+`.value`); got != s.url+"/"+recipe ||
		eval[string](w, byID("share-code")+`.innerHTML`) != code {
		t.Errorf("without it the link is %s, or the code another", got)
	}

	weights := pageFile(t, "weights/digits.safetensors")
	for i, c := range []struct{ beside, says string }{
		{"&preview=" + preview, "preview from the link"},
		{"", "To be drawn: m=digits · c=4 · s=6 · steps=3"},
		{"&preview=" + preview[:len(preview)/2], "To be drawn: m=digits"},
		{"&preview=%3Cimg%20src=x%3E", "To be drawn: m=digits"},
		{"&preview=" + strings.Repeat("A", 3000), "To be drawn: m=digits"},
	} {
		more := make(chan struct{})
		s.replace("/weights/digits.safetensors", halves(weights, more))
		w.open("?" + itoa(i) + recipe + c.beside)
		w.wait(`document.querySelector('.preview figcaption')?.textContent.includes(` +
			quoted(c.says) + `)`)
		pictures := eval[int](w, `document.querySelectorAll('.preview canvas').length`)
		if want := strings.Count(c.says, "preview"); pictures != want {
			t.Errorf("%q: %d pictures, want %d", c.beside, pictures, want)
		}
		w.shoot("-" + itoa(i))
		close(more)
		w.waitState("done")
		w.says("status", "identical")
		if eval[bool](w, `document.querySelector('.preview') !== null`) ||
			eval[string](w, `location.hash`) != recipe {
			t.Errorf("%q: once it is drawn the preview or its key is still there", c.beside)
		}
	}
	// A recipe that is refused has none.
	w.open("?refused#m=digits&colour=red&preview=" + preview)
	w.wait(refused)
	if eval[bool](w, `document.querySelector('.preview') !== null`) {
		t.Error("a recipe that is refused has a preview")
	}
}

// The link of the recorded run shows the recording at once, as the page does without a link.
func TestLinkOfTheRecordedRun(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	openingOnItsWay(t, s, more)
	w := newTab(t, s)
	want := native(t, opening)
	w.open("#" + want.done.Recipe)
	w.wait(replayed)
	close(more)
	w.waitState("done")
	w.says("status", "identical")
	w.click("button", "Share")
	w.wait(byID("share-link") + `.value === location.href`)
	if w.visible("share-preview") {
		t.Error("the recorded run is offered with a preview")
	}
}
