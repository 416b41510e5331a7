package sampler

import (
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

// classMean returns an element of the mean of a class of the test model.
func classMean(class, i int) float64 {
	return math.Round(100*math.Sin(float64(7*class+3*i))) / 100
}

// drawn returns the test model's picture of class two, and a mask whose lower half is white.
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

// naming returns a recipe that names the inputs.
func naming(t testing.TB, text string, in recipe.Inputs) recipe.Recipe {
	t.Helper()
	r := mustParse(t, text)
	if err := in.Name(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// maskName returns the value of mask for the inputs.
func maskName(t testing.TB, in recipe.Inputs) string {
	t.Helper()
	r := naming(t, "m=test", recipe.Inputs{Mask: in.Mask})
	return r.Get("mask")
}

// mustEdit runs a recipe with its inputs to the end.
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

// TestImageToImageCounts compares the number of steps with that of diffusers' img2img,
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
			// The first state is the picture with the noise of the first draw; the steps from there
			// are the plain recipe's.
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

// editRecipes are edits that every sampler can do.
var editRecipes = []string{"strength=0.5", "strength=0.5&mask=MASK", "mask=MASK",
	"mask=MASK&resample=3&jump=3", "invert=two&c=one", "invert=none&strength=0.6"}

// TestEverySamplerEdits runs each edit twice, and picture by picture in reverse order. The kept
// parts must be equal to the bit, no picture far from a class, and steps must allocate nothing.
func TestEverySamplerEdits(t *testing.T) {
	c := schedule.Default()
	c.BetaSchedule = "squaredcos_cap_v2"
	model, info := testModel(t, c)
	for _, s := range solver.Samplers() {
		for _, way := range editRecipes {
			in := drawn()
			if !strings.Contains(way, "MASK") {
				in.Mask = nil
			} else if s.Traits.Views {
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

// TestInputsAreCalledLikeResults: image equals h of a recipe that makes one picture, and shades of
// grey in a mask make no difference.
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

// TestEditsRestart restarts in the middle with the state that was shown there.
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

// TestGoldenEdits fixes every bit, like TestGoldenStates.
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
