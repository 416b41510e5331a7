package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image/gif"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// savesWalk presses what saves the open walk, and gives the file.
func (w *tab) savesWalk(kind string) []byte {
	w.t.Helper()
	n := eval[int](w, `saved.length`)
	w.click("button", kind)
	w.wait(`saved.length > ` + itoa(n))
	b, err := base64.StdEncoding.DecodeString(eval[string](w, `saved.at(-1)`))
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// A walk round the corners is saved as a GIF that loops: every frame is the picture of its place,
// as a run of that place alone gives it, and it carries the recipe of the first. A video has as
// many. Meanwhile the page draws, and the walk can be ended.
func TestSavesAWalk(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits-small&c=7&s=3&plane=5,9,12&at=0.3,0.6&steps=3"
	at := func(place string) *conversation {
		return native(t, strings.Replace(recipe, "0.3,0.6", place, 1))
	}
	w := newTab(t, newSite(t))
	w.before(keepFiles + refuseEncoders)
	w.open("#" + recipe)
	w.ended(recipe)
	w.click("tab", "Draw")
	w.wait(`!document.querySelector('#plane .inside').inert`)
	w.click("button", "Save a walk")
	w.appears("button", "GIF")
	w.says("plane-saving-hint", "A loop from corner to corner, 4.8 s long. Drawing it takes about")
	w.set("Pictures of the walk", "24")
	w.says("plane-saving-hint", "2.4 s long")
	w.unhindered(axe(t), "a walk to be saved")

	file := w.savesWalk("GIF")
	w.waitText("plane-saved", "Saved as tweedie-walk-"+at("0,0").done.Hash[:8]+".gif")
	// On a laptop what was saved is said below the corners of the pad.
	w.must(chromedp.EmulateViewport(1366, 650))
	if gap := eval[float64](w, `document.querySelector('.pad-foot').getBoundingClientRect().top -
		document.getElementById('plane-corner-3').getBoundingClientRect().bottom`); gap < 0 {
		t.Errorf("what was saved covers %v pixels of the pad's corners", -gap)
	}
	w.must(chromedp.EmulateViewport(1280, 900))
	animation, err := gif.DecodeAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if len(animation.Image) != 24 || animation.LoopCount != 0 {
		t.Fatalf("%d frames, repeated %d times", len(animation.Image), animation.LoopCount)
	}
	for i, delay := range animation.Delay {
		if delay != 10 {
			t.Errorf("frame %d lasts %d hundredths of a second", i, delay)
		}
	}
	if want := at("0,0").done.Recipe; !bytes.Contains(file, []byte(want)) {
		t.Errorf("the GIF does not hold %s", want)
	}
	for i, place := range map[int]string{0: "0,0", 3: "0.5,0", 6: "1,0", 11: "1,0.833",
		12: "1,1", 18: "0,1", 23: "0,0.167"} {
		want, frame := at(place).picture(t, 3, 0).Xt, animation.Image[i]
		zoom := frame.Bounds().Dx() / 16
		if frame.Bounds().Dx() != 16*zoom || frame.Bounds().Dy() != 16*zoom {
			t.Fatalf("frame %d is %v", i, frame.Bounds())
		}
		for p := range want {
			x, y := p%16*zoom+zoom/2, p/16*zoom+zoom/2
			if r, _, _, _ := frame.At(x, y).RGBA(); byte(r>>8) != want[p] {
				t.Fatalf("frame %d, of %s, at %d, %d is %d, want %d",
					i, place, x, y, r>>8, want[p])
			}
		}
	}
	// The corner is the picture of its seed.
	first := native(t, "m=digits-small&c=7&s=3&steps=3")
	if got := at("0,0").done.Hash; got != first.done.Hash {
		t.Errorf("the walk begins with %s, and the picture of seed 3 is %s", got, first.done.Hash)
	}

	if eval[bool](w, `typeof VideoEncoder === 'function'`) {
		eval[any](w, `self.refused = 'avc1'; 0`)
		film := w.savesWalk("Video")
		w.waitText("plane-saved", ".webm,")
		if ms := math.Float64frombits(binary.BigEndian.Uint64(
			inside(t, film, 0x18538067, 0x1549a966, 0x4489))); ms != 2400 {
			t.Errorf("the film lasts %v ms, want 24 times 100", ms)
		}
		eval[any](w, `self.refused = ''; 0`)
		w.click("button", "Video")
		w.waitText("plane-saved", "no encoder for MP4 or WebM; the GIF holds the same pictures.")
	}

	// While a walk is drawn so is what a person turns.
	w.set("Pictures of the walk", "96")
	n := eval[int](w, `saved.length`)
	w.click("button", "GIF")
	w.wait(`/^[1-9]\d* of 96$/.test(document.getElementById('plane-count').textContent)`)
	if id := eval[string](w, `document.activeElement.id`); id != "plane-cancel" {
		t.Errorf("while a walk is saved %q has the focus", id)
	}
	w.shoot("-drawing")
	w.unhindered(axe(t), "a walk that is saved")
	w.click("radio", "4")
	w.ended(strings.Replace(recipe, "c=7", "c=4", 1))
	drawn := eval[string](w, `document.getElementById('plane-count').textContent`)
	w.wait(`document.getElementById('plane-count').textContent !== '` + drawn + `'`)
	w.focus("button", "Cancel")
	w.click("button", "Cancel")
	w.waitText("plane-saved", "Nothing was saved.")
	if now := eval[int](w, `saved.length`); now != n {
		t.Errorf("%d files were saved of a walk that was cancelled", now-n)
	}
	if id := eval[string](w, `document.activeElement.id`); id != "plane-gif" {
		t.Errorf("after a cancel %q has the focus", id)
	}

	// What cannot be run is said.
	eval[any](w, `document.getElementById('steps').value = '0'`)
	w.click("button", "GIF")
	w.waitText("plane-saved", "steps must be")
}
