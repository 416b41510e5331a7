// Gen writes digits.bin of package digits from the data set of glyphs.
//
//	go run ./gen GLYPHS.npz
//
// GLYPHS.npz is made by tools/train/prepare_glyphs.py from the typefaces that
// weights/glyphs-typefaces.txt lists. Of every typeface's style it has each glyph four times: as it
// is, and three times bent a little. A style that is too faint for so few pixels is left out. Of
// the others for training as many as are needed are taken, as far apart as they lie in the list,
// each in the next of the four renderings; of the held-out ones likewise.
package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"

	"tweedie/sampler/lab/digits"
)

// What prepare_glyphs.py writes.
const (
	side    = 32
	glyphs  = 36
	first   = 26  // the glyph 0
	drawn   = 4   // renderings of a glyph for training
	strong  = 200 // a digit has a pixel with as much ink, of 255
	classes = digits.Classes
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./gen GLYPHS.npz")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(source string) error {
	var out []byte
	for _, part := range []struct {
		name          string
		drawn, wanted int
	}{{"x_train.npy", drawn, digits.Trained}, {"x_test.npy", 1, digits.Held}} {
		x, err := array(source, part.name)
		if err != nil {
			return err
		}
		size := glyphs * part.drawn * side * side
		var styles [][]byte // [classes][Pixels] of each
		for n := range len(x) / size {
			style, faintest := []byte(nil), byte(255)
			for class := range classes {
				at := n*size + ((first+class)*part.drawn+n%part.drawn)*side*side
				small := shrink(x[at : at+side*side])
				style, faintest = append(style, small...), min(faintest, slices.Max(small))
			}
			if faintest >= strong {
				styles = append(styles, style)
			}
		}
		wanted := part.wanted / classes
		if len(styles) < wanted {
			return fmt.Errorf("%s has %d styles of %s, and %d are needed", source, len(styles),
				part.name, wanted)
		}
		for i := range wanted {
			out = append(out, pack(styles[i*len(styles)/wanted])...)
		}
	}
	return os.WriteFile("digits.bin", out, 0o644)
}

// array returns the bytes of an array of an .npz file.
func array(source, name string) ([]byte, error) {
	z, err := zip.OpenReader(source)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	_, values, ok := bytes.Cut(b, []byte("\n"))
	if !ok || !bytes.HasPrefix(b, []byte("\x93NUMPY")) ||
		!bytes.Contains(b[:128], []byte("'|u1'")) {
		return nil, fmt.Errorf("%s of %s is no array of bytes", name, source)
	}
	return values, nil
}

// The middle of a glyph, middle by middle pixels, becomes digits.Side by digits.Side.
const middle = 28

// shrink returns the means of the middle's ink over squares of middle/digits.Side pixels.
func shrink(glyph []byte) []byte {
	const n, edge = digits.Side, (side - middle) / 2
	small := make([]byte, n*n)
	for y := range n {
		for x := range n {
			sum := 0
			for j := y * middle; j < (y+1)*middle; j++ { // in parts of a pixel, n to each side
				for i := x * middle; i < (x+1)*middle; i++ {
					sum += int(glyph[(edge+j/n)*side+edge+i/n])
				}
			}
			small[y*n+x] = byte((sum + middle*middle/2) / (middle * middle))
		}
	}
	return small
}

// pack returns pixels as package digits has them.
func pack(pixels []byte) []byte {
	level := func(v byte) byte { return byte((int(v)*(digits.Levels-1) + 127) / 255) }
	out := make([]byte, len(pixels)/2)
	for i := range out {
		out[i] = level(pixels[2*i])<<4 | level(pixels[2*i+1])
	}
	return out
}
