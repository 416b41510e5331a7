package digits

import (
	"slices"
	"testing"
)

// TestPictures: there are as many of each digit, each with ink and paper, and none that is held out
// is one for training.
func TestPictures(t *testing.T) {
	all, held := Pictures(), HeldOut()
	if len(packed) != (Trained+Held)*Pixels/2 || len(all.Classes) != Trained ||
		len(held.Classes) != Held {
		t.Fatalf("%d bytes, %d digits and %d", len(packed), len(all.Classes), len(held.Classes))
	}
	known := map[string]bool{}
	for i := range Trained {
		known[packed[i*Pixels/2:(i+1)*Pixels/2]] = true
	}
	for i := range Held {
		if at := Trained + i; known[packed[at*Pixels/2:(at+1)*Pixels/2]] {
			t.Errorf("held-out digit %d is one for training", i)
		}
	}
	for _, s := range []Set{all, held} {
		var count [Classes]int
		for i, class := range s.Classes {
			ink := s.Ink[i*Pixels : (i+1)*Pixels]
			count[class]++
			least, most := slices.Min(ink), slices.Max(ink)
			if least != 0 || most < 0.7 || most > 1 {
				t.Errorf("the ink of digit %d is from %v to %v", i, least, most)
			}
		}
		for class, n := range count {
			if n != len(s.Classes)/Classes {
				t.Errorf("%d of %d digits are %d", n, len(s.Classes), class)
			}
		}
	}
}
