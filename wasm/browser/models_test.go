package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// choose picks an option of a menu by its beginning, as a person would.
func (w *tab) choose(menu, option string) {
	w.t.Helper()
	if menu == "Model" {
		w.click("combobox", menu)
		w.clickOn(w.option(option))
		return
	}
	w.on(w.find("combobox", menu), call("choose-option.js", option))
}

// option is the one in a list that begins with a text.
func (w *tab) option(beginning string) cdp.BackendNodeID {
	w.t.Helper()
	for _, node := range w.findAll("option", "") {
		text := w.on(node, `function () { return this.checkVisibility() ? this.textContent : ''; }`)
		if strings.HasPrefix(text, beginning) {
			return node
		}
	}
	w.t.Fatalf("no option begins with %q", beginning)
	return 0
}

// The menu of models works by keys, and shows what each draws.
func TestModelMenu(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newTab(t, s)
	w.must(chromedp.EmulateViewport(320, 640))
	w.open("#m=digits&c=7&steps=1")
	w.ended("m=digits&c=7&steps=1")
	asked := func() bool {
		return slices.ContainsFunc(w.asked(),
			func(url string) bool { return strings.Contains(url, "thumbnails") })
	}
	if asked() {
		t.Error("pictures of models are fetched before the menu is open")
	}
	w.click("button", "Recipe")
	menu := w.find("combobox", "Model")
	expanded := func() string { return w.on(menu, `function () { return this.ariaExpanded; }`) }
	marked := func() string {
		return w.on(menu, source("marked.js"))
	}
	w.press("m", kb.ArrowDown)
	w.wait(`[...document.querySelectorAll('#models-list img')]
		.every(({naturalWidth, alt}) => naturalWidth === 64 && alt === '')`)
	if !asked() || len(w.findAll("listbox", "Model")) != 1 || expanded() != "true" {
		t.Error("the menu is not open")
	}
	for _, c := range []struct{ key, want string }{
		{"", "Digits"}, {kb.End, "Pixel faces, four steps"},
		{kb.ArrowDown, "Pixel faces, four steps"}, {kb.Home, "Digits"}, {"s", "Small digits"},
	} {
		if c.key != "" {
			w.press(c.key)
		}
		if got := marked(); got != "true "+c.want {
			t.Errorf("after %q the mark is on %s, want %s in sight", c.key, got, c.want)
		}
	}
	if got := w.on(w.option("Small digits"),
		`function () { return this.textContent + this.ariaSelected; }`); !strings.HasPrefix(got,
		"Small digits 0.8 MB 16×16") || !strings.HasSuffix(got, "false") {
		t.Errorf("the list says %q", got)
	}
	if got := eval[int](w, `document.documentElement.scrollWidth`); got > 320 {
		t.Errorf("with the menu the page is %d wide", got)
	}
	w.press(kb.Escape)
	if expanded() != "false" || !strings.HasPrefix(eval[string](w, `location.hash`), "#m=digits&") {
		t.Error("Escape does not close the menu and leave the model")
	}
	// A letter opens it and goes there; Enter takes it.
	w.press("s", kb.Enter)
	w.ended("m=digits-small")
	chosen := w.on(menu, `function () { return this.value + ': ' + this.textContent; }`)
	if chosen != "digits-small: Small digits 0.8 MB" || expanded() != "false" {
		t.Errorf("with a model chosen the menu is %q", chosen)
	}
	w.press(" ")
	if got := marked(); got != "true Small digits" {
		t.Errorf("opened again the mark is on %s", got)
	}
	w.press(kb.Tab)
	if expanded() != "false" {
		t.Error("the menu stays open without the focus")
	}
}

// ended waits until a run is done and compares it with the native one.
func (w *tab) ended(recipe string) {
	w.t.Helper()
	want := native(w.t, recipe)
	// Of a link that was followed the page is still at the run before.
	w.wait(`location.hash === '#` + want.done.Recipe + `' && drawn === location.hash.slice(1) &&
		document.documentElement.dataset.state === 'done'`)
}

