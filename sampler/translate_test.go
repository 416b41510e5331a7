package sampler

import (
	"errors"
	"strings"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// TestReadingKeepsThePicture: with every sampler and option, and a network of each prediction type,
// all four values of `reading` make the same picture as the network's own reading, to one step of 8
// bits, and no step allocates.
func TestReadingKeepsThePicture(t *testing.T) {
	compared, differ := 0, 0
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score} {
		c := schedule.Default()
		c.BetaSchedule, c.PredictionType = "squaredcos_cap_v2", kind
		model, info := testModel(t, c)
		in := drawn()
		for i, text := range append(everyRecipe(), "strength=0.5", "mask", "rescale=0&g=3",
			"clip=none&rederive=on") {
			// one prediction type with all, and some with the others
			if i%4 != len(kind)%4 && kind != schedule.Epsilon {
				continue
			}
			if !strings.HasPrefix(text, "m=") {
				text = "m=test&c=1&" + strings.ReplaceAll(text, "mask", "steps=12")
			}
			inputs := recipe.Inputs{}
			if strings.Contains(text, "strength") {
				inputs = recipe.Inputs{Image: in.Image}
			}
			own := pixelsOf(mustEdit(t, text, inputs, model, info))
			for _, name := range []string{"x0", "epsilon", "v", "score"} {
				run := mustEdit(t, text+"&reading="+name, inputs, model, info)
				written := run.Recipe().Get("reading")
				if (written == "") != (name == solver.ReadingOf(&c)) {
					t.Errorf("%s: of a network that predicts %s the canonical recipe is %s", text,
						kind, run.Recipe())
				}
				for j, got := range pixelsOf(run) {
					compared++
					if d := int(got) - int(own[j]); d != 0 {
						if differ++; (d < -1 || d > 1) && !sensitive(text) {
							t.Fatalf("%s, reading %s of %s: pixel %d is %d, want %d", text, name,
								kind, j, got, own[j])
						}
					}
				}
			}
		}
	}
	t.Logf("%d of %d pixels differ", differ, compared)
	if differ*200 > compared {
		t.Errorf("%d of %d pixels differ", differ, compared)
	}
}

// sensitive reports whether a recipe magnifies roundings: its steps depend on a small difference,
// or it has five hundred steps that do not come together.
func sensitive(recipe string) bool {
	return strings.Contains(recipe, "dpm_adaptive") || strings.Contains(recipe, "rk45") ||
		strings.Contains(recipe, "correct=40")
}

// pixelsOf returns the pixels of all pictures of a finished run.
func pixelsOf(run *Run) []byte {
	var all []byte
	for i := range run.Images() {
		x := run.X(i)
		pixels := make([]byte, len(x))
		picture.Pixels(pixels, x, 1, 1, len(x))
		all = append(all, pixels...)
	}
	return all
}

func TestReadingRefuses(t *testing.T) {
	plain := schedule.Default()
	silent := schedule.Default()
	silent.RescaleBetasZeroSNR, silent.TimestepSpacing, silent.PredictionType = true,
		schedule.Trailing, schedule.V
	flow, err := schedule.ParseConfig([]byte(`{"_class_name": "FlowMatchEulerDiscreteScheduler"}`))
	if err != nil {
		t.Fatal(err)
	}
	in := recipe.Inputs{Image: drawn().Image}
	for _, c := range []struct {
		scheduler    schedule.Config
		recipe, says string
	}{
		{plain, "reading=noise", "must be x0, epsilon, v or score"},
		{silent, "reading=epsilon", "no signal left (rescale_betas_zero_snr), where this reading " +
			"says nothing of the picture; choose the reading x0 or v"},
		{silent, "reading=score&k=euler", "where this reading says nothing"},
		{flow, "reading=v", "has one reading only"},
		{plain, "reading=x0&invert=0", "must be epsilon or v with invert"},
		{plain, "reading=score&invert=0", "must be epsilon or v with invert"},
	} {
		f := &fake{out: 1}
		info := fakeInfo(t, f)
		info.Scheduler, info.Name = c.scheduler, "test"
		r, err := recipe.Parse("m=test&c=1&steps=10&" + c.recipe)
		if err == nil {
			inputs := recipe.Inputs{}
			if strings.Contains(c.recipe, "invert") {
				inputs = recipe.Inputs{Image: make([]byte, len(in.Image))}
				err = inputs.Name(&r)
			}
			if err == nil {
				_, err = NewRunFrom(r, info, f, inputs)
			}
		}
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != "reading" ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: error %v, want one of reading that says %q", c.recipe, err, c.says)
		}
	}
	for _, name := range []string{"x0", "v"} { // without signal these two work
		model, info := testModel(t, silent)
		mustEdit(t, "m=test&c=1&steps=10&reading="+name, recipe.Inputs{}, model, info)
	}
}
