package picture

import (
	"slices"
	"testing"
)

// TestLight: it is the edge that says whether a picture is dark on light.
func TestLight(t *testing.T) {
	dark := make([]byte, 25)
	light := slices.Repeat([]byte{255}, 25)
	light[12] = 0
	edge := slices.Repeat([]byte{128}, 25)
	for i, c := range []struct {
		pixels []byte
		want   bool
	}{{dark, false}, {light, true}, {edge, false}} {
		if got := Light(c.pixels, 5, 5); got != c.want {
			t.Errorf("picture %d: %v, want %v", i, got, c.want)
		}
	}
	Invert(light)
	if Light(light, 5, 5) || light[12] != 255 {
		t.Errorf("inverted it is %v", light)
	}
}
