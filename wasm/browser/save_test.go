package browser

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/gif"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/picture"
)

// keepFiles makes the page keep the files that it offers to save.
var keepFiles = run("keep-files.js")

// saves saves a file of the open dialog, and gives it.
func (w *tab) saves(what string) []byte {
	w.t.Helper()
	n := eval[int](w, `saved.length`)
	w.click("button", "Save "+what)
	w.wait(`saved.length > ` + itoa(n))
	b, err := base64.StdEncoding.DecodeString(eval[string](w, `saved.at(-1)`))
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// drop lets a file fall on the page.
func (w *tab) drop(name string, content []byte) {
	w.t.Helper()
	eval[any](w, call("drop.js", name, base64.StdEncoding.EncodeToString(content)))
}

// grey is a decoded picture's red channel, which must equal the others.
func grey(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out []byte
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r, g, b, a := img.At(x, y).RGBA()
			if r != g || g != b || a != 0xffff {
				t.Fatalf("the pixel at %d, %d is %v", x, y, img.At(x, y))
			}
			out = append(out, byte(r>>8))
		}
	}
	return out
}

// The PNG is what tools/sample draws, enlarged or not, and carries the recipe;
// dropped on the page it is drawn again.
func TestSavesPictures(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=all&n=3&s=6&steps=2"
	want := native(t, recipe)
	grid := picture.NewGrid(3, 0, 32, 32, 2)
	pixels := make([]byte, grid.Width*grid.Height)
	var pictures [][]byte
	for i := range 3 {
		pictures = append(pictures, want.picture(t, 2, i).Xt)
	}
	grid.Draw(pixels, pictures, 1, 128)

	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#" + recipe)
	w.waitState("done")
	w.click("button", "Save")
	var file []byte
	for _, scale := range []int{1, 4} {
		w.set("Enlarged Picture", itoa(scale))
		file = w.saves("Picture")
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		enlarged := picture.Enlarge(pixels, 1, grid.Height, grid.Width, scale)
		if !bytes.Equal(grey(t, img), enlarged) {
			t.Errorf("at %d× the pixels are not those of the grid (%v)", scale, img.Bounds())
		}
		if !bytes.Contains(file, []byte("tEXttweedie\x00"+want.done.Recipe)) {
			t.Errorf("the PNG does not hold %s", want.done.Recipe)
		}
	}
	w.click("button", "Close")

	w.click("radio", "8")
	w.fill("spinbutton", "Pictures", "1")
	w.draw()
	w.waitDone("#m=digits&c=8&")
	w.drop("three.png", file)
	w.waitDone("#" + want.done.Recipe)
	w.waitText("status", "identical")

	// The chunk with the recipe is the second, behind one of 33 bytes with the signature.
	plain := bytes.Replace(file, []byte("tEXttweedie"), []byte("tEXtTweedie"), 1)
	text := plain[37:][:4+binary.BigEndian.Uint32(plain[33:])]
	binary.BigEndian.PutUint32(plain[37+len(text):], crc32.ChecksumIEEE(text))
	w.drop("other.png", plain)
	w.waitText("status", "no recipe in other.png")
	w.drop("short.png", file[:60])
	w.waitText("status", "short.png is damaged")

	// A picture that is pasted is taken as one that is dropped.
	w.click("radio", "8")
	w.fill("spinbutton", "Pictures", "1")
	w.draw()
	w.waitDone("#m=digits&c=8&")
	eval[any](w, call("paste.js", "three.png",
		base64.StdEncoding.EncodeToString(packedBehind(t, file))))
	w.waitDone("#" + want.done.Recipe)
	w.waitText("status", "identical")
}

