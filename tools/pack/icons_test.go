package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The pictures are those of the drawing, and a mask leaves what matters.
func TestIcons(t *testing.T) {
	svg, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(iconName)))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := icons([]file{{Path: iconName, Data: svg}})
	if err != nil {
		t.Fatal(err)
	}
	sides := map[string]int{"web/icon-180.png": 180, "web/icon-192.png": 192,
		"web/icon-512.png": 512, "web/icon-maskable-512.png": 512}
	for _, f := range drawn {
		img, err := png.Decode(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatal(err)
		}
		side := sides[f.Path]
		delete(sides, f.Path)
		if img.Bounds() != image.Rect(0, 0, side, side) {
			t.Errorf("%s is %v", f.Path, img.Bounds())
		}
		masked := strings.Contains(f.Path, "maskable")
		for y := range side {
			for x := range side {
				dx, dy := float64(2*x+1-side)/float64(2*side), float64(2*y+1-side)/float64(2*side)
				if masked && dx*dx+dy*dy > 0.16 &&
					img.At(x, y) != (color.RGBA{0x0e, 0x10, 0x14, 255}) {
					t.Fatalf("%s: %d, %d lies outside every mask and is %v",
						f.Path, x, y, img.At(x, y))
				}
			}
		}
		if masked {
			continue
		}
		for at, want := range map[image.Point]color.RGBA{
			{0, 0}: {0x0e, 0x10, 0x14, 255}, {7, 7}: {0x0e, 0x10, 0x14, 255},
			{7, 4}:  {255, 255, 255, 255},
			{13, 7}: {0xff, 0xc2, 0x4d, 255}, {2, 12}: {0x3a, 0x41, 0x50, 255},
			{4, 5}: {0x8b, 0x95, 0xa8, 255},
		} {
			if got := img.At((2*at.X+1)*side/32, (2*at.Y+1)*side/32); got != want {
				t.Errorf("%s: pixel %v is %v, want %v", f.Path, at, got, want)
			}
		}
	}
	if len(sides) > 0 {
		t.Errorf("not drawn: %v", sides)
	}
}

func TestIconRefuses(t *testing.T) {
	for _, c := range []struct{ svg, say string }{
		{`<svg/>`, "no paths"},
		{`<path fill="#12" d=""/>`, "#12"},
		{`<path fill="#fff" d="M0 0q1"/>`, "not understood"},
		{`<path fill="#fff" d="M0 0h1.5z"/>`, "not understood"},
		{`<path fill="#fff" d="M0z"/>`, "M0"},
		{`<path fill="#fff" d="M9 0h9z"/>`, "leaves"},
		{`<path fill="#fff" d="M0 0v-1z"/>`, "leaves"},
		{`<path fill="#fff" d="M0 0v99999999999999999999z"/>`, "not understood"},
	} {
		if _, err := icons([]file{{Path: iconName, Data: []byte(c.svg)}}); err == nil ||
			!strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: got %v, want %s", c.svg, err, c.say)
		}
	}
}
