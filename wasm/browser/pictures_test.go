package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/sampler/picture/fit"
	"tweedie/wasm/browser/engines"
)

// smooth is a JPEG without sharp edges, and the same as a picture.
func smooth(t *testing.T) (file []byte, img image.Image) {
	t.Helper()
	grey := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range grey.Pix {
		grey.Pix[i] = byte(i%64 + i/64)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, grey, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), grey
}

// A file of any form gives the image= that the command line gives; a JPEG is as near as its
// decoders are.
func visitOpensPictures(v *visit) {
	held, err := os.ReadFile(filepath.Join("..", "..", "web", "opened", "testdata", "opened.json"))
	if err != nil {
		v.t.Fatal(err)
	}
	v.site.replace("/cases", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(held) // one that does not arrive is no JSON
	})
	v.open(v.site.url + "/?pictures#m=digits&steps=2")
	v.waitDone("m=digits&steps=2")
	var wrong []string
	v.into(call("open-cases.js"), &wrong)
	for _, w := range wrong {
		v.t.Error(w)
	}
	file, img := smooth(v.t)
	want := fit.Pixels(img, fit.Shape{Channels: 1, Height: 32, Width: 32})
	var got []int
	v.into(call("open-one.js", "smooth.jpg", base64.StdEncoding.EncodeToString(file)), &got)
	if len(got) != len(want) {
		v.t.Fatalf("the JPEG has %d pixels, want %d", len(got), len(want))
	}
	for i, level := range want {
		if off := got[i] - int(level); off < -3 || off > 3 {
			v.t.Fatalf("pixel %d of the JPEG is %d, want about %d", i, got[i], level)
		}
	}
}

// A link or a picture that is dragged from another page does not take the place of the page, nor
// end the run.
func visitDrops(v *visit) {
	const recipe = "m=digits&c=7&s=3&steps=400"
	v.open(v.site.url + "/?dropped#" + recipe)
	v.wait(state + ` === 'running'`)
	for _, place := range []string{"box", "timeline", "status", "start"} {
		for _, types := range [][]string{{"text/uri-list", "text/plain"},
			{"text/uri-list", "text/html"}, {"text/html", "Files"}} {
			v.do(byID("status") + `.replaceChildren()`)
			if v.text(call("drag.js", place, types)) != "true,true" {
				v.t.Errorf("%v dropped on %s is left to the browser", types, place)
			}
			v.wait(has("status", "Only files of this device"))
		}
	}
	if v.text(state) != "running" {
		v.t.Errorf("the page is %s, want the run to go on", v.text(state))
	}
	// A field for words takes them itself.
	if got := v.text(call("drag.js", "seed", []string{"text/plain"})); got != "false,false" {
		v.t.Errorf("words over a field: %s", got)
	}
}

// TestGuardedCanvases: where a browser changes what pages read from a canvas, what is saved has the
// pixels that the hash names all the same, and a picture that cannot be read exactly gets a
// sentence.
func TestGuardedCanvases(t *testing.T) {
	t.Parallel()
	b, err := engines.Guarded.Start(t.Context())
	var missing *engines.Missing
	if errors.As(err, &missing) && os.Getenv("TWEEDIE_ENGINES") != "all" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	const recipe = "m=digits&c=7&s=3&steps=3"
	v := &visit{t, b, newSite(t)}
	t.Cleanup(v.finish)
	v.open(v.site.url + "/#" + recipe)
	want := v.waitDone(recipe)
	if v.text(call("canvas-tells.js")) != "false" {
		t.Fatal("this browser does not guard canvases, so the test shows nothing")
	}
	v.do(call("keep-files.js"))
	v.do(byID("save-scale") + `.value = '1'`)
	saved := func(button string) image.Image {
		n := v.text(`saved.length`)
		v.do(byID(button) + `.click()`)
		v.wait(`saved.length > ` + n)
		file, err := base64.StdEncoding.DecodeString(v.text(`await saved.at(-1)`))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	if got := grey(t, saved("save-picture")); !slices.Equal(got, want.picture(t, 3, 0).Xt) ||
		picture.Hash(got) != want.done.Hash[:16] {
		t.Error("the picture that was saved has other pixels than its hash names")
	}
	v.wait(has("save-said", "Saved as"))
	strip := saved("save-strip")
	for step := 1; step <= 3; step++ {
		for p, level := range want.picture(t, step, 0).Xt {
			x, y := (2+(step-1)*34+p%32)*3+1, (2+p/32)*3+1
			if got := color.GrayModel.Convert(strip.At(x, y)).(color.Gray).Y; got != level {
				t.Fatalf("step %d of the strip at %d, %d is %d, want %d", step, x, y, got, level)
			}
		}
	}
	visitPNGOfEmbed(v)

	v.open(v.site.url + "/?again#" + recipe)
	v.waitDone(recipe)
	file, _ := smooth(t)
	v.do(call("open-file.js", "smooth.jpg", base64.StdEncoding.EncodeToString(file)))
	v.wait(has("status", "smooth.jpg cannot be opened exactly"))
	var cases struct{ Cases []struct{ File string } }
	held, err := os.ReadFile(filepath.Join("..", "..", "web", "opened", "testdata", "opened.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(held, &cases); err != nil {
		t.Fatal(err)
	}
	v.do(call("open-file.js", "exact.png", cases.Cases[0].File))
	v.wait(has("status", "Noise is added to exact.png"))
}

// visitPNGOfEmbed asks an element of another page for its PNG.
func visitPNGOfEmbed(v *visit) {
	v.open(newBlog(v.t, v.site))
	const recipe = "m=digits&c=7&s=3&steps=9&g=2"
	want := native(v.t, recipe)
	v.wait(`of('near', 'done').length === 1`)
	file, err := base64.StdEncoding.DecodeString(v.text(`await near.toPNG().then((blob) =>
		new Promise((resolve) => {
			const reader = new FileReader();
			reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
			reader.readAsDataURL(blob);
		}))`))
	if err != nil {
		v.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		v.t.Fatal(err)
	}
	zoom := img.Bounds().Dx() / 32
	for p, level := range want.picture(v.t, 9, 0).Xt {
		at := img.At(p%32*zoom+zoom/2, p/32*zoom+zoom/2)
		if got := color.GrayModel.Convert(at).(color.Gray).Y; got != level {
			v.t.Fatalf("pixel %d of the element's PNG is %d, want %d", p, got, level)
		}
	}
}
