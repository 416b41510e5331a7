package keys

import (
	"slices"
	"testing"
)

// TestBy: another sampler keeps guidance and has its own defaults for all else; the recipe's keeps
// all, and what does not go together is refused.
func TestBy(t *testing.T) {
	s, err := Parse("d=moons&c=upper&g=3&k=ddim&eta=0.5&clip=none&ssteps=7")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"ddim": s.String(),
		"heun": "d=moons&c=upper&ssteps=7&k=heun&g=3",
	} {
		got, err := s.By(name)
		if err != nil || !sameKeys(got.String(), want) {
			t.Errorf("by %s it is %s, want %s (%v)", name, got, want, err)
		}
	}
	flow, err := Parse("d=moons&schedule=straight")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := flow.By("dpm"); err == nil {
		t.Error("a rectified flow is drawn by dpm")
	}
	if names := flow.Samplers(); slices.Contains(names, "dpm") || !slices.Contains(names, "euler") {
		t.Errorf("a rectified flow is drawn by %v", names)
	}
}

// sameKeys compares recipes in any order of their keys.
func sameKeys(one, other string) bool {
	a, err := Parse(one)
	b, wrong := Parse(other)
	return err == nil && wrong == nil && a.String() == b.String()
}