// A model is chosen in the menu or by a link; going back brings the one before.
func TestModels(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	w.choose("Model", "Glyphs 5.5 MB")
	w.ended("m=glyphs")
	if got := eval[int](w, `document.querySelectorAll('input[name=c]').length`); got != 38 {
		t.Errorf("there are %d classes to choose, want 36 and two more", got)
	}
	for id, want := range map[string]string{"model-data": "76 typefaces",
		"model-licence": "OFL-1.1", "model": "Glyphs: 2,739,681 parameters, 5.5 MB."} {
		w.says(id, want)
	}
	w.click("radio", "Q")
	w.fill("spinbutton", "Steps", "2")
	w.draw()
	w.ended("m=glyphs&c=Q&steps=2")
	// A run that has not ended ends with its model.
	w.fill("spinbutton", "Steps", "900")
	w.draw()
	w.wait(`heard.at(-1).steps === 900`)
	w.follow("#m=digits&c=3&steps=2")
	w.ended("m=digits&c=3&steps=2")
	eval[any](w, `history.back(); 0`)
	w.wait(state + ` === 'running' && ` + byID("models") + `.value === 'glyphs'`)
	w.cancel()
	w.waitState("cancelled")
	// What is wished last is what comes.
	w.follow("#m=digits&c=4&steps=2")
	w.follow("#m=glyphs&c=K&steps=2")
	w.ended("m=glyphs&c=K&steps=2")
}

// Loading a model shows its bytes and can be cancelled; the one before stays.
func TestCancelLoading(t *testing.T) {
	t.Parallel()
	weights, err := os.ReadFile(filepath.Join("..", "..", "weights", "glyphs.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/weights/glyphs.safetensors", halves(weights, more))
	w := newTab(t, s)
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	before := w.text("status")
	w.choose("Model", "Glyphs")
	w.waitText("file-weights", "2.8 MB of 5.5 MB")
	w.click("button", "Stay with Digits")
	w.waitState("ready")
	w.click("radio", "7")
	w.draw()
	w.ended("m=digits&c=7&steps=2")
	if got := w.text("status"); got[:7] != before[:7] {
		t.Errorf("after a cancelled loading the page says %q", got)
	}
	close(more)
	w.choose("Model", "Glyphs")
	w.ended("m=glyphs")

	// A file that cannot be had is named, and the model before can be used.
	w2 := newTab(t, s)
	s.replace("/weights/glyphs.safetensors", missing)
	w2.open("#m=digits&c=7&steps=2")
	w2.ended("m=digits&c=7&steps=2")
	w2.choose("Model", "Glyphs")
	w2.waitState("failed")
	w2.says("trouble-text", "weights/glyphs.safetensors cannot be had")
	w2.forgive("weights/glyphs.safetensors")
	w2.draw()
	w2.ended("m=digits&c=7&steps=2")
}

// Only one network is in memory: after ten changes there is no more of it.
func TestModelsAreFreed(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + run("count-workers.js"))
	w.open("#m=digits&c=7&steps=1&g=1")
	w.ended("m=digits&c=7&steps=1&g=1")
	for range 5 {
		w.follow("#m=glyphs&c=A&steps=1&g=1")
		w.ended("m=glyphs&c=A&steps=1&g=1")
		w.follow("#m=digits&c=7&steps=1&g=1")
		w.ended("m=digits&c=7&steps=1&g=1")
	}
	if got := eval[int](w, `workers.size`); got != 1 {
		t.Errorf("after ten changes of the model %d workers hold one, want 1", got)
	}
}

// An embed takes its model from the attribute, also when that changes.
func TestEmbeddedModel(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, `<script src="SITE/web/embed.js"></script>`+
		tag(`id="a" model="glyphs" label="Q" steps="2"`)), s)
	w.open("")
	hash := func(recipe string) {
		t.Helper()
		want := native(t, recipe).done
		w.wait(`of('a', 'done').at(-1)?.recipe === '` + want.Recipe +
			`' && of('a', 'done').at(-1).sha256 === '` + want.Hash + `'`)
	}
	hash("m=glyphs&c=Q&steps=2")
	eval[any](w, `Object.assign(a, {model: 'digits', label: '4'}); 0`)
	hash("m=digits&c=4&steps=2")
	eval[any](w, `Object.assign(a, {model: '', recipe: 'm=glyphs&c=4', label: ''}); 0`)
	hash("m=glyphs&c=4&steps=2")
}

// A single file has the models that it carries, and says so of others.
func TestSingleFileModels(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "glyphs.html")
	pack := exec.Command("go", "run", "./tools/pack", "single", "-o", name, "-model", "glyphs")
	pack.Dir = filepath.Join("..", "..")
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w := newTab(t, &site{url: "file://" + name})
	w.must(chromedp.Navigate("file://" + name + "#m=glyphs&c=B&steps=2"))
	w.ended("m=glyphs&c=B&steps=2")
	w.follow("#m=digits&c=1")
	w.waitState("failed")
	w.says("error-m", "There is no model “digits” in this page.")
}

