package browser

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tweedie/wasm/protocol"
)

// disclose opens a disclosure whose script comes then, and waits for it.
func (w *tab) disclose(name, id string) {
	w.t.Helper()
	w.toggle(name)
	w.wait(`!document.querySelector('#` + id + ` .inside').inert`)
}

// opensSeeds goes to the way between two seeds.
func (w *tab) opensSeeds() {
	w.t.Helper()
	w.click("tab", "Draw")
	w.click("radio", "Two seeds")
	w.wait(`!document.querySelector('#between .inside').inert`)
}

// opensDrawing goes to the mode of the stage in which one draws.
func (w *tab) opensDrawing() {
	w.t.Helper()
	w.click("tab", "Draw")
	w.wait(`!document.querySelector('#edit .inside').inert`)
}

// stroke draws a line with the mouse, between places in parts of a canvas.
func (w *tab) stroke(name string, places ...[2]float64) {
	w.t.Helper()
	left, top, width, height := w.boxOf(w.find("application", name), "center")
	at := func(place [2]float64) (x, y float64) {
		return left + place[0]*width, top + place[1]*height
	}
	var way [][2]float64
	for _, place := range places {
		x, y := at(place)
		way = append(way, [2]float64{x, y})
	}
	w.grab(way[0])
	for _, to := range way[1:] {
		w.pull(to)
	}
	w.release(way[len(way)-1])
}

// carried is the recipe of an address, and the pixels beside it.
func carried(t *testing.T, fragment string) (recipe string, pictures [][]byte) {
	t.Helper()
	recipe, pixels, _ := strings.Cut(strings.TrimPrefix(fragment, "#"), "&pixels=")
	for text := range strings.SplitSeq(pixels, ".") {
		packed, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatalf("%s: %v", fragment, err)
		}
		picture, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
		if err != nil {
			t.Fatalf("%s: %v", fragment, err)
		}
		pictures = append(pictures, picture)
	}
	return recipe, pictures
}

// drawnFrom waits for a run that begins with a picture, and compares it with what is made natively
// of the picture in its address. It gives that address.
func (w *tab) drawnFrom(key string) (fragment string, want *conversation) {
	w.t.Helper()
	for fragment == "" { // the run of another key may end first, and give way
		w.wait(hashed + ` && location.hash.includes('&` + key + `')`)
		fragment = eval[string](w, hashed+` ? location.hash : ''`)
	}
	recipe, pictures := carried(w.t, fragment)
	r := protocol.Run{ID: 1, Recipe: recipe, Image: pictures[0]}
	if len(pictures) > 1 {
		r.Mask = pictures[1]
	}
	want = asked(w.t, r)
	if recipe != want.done.Recipe {
		w.t.Errorf("the address is %s, natively the recipe is %s", recipe, want.done.Recipe)
	}
	w.side(0, want)
	return fragment, want
}

