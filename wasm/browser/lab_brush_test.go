package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tweedie/sampler/lab/experiment"
	labkeys "tweedie/sampler/lab/keys"
	"tweedie/sampler/picture/fit"
	"tweedie/sampler/plane"
)

// few is a recipe of the lab that takes a moment.
const few = "units=8&batch=16&steps=20&n=60&ssteps=5"

// drawnNatively fails unless a recipe with a hash gives the points of this hash.
func drawnNatively(t *testing.T, recipe string) {
	t.Helper()
	s, err := labkeys.Parse(recipe)
	if err != nil {
		t.Fatal(err)
	}
	e, err := experiment.New(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for e.Training.Step() {
	}
	d, err := e.Draw()
	if err != nil {
		t.Fatal(err)
	}
	for d.Next() {
	}
	if got := experiment.Hash(experiment.Points(d))[:16]; got != s.Hash || s.Hash == "" {
		t.Errorf("%s: natively the points have the hash %s", recipe, got)
	}
}

// painted waits until the recipe of a painting is carried out, another one than before, and
// returns the address.
func (w *tab) painted(before string) string {
	w.t.Helper()
	w.wait(hashed + ` && location.hash.startsWith('#d=painted&paint=') && location.hash !== '` +
		before + `'`)
	return eval[string](w, `location.hash`)
}

// brushAt is a place of the plane in parts of the brush's canvas, which is square on a laptop.
func (w *tab) brushAt(x, y float64) (place [2]float64) {
	w.t.Helper()
	box := eval[[]float64](w, `(({left, top, width, height}) => [left, top, width, height])(
		document.getElementById('brush-canvas').getBoundingClientRect())`)
	scale := min(box[2], box[3]) / 2 / 1.55
	return [2]float64{box[0] + box[2]/2 + x*scale, box[1] + box[3]/2 - y*scale}
}

// paints draws a line with the mouse between places of the plane.
func (w *tab) paints(places ...[2]float64) {
	w.t.Helper()
	for i, p := range places {
		at := w.brushAt(p[0], p[1])
		if i == 0 {
			w.grab(at)
		}
		w.pull(at)
		if i == len(places)-1 {
			w.release(at)
		}
	}
}

// A person paints, and the network learns it: in one colour, then in two, each a class. The link
// gives the same natively. Undo, Back and Clear lead where they say, and an empty canvas loses
// nothing.
func TestLabBrush(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650),
		media(map[string]string{"prefers-color-scheme": "light"}))
	w.openLab("d=moons&c=upper&" + few)
	w.wait(hashed)
	moons := eval[string](w, `location.hash`)
	w.click("radio", "Paint")
	w.waitText("brush-invite", "Paint here")
	w.shoot(" empty")
	w.unhindered(source, "nothing painted")
	if got := eval[string](w, `location.hash`); got != moons {
		t.Errorf("before anything is painted the address is %s", got)
	}
	w.appears("button", "Done")
	w.paints([2]float64{-0.8, 0.5}, [2]float64{0.8, 0.5})
	first := w.painted("")
	if strings.Contains(first, "&c=") || !strings.Contains(first, "&units=8") {
		t.Errorf("one colour has the recipe %s", first)
	}
	drawnNatively(t, first)
	w.click("button", "orange")
	w.click("button", "Thick")
	w.paints([2]float64{-0.5, -0.6}, [2]float64{0, -0.2}, [2]float64{0.5, -0.6})
	second := w.painted(first)
	if !strings.Contains(second, "&c=all") {
		t.Errorf("two colours have the recipe %s", second)
	}
	drawnNatively(t, second)
	orange := `(() => { const { data } = document.getElementById('brush-canvas').getContext('2d')
		.getImageData(0, 0, 400, 400); let n = 0; for (let i = 0; i < data.length; i += 4)
		n += data[i + 3] > 100 && data[i] > 240 && data[i + 2] < 90; return n; })()`
	w.wait(orange + ` > 500`)
	w.shoot(" two colours")
	w.unhindered(source, "two colours")

	w.click("button", "Eraser")
	w.paints([2]float64{-0.7, -0.6}, [2]float64{0, -0.1}, [2]float64{0.7, -0.6},
		[2]float64{0.7, -0.8}, [2]float64{0, -0.3}, [2]float64{-0.7, -0.8})
	if third := w.painted(second); strings.Contains(third, "&c=") {
		t.Errorf("without orange the recipe is %s", third)
	}
	w.click("button", "Undo")
	w.wait(hashed + ` && location.hash === '` + second + `'`)
	w.click("button", "Undo")
	w.wait(hashed + ` && location.hash === '` + first + `'`)
	eval[any](w, `history.back()`)
	w.wait(hashed + ` && location.hash === '` + second + `'`)
	w.wait(orange + ` > 500`)

	w.click("button", "Clear")
	w.waitText("status", "Nothing is painted yet")
	w.wait(`!` + byID("brush-invite") + `.hidden`)
	if got := eval[string](w, `location.hash`); got != second {
		t.Errorf("an empty canvas leaves the address %s", got)
	}
	w.click("button", "Done")
	w.wait(`!` + byID("brush") + `.checkVisibility()`)
	w.click("radio", "Paint")
	w.wait(orange + ` > 500`)
	w.click("radio", "Moons")
	w.wait(`location.hash.startsWith('#d=moons') && !` + byID("brush") + `.checkVisibility()`)
	w.must(chromedp.Navigate("about:blank"))
	w.openLab(strings.TrimPrefix(second, "#"))
	w.wait(hashed)
	w.waitText("status", "the link promises")

	// A link to data that are still to be painted brings the brush.
	w.must(chromedp.Navigate("about:blank"))
	w.openLab("d=painted&" + few)
	w.wait(byID("brush-invite") + `?.checkVisibility()`)
	w.click("button", "Train")
	w.waitText("status", "Nothing is painted yet")
	if got := eval[string](w, `location.hash`); got != "#d=painted&"+few {
		t.Errorf("the link becomes %s", got)
	}
	w.paints([2]float64{-0.8, 0.5}, [2]float64{0.8, 0.5})
	if got := w.painted(""); !strings.Contains(got, "&units=8&") {
		t.Errorf("what is painted there has the recipe %s", got)
	}
}

