package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"

	"tweedie/sampler/picture"
)

// maxScale bounds -scale: 64 pictures of 64×64 at 32 make a PNG of 16,000×16,000.
const maxScale = 32

// keyword names the text chunk that holds the recipe.
const keyword = "tweedie"

// padding is the width of the lines between pictures in a grid, and background their grey.
const (
	padding    = 2
	background = 128
)

// writePNG writes pictures, interleaved [H,W,C] each, to a PNG: alone or in a grid of so many
// columns (0: near-square), enlarged, with the recipe in a text chunk.
func writePNG(path string, pictures [][]byte, columns, c, h, w, scale int, recipe string) error {
	g := picture.NewGrid(len(pictures), columns, w, h, padding)
	pixels := make([]byte, g.Width*g.Height*c)
	g.Draw(pixels, pictures, c, background)
	pixels = picture.Enlarge(pixels, c, g.Height, g.Width, scale)
	bounds := image.Rect(0, 0, g.Width*scale, g.Height*scale)
	var img image.Image
	if c == 1 {
		img = &image.Gray{Pix: pixels, Stride: bounds.Dx(), Rect: bounds}
	} else {
		img = opaque(pixels, bounds)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, img); err != nil {
		return err
	}
	withText, err := insertText(encoded.Bytes(), keyword, recipe)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, withText, 0o644); err != nil {
		return fmt.Errorf("the PNG could not be written: %w", err)
	}
	return nil
}

// opaque gives three channels a fourth; the encoder leaves it out again.
func opaque(rgb []byte, bounds image.Rectangle) *image.NRGBA {
	img := image.NewNRGBA(bounds)
	for i := range len(rgb) / 3 {
		copy(img.Pix[4*i:], rgb[3*i:3*i+3])
		img.Pix[4*i+3] = 255
	}
	return img
}

// headerEnd is where a PNG's signature and its first chunk, IHDR with 13 bytes, end.
const headerEnd = 8 + 4 + 4 + 13 + 4

// insertText puts a tEXt chunk (PNG specification, 11.3.3.2) after a PNG's header. The text must be Latin-1; recipes are ASCII.
func insertText(file []byte, key, text string) ([]byte, error) {
	if len(file) < headerEnd || string(file[12:16]) != "IHDR" {
		return nil, errors.New("the encoder's PNG does not begin with its header")
	}
	body := append([]byte("tEXt"+key+"\x00"), text...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	out := append([]byte(nil), file[:headerEnd]...)
	return append(append(out, chunk...), file[headerEnd:]...), nil
}
