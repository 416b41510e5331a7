package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

// ofChannels writes a weights file of a network for states of c×2×3 that takes half of what it sees
// for noise.
func ofChannels(t *testing.T, c string) (path string) {
	t.Helper()
	f := &weights.File{Metadata: map[string]string{"config": `{"_class_name": "Graph",
		"sample": [` + c + `, 2, 3],
		"nodes": [{"name": "x", "op": "scale", "of": ["sample"], "by": 0.5}]}`}}
	b, err := f.Append(nil)
	path = filepath.Join(t.TempDir(), "latent.safetensors")
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLatents: the channels of a latent are drawn side by side, which is said, and such a picture
// is taken again.
func TestLatents(t *testing.T) {
	path, out := ofChannels(t, "4"), filepath.Join(t.TempDir(), "out.png")
	status, _, stderr := call(t, "-weights", path, "-steps", "2", "-scale", "2", "-o", out)
	if status != 0 || !strings.Contains(stderr, "The model draws latents: the picture shows their "+
		"4 channels side by side, from −3, black, to 3") {
		t.Fatalf("status %d, %q", status, stderr)
	}
	img, err := png.Decode(bytes.NewReader(fixture.File(t, out)))
	if err != nil {
		t.Fatal(err)
	}
	if _, grey := img.(*image.Gray); !grey || img.Bounds() != image.Rect(0, 0, 24, 4) {
		t.Errorf("the picture is a %T of %v", img, img.Bounds())
	}
	must(t, "-weights", path, "-steps", "2", "-image", out, "-strength", "0.5")
	status, _, stderr = call(t, "-weights", path, "-steps", "2", "-bound", out)
	if status == 0 || !strings.Contains(stderr, "the model draws latents") {
		t.Errorf("the likelihood of a latent: status %d, %q", status, stderr)
	}
	status, _, stderr = call(t, "-weights", ofChannels(t, "2"), "-steps", "2", "-o", out)
	if status == 0 || !strings.Contains(stderr, "have 2 channels, and a PNG 1 or 3") {
		t.Errorf("two channels: status %d, %q", status, stderr)
	}
}
