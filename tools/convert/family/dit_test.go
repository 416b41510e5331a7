package family

import (
	"fmt"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

const (
	ditBound    = 1e-5
	blockStride = 13 // of the blocks' numbers that are stored
)

// ditConfigOf is the config.json of a network of diffusers.
func ditConfigOf(t *testing.T) string {
	return string(fixture.File(t, "testdata/dit-diffusers-old/config.json"))
}

// TestDiT holds the networks to their authors' code at commit ed81ce2, and to diffusers 0.31.
func TestDiT(t *testing.T) {
	latent := record(t, "dit-latent", Settings{Heads: 4})
	latent.check(t, "output", ditBound, nil)
	latent.checkBlocks(t, blockStride, ditBound)
	if latent.graph.Guided != 3 || latent.graph.Classes != 10 {
		t.Errorf("%d channels are guided, by %d classes", latent.graph.Guided,
			latent.graph.Classes)
	}
	old := record(t, "dit-diffusers-old", Settings{Config: ditConfigOf(t)})
	old.check(t, "output", ditBound, nil)
	if old.graph.Guided != 0 || len(old.network.Notes) != 0 {
		t.Errorf("%d channels are guided; %q", old.graph.Guided, old.network.Notes)
	}
}

// TestDiTAssumes: what is taken where neither file nor command line says it.
func TestDiTAssumes(t *testing.T) {
	r := record(t, "dit-latent", Settings{})
	notes := fmt.Sprint(r.network.Notes)
	for _, want := range []string{"took the number of attention's heads to be 1",
		"took the last of the table's 11 rows to stand for no class"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes %q do not say %q", notes, want)
		}
	}
	if eleven := record(t, "dit-latent", Settings{Heads: 4, ClassCount: 11}); len(
		eleven.network.Notes) != 0 || eleven.graph.Classes != 11 ||
		eleven.network.Sampling != `{"guidance":1}` || r.network.Sampling != "" {
		t.Errorf("%d classes with the notes %q", eleven.graph.Classes, eleven.network.Notes)
	}
}

// TestDiTRefused: every refusal says what is wrong.
func TestDiTRefused(t *testing.T) {
	config := func(from, to string) Settings {
		return Settings{Config: strings.Replace(ditConfigOf(t), from, to, 1)}
	}
	for _, c := range []struct {
		name, want string
		settings   Settings
		change     map[string][]int // tensors of other shapes; nil takes one away
	}{
		{"dit-latent", "say how many there are with -heads", Settings{Heads: 5}, nil},
		{"dit-latent", "-size 16×16 does not fit the network, whose pictures are of 8×8",
			Settings{Height: 16, Width: 16}, nil},
		{"dit-latent", "which are no table of positions and no patches", Settings{},
			map[string][]int{"pos_embed": {16, 64}}},
		{"dit-latent", "-classes gives 5 names, and the network's class table has 11 rows",
			Settings{Heads: 4, ClassCount: 5}, nil},
		{"dit-latent", "has 100 outputs, and 384 are wanted", Settings{Heads: 4},
			map[string][]int{"blocks.0.adaLN_modulation.1.weight": {100, 64}}},
		{"dit-latent", "30 outputs, which are no patches of 2×2", Settings{Heads: 4},
			map[string][]int{"final_layer.linear.weight": {30, 64}}},
		{"dit-latent", "there is no tensor blocks.1.mlp.fc2.weight", Settings{Heads: 4},
			map[string][]int{"blocks.1.mlp.fc2.weight": nil}},
		{"dit-diffusers-old", "name their side with -size", Settings{Heads: 3}, nil},
		{"dit-diffusers-old", "multiples of 4", Settings{Height: 15, Width: 16, Heads: 3}, nil},
		{"dit-diffusers-old", `activation_fn "geglu", and only "gelu-approximate"`,
			config("gelu-approximate", "geglu"), nil},
		{"dit-diffusers-old", `caption_channels 8, which is not known here`,
			config(`"caption_channels": null`, `"caption_channels": 8`), nil},
		{"dit-diffusers-old", `rope true, which is not known here`,
			config(`"dropout"`, `"rope": true, "dropout"`), nil},
		{"dit-diffusers-old", "config.json could not be read", Settings{Config: "{"}, nil},
		{"dit-diffusers-old", "config.json could not be read", config(`"sample_size": 16`,
			`"sample_size": "16"`), nil},
	} {
		c.settings.refused(t, c.name, c.want, c.change)
	}
}

// refused builds a network of testdata with other tensors, and wants an error.
func (o Settings) refused(t *testing.T, name, want string, change map[string][]int) {
	t.Helper()
	state := fixture.Weights(t, "testdata/"+name+"/state.safetensors.gz").Tensors
	var list []weights.Tensor
	for _, x := range state {
		shape, changed := change[x.Name]
		if changed && shape == nil {
			continue
		}
		if changed {
			x = weights.Tensor{Name: x.Name, DType: weights.F32, Shape: shape}
		}
		list = append(list, x)
	}
	s := NewState(list)
	f := Recognise(s)
	if f == nil {
		t.Errorf("%s: not recognised, want %q", name, want)
		return
	}
	if _, err := f.Build(s, o); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: got %v, want %q", name, err, want)
	}
}