// By keys alone: a cursor is moved and heard, and paints where it is, or as it goes.
func TestLabBrushByKeys(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.openLab("d=moons&" + few)
	w.wait(hashed)
	w.focus("radio", "Digits")
	w.press(kb.ArrowRight)
	w.wait(byID("brush") + `.checkVisibility()`)
	w.focus("application", "Canvas")
	w.press("-", kb.ArrowRight, kb.ArrowUp)
	w.waitText("brush-state", "Column 18, row 16: no paint.")
	w.press("2", " ")
	first := w.painted("")
	if !strings.Contains(first, "paint=A9_9_") {
		t.Errorf("a dab is %s", first)
	}
	w.waitText("brush-state", "Column 18, row 16: orange, 15 of 15.")
	w.press(kb.Enter)
	w.pressWith(int64(chromedp.ModifierShift), kb.ArrowDown)
	w.waitText("brush-state", "Painting. Column 18, row 20: orange, 15 of 15.")
	w.press(kb.Enter)
	second := w.painted(first)
	drawnNatively(t, second)
	w.press("e", " ")
	w.waitText("brush-state", "Column 18, row 20: no paint.")
	third := w.painted(second)
	w.pressWith(ctrl, "z")
	w.wait(hashed + ` && location.hash === '` + second + `' && location.hash !== '` + third + `'`)
	w.set("Language", "zh-Hans")
	w.wait(byID("brush-state") + `.textContent === '第 18 列，第 20 行：橙，15 / 15。'`)
	w.focus("application", "画布")
	w.press(kb.Escape)
	w.wait(`!` + byID("brush") + `.checkVisibility() && document.activeElement.id === 'canvas'`)
}

