package protocol

import (
	"slices"
	"testing"
)

// TestForward noises a picture, alone and in two shares, and then begins a run
// from one of its states.
func TestForward(t *testing.T) {
	const recipe = "m=toy&n=3&s=4&steps=8"
	image := []byte{0, 40, 90, 128, 200, 255}
	k := newTalk(t)
	all, last := k.shown(t, Forward{ID: 1, Recipe: recipe, Image: image})
	if _, ok := last.(Part); !ok || len(all) != 3*9 {
		t.Fatalf("%d pictures and %+v", len(all), last)
	}
	for i, step := range all {
		if step.Step != i/3+1 || step.Steps != 9 || step.Image != i%3 || step.Images != 3 {
			t.Errorf("picture %d is %+v", i, step)
		}
		if i < 3 && (!slices.Equal(step.Xt, image) || !slices.Equal(step.X0, image) ||
			step.T != -1 || step.AlphaBar != 1 || step.Largest != 0) {
			t.Errorf("the first state is not the picture: %+v", step)
		}
		if i >= 3 && (step.AlphaBar >= all[i-3].AlphaBar || step.T <= all[i-3].T) {
			t.Errorf("state %d is less noisy than the one before", step.Step)
		}
	}
	for share := range 2 {
		part, _ := newTalk(t).shown(t,
			Forward{ID: 1, Recipe: recipe, Image: image, Share: share, Of: 2})
		for _, step := range part {
			unchanged(t, "a share", []Step{step}, []Step{all[3*(step.Step-1)+step.Image]})
		}
	}
	// By the chain only the pictures after the first are others, in the same noise levels.
	chain, _ := k.shown(t, Forward{ID: 1, Recipe: recipe, Image: image, Chain: true})
	for i, step := range chain {
		same := slices.Equal(step.Xt, all[i].Xt)
		if same != (i < 3 || i%3 == 0) || step.AlphaBar != all[i].AlphaBar ||
			(step.StdDev > 0) != (i >= 3) || step.Mean == 0 && i >= 3 {
			t.Errorf("by the chain picture %d is %+v", i, step)
		}
	}
	back, last := k.shown(t, Run{ID: 2, Recipe: recipe + "&strength=0.5625", Image: image})
	if _, ok := last.(Done); !ok || len(back) != 3*4 {
		t.Fatalf("from the fourth state there are %d pictures, and %+v", len(back), last)
	}
	// What the network sees in the state that the run begins from is what it saw there.
	for i := range 3 {
		if there := all[3*4+i]; back[i].T != there.T || !slices.Equal(back[i].X0, there.X0) {
			t.Errorf("picture %d begins at timestep %d, want %d, or sees something else",
				i, back[i].T, there.T)
		}
	}
	k.said = nil
	k.session.Receive(Forward{ID: 3, Recipe: recipe, Image: image[:5]})
	k.session.Receive(Forward{ID: 4, Recipe: "m=toy&steps=0", Image: image})
	k.session.Receive(Forward{ID: 5, Recipe: recipe})
	k.expect("failed 3  the picture has 5 bytes but the model toy makes pictures of 6",
		"failed 4 steps steps is \"0\" but must be a whole number from 1 to the model's number "+
			"of timesteps",
		"failed 5  the picture has 0 bytes but the model toy makes pictures of 6")
}