// packedBehind is a saved picture as another program saves it again: its recipe packed, and behind
// the pixels.
func packedBehind(t *testing.T, file []byte) []byte {
	t.Helper()
	n := 33 + 12 + int(binary.BigEndian.Uint32(file[33:]))
	keyword, text, ok := bytes.Cut(file[41:n-4], []byte{0})
	if !ok {
		t.Fatalf("the second chunk is %q", file[33:n])
	}
	var chunk bytes.Buffer
	chunk.WriteString("zTXt" + string(keyword) + "\x00\x00")
	z := zlib.NewWriter(&chunk)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	z.Close()
	end := len(file) - 12 // of IEND
	out := slices.Concat(file[:33], file[n:end])
	out = binary.BigEndian.AppendUint32(out, uint32(chunk.Len()-4))
	out = append(out, chunk.Bytes()...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk.Bytes()))
	return append(out, file[end:]...)
}

// Every frame of the animation is a step, pixel by pixel.
func TestSavesAnimations(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=6&s=6&steps=5"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#" + recipe)
	w.waitState("done")
	w.click("button", "Save")
	animation, err := gif.DecodeAll(bytes.NewReader(w.saves("Animation")))
	if err != nil {
		t.Fatal(err)
	}
	if len(animation.Image) != 5 || animation.LoopCount != 0 {
		t.Fatalf("%d frames, repeated %d times", len(animation.Image), animation.LoopCount)
	}
	for i, frame := range animation.Image {
		m := want.picture(t, i+1, 0)
		for p := range m.Xt {
			x, y := p%32*8+4, p/32*8+4
			for _, side := range []struct {
				at   int
				want byte
			}{{x, m.Xt[p]}, {x + (32+2)*8, m.X0[p]}} {
				if r, _, _, _ := frame.At(side.at, y).RGBA(); byte(r>>8) != side.want {
					t.Fatalf("frame %d at %d, %d is %d, want %d", i, side.at, y, r>>8, side.want)
				}
			}
		}
	}
	img, err := png.Decode(bytes.NewReader(w.saves("Film strip")))
	if err != nil {
		t.Fatal(err)
	}
	for step := 1; step <= 5; step++ {
		m := want.picture(t, step, 0)
		for row, pixels := range [][]byte{m.Xt, m.X0} {
			for p := range pixels {
				x, y := (2+(step-1)*34+p%32)*3+1, (2+row*34+p/32)*3+1
				if r, _, _, _ := img.At(x, y).RGBA(); byte(r>>8) != pixels[p] {
					t.Fatalf("step %d of the strip at %d, %d is %d, want %d",
						step, x, y, r>>8, pixels[p])
				}
			}
		}
	}
	checkTrace(t, w.saves("Every step"), want)
}

// checkTrace reads a safetensors file of 8-bit pictures.
func checkTrace(t *testing.T, file []byte, want *conversation) {
	t.Helper()
	n := binary.LittleEndian.Uint64(file)
	var header map[string]json.RawMessage
	if err := json.Unmarshal(file[8:8+n], &header); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(header["__metadata__"]), want.done.Hash) {
		t.Errorf("the metadata is %s", header["__metadata__"])
	}
	for name, of := range map[string]func(step int) []byte{
		"xt":      func(step int) []byte { return want.picture(t, step, 0).Xt },
		"x0":      func(step int) []byte { return want.picture(t, step, 0).X0 },
		"epsilon": func(step int) []byte { return want.picture(t, step, 0).Epsilon },
		"change":  func(step int) []byte { return want.picture(t, step, 0).Change },
	} {
		var tensor struct {
			Shape   []int
			Offsets [2]int `json:"data_offsets"`
		}
		if err := json.Unmarshal(header[name], &tensor); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(tensor.Shape) != "[5 1 32 32 1]" {
			t.Errorf("%s has the shape %v", name, tensor.Shape)
		}
		data := file[8+int(n):][tensor.Offsets[0]:tensor.Offsets[1]]
		for step := 1; step <= 5; step++ {
			if !bytes.Equal(data[(step-1)*1024:step*1024], of(step)) {
				t.Errorf("step %d of %s differs", step, name)
			}
		}
	}
}

