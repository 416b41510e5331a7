package browser

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tweedie/wasm/protocol"
)

// noised is what the sampler says natively of a picture that is noised.
func noised(t *testing.T, recipe string, image []byte) *conversation {
	t.Helper()
	return asked(t, protocol.Forward{ID: 1, Recipe: recipe, Image: image})
}

// isNoised waits until a picture was noised in so many steps of a recipe.
func (w *tab) isNoised(steps int) {
	w.t.Helper()
	w.wait(fmt.Sprintf(`document.documentElement.dataset.state === 'done' &&
		import('/web/page/main.js').then(({stage}) => stage.film.noised && stage.film.complete && stage.film.shape.steps === %d)`, steps+1))
}

// What was drawn goes into noise, is looked at in both directions, and is
// denoised again from there.
func TestForward(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=10"
	drawn := native(t, recipe)
	image := drawn.picture(t, 10, 0).Xt
	want := noised(t, recipe, image)
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("?forward#" + recipe)
	w.isNoised(10)
	w.wait(onViewer)
	for _, step := range []int{1, 2, 6, 11} {
		w.slide("Step on the stage", itoa(step))
		w.pictureIs(want, step, 0)
	}
	w.slide("Step on the stage", "6")
	w.surfacesAgree("a noised picture")
	if got, want := w.label(),
		"A picture with noise added, level 6 of 11: the noisy picture, what the network sees in "+
			"it."; got != want {
		t.Errorf("the stage is called %q, want %q", got, want)
	}
	if got := eval[string](w, `location.search + location.hash`); got != "?forward#"+drawn.done.Recipe {
		t.Errorf("the address is %s", got)
	}

	w.click("button", "Stage tools")
	w.click("button", "Backwards")
	w.on(w.find("combobox", "Speed"), `function () { this.value = '4'; return ''; }`)
	w.click("button", "Play the steps")
	w.shows(1)
	w.appears("button", "Play the steps")
	if !w.disabled("button", "Denoise from here") {
		t.Error("the picture itself is offered to be denoised")
	}
	w.click("button", "Backwards")
	w.click("button", "Play the steps")
	w.shows(11)

	w.slide("Step on the stage", "8")
	w.click("button", "Denoise from here")
	w.wait(`location.hash.includes('strength=') && location.hash.includes('&h=') && document.documentElement.dataset.state === 'done'`)
	back := asked(t, protocol.Run{ID: 1, Recipe: recipe + "&strength=0.7", Image: image})
	// What it begins with is in the address as well.
	got, pictures := carried(t, eval[string](w, `location.hash`))
	if got != back.done.Recipe || !bytes.Equal(pictures[0], image) ||
		eval[string](w, `location.search`) != "" {
		t.Errorf("denoised from state 8 the address is %s, want %s", got, back.done.Recipe)
	}
	w.side(0, back)
	// The recipe goes on to begin with the picture until another is opened.
	eval[any](w, `heard.length = 0; 0`)
	w.click("button", "Start")
	w.wait(`heard.at(-1)?.name === 'done'`)
	if got, _ := carried(t, eval[string](w, `location.hash`)); got != back.done.Recipe {
		t.Errorf("started again the address is %s", got)
	}
}

// opens gives the page a picture of 64×64 pixels as a person would.
func (w *tab) opens(name, draw string) {
	w.t.Helper()
	w.find("button", "Open a picture")
	eval[any](w, "("+source("open-picture.js")+")("+strconv.Quote(name)+", (c) => {"+draw+"})")
}

// A picture of a person's own is cut to the model's shape, noised, inverted, and
// not in the address.
func TestOpenedPicture(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=4&s=5&steps=5"
	w := newTab(t, newSite(t))
	w.open("#" + recipe)
	w.waitState("done")
	address := eval[string](w, `location.href`)
	w.click("button", "Stage tools")
	// Dark on light: a bar over the left half of the middle, 96 wide cut to 64.
	w.opens("bar.png", `c.fillStyle = '#fff'; c.fillRect(0, 0, 96, 64); c.fillStyle = '#000'; c.fillRect(16, 20, 32, 24);`)
	w.isNoised(5)
	image := make([]byte, 32*32)
	for y := range 32 {
		for x := range 32 {
			if y >= 10 && y < 22 && x < 16 {
				image[32*y+x] = 255
			}
		}
	}
	want := noised(t, recipe, image)
	for _, step := range []int{1, 4, 6} {
		w.slide("Step on the stage", itoa(step))
		w.pictureIs(want, step, 0)
	}
	if got := w.text("status"); !strings.Contains(got, "bar.png") ||
		!strings.Contains(got, "stays on this machine") {
		t.Errorf("the page says %q", got)
	}
	if got := eval[string](w, `location.href`); got != address {
		t.Errorf("an opened picture changes the address to %s", got)
	}
	w.click("button", "Invert")
	w.wait(`import('/web/page/main.js').then(({stage}) => stage.film.kept.get(1)?.[0]?.xt[0] === 255)`)
	w.isNoised(5)
	w.click("button", "Start")
	w.wait(`location.hash.includes('&h=') && import('/web/page/main.js').then(({stage}) => !stage.film.noised && stage.film.complete)`)
	w.checkStage(native(t, recipe), 5, 0)

	eval[any](w, `(() => {
		const files = new DataTransfer();
		files.items.add(new File(['no picture'], 'odd.png', {type: 'image/png'}));
		document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: files, bubbles: true, cancelable: true}));
	})()`)
	w.wait(`document.getElementById('status').textContent.includes('odd.png')`)
}
