package main

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

const folder = "../../../weights"

func decoded(t *testing.T, data []byte) *image.Paletted {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	paletted, ok := img.(*image.Paletted)
	if !ok || paletted.Bounds() != image.Rect(0, 0, side, side) {
		t.Fatalf("the thumbnail is a %T of %v", img, img.Bounds())
	}
	return paletted
}

// Every model that the page offers has a small thumbnail that was made with the
// weights that are shipped.
func TestShipped(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "*.safetensors"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d models (%v)", len(files), err)
	}
	for _, name := range files {
		file := fixture.File(t, name)
		base := filepath.Base(name[:len(name)-len(".safetensors")])
		thumbnail, err := os.ReadFile(filepath.Join(folder, "thumbnails", base+".png"))
		switch parsed, failed := weights.Parse(file); {
		case failed != nil:
			t.Error(failed)
		case bytes.Contains([]byte(parsed.Metadata["config"]), []byte(`"NoisyClassifier"`)):
			if err == nil {
				t.Errorf("%s draws nothing and has a thumbnail", base)
			}
		case strings.HasSuffix(base, "-weak"):
			if err == nil {
				t.Errorf("%s is not offered, since it guides its model, and has a thumbnail", base)
			}
		case err != nil || !isOf(thumbnail, file):
			t.Errorf("%s has no thumbnail of these weights (%v): `make thumbnails` draws it",
				base, err)
		case len(thumbnail) > largest:
			t.Errorf("the thumbnail of %s has %d bytes", base, len(thumbnail))
		default:
			decoded(t, thumbnail)
		}
	}
}

// A thumbnail that is drawn again has the same pixels.
func TestDraws(t *testing.T) {
	file := fixture.File(t, filepath.Join(folder, "digits-small.safetensors"))
	kept := fixture.File(t, filepath.Join(folder, "thumbnails", "digits-small.png"))
	drawn, err := draw(folder, "digits-small", file)
	if err != nil {
		t.Fatal(err)
	}
	if !isOf(drawn, file) || isOf(drawn, kept) {
		t.Error("it does not tell of which weights it is")
	}
	if a, b := decoded(t, drawn), decoded(t, kept); !bytes.Equal(a.Pix, b.Pix) {
		t.Error("it is another picture")
	}
}

// A classifier draws nothing; what is no model is named.
func TestDrawsNothing(t *testing.T) {
	file := fixture.File(t, filepath.Join(folder, "digits-classifier.safetensors"))
	if _, err := draw(folder, "digits-classifier", file); !errors.Is(err, errGuide) {
		t.Errorf("a classifier: %v", err)
	}
	if _, err := draw(folder, "broken", file[:99]); err == nil {
		t.Error("half a file is drawn")
	}
}

// Colours are few and near to the pixels' own, and a picture of few keeps them.
func TestColours(t *testing.T) {
	m := made{pictures: make([][]byte, 4), c: 3, h: 16, w: 16}
	for i := range m.pictures {
		for y := range 16 {
			for x := range 16 {
				m.pictures[i] = append(m.pictures[i], byte(60*i), byte(16*y), byte(16*x))
			}
		}
	}
	data, err := encode(m, colourings[0])
	if err != nil {
		t.Fatal(err)
	}
	img := decoded(t, data)
	if len(img.Palette) > colourings[0] {
		t.Errorf("there are %d colours", len(img.Palette))
	}
	far := 0
	for y := range side {
		for x := range side {
			got := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			want := [3]int{60 * (x/32 + 2*(y/32)), 16 * (y % 32 / 2), 16 * (x % 32 / 2)}
			for c, v := range []uint8{got.R, got.G, got.B} {
				far = max(far, int(v)-want[c], want[c]-int(v))
			}
		}
	}
	if far > 48 {
		t.Errorf("a colour is off by %d", far)
	}
	for _, n := range []int{1, 2} { // colours
		few := made{pictures: [][]byte{bytes.Repeat([]byte{9, 8, 7}, 64*64)}, c: 3, h: 64, w: 64}
		if n == 2 {
			few.pictures[0][0] = 200
		}
		if data, err = encode(few, colourings[0]); err != nil {
			t.Fatal(err)
		}
		if img := decoded(t, data); len(img.Palette) != n ||
			img.Palette[img.Pix[99]] != (color.RGBA{9, 8, 7, 255}) {
			t.Errorf("%d colours became %v", n, img.Palette)
		}
	}
}

// Pictures of any size have their place in the square.
func TestSquared(t *testing.T) {
	for _, c := range []struct{ height, width int }{
		{64, 64}, {28, 28}, {56, 56}, {128, 128}, {96, 160}, {1, 1}, {300, 20},
	} {
		white := bytes.Repeat([]byte{255}, 3*c.height*c.width)
		got := squared(white, 3, c.height, c.width)
		if len(got) != side*side*3 {
			t.Fatalf("%v: %d bytes", c, len(got))
		}
		lit := 0
		for _, v := range got {
			if v != 0 && v != 255 {
				t.Fatalf("%v: a value of %d", c, v)
			}
			lit += int(v) / 255
		}
		if middle := got[(side/2*side+side/2)*3]; middle != 255 {
			t.Errorf("%v: the middle is %d", c, middle)
		}
		if lit < side*side*3*min(c.height, c.width)/max(c.height, c.width)/3 {
			t.Errorf("%v: only %d of the square is used", c, lit)
		}
	}
	if got := reduced([]byte{1, 2, 3, 5}, 1, 2, 2, 2); !bytes.Equal(got, []byte{3}) {
		t.Errorf("the mean of 1, 2, 3 and 5 is %v", got)
	}
}
