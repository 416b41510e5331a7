package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"testing"

	"tweedie/wasm/protocol"
)

// noised is what the sampler says natively of a picture that is noised.
func noised(t *testing.T, recipe string, image []byte) *conversation {
	t.Helper()
	return asked(t, protocol.Forward{ID: 1, Recipe: recipe, Image: image})
}

// isNoised waits until a picture was noised in the given number of steps.
func (w *tab) isNoised(steps int) {
	w.t.Helper()
	w.wait(done + ` && ` + ofStage(`stage.film.noised && stage.film.complete &&
		stage.film.shape.steps === `+itoa(steps+1)))
}

// What was drawn goes into noise, is looked at in both directions, and is
// denoised again from there.
func TestForward(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=10"
	drawn := native(t, recipe)
	image := drawn.picture(t, 10, 0).Xt
	want := noised(t, recipe, image)
	w := newViewerTab(t, newSite(t))
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
	w.called("A picture with noise added, level 6 of 11: the noisy picture, " +
		"what the network sees in it.")
	w.says("readout-step", "noise level 6 of 11")
	if got := w.address(); got != "?forward#"+drawn.done.Recipe {
		t.Errorf("the address is %s", got)
	}

	w.click("tab", "Forward")
	w.click("button", "Display")
	w.click("button", "Backwards")
	w.set("Speed", "4")
	w.click("button", "Play the steps")
	w.shows(1)
	w.appears("button", "Play the steps")
	if !w.disabled("button", "Denoise from here") {
		t.Error("the picture itself is offered to be denoised")
	}
	w.click("button", "Backwards")
	w.click("button", "Play the steps")
	w.shows(11)

	// Step by step it becomes another picture, beside that of the jump.
	chain := asked(t, protocol.Forward{ID: 1, Recipe: recipe + "&n=2", Image: image, Chain: true})
	w.click("button", "Step by step")
	w.wait(done + ` && ` + ofStage(`stage.film.shape.images === 2 && stage.film.complete`))
	w.slide("Step on the stage", "6")
	w.pictureIs(chain, 6, 0)
	w.pictureIs(chain, 6, 1)
	if got := eval[string](w, `location.search`); got != "?forward=chain" {
		t.Errorf("step by step the address has %s", got)
	}
	w.click("button", "Step by step")
	w.wait(ofStage(`stage.film.shape.images === 1`))
	w.isNoised(10)

	w.slide("Step on the stage", "8")
	w.click("button", "Denoise from here")
	w.wait(hashed + ` && location.hash.includes('strength=')`)
	back := asked(t, protocol.Run{ID: 1, Recipe: recipe + "&strength=0.7", Image: image})
	// What it begins with is in the address as well.
	got, pictures := carried(t, eval[string](w, `location.hash`))
	if got != back.done.Recipe || !bytes.Equal(pictures[0], image) ||
		eval[string](w, `location.search`) != "" {
		t.Errorf("denoised from state 8 the address is %s, want %s", got, back.done.Recipe)
	}
	w.side(0, back)
	// The recipe goes on to begin with the picture until another is opened.
	w.forget()
	w.draw()
	w.wait(`heard.at(-1)?.name === 'done'`)
	if got, _ := carried(t, eval[string](w, `location.hash`)); got != back.done.Recipe {
		t.Errorf("started again the address is %s", got)
	}
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
	w.click("tab", "Forward")
	// Dark on light: a bar over the left half of the middle, 96 wide cut to 64.
	w.find("button", "Open a picture")
	eval[any](w, call("open-picture.js", "bar.png", 16, 20, 32, 24))
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
	w.says("status", "bar.png", "stays on this machine")
	if got := eval[string](w, `location.href`); got != address {
		t.Errorf("an opened picture changes the address to %s", got)
	}
	w.click("button", "Invert")
	w.wait(ofStage(`stage.film.kept.get(1)?.[0]?.xt[0] === 255`))
	w.isNoised(5)
	w.draw()
	w.wait(hashed + ` && ` + ofStage(`!stage.film.noised && stage.film.complete`))
	w.checkStage(native(t, recipe), 5, 0)

	eval[any](w, call("paste.js", "odd.png", "bm8gcGljdHVyZQ=="))
	w.waitText("status", "odd.png")
}

// A picture that falls on the page before there is a model waits for it, which is said.
func TestPictureBeforeTheModel(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wanted := make(chan struct{})
	weights := pageFile(t, "weights/digits-small.safetensors")
	s.replace("weights/digits-small.safetensors", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-wanted:
			w.Write(weights) // the browser may have gone away
		case <-r.Context().Done():
		}
	})
	w := newTab(t, s)
	w.open("#m=digits-small&c=7&steps=3")
	var file bytes.Buffer
	white := image.NewGray(image.Rect(0, 0, 40, 40))
	white.SetGray(20, 20, color.Gray{Y: 200})
	if err := png.Encode(&file, white); err != nil {
		t.Fatal(err)
	}
	w.drop("early.png", file.Bytes())
	w.waitText("status", "Noise is added to early.png as soon as the model is loaded.")
	close(wanted)
	w.isNoised(3)
	w.says("status", "no recipe in early.png")
}