// A picture is drawn by hand, varied, repainted in part and made another class; each run is the
// sampler's own, and its link and its PNG make it again.
func TestDrawsFromADrawing(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#m=digits&c=7&s=3&steps=6&g=1")
	w.waitState("done")
	w.opensDrawing()
	const sheet = "Drawing, 32 by 32 pixels"
	w.stroke(sheet, [2]float64{.3, .25}, [2]float64{.7, .25}, [2]float64{.45, .8})
	if w.disabled("button", "From the stage") {
		t.Error("what is on the stage is not offered")
	}
	w.click("button", "Draw from it")
	_, want := w.drawnFrom("strength=0.6")
	_, pictures := carried(t, eval[string](w, `location.hash`))
	if got := pictures[0]; got[8*32+16] != 255 || got[20*32+4] != 0 || len(got) != 1024 {
		t.Errorf("the stroke is not where it was drawn: %v", got)
	}

	// By keys: a dot on the left edge of the middle, which undo takes away.
	w.on(w.find("application", sheet), `function () { this.focus(); return ''; }`)
	w.press(" ", kb.ArrowLeft, kb.ArrowLeft, " ")
	if got := w.text("edit-said"); got != "Brush at column 15, row 17." {
		t.Errorf("of the keys the page says %q", got)
	}
	w.draw() // a recipe that has a picture has the one that is seen
	w.wait(hashed + ` && !location.hash.includes('` + want.done.Recipe + `')`)
	if _, again := carried(t, eval[string](w, `location.hash`)); again[0][16*32+15] != 255 ||
		again[0][8*32+16] != 255 {
		t.Error("the brush of the keys painted nothing")
	}
	w.click("button", "Undo")

	// A part of it is drawn again: the mask is the right half.
	w.click("radio", "Repaint a part inpainting")
	w.slide("Width", "9")
	w.stroke(sheet, [2]float64{.8, 0}, [2]float64{.8, 1})
	w.fill("spinbutton", "Rounds", "2")
	w.fill("spinbutton", "Steps of a round", "1")
	w.click("button", "Draw from it")
	fragment, want := w.drawnFrom("mask=")
	recipe, pictures := carried(t, fragment)
	if values, _ := url.ParseQuery(recipe); values.Get("resample") != "2" || len(pictures) != 2 {
		t.Errorf("the recipe is %s, with %d pictures", recipe, len(pictures))
	}
	w.unhindered(source, "with the panel open")
	w.shoot("-panel")

	// The PNG and the link each bring what they begin with.
	w.click("button", "Save")
	file := w.saves("Picture")
	w.click("button", "Close")
	w.click("button", "Share")
	w.waitText("share-hint", "the picture that it begins with")
	for _, open := range []func(){
		func() { w.open("?link" + fragment) },
		func() {
			w.open("?png#m=digits&steps=1")
			w.waitState("done")
			w.drop("mended.png", file)
		},
	} {
		open()
		w.wait(`location.hash === '` + fragment +
			`' && document.getElementById('status').textContent.includes('identical')`)
		w.side(0, want)
	}

	// Into the noise of a seven, and that as a one.
	w.opensDrawing()
	w.click("radio", "As another class DDIM inversion")
	w.choose("What it shows now", "7")
	w.click("radio", "1")
	w.click("button", "Draw from it")
	w.drawnFrom("invert=7")
	// Whose noise is that of the picture, and of no seed.
	w.opensSeeds()
	if !w.disabled("button", "Interpolate") {
		t.Error("the way between two seeds is offered with an inversion")
	}
	w.says("between-said", "begins with the noise of a picture")
	w.click("radio", "A picture")
	w.click("button", "Without the picture")
	w.waitDone("#m=digits&c=1&s=3&steps=6&g=1&by=")
	w.click("radio", "Two seeds")
	if w.disabled("button", "Interpolate") || w.text("between-said") != "" {
		t.Error("the way between two seeds is not offered without an inversion")
	}
	w.click("radio", "A picture")
	w.click("button", "From the stage")
	w.click("radio", "Vary it img2img")
	w.slide("Strength", "0.05")
	w.click("button", "Draw from it")
	w.waitState("failed")
	w.says("error-strength", "With 6 steps, a strength of 0.05 leaves no step to take.")
}

// The pictures between two seeds are a run of the sampler's; the panel shows each, and the slider
// leads along them.
func TestBetweenSeeds(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=5&s=3&steps=3")
	w.waitState("done")
	w.opensSeeds()
	w.fill("textbox", "Second seed", "4")
	w.fill("spinbutton", "Pictures on the way", "3")
	w.click("button", "Interpolate")
	w.ended("m=digits&c=5&s=3&to=4&n=3&steps=3")
	want := native(t, "m=digits&c=5&s=3&to=4&n=3&steps=3")
	for _, image := range []int{2, 1} {
		w.slide("Place on the way", itoa(image+1))
		at := image + 1
		w.find("image", "Picture "+itoa(at)+" of 3 on the way between the seeds, at step 3")
		pixels := eval[[]int](w, call("between-pixels.js"))
		for i, v := range want.picture(t, 3, image).Xt {
			if pixels[i] != int(v) {
				t.Fatalf("pixel %d of picture %d is %d, natively %d", i, at, pixels[i], v)
			}
		}
	}
	w.click("button", "One seed only")
	w.ended("m=digits&c=5&s=3&steps=3")
	if len(w.findAll("slider", "Place on the way")) != 0 {
		t.Error("one seed has a way")
	}
}

