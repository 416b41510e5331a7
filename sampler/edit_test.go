package sampler

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/noise"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// classMean is an element of the mean of a class of the test model.
func classMean(class, i int) float64 {
	return math.Round(100*math.Sin(float64(7*class+3*i))) / 100
}

// drawn is the test model's picture of class two, and a mask that asks for its lower half.
func drawn() recipe.Inputs {
	x := make([]float64, 24)
	for i := range x {
		x[i] = classMean(1, i)
	}
	in := recipe.Inputs{Image: make([]byte, 24), Mask: make([]byte, 12)}
	picture.Pixels(in.Image, x, 2, 4, 3)
	for i := 6; i < 12; i++ {
		in.Mask[i] = 200
	}
	return in
}

// naming is a recipe that names the inputs.
func naming(t testing.TB, text string, in recipe.Inputs) recipe.Recipe {
	t.Helper()
	r := mustParse(t, text)
	if err := in.Name(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// maskName is what a recipe calls the mask of its inputs.
func maskName(t testing.TB, in recipe.Inputs) string {
	t.Helper()
	r := naming(t, "m=test", recipe.Inputs{Mask: in.Mask})
	return r.Get("mask")
}

// mustEdit carries out a recipe with its inputs to the end.
func mustEdit(
	t testing.TB, text string, in recipe.Inputs, model network.Model, info recipe.Info,
) *Run {
	t.Helper()
	run, err := NewRunFrom(naming(t, text, in), info, model, in)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for run.Next() {
	}
	if run.Err() != nil {
		t.Fatalf("%s: %v", text, run.Err())
	}
	return run
}

// TestImageToImageCounts compares with what diffusers' img2img leaves of the steps,
// min(int(steps·strength), steps).
func TestImageToImageCounts(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	in := drawn()
	in.Mask = nil
	for _, c := range []struct {
		steps    int
		strength string
		want     int
	}{{50, "0.8", 40}, {50, "1", 50}, {50, "0.58", 28}, {50, "0.02", 1}, {10, "0.55", 5},
		{3, "0.34", 1}, {1, "1", 1}, {20, "0.999", 19}} {
		for _, k := range []string{"ddim", "ddpm", "dpmpp_2m", "euler"} {
			r := naming(t, "m=test&c=two&steps="+strconv.Itoa(c.steps)+"&strength="+c.strength+
				"&k="+k, in)
			tr, err := NewTrajectoryFrom(r, info, model, 0, in)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := NewTrajectory(mustParse(t, "m=test&c=two&steps="+strconv.Itoa(c.steps)+
				"&k="+k), info, model, 0)
			if err != nil {
				t.Fatal(err)
			}
			if tr.Steps() != c.want {
				t.Errorf("%s, %d steps, strength %s: %d steps are left, want %d", k, c.steps,
					c.strength, tr.Steps(), c.want)
			}
			mark := plain.course.start.Marks[c.steps-c.want]
			if d := math.Hypot(mark.Level.Signal, mark.Level.Noise); !(math.Abs(d-1) <= 1e-12) ||
				tr.T() != int(math.Floor(mark.T+0.5)) {
				t.Errorf("%s: begins at %v and timestep %d, want %v", k, mark.Level, tr.T(), mark.T)
			}
			// The picture with the first draw's noise, and from there on the plain recipe.
			x, z := make([]float64, 24), make([]float64, 24)
			picture.Values(x, in.Image, 2, 4, 3)
			noise.Normal(z, 1, 0, 0)
			for i := range x {
				x[i] = float64(mark.Level.Signal*x[i]) + float64(mark.Level.Noise*z[i])
			}
			if d := fixture.Distance(tr.X(), x); !(d <= 1e-14) {
				t.Errorf("%s: begins %v away from the noisy picture", k, d)
			}
			plain.Restart(c.steps-c.want, tr.X())
			for tr.Step() && plain.Step() {
				// The network sees float32.
				if d := fixture.Distance(tr.X(), plain.X()); !(d <= 1e-6) {
					t.Errorf("%s, strength %s: after step %d %v away from the plain recipe", k,
						c.strength, tr.Done(), d)
				}
			}
			if tr.Done() != c.want || tr.Err() != nil {
				t.Errorf("%s: %d steps done, %v", k, tr.Done(), tr.Err())
			}
		}
	}
}

// editRecipes are ways to edit that every sampler goes.
var editRecipes = []string{"strength=0.5", "strength=0.5&mask=MASK", "mask=MASK",
	"mask=MASK&resample=3&jump=3", "invert=two&c=one", "invert=none&strength=0.6"}

// TestEverySamplerEdits runs each twice, picture by picture in reverse order, and asks that the
// parts that are kept are kept to the bit, that nothing is far from a class, and that steps
// allocate nothing.
func TestEverySamplerEdits(t *testing.T) {
	c := schedule.Default()
	c.BetaSchedule = "squaredcos_cap_v2"
	model, info := testModel(t, c)
	for _, s := range solver.Samplers() {
		for _, way := range editRecipes {
			in := drawn()
			if !strings.Contains(way, "MASK") {
				in.Mask = nil
			} else if s.Name == "dpm_adaptive" {
				continue
			}
			text := "m=test&n=2&steps=20&k=" + s.Name + "&" + strings.ReplaceAll(way, "MASK",
				maskName(t, in))
			if !strings.Contains(way, "c=") {
				text += "&c=two"
			}
			run := mustEdit(t, text, in, model, info)
			whole := last(run)
			if !fixture.SameBits(whole, last(mustEdit(t, run.Recipe().String(), in, model, info))) {
				t.Errorf("%s: run twice it differs", text)
			}
			r := naming(t, text, in)
			for image := 1; image >= 0; image-- {
				tr, err := NewTrajectoryFrom(r, info, model, image, in)
				if err != nil {
					t.Fatal(err)
				}
				if n := testing.AllocsPerRun(tr.Steps()-1, func() { tr.Step() }); n != 0 {
					t.Errorf("%s: %v allocations for each step", text, n)
				}
				if tr.Done() != tr.Steps() || !fixture.SameBits(tr.X(), whole[image*24:][:24]) {
					t.Errorf("%s: picture %d alone, with %d of %d steps done, differs from "+
						"the batch", text, image, tr.Done(), tr.Steps())
				}
				pixels := make([]byte, 24)
				picture.Pixels(pixels, tr.X(), 2, 4, 3)
				for i := range pixels {
					if in.Mask != nil && in.Mask[i/2] < recipe.MaskThreshold &&
						pixels[i] != in.Image[i] {
						t.Errorf("%s: byte %d of the part that is kept is %d, was %d", text, i,
							pixels[i], in.Image[i])
					}
				}
			}
			class := 1
			if strings.Contains(way, "c=one") {
				class = 0
			}
			for i, v := range whole {
				spread := 0.05 + 0.1*float64(class)
				if !(math.Abs(v-classMean(class, i%24)) <= 7*spread) && s.Name != "dpm_sde" {
					t.Errorf("%s: element %d is %.2f, the class has %.2f", text, i, v,
						classMean(class, i%24))
				}
			}
		}
	}
}

// TestResamplingGoesAsRePaint compares the route with the authors' algorithm, transcribed.
func TestResamplingGoesAsRePaint(t *testing.T) {
	for _, c := range [][3]int{{250, 10, 10}, {20, 3, 3}, {20, 10, 5}, {7, 1, 2}, {11, 10, 4},
		{12, 10, 4}, {10, 9, 2}} {
		steps, jump, times := c[0], c[1], c[2]
		jumps := map[int]int{}
		for j := 0; j < steps-jump; j += jump {
			jumps[j] = times - 1
		}
		var ts []int
		for at := steps; at >= 1; {
			at--
			ts = append(ts, at)
			if jumps[at] > 0 {
				jumps[at]--
				for range jump {
					at++
					ts = append(ts, at)
				}
			}
		}
		ts = append(ts, -1)
		var want []int // the steps that go down
		for i := range len(ts) - 1 {
			if ts[i+1] < ts[i] {
				want = append(want, steps-1-ts[i])
			}
		}
		p := &course{start: solver.Start{Marks: make([]solver.Mark, steps)}}
		if err := p.resampled(steps, times, jump); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.route.visits, want) {
			t.Errorf("%v: %v, want %v", c, p.route.visits, want)
		}
	}
}

// TestResamplingHarmonises fills in half of a picture without a class: after resampling the new
// half fits the old one, the more often the more often each stretch was gone over.
func TestResamplingHarmonises(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	in := drawn()
	for i := range in.Mask { // three pixels of twelve are kept
		in.Mask[i] = 255
	}
	in.Mask[0], in.Mask[5], in.Mask[11] = 0, 0, 0
	fit := map[string]int{}
	for _, way := range []string{"", "&resample=20&jump=5"} {
		run := mustEdit(t, "m=test&n=64&steps=40&k=ddpm"+way, in, model, info)
		for image := range run.Images() {
			x := run.X(image)
			distances := [3]float64{}
			for i, v := range x {
				for class := range distances {
					d := v - classMean(class, i)
					distances[class] += d * d
				}
			}
			if distances[1] < min(distances[0], distances[2]) {
				fit[way]++
			}
		}
	}
	if plain, often := fit[""], fit["&resample=20&jump=5"]; often < 60 || often <= plain {
		t.Errorf("of 64 pictures %d fit after plain replacement and %d after resampling", plain,
			often)
	}
}

// TestBetweenSeeds: the ends are the pictures of the two seeds, also with samplers that draw noise
// at every step, and neighbours are fixture.
func TestBetweenSeeds(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, s := range solver.Samplers() {
		for _, source := range []string{"", "&noise=torch"} {
			text := "m=test&c=three&steps=10&k=" + s.Name + source
			run := mustRun(t, text+"&s=5&to=77&n=5", model, info)
			if first := mustRun(t, text+"&s=5&n=1", model, info); !fixture.SameBits(run.X(0),
				first.X(0)) {
				t.Errorf("%s: the first picture is not that of the first seed", text)
			}
			if last := mustRun(t, text+"&s=77&n=1", model, info); !fixture.SameBits(run.X(4),
				last.X(0)) {
				t.Errorf("%s: the last picture is not that of the second seed", text)
			}
			if fixture.SameBits(run.X(2), run.X(0)) || fixture.SameBits(run.X(2), run.X(4)) {
				t.Errorf("%s: the picture between is one of the ends", text)
			}
		}
	}
	if s, err := recipe.Resolve(mustParse(t, "m=test&to=2"), info); err != nil || s.Images != 8 ||
		s.Recipe().String() != "m=test&to=2" {
		t.Errorf("m=test&to=2 is %v with %d pictures, %v", s.Recipe(), s.Images, err)
	}
}

// TestSpherical compares with the formula by the standard library, and at its limits.
func TestSpherical(t *testing.T) {
	for _, w := range []float64{0, 0.25, 0.5, 0.9, 1} {
		x, y := []float64{3, 1, -2}, []float64{0.5, -4, 1}
		dot, xx, yy := 1.5-4-2, 14.0, 17.25
		angle := math.Acos(dot / math.Sqrt(xx*yy))
		want := make([]float64, 3)
		for i := range want {
			want[i] = (math.Sin((1-w)*angle)*x[i] + math.Sin(w*angle)*y[i]) / math.Sin(angle)
		}
		if spherical(x, y, w); !(fixture.Distance(x, want) <= 1e-14) {
			t.Errorf("at %v: %v, want %v", w, x, want)
		}
	}
	x := []float64{1, 2}
	if spherical(x, []float64{1, 2}, 0.5); x[0] != 1 || x[1] != 2 {
		t.Errorf("between a vector and itself: %v", x)
	}
	x = []float64{1, 0}
	if spherical(x, []float64{-1, 0}, 0.25); x[0] != 0.5 {
		t.Errorf("between a vector and its opposite: %v", x)
	}
	unit, other := make([]float64, 1000), make([]float64, 1000)
	noise.Normal(unit, 1, 0, 0)
	noise.Normal(other, 2, 0, 0)
	spherical(unit, other, 0.5)
	if n := fixture.Norm(unit) / math.Sqrt(1000); !(math.Abs(n-1) <= 0.05) {
		t.Errorf("halfway between two draws of noise the standard deviation is %v", n)
	}
}

// TestInversion: the way back begins at the picture and passes the timesteps upwards; the way to
// the same class returns to the picture the closer the more steps there are. The steps of the way
// back are compared with diffusers' in package solver.
func TestInversion(t *testing.T) {
	in := drawn()
	in.Mask = nil
	x0 := make([]float64, 24)
	picture.Values(x0, in.Image, 2, 4, 3)
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.V, schedule.Score} {
		c := schedule.Default()
		c.PredictionType = kind
		model, info := testModel(t, c)
		before := math.Inf(1)
		for _, steps := range []int{20, 80, 320} {
			text := "m=test&c=two&g=1&clip=none&invert=two&steps=" + strconv.Itoa(steps)
			tr, err := NewTrajectoryFrom(naming(t, text, in), info, model, 0, in)
			if err != nil {
				t.Fatal(err)
			}
			if tr.Steps() != 2*steps || tr.T() != 0 || !fixture.SameBits(tr.X(), x0) {
				t.Errorf("%s, %d steps: %d steps from timestep %d and %v", kind, steps, tr.Steps(),
					tr.T(), tr.X())
			}
			for tr.Done() < steps {
				at := tr.T()
				if !tr.Step() || tr.T() < at {
					t.Fatalf("%s: step %d of the inversion goes from timestep %d to %d", kind,
						tr.Done(), at, tr.T())
				}
			}
			for tr.Step() {
			}
			d := fixture.Distance(tr.X(), x0)
			if before, d = d, d/before; tr.Err() != nil || !(d < 0.65) {
				t.Errorf("%s, %d steps: the picture comes back %v off, %v of what it was with "+
					"fewer (%v)", kind, steps, before, d, tr.Err())
			}
		}
		if !(before < 0.02) {
			t.Errorf("%s: with 320 steps the picture comes back %v off", kind, before)
		}
	}
}

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
		{image[1:] + mask + "&k=dpm_adaptive", "k", "whose noise levels are not known before",
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

// TestInputsAreCalledLikeResults: image is the h of a recipe that makes one picture, and a mask's
// shades of grey make no difference.
func TestInputsAreCalledLikeResults(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	run := mustRun(t, "m=test&c=one&steps=5", model, info)
	in := recipe.Inputs{Image: make([]byte, 24)}
	picture.Pixels(in.Image, run.X(0), 2, 4, 3)
	r := naming(t, "m=test", in)
	if got, want := r.Get("image"), picture.Hash(in.Image); got != want {
		t.Errorf("image is %s, want %s", got, want)
	}
	black := recipe.Inputs{Mask: []byte{0, 0, 255, 255}}
	grey := recipe.Inputs{Mask: []byte{3, 127, 128, 200}}
	if maskName(t, black) != maskName(t, grey) {
		t.Error("a mask's shades of grey change its name")
	}
	x, back := make([]float64, 256), make([]byte, 256)
	for i := range back {
		back[i] = byte(i)
	}
	picture.Values(x, back, 1, 16, 16)
	picture.Pixels(back, x, 1, 16, 16)
	for i, v := range back {
		if int(v) != i {
			t.Errorf("byte %d comes back as %d", i, v)
		}
	}
}

// TestEditsRestart begins again in the middle with what was shown there.
func TestEditsRestart(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range []string{"strength=0.7", "strength=0.7&k=euler_a",
		"mask=MASK&resample=3&jump=2", "mask=MASK&k=euler", "mask=MASK&k=euler_a&resample=3&jump=2",
		"invert=two&c=one&k=heun", "invert=two&c=one"} {
		in := drawn()
		if !strings.Contains(text, "MASK") {
			in.Mask = nil
		}
		r := naming(t, "m=test&steps=12&"+strings.ReplaceAll(text, "MASK", maskName(t, in)), in)
		tr, err := NewTrajectoryFrom(r, info, model, 0, in)
		if err != nil {
			t.Fatal(err)
		}
		states := [][]float64{slices.Clone(tr.X())}
		for tr.Step() {
			states = append(states, slices.Clone(tr.X()))
		}
		end := states[len(states)-1]
		for step, x := range states {
			tr.Restart(step, x)
			if d := fixture.Distance(tr.X(), x); !(d <= 1e-14) {
				t.Errorf("%s: restarted at step %d it shows %v off", text, step, d)
			}
			for tr.Step() {
			}
			if d := fixture.Distance(tr.X(), end); tr.Err() != nil || !(d <= 1e-5) {
				t.Errorf("%s: begun again at step %d it ends %v away (%v)", text, step, d, tr.Err())
			}
		}
	}
}

// TestGoldenEdits fixes every bit, as TestGoldenStates does.
func TestGoldenEdits(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	var s states
	for _, text := range []string{
		"strength=0.6", "strength=0.6&k=dpmpp_2m_sde&c=one", "strength=1&k=euler&churn=5",
		"mask=MASK&k=ddpm", "mask=MASK&strength=0.7&resample=3&jump=2&k=heun",
		"mask=MASK&resample=2&noise=torch&eta=1", "invert=two&c=three",
		"invert=none&c=one&strength=0.5&k=dpmpp_2m", "to=9&n=3&k=euler_a",
	} {
		in := drawn()
		if !strings.Contains(text, "MASK") {
			in.Mask = nil
		}
		if strings.HasPrefix(text, "to") {
			in.Image = nil
		}
		text = "m=test&steps=12&" + strings.ReplaceAll(text, "MASK", maskName(t, in))
		s.add(text, last(mustEdit(t, text, in, model, info)))
	}
	s.together("all of them")
	fixture.Golden(t, "testdata/golden/edits.txt", s.lines)
}
