package family

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
)

// TestDamagedShapes: a file whose tensor has another shape than its family's is refused, or its
// network is built, to be refused when it meets its tensors. It never ends the program.
func TestDamagedShapes(t *testing.T) {
	for name, o := range map[string]Settings{
		"cfm-cifar": {}, "guided-neworder": {Height: 16, Width: 16, HeadWidth: 8},
		"improved-cond": {Height: 16, Width: 16}, "dit-latent": {Heads: 4},
		"dit-diffusers-old":     {Config: ditConfigOf(t)},
		"lucidrains-cfg-ten":    lucidSize,
		"lucidrains-cfg-five":   lucidSize,
		"lucidrains-unet-basic": lucidSize, "lucidrains-unet-learnedsin": lucidSize,
		"lucidrains-unet-selfcond": lucidSize, "mindiffusion-cifar": {},
		"tea-mnist": {}, "tea-rgb": {},
	} {
		state := filepath.Join("testdata", name, "state.safetensors.gz")
		tensors := fixture.Weights(t, state).Tensors
		for i := range tensors {
			whole := tensors[i].Shape
			damaged := [][]int{{}, whole[:max(len(whole)-1, 0)], append(slices.Clone(whole), 1)}
			for d := range whole {
				for _, size := range []int{0, 1} {
					shape := slices.Clone(whole)
					shape[d] = size
					damaged = append(damaged, shape)
				}
			}
			for _, shape := range damaged {
				tensors[i].Shape = shape
				builds(t, fmt.Sprintf("%s, %s as %v", name, tensors[i].Name, shape),
					NewState(slices.Clone(tensors)), o)
			}
			tensors[i].Shape = whole
		}
	}
}

// builds reports a panic of recognising and building.
func builds(t *testing.T, name string, s *State, o Settings) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: %v", name, r)
		}
	}()
	f := Recognise(s)
	if f == nil {
		return
	}
	if n, err := f.Build(s, o); err == nil {
		_, _ = graph.Parse([]byte(n.Config))
	}
}
