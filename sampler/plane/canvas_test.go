package plane

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestCanvasText(t *testing.T) {
	var full, tail Canvas
	for i := range full {
		full[i] = Cell{Level: 15, Colour: 3}
	}
	tail[len(tail)-1] = Cell{Level: 1}
	for _, c := range []struct {
		canvas Canvas
		want   string
	}{
		{Canvas{}, ""},
		{Canvas{{Level: 1}}, "B"},
		{Canvas{{Level: 15}, {}, {Level: 2, Colour: 1}}, "PAR"},
		{Canvas{{Level: 1}, {Level: 1}, {Level: 1}}, "BBB"},
		{Canvas{{Level: 1}, {Level: 1}, {Level: 1}, {Level: 1}, {}, {Level: 3}}, "B9BAD"},
		{full, "8" + strings.Repeat("9_", 15) + "9u"},
		{tail, "A" + strings.Repeat("9_", 15) + "9tB"},
	} {
		got := c.canvas.String()
		if got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
		if back, err := ParseCanvas(got); err != nil || *back != c.canvas {
			t.Errorf("%s is read as another canvas, %v", got, err)
		}
	}
	if long, err := ParseCanvas("BBBBB9AAAA"); err != nil || long.String() != "B9E" {
		t.Errorf("the shortest text of seven cells is %q, %v", long.String(), err)
	}
	for _, c := range []struct{ text, says string }{
		{"B+", "character 2"}, {"-", "character 1"}, {"9A", "character 1"}, {"B9", "character 2"},
		{"B9!", "character 2"}, {strings.Repeat("B", 1025), "more than its 1024 cells"},
		{strings.Repeat("B9_", 16), "more than its 1024 cells"},
	} {
		if _, err := ParseCanvas(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.9s: got %v, want %q", c.text, err, c.says)
		}
	}
}

// TestCanvasDistribution: points lie where paint is, as often as there is much of it, with the
// classes of the colours that were used.
func TestCanvasDistribution(t *testing.T) {
	var c Canvas
	c[0] = Cell{Level: 15, Colour: 2}                      // the upper left cell
	c[CanvasSide*CanvasSide-1] = Cell{Level: 5, Colour: 1} // the lower right one
	c[CanvasSide*CanvasSide/2] = Cell{Level: 0, Colour: 3} // no paint is of no colour
	d, err := c.Distribution(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Classes(); !slices.Equal(got, []string{"orange", "green"}) {
		t.Fatalf("the classes are %v", got)
	}
	x, classes := sample(d, 4000, Key{Seed: 1})
	green := 0
	for i, class := range classes {
		a, b := x[2*i], x[2*i+1]
		green += class
		upper := a <= -1+2./CanvasSide && b >= 1-2./CanvasSide
		lower := a >= 1-2./CanvasSide && b <= -1+2./CanvasSide
		if class == 1 && !upper || class == 0 && !lower {
			t.Fatalf("a point of %s is (%v, %v)", d.Classes()[class], a, b)
		}
	}
	if share := float64(green) / 4000; !(math.Abs(share-0.75) < 0.03) {
		t.Errorf("%v of the points are green, want 0.75", share)
	}
	if _, err := new(Canvas).Distribution(Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty canvas: %v", err)
	}
}

func FuzzParseCanvas(f *testing.F) {
	f.Add("B9BAD")
	f.Add("A9_9_PAR8")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCanvas(text)
		if err != nil {
			return
		}
		short := c.String()
		if back, err := ParseCanvas(short); err != nil || *back != *c || len(short) > len(text) {
			t.Errorf("%q is %q, which is read as another canvas, %v", text, short, err)
		}
	})
}
