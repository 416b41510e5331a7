package main

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/tools/pngtext"
)

// writeImage writes an image to a PNG and returns its name.
func writeImage(t *testing.T, name string, img image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}

// half is a mask whose right half is white.
func half(t *testing.T) string {
	mask := image.NewGray(image.Rect(0, 0, 28, 28))
	for i := range mask.Pix {
		if i%28 >= 14 {
			mask.Pix[i] = 255
		}
	}
	return writeImage(t, "half.png", mask)
}

// TestEditing makes a picture and edits it: what each flag says is in the recipe, the recipe does
// the same again, and the kept half is kept.
func TestEditing(t *testing.T) {
	folder := t.TempDir()
	first, plain := filepath.Join(folder, "first.png"), filepath.Join(folder, "plain.png")
	_, sum := must(t, "-weights", small, "-steps", "2", "-o", first, "-scale", "3")
	must(t, "-weights", small, "-steps", "2", "-o", plain)
	mask := half(t)
	maskPixels, err := readPixels(mask, 1, 28, 28)
	if err != nil {
		t.Fatal(err)
	}
	image, name := "&image="+sum[:16], picture.Hash(maskPixels)
	for _, c := range []struct {
		want string
		args []string
	}{
		{"&steps=4&g=3" + image + "&strength=0.5", []string{"-guidance", "3", "-strength", ".50"}},
		{"&steps=4" + image + "&mask=" + name, []string{"-mask", mask}},
		{"&steps=4" + image + "&mask=" + name + "&resample=3&jump=2",
			[]string{"-mask", mask, "-resample", "3", "-jump", "2"}},
		{"&steps=4" + image + "&invert=none", []string{"-invert", "none"}},
	} {
		out := filepath.Join(folder, "out.png")
		args := append([]string{"-weights", small, "-steps", "4", "-image",
			first, "-o", out}, c.args...)
		recipe, sum := must(t, args...)
		if want := "m=mnist28" + c.want + "&by=77942be2.2&h=" + sum[:16]; recipe != want {
			t.Errorf("%v: recipe %q, want %q", c.args, recipe, want)
		}
		again := []string{"-weights", small, "-recipe", recipe, "-image", plain}
		if strings.Contains(recipe, "mask") {
			again = append(again, "-mask", mask)
			before, _ := readPixels(plain, 1, 28, 28)
			after, err := readPixels(out, 1, 28, 28)
			if err != nil {
				t.Fatal(err)
			}
			for i := range after {
				if i%28 < 14 && after[i] != before[i] {
					t.Fatalf("%v: pixel %d of the kept half is %d, was %d",
						c.args, i, after[i], before[i])
				}
			}
		}
		made := fixture.File(t, out)
		beside, _ := pngtext.Find(made, pngtext.Pixels)
		for _, args := range [][]string{again, {"-weights", small, "-recipe",
			"#" + recipe + "&pixels=" + beside}} {
			if recipeAgain, sumAgain := must(t, args...); recipeAgain != recipe || sumAgain != sum {
				t.Errorf("%v: again %s %s, want %s %s", args, recipeAgain, sumAgain, recipe, sum)
			}
		}
	}
	recipe, sum := must(t, "-weights", small, "-steps", "2", "-seed", "4", "-to", "5", "-n", "3")
	if want := "m=mnist28&s=4&to=5&n=3&steps=2&by=77942be2.2&h=" + sum[:16]; recipe != want {
		t.Errorf("recipe %q, want %q", recipe, want)
	}
}

// TestPixelsBesideARecipe refuses what did not arrive whole, is no picture of the model, or is
// another one.
func TestPixelsBesideARecipe(t *testing.T) {
	other, err := packed(recipe.Inputs{Image: make([]byte, 28*28)})
	if err != nil {
		t.Fatal(err)
	}
	large, err := packed(recipe.Inputs{Image: make([]byte, maxPixels+1)})
	if err != nil {
		t.Fatal(err)
	}
	for pixels, says := range map[string]string{
		"*": "did not arrive whole", other[:4]: "did not arrive whole",
		"": "has to be given with it", large: "more than 1048576",
		other: "the one that was given is",
	} {
		status, _, messages := call(t, "-weights", small, "-recipe",
			"steps=2&image=0123456789abcdef&pixels="+pixels)
		if status != 1 || !strings.Contains(messages, says) {
			t.Errorf("%.20q: status %d, %q, want %q", pixels, status, messages, says)
		}
	}
}

