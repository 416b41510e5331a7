package sampler

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

func TestUnusableEdits(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	flow, x0 := info, info
	var err error
	if flow.Scheduler,
		err = schedule.ParseConfig(
		[]byte(`{"_class_name": "FlowMatchEulerDiscreteScheduler"}`)); err != nil {
		t.Fatal(err)
	}
	x0.Scheduler.PredictionType = schedule.Sample
	whole := drawn()
	bare, other, small, empty, tall := whole, whole, whole, whole, whole
	bare.Mask, other.Mask, small.Mask, tall.Mask = nil, nil, nil, make([]byte, 13)
	other.Image = slices.Clone(other.Image)
	other.Image[3]++
	small.Image = small.Image[:23]
	empty.Mask = slices.Repeat([]byte{recipe.MaskThreshold - 1}, 12)
	image, mask := "&image="+picture.Hash(whole.Image), "&mask="+maskName(t, whole)
	cases := []struct {
		text, key, says string
		in              recipe.Inputs
		info            recipe.Info
	}{
		{"strength=0", "strength", "strength is \"0\" but must be a number above 0 and up to 1",
			bare, info},
		{"strength=1.01", "strength", "above 0 and up to 1", bare, info},
		{"strength=-0.5", "strength", "above 0 and up to 1", bare, info},
		{"resample=0" + image, "resample", "a whole number from 1 to 100", bare, info},
		{"image=12", "image", "must be 16 hexadecimal digits", bare, info},
		{"invert=five" + image, "invert",
			"invert is \"five\" but must be none, one of the names one, two, three", bare, info},
		{"invert=all" + image, "invert", "must be none, one of", bare, info},
		{"invert=two", "invert", "invert needs image", recipe.Inputs{}, info},
		{mask[1:], "mask", "mask needs image", recipe.Inputs{}, info},
		{"invert=two" + image + mask, "invert", "leave one of them out", whole, info},
		{"plane=3", "plane", "two or three seeds", recipe.Inputs{}, info},
		{"plane=3,4,5,6", "plane", "two or three seeds", recipe.Inputs{}, info},
		{"plane=3,x", "plane", "two or three seeds", recipe.Inputs{}, info},
		{"s=7&plane=3,7", "plane", "a seed twice", recipe.Inputs{}, info},
		{"plane=3,4,3", "plane", "a seed twice", recipe.Inputs{}, info},
		{"plane=3,4&to=5", "plane", "leave one of them out", recipe.Inputs{}, info},
		{"plane=3,4&n=8", "n", "must be 4, 9, 16", recipe.Inputs{}, info},
		{"plane=3,4&n=1", "n", "or at must say a place", recipe.Inputs{}, info},
		{"at=0.5,0.5", "at", "at needs plane", recipe.Inputs{}, info},
		{"plane=3,4&at=0.5", "at", "two numbers from 0 to 1", recipe.Inputs{}, info},
		{"plane=3,4&at=0.5,1.5", "at", "two numbers from 0 to 1", recipe.Inputs{}, info},
		{"plane=3,4&at=-0.1,1", "at", "two numbers from 0 to 1", recipe.Inputs{}, info},
		{"plane=3,4&at=NaN,1", "at", "two numbers from 0 to 1", recipe.Inputs{}, info},
		{"to=3&n=1", "to", "n must be 2 or more", recipe.Inputs{}, info},
		{image[1:], "image", "the recipe begins with the image " + picture.Hash(whole.Image) +
			", which has to be given with it", recipe.Inputs{}, info},
		{image[1:] + mask, "mask", "which has to be given with it", bare, info},
		{image[1:], "image", "and the one that was given is " + picture.Hash(other.Image), other,
			info},
		{"", "image", "write image=" + picture.Hash(whole.Image), bare, info},
		{image[1:], "mask", "write mask=" + maskName(t, whole), whole, info},
		{image[1:], "image", "the image has 23 values but a model of 3×4 pixels with 2 channels " +
			"needs 24", small, info},
		{image[1:] + mask, "mask", "the mask has 13 values but a mask of 3×4 pixels needs 12", tall,
			info},
		{image[1:] + "&mask=" + maskName(t, empty), "mask", "the mask is empty", empty, info},
		{image[1:] + "&steps=1", "strength",
			"strength is 0.8 but with steps=1 that leaves no step to do", bare, info},
		{image[1:] + "&steps=10&strength=0.09", "strength", "with steps=10 that leaves no step",
			bare, info},
		{image[1:] + mask + "&steps=10&resample=2&jump=10", "jump",
			"jump is 10 but must be below the number of steps that are taken, 10", whole, info},
		{image[1:] + mask + "&steps=1&resample=2", "jump", "steps that are taken, 1", whole, info},
		// 99,901 steps are allowed
		{image[1:] + mask + "&steps=1000&resample=100&jump=1", "", "", whole, info},
		{image[1:] + mask + "&k=dpm_adaptive", "k", "whose noise levels are not known in advance",
			whole, info},
		{image[1:] + "&invert=none&k=euler", "invert", "only by a network with training timesteps",
			bare, flow},
		{image[1:] + "&invert=none", "invert", "a network that predicts x̂0 alone", bare, x0},
	}
	for _, c := range cases {
		r, err := recipe.Parse("m=test&" + c.text)
		if err == nil {
			_, err = NewRunFrom(r, c.info, model, c.in)
		}
		var wrong *solver.Error
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		if !errors.As(err, &wrong) || wrong.Key != c.key ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: error %v, want key %q and %q", c.text, err, c.key, c.says)
		}
	}
}
