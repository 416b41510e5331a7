package solver

import "testing"

// TestMenu: the menu has every sampler once, the first ones in one group.
func TestMenu(t *testing.T) {
	seen, group := map[string]bool{}, ""
	for i, k := range Menu() {
		if k.Heading() != group && seen[k.Heading()] {
			t.Errorf("the sampler %s is apart from the others of its group", k.Name)
		}
		group = k.Heading()
		if seen[k.Heading()], seen[k.Name] = true, true; i < 6 && k.Heading() != groupFirst {
			t.Errorf("%s is in the group %s", k.Name, k.Heading())
		}
	}
	for _, name := range Names() {
		if !seen[name] {
			t.Errorf("%s is not in the menu", name)
		}
	}
}