func TestColoursAndSizes(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.Set(0, 0, color.NRGBA{200, 100, 50, 255})
	img.Set(1, 0, color.NRGBA{255, 255, 255, 0}) // transparent is black
	path := writeImage(t, "colour.png", img)
	if got, err := readPixels(path, 3, 1, 2); err != nil ||
		string(got) != string([]byte{200, 100, 50, 0, 0, 0}) {
		t.Errorf("three channels: %v, %v", got, err)
	}
	if got, err := readPixels(path, 1, 1, 2); err != nil || string(got) != string([]byte{124, 0}) {
		t.Errorf("one channel: %v, %v", got, err)
	}
	for says, c := range map[string][3]int{"2×1 pixels, and the model's pictures have 2×2": {3, 2,
		2}, "have 2 channels": {2, 1, 2}, "and is no enlargement of one with 1×1": {1, 1, 1}} {
		name := path
		if c == [3]int{1, 1, 1} {
			square := image.NewGray(image.Rect(0, 0, 2, 2))
			square.Pix[3] = 1
			name = writeImage(t, "square.png", square)
		}
		if _, err := readPixels(name, c[0], c[1], c[2]); err == nil ||
			!strings.Contains(err.Error(), says) {
			t.Errorf("%v: error %v, want %q", c, err, says)
		}
	}
}

func TestMistakesInEditing(t *testing.T) {
	first := filepath.Join(t.TempDir(), "first.png")
	must(t, "-weights", small, "-steps", "1", "-o", first)
	black := writeImage(t, "black.png", image.NewGray(image.Rect(0, 0, 28, 28)))
	wide := writeImage(t, "wide.png", image.NewGray(image.Rect(0, 0, 29, 28)))
	text := filepath.Join(t.TempDir(), "text.png")
	if err := os.WriteFile(text, []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says string
		args []string
	}{
		{"there is no picture nowhere.png", []string{"-image", "nowhere.png"}},
		{"text.png is no PNG", []string{"-image", text}},
		{"wide.png has 29×28 pixels", []string{"-image", wide}},
		{"wide.png has 29×28 pixels", []string{"-image", first, "-mask", wide}},
		{"the mask is empty", []string{"-image", first, "-mask", black}},
		{"mask needs image", []string{"-mask", half(t)}},
		{`strength is "0"`, []string{"-image", first, "-strength", "0"}},
		{`strength is "1.5"`, []string{"-image", first, "-strength", "1.5"}},
		{"with steps=1 that leaves no step to do", []string{"-image", first, "-steps", "1"}},
		{"and the one that was given is",
			[]string{"-image", black, "-recipe", "image=0123456789abcdef"}},
		{"has to be given with it", []string{"-recipe", "image=0123456789abcdef"}},
		{"invert needs image", []string{"-invert", "none"}},
		{"the model has no classes", []string{"-image", first, "-invert", "7"}},
		{"n must be 2 or more", []string{"-to", "3", "-n", "1"}},
	} {
		status, stdout, stderr := call(t, append([]string{"-weights", small}, c.args...)...)
		if status != 1 || stdout != "" || !strings.Contains(stderr, c.says) ||
			strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: status %d, output %q, messages %q; want one sentence with %q",
				c.args, status, stdout, stderr, c.says)
		}
	}
}

// The page makes the same of a pixel: web/files/opened.js is held to this file.
func TestPixelsOfThePage(t *testing.T) {
	type pixel struct {
		RGBA [4]uint8
		Grey uint8
		RGB  [3]uint8
	}
	var cases []pixel
	state := uint32(7)
	for range 300 {
		var p pixel
		for i := range p.RGBA {
			state = state*1664525 + 1013904223
			p.RGBA[i] = uint8(state >> 24)
		}
		if len(cases)%3 != 0 {
			p.RGBA[3] = 255
		}
		c := color.NRGBA{p.RGBA[0], p.RGBA[1], p.RGBA[2], p.RGBA[3]}
		p.Grey = appendPixel(nil, c, 1)[0]
		p.RGB = [3]uint8(appendPixel(nil, c, 3))
		cases = append(cases, p)
	}
	text, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("..", "..", "web", "files", "testdata", "levels.json")
	if fixture.Updates() {
		if err := os.WriteFile(file, append(text, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := os.ReadFile(file); err != nil || string(held) != string(text)+"\n" {
		t.Errorf("%s is not what this package says; go test ./tools/sample -update writes it (%v)",
			file, err)
	}
}