// A word is typed where the classes are letters, and stands in a row on the
// stage and in a file.
func TestWord(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	if found := w.findAll("textbox", "Or a word"); len(found) != 0 {
		t.Error("digits are offered as letters of a word")
	}
	w.follow("#m=glyphs&w=go&steps=2")
	w.ended("m=glyphs&w=GO&steps=2")
	w.fill("textbox", "Or a word", "hello")
	classes := eval[int](w, `document.querySelectorAll('input[name=c]:checked').length`)
	if n := w.value("images"); n != "5" || classes != 0 {
		t.Errorf("a word of five letters is %s pictures and %d classes", n, classes)
	}
	w.draw()
	w.ended("m=glyphs&w=HELLO&steps=2")
	want := native(t, "m=glyphs&w=HELLO&steps=2")
	if want.started.Columns != 5 {
		t.Errorf("a word of five letters has %d columns", want.started.Columns)
	}
	if got := eval[int](w, ofStage(`stage.film.shape.columns`)); got != 5 {
		t.Errorf("on the stage the word has %d columns", got)
	}
	if eval[bool](w, ofStage(`stage.film.live`)+`.then((live) => `+
		`live[2].xt.join() === live[3].xt.join())`) {
		t.Error("the same letter twice is the same picture")
	}
	w.called("5 pictures at step 2 of 2: the finished picture, and the noisy picture at step 1. " +
		"Class: HELLO.")
	w.click("radio", "A")
	if word, n := w.value("word"), w.value("images"); word != "" || n != "1" {
		t.Errorf("with a class the word is %q, and there are %s pictures", word, n)
	}
	w.fill("textbox", "Or a word", "NO!")
	w.draw()
	w.waitState("failed")
	w.says("error-w", "This model cannot write “!”")
}

// Models that are chosen in haste: the last choice is what comes.
func TestModelsInHaste(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newTab(t, s)
	w.before(events)
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	// Once more, so that all weights are at hand.
	for range 2 {
		for _, pause := range []int{40, 70, 100} {
			for _, model := range []string{"glyphs", "digits-small", "digits"} {
				w.follow("#m=glyphs&c=A&steps=1&s=" + itoa(pause))
				eval[any](w, `new Promise((resolve) => setTimeout(resolve, `+itoa(pause)+`))`)
				w.follow("#m=" + model + "&steps=1")
				w.waitDone("#m=" + model + "&steps=1&by=")
				if got := w.value("models"); got != model {
					t.Errorf("after %d ms the menu shows %s, want %s", pause, got, model)
				}
			}
		}
	}
	if w.visible("loading") {
		t.Error("the page still loads")
	}
}

// While a network is being built, however long, there is a way back.
func TestStayWhileItIsBuilt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.beforeWorker(t, run("slow-load.js"))
	w := newTab(t, s)
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	w.follow("#m=glyphs")
	w.wait(`performance.getEntriesByName('tweedie:building').length > 0`)
	w.click("button", "Stay with Digits")
	w.wait(byID("models") + `.value === 'digits' && ` + state + ` === 'ready'`)
	if got := w.address(); !strings.HasSuffix(got, native(t, "m=digits&c=7&steps=2").done.Recipe) {
		t.Errorf("the address is %s", got)
	}
	w.follow("#m=digits&c=3&steps=2")
	w.ended("m=digits&c=3&steps=2")
}

// Start, pressed as soon as it can be, means the recipe of the link.
func TestStartPressedEarly(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + `addEventListener('tweedie:ready',
		() => document.getElementById('start').click(), {once: true});`)
	w.open("#m=digits&c=7&s=3&steps=2")
	w.ended("m=digits&c=7&s=3&steps=2")
	if heard := w.events(); len(heard) != 4 {
		t.Errorf("events: %+v", heard)
	}
}

// The weights of the recipe that the page opens with are asked for while the page is built, before
// it knows its other models, and once.
func TestWeightsAhead(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&s=3&steps=1")
	w.ended("m=digits&c=7&s=3&steps=1")
	var order []string
	for _, url := range w.asked() {
		if strings.Contains(url, "/weights/digits.") || strings.Contains(url, "/models.") {
			order = append(order, strings.SplitN(filepath.Base(url), ".", 2)[0])
		}
	}
	if !slices.Equal(order, []string{"digits", "models"}) {
		t.Errorf("%v are asked for in this order", order)
	}
}
