package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
)

// A drawing comes as numbers of 32 bits, eleven for each mark; web/stage/packed.js
// writes them.
const markBytes = 4 * 11

// The largest number of marks, and the largest side of a picture in pixels: more
// than a stage has, and few enough for memory.
const (
	mostMarks = 4096
	mostSide  = 1024
)

// mark is a rectangle of one colour, or a picture.
type mark struct {
	to, within image.Rectangle // what lies outside of within is cut off
	picture    int             // its place, −1 for none
	colour     color.RGBA
	smooth     bool
	fresh      bool // its pixels come with the drawing
}

// drawing is what the stage shows.
type drawing struct {
	background color.RGBA
	size       image.Point // of each picture
	marks      []mark
	spare      []mark // memory of the drawing before, for the next one
}

// read takes a drawing from its numbers, and gives the pixels of each fresh
// picture, [H,W,RGBA], to take.
func (d *drawing) read(background int, size image.Point, numbers, pixels []byte,
	take func(picture int, rgba []byte)) error {
	if size.X < 1 || size.X > mostSide || size.Y < 1 || size.Y > mostSide {
		return fmt.Errorf("viewer: want pictures of 1 to %d pixels on each side, got %d×%d",
			mostSide, size.X, size.Y)
	}
	if len(numbers)%markBytes != 0 || len(numbers) > mostMarks*markBytes {
		return fmt.Errorf("viewer: want %d bytes for each of at most %d marks, got %d",
			markBytes, mostMarks, len(numbers))
	}
	marks := d.spare[:0]
	fresh := 0
	for ; len(numbers) > 0; numbers = numbers[markBytes:] {
		m := readMark(numbers)
		if m.picture >= mostMarks {
			return fmt.Errorf("viewer: want a picture's place below %d, got %d",
				mostMarks, m.picture)
		}
		if m.fresh {
			fresh++
		}
		marks = append(marks, m)
	}
	bytes := 4 * size.X * size.Y
	if len(pixels) != fresh*bytes {
		return errors.New("viewer: the pixels are not those of the new pictures")
	}
	for _, m := range marks {
		if m.fresh {
			take(m.picture, pixels[:bytes])
			pixels = pixels[bytes:]
		}
	}
	*d = drawing{background: opaque(background), size: size, marks: marks, spare: d.marks}
	return nil
}

// readMark reads the first mark of b.
func readMark(b []byte) mark {
	at := func(i int) int { return int(int32(binary.LittleEndian.Uint32(b[4*i:]))) }
	rectangle := func(i int) image.Rectangle {
		return image.Rect(at(i), at(i+1), at(i)+at(i+2), at(i+1)+at(i+3))
	}
	m := mark{to: rectangle(0), within: rectangle(4), picture: max(at(8), -1)}
	if m.picture < 0 {
		m.colour = opaque(at(9))
		return m
	}
	m.smooth, m.fresh = at(9) != 0, at(10) != 0
	return m
}

// opaque makes a colour of 0xRRGGBB.
func opaque(rgb int) color.RGBA {
	return color.RGBA{R: byte(rgb >> 16), G: byte(rgb >> 8), B: byte(rgb), A: 0xff}
}

// edge is the number of times that the outermost pixels of a picture are
// repeated around it, so that smoothing at the border uses them.
const edge = 1

// appendEdged appends the pixels of a picture with its edge to dst.
func appendEdged(dst, rgba []byte, size image.Point) []byte {
	for y := -edge; y < size.Y+edge; y++ {
		row := rgba[min(max(y, 0), size.Y-1)*size.X*4:][:size.X*4]
		for range edge {
			dst = append(dst, row[:4]...)
		}
		dst = append(dst, row...)
		for range edge {
			dst = append(dst, row[len(row)-4:]...)
		}
	}
	return dst
}
