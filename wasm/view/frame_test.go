package view

import (
	"bytes"
	"testing"
)

// Each view shows its own plane, and the score that of the noise.
func TestPicture(t *testing.T) {
	s := begin(t, 1000, digits)
	add(t, s, 3, 2)
	add(t, s, 4, 2)
	for _, step := range []int{4, 3} {
		s.Show(step)
		for view, kind := range map[View]int{Xt: 0, X0: 1, Epsilon: 2, Score: 2, Change: 3} {
			got, want := s.Picture(view, 2), filled(digits, step, 2, kind)
			if !bytes.Equal(got, want) {
				t.Errorf("step %d, view %d: %v, want %v", step, view, got, want)
			}
		}
	}
	for _, view := range []View{-1, Views} {
		if got := s.Picture(view, 2); got != nil {
			t.Errorf("view %d shows %v", view, got)
		}
	}
}

func TestAppendRGBA(t *testing.T) {
	for _, c := range []struct {
		view     View
		in       []byte
		channels int
		want     []byte
	}{
		{Xt, []byte{1, 200}, 1, []byte{9, 1, 1, 1, 255, 200, 200, 200, 255}},
		{X0, []byte{1, 2, 3, 4, 5, 6}, 3, []byte{9, 1, 2, 3, 255, 4, 5, 6, 255}},
		{X0, nil, 3, []byte{9}},
		{Epsilon, []byte{0, 255}, 1, []byte{9, 0x5f, 0xb4, 0xff, 255, 0xff, 0xb2, 0x4a, 255}},
		{Score, []byte{0, 255}, 1, []byte{9, 0xff, 0xb2, 0x4a, 255, 0x5f, 0xb4, 0xff, 255}},
		{Change, []byte{127, 128}, 1, []byte{9, 0x12, 0x16, 0x1c, 255, 0x13, 0x16, 0x1b, 255}},
		{Change, []byte{1, 2, 3}, 3, []byte{9, 1, 2, 3, 255}},
		{Score, []byte{1, 2, 3}, 3, []byte{9, 254, 253, 252, 255}},
	} {
		if got := c.view.AppendRGBA([]byte{9}, c.in, c.channels); !bytes.Equal(got, c.want) {
			t.Errorf("view %d of %v with %d channels: %v, want %v",
				c.view, c.in, c.channels, got, c.want)
		}
	}
}

func TestAppendDifference(t *testing.T) {
	got := AppendDifference([]byte{9}, []byte{0, 255, 7, 3}, []byte{255, 0, 7, 5})
	if want := []byte{9, 255, 255, 0, 2}; !bytes.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
