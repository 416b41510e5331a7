package lessons

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/derive"
)

// Place is an equation of a paper, with the cards that have it.
type Place struct {
	Equation
	Cards []Card
}

// Places lists the numbered equations of the cards, by paper in the order of the course, and by
// number.
func (c *Course) Places() (all []Place) {
	var order []string // of the papers
	for _, l := range c.Lessons {
		for _, card := range l.Cards {
			for _, e := range card.Equations {
				paper, number := numbered(e)
				if number == 0 {
					continue
				}
				if !slices.Contains(order, paper) {
					order = append(order, paper)
				}
				at := slices.IndexFunc(all, func(p Place) bool { return p.Equation == e })
				if at < 0 {
					at = len(all)
					all = append(all, Place{Equation: e})
				}
				all[at].Cards = append(all[at].Cards, card)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Place) int {
		one, first := numbered(a.Equation)
		other, second := numbered(b.Equation)
		return cmp.Or(cmp.Compare(slices.Index(order, one), slices.Index(order, other)),
			cmp.Compare(first, second))
	})
	return all
}

// numbered returns the paper of an equation, and its number or the first of several; 0 without.
func numbered(e Equation) (paper string, number int) {
	paper, text, _ := strings.Cut(e.Name, " ")
	text, _, _ = strings.Cut(text, "–")
	number, _ = strconv.Atoi(text)
	return paper, number
}

// Derivation is one that the page evaluates on a run.
type Derivation struct {
	Name      string
	Address   string // from the folder of the page for teachers
	Equations string // of Luo
}

// Derivations lists those of package derive, on the run of lesson 3.
func (c *Course) Derivations() (all []Derivation) {
	for _, name := range derive.Names() {
		all = append(all, Derivation{
			Name:      name,
			Address:   "../?work&derive=" + name + "&step=10#m=digits&c=7&s=3&k=ddpm&steps=20",
			Equations: ranges(derive.Equations(name)),
		})
	}
	return all
}

// ranges writes rising numbers, and three or more that follow each other as their first and last.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		if last < i+2 {
			last = i
		}
		text := strconv.Itoa(numbers[i])
		if last > i {
			text += "–" + strconv.Itoa(numbers[last])
		}
		parts = append(parts, text)
		i = last + 1
	}
	return strings.Join(parts, ", ")
}
