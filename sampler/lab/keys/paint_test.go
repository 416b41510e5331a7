package keys

import (
	"strings"
	"testing"

	"tweedie/sampler/plane"
)

// TestPainted: a recipe keeps its keys with a painting, but for those of other data, and draws
// classes from the second colour on.
func TestPainted(t *testing.T) {
	blue, both := new(plane.Canvas), new(plane.Canvas)
	blue[0] = plane.Cell{Level: 1}
	both[0], both[1] = plane.Cell{Level: 1}, plane.Cell{Level: 1, Colour: 1}
	for _, c := range []struct {
		recipe string
		canvas *plane.Canvas
		want   string
	}{
		{"", blue, "d=painted&paint=B"},
		{"d=moons&units=8&steps=300&h=0123456789abcdef", blue,
			"d=painted&paint=B&units=8&steps=300"},
		{"d=mixture&gauss=1,0,0,0.1,0&noise=0.1", blue, "d=painted&paint=B&noise=0.1"},
		{"d=moons&c=upper&g=4", blue, "d=painted&paint=B&g=4"},
		{"d=moons&c=upper&cg=4", blue, "d=painted&paint=B"},
		{"d=moons&c=upper&drop=0&k=ddpm", blue, "d=painted&paint=B&k=ddpm"},
		{"d=moons", both, "d=painted&paint=BQ&c=all"},
		{"d=moons&c=upper&cg=4", both, "d=painted&paint=BQ&c=all&cg=4"},
		{"d=painted&paint=B", both, "d=painted&paint=BQ&c=all"},
		{"d=painted&paint=BQ", both, "d=painted&paint=BQ"}, // somebody chose no class
		{"d=painted&paint=BQB&c=orange", both, "d=painted&paint=BQ&c=orange"},
		{"d=painted&paint=BQf&c=green", both, "d=painted&paint=BQ&c=all"},
		{"d=painted&paint=BQ&c=all", blue, "d=painted&paint=B"},
		{"d=moons&m=vae", both, "d=painted&paint=BQ&m=vae"},
		{"d=moons&drop=1", both, "d=painted&paint=BQ"}, // which allows no class
	} {
		got, err := Painted(c.recipe, c.canvas)
		if err != nil || got != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.recipe, got, err, c.want)
		}
	}
	for _, c := range []struct {
		recipe string
		canvas *plane.Canvas
		says   string
	}{
		{"d=moons", new(plane.Canvas), "paint something first"},
		{"d=moons&d=rings", blue, "twice"}, {"d=moons&units=0", blue, "units"},
	} {
		if got, err := Painted(c.recipe, c.canvas); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %s, %v, want %q", c.recipe, got, err, c.says)
		}
	}
}
