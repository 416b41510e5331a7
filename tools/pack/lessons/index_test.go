package lessons

import (
	"slices"
	"testing"
)

// TestPlaces: every equation once, by paper and number, with all cards that have it.
func TestPlaces(t *testing.T) {
	card := func(id string, names ...string) Card {
		c := Card{ID: id}
		for _, name := range names {
			c.Equations = append(c.Equations, Equation{Name: name})
		}
		return c
	}
	course := Course{Lessons: []Lesson{
		{Number: 1, Cards: []Card{card("1.1", "Luo 70", "DDPM 4"),
			card("1.2", "Luo 61–70", "LCM")}},
		{Number: 2, Cards: []Card{card("2.1", "Luo 9", "DDPM 4", "Luo 70")}},
	}}
	var got []string
	for _, p := range course.Places() {
		text := p.Name + ":"
		for _, c := range p.Cards {
			text += " " + c.ID
		}
		got = append(got, text)
	}
	want := []string{"Luo 9: 2.1", "Luo 61–70: 1.2", "Luo 70: 1.1 2.1", "DDPM 4: 1.1 2.1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		numbers []int
		want    string
	}{
		{nil, ""}, {[]int{3}, "3"}, {[]int{3, 4}, "3, 4"}, {[]int{3, 4, 5}, "3–5"},
		{[]int{1, 3, 4, 5, 7, 8}, "1, 3–5, 7, 8"},
	} {
		if got := ranges(c.numbers); got != c.want {
			t.Errorf("%v: got %q, want %q", c.numbers, got, c.want)
		}
	}
}
