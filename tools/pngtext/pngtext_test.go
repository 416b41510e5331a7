package pngtext

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

func TestText(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	const recipe = "m=digits&c=7&by=01234567.1&h=0123456789abcdef"
	file, err := Insert(plain.Bytes(), Recipe, recipe)
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := Find(file, Recipe); !ok || text != recipe {
		t.Errorf("the text is %q, %v", text, ok)
	}
	if img, err := png.Decode(bytes.NewReader(file)); err != nil || img.Bounds().Dx() != 3 {
		t.Errorf("the picture is %v (%v)", img, err)
	}
	if text, ok := Find(plain.Bytes(), Recipe); ok {
		t.Errorf("a plain picture has the text %q", text)
	}
	if text, ok := Find(file, "other"); ok {
		t.Errorf("under another keyword there is %q", text)
	}
	// A text that is not complete does not count, wherever the file was cut or changed.
	for i := range len(file) {
		if _, ok := Find(file[:i], Recipe); ok && i < headerEnd+len(recipe) {
			t.Errorf("the first %d bytes have a text", i)
		}
	}
	changed := bytes.Replace(file, []byte("c=7"), []byte("c=8"), 1)
	if text, ok := Find(changed, Recipe); ok {
		t.Errorf("a text that was changed is %q", text)
	}
	for _, bad := range [][]byte{nil, []byte("no PNG"), plain.Bytes()[:20],
		bytes.Repeat([]byte("GIF89a"), 20)} {
		if _, err := Insert(bad, Recipe, recipe); err == nil {
			t.Errorf("%q takes a text", bad)
		}
	}
}
