package keys

import (
	"slices"

	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// Painted returns a recipe's text with a painting as its data. With a second colour the recipe
// draws points of all classes, so that both are seen. A class that is not in the painting is left
// out, and so is guidance where there is no class. An empty canvas is refused.
func Painted(text string, c *plane.Canvas) (string, error) {
	pairs, err := recipe.Pairs(text)
	if err != nil {
		return "", err
	}
	used := c.Used()
	if len(used) == 0 {
		return "", solver.Refuse("paint", sentence(plane.ErrEmpty))
	}
	values := map[string]string{}
	for _, p := range pairs {
		values[p[0]] = p[1]
	}
	class := values["c"]
	before, err := plane.ParseCanvas(values["paint"])
	switch {
	case len(used) < 2:
		class = ""
	case err != nil || len(before.Used()) < 2, class != "" && class != classNone &&
		!slices.Contains(used, class):
		class = classAll
	}
	for _, wish := range []struct {
		class string
		drop  []string
	}{{class, nil}, {"", nil}, {"", []string{"cg", "csteps", "g", "drop"}}} {
		var s Settings
		if s, err = Parse(painting(pairs, c.String(), wish.class, wish.drop)); err == nil {
			return s.String(), nil
		}
	}
	return "", err
}

// painting returns the text of a recipe with another painting and class, and without some keys.
func painting(pairs [][2]string, canvas, class string, drop []string) string {
	b := recipe.AppendPair(nil, "d", plane.PaintedData)
	b = recipe.AppendPair(b, "paint", canvas)
	for _, p := range pairs {
		if !slices.Contains([]string{"d", "paint", "gauss", "h", "c"}, p[0]) &&
			!slices.Contains(drop, p[0]) {
			b = recipe.AppendPair(b, p[0], p[1])
		}
	}
	if class != "" {
		b = recipe.AppendPair(b, "c", class)
	}
	return string(b)
}