// A finger paints on a phone, and the page does not scroll.
func TestLabBrushOnPhone(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch),
		media(map[string]string{"prefers-color-scheme": "dark"}))
	w.openLab("d=moons&" + few)
	w.wait(hashed)
	w.click("radio", "Paint")
	w.wait(byID("brush") + `.checkVisibility()`)
	scrolled := eval[float64](w, `scrollY`)
	w.fingers("touchStart", w.brushAt(0, 0.8))
	for i := 1.0; i <= 8; i++ {
		w.fingers("touchMove", w.brushAt(0.05*i, 0.8-0.2*i))
	}
	w.fingers("touchEnd")
	first := w.painted("")
	drawnNatively(t, first)
	if got := eval[float64](w, `scrollY`); got != scrolled {
		t.Errorf("the page scrolled from %v to %v", scrolled, got)
	}
	w.shoot(" painted")
	w.unhindered(source, "on a phone")
	for _, height := range []int64{844, 568} {
		w.must(chromedp.EmulateViewport(320, height, chromedp.EmulateMobile, chromedp.EmulateTouch))
		if got := eval[float64](w, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
			t.Errorf("with a height of %d the page scrolls sideways by %v", height, got)
		}
		w.shoot(" " + itoa(int(height)))
	}
}

// What falls on the page becomes density, as on the command line. What is no picture, or has no
// contrast, is refused in one sentence, and everything stays.
func TestLabBrushPictures(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.openLab("d=moons&" + few)
	w.wait(hashed)
	moons := eval[string](w, `location.hash`)
	flat := image.NewGray(image.Rect(0, 0, 40, 30))
	w.dropPaths(t.TempDir())
	w.waitText("status", "A folder has no density: drop one picture.")
	for _, c := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"notes.png", []byte("no picture"), "notes.png is no picture that can be opened here"},
		{"flat.png", encoded(t, flat), "flat.png has one brightness everywhere"},
		{"cut.png", encoded(t, flat)[:40], "cut.png is damaged"},
		{"huge.png", widened(encoded(t, flat)), "huge.png has 70,000 × 30 pixels."},
	} {
		w.drop(c.name, c.content)
		w.waitText("status", c.says)
		if got := eval[string](w, `location.hash`); got != moons {
			t.Fatalf("%s leaves the address %s", c.name, got)
		}
	}
	eval[any](w, `{ const dataTransfer = new DataTransfer();
		for (const name of ['a.png', 'b.png']) dataTransfer.items.add(new File(['x'], name));
		document.body.dispatchEvent(new DragEvent('drop',
			{ bubbles: true, cancelable: true, dataTransfer })); 0 }`)
	w.waitText("status", "2 files are too many: drop one picture.")

	picture := image.NewNRGBA(image.Rect(0, 0, 200, 150))
	for y := range 150 {
		for x := range 200 {
			v := uint8(255)
			if (x-100)*(x-100)+(y-75)*(y-75) < 50*50 {
				v = uint8(x)
			}
			picture.SetNRGBA(x, y, color.NRGBA{v, v, v / 2, 255})
		}
	}
	file := encoded(t, picture)
	w.drop("disc.png", file)
	dropped := w.painted("")
	drawnNatively(t, dropped)
	canvas, err := plane.CanvasOf(fit.Pixels(picture, fit.Shape{Channels: 1,
		Height: plane.CanvasSide, Width: plane.CanvasSide}), plane.FoundInk)
	if err != nil {
		t.Fatal(err)
	}
	want := "#d=painted&paint=" + canvas.String() + "&units=8&"
	if !strings.HasPrefix(dropped, want) {
		t.Errorf("the picture is %s, want %s", dropped, want)
	}
	w.click("button", "Undo")
	w.waitText("status", "Nothing is painted yet")
	eval[any](w, call("paste.js", "disc.png", base64.StdEncoding.EncodeToString(file)))
	w.wait(byID("brush-invite") + `.hidden`)
	w.wait(hashed + ` && location.hash === '` + dropped + `'`)
	w.drop("flat.png", encoded(t, flat))
	w.waitText("status", "flat.png has one brightness everywhere")
	w.wait(hashed + ` && location.hash === '` + dropped + `'`) // as it was, and learned again
}

// widened is a PNG that says it is 70,000 pixels wide.
func widened(file []byte) []byte {
	file = bytes.Clone(file)
	binary.BigEndian.PutUint32(file[16:], 70000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
