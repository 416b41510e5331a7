package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
)

// packed are marks as the page writes them.
func packed(numbers ...int32) []byte {
	var b []byte
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

func TestReadsADrawing(t *testing.T) {
	numbers := packed(
		10, 20, 30, 40, 0, 0, 100, 50, -1, 0x123456, 0,
		-8, 4, 64, 64, 0, 0, 32, 32, 3, 1, 1,
		0, 0, 16, 16, 0, 0, 16, 16, 0, 0, 0,
		1, 2, 2, 2, 1, 2, 2, 2, 7, 0, 1,
	)
	pixels := make([]byte, 2*2*4*2)
	for i := range pixels {
		pixels[i] = byte(i)
	}
	taken := map[int][]byte{}
	var d drawing
	if err := d.read(0xa0b0c0, image.Pt(2, 2), numbers, pixels, func(place int, rgba []byte) {
		taken[place] = bytes.Clone(rgba)
	}); err != nil {
		t.Fatal(err)
	}
	want := []mark{
		{to: image.Rect(10, 20, 40, 60), within: image.Rect(0, 0, 100, 50), picture: -1,
			colour: color.RGBA{0x12, 0x34, 0x56, 0xff}},
		{to: image.Rect(-8, 4, 56, 68), within: image.Rect(0, 0, 32, 32), picture: 3,
			smooth: true, fresh: true},
		{to: image.Rect(0, 0, 16, 16), within: image.Rect(0, 0, 16, 16)},
		{to: image.Rect(1, 2, 3, 4), within: image.Rect(1, 2, 3, 4), picture: 7, fresh: true},
	}
	if !slices.Equal(d.marks, want) {
		t.Errorf("got %v, want %v", d.marks, want)
	}
	if d.background != (color.RGBA{0xa0, 0xb0, 0xc0, 0xff}) || d.size != image.Pt(2, 2) {
		t.Errorf("got background %v and pictures of %v", d.background, d.size)
	}
	if len(taken) != 2 || !bytes.Equal(taken[3], pixels[:16]) ||
		!bytes.Equal(taken[7], pixels[16:]) {
		t.Errorf("took %v", taken)
	}
}

// What is wrong with a drawing is said, and the last one stays.
func TestRefusesADrawing(t *testing.T) {
	one := packed(0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 1)
	for _, c := range []struct {
		name            string
		size            image.Point
		numbers, pixels []byte
		want            string
	}{
		{"no size", image.Pt(0, 2), one, nil, "pictures of 1 to 1024 pixels"},
		{"large", image.Pt(2, 1025), one, nil, "pictures of 1 to 1024 pixels"},
		{"cut", image.Pt(2, 2), one[:43], make([]byte, 16), "44 bytes for each"},
		{"many", image.Pt(2, 2), make([]byte, markBytes*(mostMarks+1)), nil, "44 bytes for each"},
		{"far", image.Pt(2, 2), packed(0, 0, 2, 2, 0, 0, 2, 2, 4096, 0, 0), nil, "below 4096"},
		{"few pixels", image.Pt(2, 2), one, make([]byte, 15), "not those of the new pictures"},
		{"many pixels", image.Pt(2, 2), one, make([]byte, 17), "not those of the new pictures"},
	} {
		d := drawing{marks: []mark{{picture: 5}}}
		took := func(int, []byte) { t.Errorf("%s: a picture was taken", c.name) }
		err := d.read(0, c.size, c.numbers, c.pixels, took)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if len(d.marks) != 1 || d.size != (image.Point{}) {
			t.Errorf("%s: the last drawing did not stay: %v", c.name, d)
		}
	}
}

func TestAppendEdged(t *testing.T) {
	rgba := []byte{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4}
	var got []byte
	for i, v := range appendEdged(nil, rgba, image.Pt(2, 2)) {
		if i%4 == 0 {
			got = append(got, v)
		}
	}
	if want := []byte{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}; !bytes.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