// An animation can be cancelled, and closing the dialog does so as well.
func TestCancelsAnimations(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#m=digits&n=4&g=0&steps=12")
	w.waitState("done")
	w.click("button", "Save")
	w.appears("button", "Save Animation")
	eval[any](w, call("cancel-saving.js"))
	w.click("button", "Save Animation")
	w.waitText("share-said", "Nothing was saved.")
	if n := eval[int](w, `saved.length`); n != 0 {
		t.Errorf("%d files were saved", n)
	}
}

// How large a file will be is said before it is saved, exactly or about, and so is what it looks
// like; an animation is as large and as fast as is chosen.
func TestTellsSizes(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#m=digits&c=6&s=6&steps=20")
	w.waitState("done")
	w.click("button", "Save")
	w.set("Enlarged Animation", "4")
	w.set("Speed Animation", "2")
	w.wait(`[...document.querySelectorAll('.facts')].length > 4 &&
		![...document.querySelectorAll('.facts')].some((e) => e.textContent.includes('measuring'))`)
	files := map[string][]byte{}
	for _, c := range []struct {
		what, kind, facts string
		exact             bool
	}{
		{"Picture", "picture", "256 × 256 pixels · ", true},
		{"Animation", "animation", "264 × 128 pixels · 2.5 s · about ", false},
		{"Film strip", "strip", "1,026 × 210 pixels · ", true},
		{"Offline copy", "demo", "about ", false},
		{"Every step", "trace", "", true},
	} {
		files[c.kind] = w.saves(c.what)
		n := float64(len(files[c.kind]))
		said := eval[string](w, byID("save-"+c.kind+"-facts")+`.textContent`)
		amount, found := strings.CutPrefix(said, c.facts)
		var size float64
		var unit string
		if _, err := fmt.Sscan(amount, &size, &unit); err != nil || !found {
			t.Errorf("%s: %q is said", c.what, said)
			continue
		}
		size *= map[string]float64{"KB": 1e3, "MB": 1e6}[unit]
		allowed := 0.5 // of the last digit
		if unit == "MB" || size < 9950 {
			allowed = 0.051
		}
		allowed *= map[string]float64{"KB": 1e3, "MB": 1e6}[unit]
		if !c.exact {
			allowed += n / 10
		}
		if size < n-allowed || size > n+allowed {
			t.Errorf("%s: %q is said of %.0f bytes", c.what, said, n)
		}
	}
	animation, err := gif.DecodeAll(bytes.NewReader(files["animation"]))
	if err != nil {
		t.Fatal(err)
	}
	if animation.Config.Width != 264 || animation.Delay[0] != 5 || animation.Delay[19] != 150 {
		t.Errorf("the animation is %d pixels wide, its delays are %v",
			animation.Config.Width, animation.Delay)
	}
	seen := eval[map[string]int](w, `Object.fromEntries([...document.querySelectorAll('.take')]
		.map((e) => [e.dataset.kind, e.querySelector('canvas').width]))`)
	delete(seen, "video") // which not every browser offers
	if want := (map[string]int{"picture": 32, "animation": 66, "strip": 342, "demo": 32,
		"trace": 32}); !maps.Equal(seen, want) {
		t.Errorf("the pictures of the files are %v pixels wide, want %v", seen, want)
	}
	w.shoot("-files")
}

// A run that is not whole cannot be saved, and says so.
func TestOnlyWholeRunsAreSaved(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=6&steps=900")
	w.wait(ofStage(`stage.film.latest > 3`))
	w.click("button", "Share")
	w.click("tab", "Files")
	w.appears("button", "Save Picture")
	w.waitText("save-picture-facts", "once the run is whole")
	if got := eval[string](w, byID("save-picture")+`.ariaDisabled`); got != "true" {
		t.Errorf("in the middle of a run the picture's button has aria-disabled %q", got)
	}
}
