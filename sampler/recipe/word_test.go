package recipe

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/solver"
)

func TestWords(t *testing.T) {
	letters := wordInfo("A", "B", "c", "É", "2")
	for _, c := range []struct {
		recipe, want string
		labels       []int
		columns      int
	}{
		{"w=ABBA", "m=toy&w=ABBA", []int{0, 1, 1, 0}, 4},
		{"w=abC2", "m=toy&w=ABc2", []int{0, 1, 2, 4}, 4},
		{"w=%C3%A9", "m=toy&w=%C3%89", []int{3}, 1},
		{"w=AB&n=5&c=none", "m=toy&w=AB&n=5", []int{0, 1, 0, 1, 0}, 2},
		{"w=ABc&n=2", "m=toy&w=ABc&n=2", []int{0, 1}, 2},
		{"w=AB&n=2", "m=toy&w=AB", []int{0, 1}, 2},
		{"c=all", "m=toy&c=all", []int{0, 1, 2, 3, 4}, 0},
	} {
		r := parsed(t, "m=toy&"+c.recipe)
		s, err := Resolve(r, letters)
		if err != nil {
			t.Errorf("%s: %v", c.recipe, err)
			continue
		}
		if got := s.Recipe().String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.recipe, got, c.want)
		}
		if !slices.Equal(s.Labels, c.labels) || s.Columns() != c.columns {
			t.Errorf("%s: labels %v in %d columns, want %v in %d", c.recipe, s.Labels, s.Columns(),
				c.labels, c.columns)
		}
		again, err := Resolve(s.Recipe(), letters)
		if err != nil || again.Recipe() != s.Recipe() {
			t.Errorf("%s: read again it is %v, %v", c.want, again.Recipe(), err)
		}
	}
	for _, c := range []struct {
		recipe, says string
		info         Info
	}{
		{"w=AXB", `w is "AXB" but "X" is none of the model's classes: A, B, c`, letters},
		{"w=A B", `but " " is none`, letters},
		{"w=A&c=B", `c must be none or left out, but c is "B"`, letters},
		{"w=A", "it has none", wordInfo()},
	} {
		r := parsed(t, "m=toy&"+c.recipe)
		_, err := Resolve(r, c.info)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != "w" || !strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: error %v, want %q at w", c.recipe, err, c.says)
		}
	}
	if _, err := Parse("w=" + strings.Repeat("A", 65)); err == nil ||
		!strings.Contains(err.Error(), "up to 64 letters") {
		t.Errorf("65 letters: %v", err)
	}
}

func wordInfo(classes ...string) Info {
	info := testInfo()
	info.Name, info.Classes = "toy", classes
	return info
}