// bits are written with as many places as are worth reading.
func bits(v float64) string {
	if math.Abs(v) < 0.01 {
		return fmt.Sprintf("%.5f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// The panel's estimates are those that are made natively: of what is on the stage, and of a
// drawing; they wait, go on and end.
func TestMeasuresInThePanel(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&s=3&steps=4")
	w.waitState("done")
	drawn := native(t, "m=digits&c=7&s=3&steps=4").picture(t, 4, 0).Xt
	w.disclose("How likely is a picture?", "bound")
	w.fill("spinbutton", "Noise levels", "6")
	for _, c := range []struct{ menu, form string }{
		{"Bound, by denoising", "denoising"}, {"Flow", "flow"},
	} {
		w.choose("Estimate", c.menu)
		w.click("button", "Measure")
		w.waitText("bound-said", "Done")
		want := asked(t, protocol.Measure{ID: 1, Recipe: "m=digits&c=7&s=3&steps=6",
			Image: drawn, Form: c.form, Draws: 2})
		total := bits(want.end.Bits) + " ± " + bits(want.end.StandardError) + " bits per dimension"
		if got := w.text("bound-total"); got != total {
			t.Errorf("%s: the page says %q, natively it is %q", c.form, got, total)
		}
		if rows := eval[int](w, `document.querySelectorAll('#bound-terms tr').length`); rows != 6 {
			t.Errorf("%s: the table has %d rows", c.form, rows)
		}
		w.wait(byID("bound-chart") + `.ariaLabel.endsWith('over 6 noise levels')`)
	}
	w.unhindered(source, "with the panel open")
	w.shoot("-panel")

	w.click("radio", "The drawing")
	w.click("button", "Measure")
	w.says("bound-said", "There is no drawing yet")
	w.click("radio", "On the stage")
	w.fill("spinbutton", "Noise levels", "1000")
	w.choose("Estimate", "Bound, by denoising")
	w.click("button", "Measure")
	w.wait(`document.querySelectorAll('#bound-terms tr').length > 1`)
	w.click("button", "Wait")
	w.waitText("bound-said", "Paused.")
	at := eval[int](w, `document.querySelectorAll('#bound-terms tr').length`)
	w.click("button", "Go on")
	w.wait(`document.querySelectorAll('#bound-terms tr').length > ` + itoa(at))
	w.click("button", "Stop")
	w.waitText("bound-said", "Stopped after")
	w.fill("spinbutton", "Noise levels", "0")
	w.click("button", "Measure")
	w.waitText("bound-said", "Noise levels must be 1 to 1,000; you wrote 0.")

	// Another model ends an estimate, as a person can; nothing has failed.
	w.fill("spinbutton", "Noise levels", "1000")
	w.click("button", "Measure")
	w.wait(`document.querySelectorAll('#bound-terms tr').length > 1`)
	w.follow("#m=digits-small&steps=1")
	w.waitDone("#m=digits-small&steps=1")
	w.says("bound-said", "Stopped after")
}

// A link whose picture did not come with it says what is missing, and one whose pixels are others
// says that.
func TestLinksWithoutTheirPicture(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, c := range []struct{ pixels, say string }{
		{"", "a picture that is not here"},
		{"&pixels=****", "a picture that is not here"},
		{"&pixels=" + strings.Repeat("A", 40), "a picture that is not here"},
		{"&pixels=Y2CgPQAA", "another size"},
	} {
		w.open("?" + itoa(len(c.pixels)) + "#m=digits&steps=2&image=0123456789abcdef" + c.pixels)
		w.waitState("failed")
		if got := w.text("trouble-text"); !strings.Contains(got, c.say) {
			t.Errorf("%q: the page says %q, want %q", c.pixels, got, c.say)
		}
	}
}
