package main

import (
	"image"
	"image/png"
	"io"
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
	maskPixels, err := readPicture(mask, no, 1, 28, 28, io.Discard)
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
		if want := "m=mnist28" + c.want + "&by=77942be2.3&h=" + sum[:16]; recipe != want {
			t.Errorf("%v: recipe %q, want %q", c.args, recipe, want)
		}
		again := []string{"-weights", small, "-recipe", recipe, "-image", plain}
		if strings.Contains(recipe, "mask") {
			again = append(again, "-mask", mask)
			before, _ := readPicture(plain, no, 1, 28, 28, io.Discard)
			after, err := readPicture(out, no, 1, 28, 28, io.Discard)
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
			"#" + recipe + "&pixels=" + beside + "&preview=AbC"}} {
			if recipeAgain, sumAgain := must(t, args...); recipeAgain != recipe || sumAgain != sum {
				t.Errorf("%v: again %s %s, want %s %s", args, recipeAgain, sumAgain, recipe, sum)
			}
		}
	}
	// A picture that was saved, or saved again by another program, is a recipe as well.
	last := filepath.Join(folder, "out.png")
	recipe, sum := must(t, "-weights", small, "-recipe", last)
	if text, _ := pngtext.Find(fixture.File(t, last), pngtext.Recipe); recipe != text {
		t.Errorf("of %s the recipe is %s", text, recipe)
	}
	if !strings.HasSuffix(recipe, "&h="+sum[:16]) {
		t.Errorf("%s gives %s", recipe, sum)
	}
	for says, path := range map[string]string{"there is no recipe in": mask,
		"no such file": "no.png"} {
		if status, _, messages := call(t, "-recipe", path); status != 2 ||
			!strings.Contains(messages, says) {
			t.Errorf("%s: status %d, messages %q", path, status, messages)
		}
	}
	recipe, sum = must(t, "-weights", small, "-steps", "2", "-seed", "4", "-to", "5", "-n", "3")
	if want := "m=mnist28&s=4&to=5&n=3&steps=2&by=77942be2.3&h=" + sum[:16]; recipe != want {
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

func TestMistakesInEditing(t *testing.T) {
	first := filepath.Join(t.TempDir(), "first.png")
	must(t, "-weights", small, "-steps", "1", "-o", first)
	black := writeImage(t, "black.png", image.NewGray(image.Rect(0, 0, 28, 28)))
	huge := writeImage(t, "huge.png", image.NewGray(image.Rect(0, 0, 1<<16, 1)))
	heavy := writeImage(t, "heavy.png", image.NewGray(image.Rect(0, 0, 1, 1)))
	if err := os.Truncate(heavy, 257<<20); err != nil {
		t.Fatal(err)
	}
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
		{"huge.png has 65536×1 pixels, and pictures of up to 67 megapixels are read: make it " +
			"smaller first", []string{"-image", huge}},
		{"heavy.png has 257 MB, and pictures of up to 256 MB are read: save it smaller",
			[]string{"-image", first, "-mask", heavy}},
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
