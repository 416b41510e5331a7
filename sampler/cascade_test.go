package sampler

import (
	"errors"
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// upscaler is a second stage whose x̂0 is low itself. It enlarges 4×4 pictures to 8×8.
type upscaler struct {
	levels int
	level  int // the last level that it was told
	calls  int
}

func (u *upscaler) Shape() (int, int, int) { return 2, 8, 6 }
func (u *upscaler) OutChannels() int       { return 2 }
func (u *upscaler) Classes() int           { return 0 }
func (u *upscaler) Levels() int            { return u.levels }
func (u *upscaler) Predict([][]float32, []float32, float64, []int) {
	panic("a second stage is asked without its small picture")
}
func (u *upscaler) Upscale(out, x, low []float32, t float64, level int) {
	u.level, u.calls = level, u.calls+1
	copy(out, low)
}

// testCascade returns a cascade of the test model and an upscaler.
func testCascade(t testing.TB, more string) (*upscaler, *mixture.Model, recipe.Info) {
	t.Helper()
	small, base := testModel(t, schedule.Default())
	u := &upscaler{}
	info, err := recipe.NewInfo("large", map[string]string{
		"classes": `["one","two","three"]`, "cascade": `{"base":"test"` + more + `}`,
		"scheduler": `{"prediction_type":"sample"}`,
	}, "00", u)
	if err != nil {
		t.Fatal(err)
	}
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: small}); err != nil {
		t.Fatal(err)
	}
	return u, small.(*mixture.Model), info
}

// TestCascade follows a run. The steps of the first stage are those of its recipe, enlarged. The
// second stage sees the small picture in 8 bits, enlarged and noised. It predicts that picture, so
// it ends there.
func TestCascade(t *testing.T) {
	u, small, info := testCascade(t, "")
	for _, text := range []string{"m=large&c=two&steps=6&clip=none",
		"m=large&c=all&steps=4&bsteps=7&aug=90&k=ddpm&g=1&clip=2",
		"m=large&c=two&n=3&to=9&steps=3&k=euler&noise=torch&clip=none"} {
		run, err := NewRun(mustParse(t, text), info, u)
		if err != nil {
			t.Fatal(err)
		}
		s := run.Settings()
		lower, err := NewRun(s.BaseRecipe(info), info.Stage.Info, small)
		if err != nil {
			t.Fatal(err)
		}
		if run.Steps() != lower.Steps()+s.Steps || lower.Steps() != s.BaseSteps {
			t.Fatalf("%s: %d steps, want %d and %d", text, run.Steps(), s.BaseSteps, s.Steps)
		}
		same := func(what string, got, want []float64) {
			t.Helper()
			for i, v := range got {
				c, y, x := i/48, i%48/6, i%6
				if w := want[c*12+y/2*3+x/2]; v != w {
					t.Fatalf("%s: step %d: %s[%d] is %v, want %v", text, run.Step(), what, i, v, w)
				}
			}
		}
		for image := range run.Images() {
			same("the noise", run.X(image), lower.X(image))
		}
		for range lower.Steps() * run.Images() {
			if u.calls = 0; !run.Next() || !lower.Next() || u.calls != 0 {
				t.Fatal(run.Err(), lower.Err(), u.calls)
			}
			same("x", run.X(run.Image()), lower.X(run.Image()))
			same("x̂0", run.X0(run.Image()), lower.X0(run.Image()))
			same("ε̂", run.Epsilon(run.Image()), lower.Epsilon(run.Image()))
			if run.T() != lower.T() ||
				run.Picture(run.Image()).AlphaBar() != lower.Picture(run.Image()).AlphaBar() {
				t.Errorf("%s: step %d has timestep %d, want %d", text, run.Step(), run.T(),
					lower.T())
			}
		}
		for run.Next() {
		}
		if run.Err() != nil || u.level != s.Augmentation {
			t.Fatalf("%s: %v, and the level told is %d, want %d", text, run.Err(), u.level,
				s.Augmentation)
		}
		level := run.course.At(s.Augmentation)
		for image := range run.Images() {
			pixels, plain, noise := make([]byte, 24), make([]float64, 24), make([]float64, 96)
			picture.Pixels(pixels, lower.X(image), 2, 4, 3)
			picture.Values(plain, pixels, 2, 4, 3)
			draws(&s, image, streamAugment, 96)(noise, 0)
			for i, v := range run.X0(image) {
				c, y, x := i/48, i%48/6, i%6
				want := level.Signal*plain[c*12+y/2*3+x/2] + level.Noise*noise[i]
				if !(math.Abs(v-want) <= 1e-6) {
					t.Fatalf("%s: picture %d: the second stage sees %v at %d, want %v", text, image,
						v, i, want)
				}
			}
		}
		alone(t, text, run, info, u)
	}
}

// alone makes each picture of a finished run alone, and restarts it before every step.
func alone(t *testing.T, text string, run *Run, info recipe.Info, u network.Model) {
	t.Helper()
	for image := run.Images() - 1; image >= 0; image-- {
		tr, err := NewTrajectory(mustParse(t, text), info, u, image)
		if err != nil {
			t.Fatal(err)
		}
		states := [][]float64{append([]float64(nil), tr.X()...)}
		for tr.Step() {
			states = append(states, append([]float64(nil), tr.X()...))
		}
		if !fixture.SameBits(tr.X(), run.X(image)) || tr.Done() != tr.Steps() {
			t.Errorf("%s: picture %d alone differs from the run's", text, image)
		}
		for step, x := range states {
			fresh, err := NewTrajectory(mustParse(t, text), info, u, image)
			if err != nil {
				t.Fatal(err)
			}
			for _, again := range []*Trajectory{tr, fresh} {
				again.Restart(step, x)
				if again.Done() != step || !fixture.SameBits(again.X(), x) {
					t.Fatalf("%s: begun again at step %d it is at step %d with another state", text,
						step, again.Done())
				}
				for again.Step() {
				}
				if d := fixture.Distance(again.X(), run.X(image)); !(d <= 1e-9) {
					t.Errorf("%s: begun again at step %d the picture differs by %g", text, step, d)
				}
			}
		}
	}
}

func TestCascadeAllocatesNothing(t *testing.T) {
	u, _, info := testCascade(t, "")
	run, err := NewRun(mustParse(t, "m=large&c=two&steps=30"), info, u)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(55, func() { run.Next() }); n != 0 {
		t.Errorf("%v allocations for each call of Next", n)
	}
}

// TestCascadeFails: a first stage that cannot go on ends the run with its error.
func TestCascadeFails(t *testing.T) {
	f := &fake{out: 1, broken: float32(math.NaN())}
	base := fakeInfo(t, f)
	u := &upscaler{}
	info, err := recipe.NewInfo("large", map[string]string{"classes": `["0","1"]`,
		"cascade": `{"base":"fake"}`}, "", u)
	if err != nil {
		t.Fatal(err)
	}
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: f}); err == nil ||
		!strings.Contains(err.Error(), "another shape") {
		t.Fatalf("one channel for two: %v", err)
	}
	info.Channels, info.Height, info.Width, info.OutChannels = 1, 4, 6, 1
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: f}); err == nil ||
		!strings.Contains(err.Error(), "another shape") {
		t.Fatalf("twice as high and three times as wide: %v", err)
	}
	info.Width = 4
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: f}); err != nil {
		t.Fatal(err)
	}
	run, err := NewRun(mustParse(t, "m=large&steps=5"), info, flat{u})
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	if run.Step() != 2 || run.Err() == nil ||
		!strings.Contains(run.Err().Error(), "not finite (element 2)") {
		t.Errorf("after %d steps: %v", run.Step(), run.Err())
	}
}

// flat is an upscaler of one channel.
type flat struct{ *upscaler }

func (flat) Shape() (int, int, int) { return 1, 4, 4 }
func (flat) OutChannels() int       { return 1 }

func TestCascadeText(t *testing.T) {
	_, _, info := testCascade(t, `,"augmentation":40,"augmentation_limit":99`)
	for text, want := range map[string]string{
		"":                             "m=large",
		"aug=40&bsteps=50":             "m=large",
		"aug=0":                        "m=large&aug=0",
		"steps=9&bsteps=9":             "m=large&steps=9",
		"bsteps=9&c=1&steps=20&aug=99": "m=large&c=two&steps=20&bsteps=9&aug=99",
	} {
		s, err := recipe.Resolve(mustParse(t, "m=large&"+text), info)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := s.Recipe().String(); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	other := info.Stage.Info
	if s, err := recipe.Resolve(mustParse(t, "m=test&aug=3&bsteps=5"), other); err != nil ||
		s.Recipe().String() != "m=test" {
		t.Errorf("a model that is no cascade: %v, %v", s.Recipe(), err)
	}
	for text, key := range map[string]string{
		"aug=100": "aug", "bsteps=1001": "steps", "c=two&cg=2": "cg", "ag=2": "ag",
		"image=0123456789abcdef": "image", "order=3&k=unipc&bsteps=2&steps=9": "order",
		"c=four": "c",
	} {
		_, err := recipe.Resolve(mustParse(t, "m=large&"+text), info)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != key {
			t.Errorf("%s: got %v, want an error about %s", text, err, key)
		}
	}
	if got := info.Needs(recipe.Recipe{}); got != nil {
		t.Errorf("with its first stage at hand it needs %v", got)
	}
	info.Stage = nil
	if got := info.Needs(recipe.Recipe{}); len(got) != 1 || got[0] != "test" {
		t.Errorf("without its first stage it needs %v", got)
	}
	if _, err := recipe.Resolve(mustParse(t, "m=large"), info); err == nil ||
		!strings.Contains(err.Error(), `"test", which is not loaded`) {
		t.Errorf("without its first stage: %v", err)
	}
}

func TestWrongCascades(t *testing.T) {
	small, base := testModel(t, schedule.Default())
	for text, says := range map[string]string{
		`{`: "is not JSON", `{}`: "base is missing", `[]`: "must be a JSON object",
		`{"base":"../x"}`:                 "base must be a file name",
		`{"base":1}`:                      "base must be a string",
		`{"base":"x","augmentation":-1}`:  "augmentation must be a whole number",
		`{"base":"x","augmentation":1.5}`: "augmentation must be a whole number",
		`{"base":"x","up":2}`:             "up is not a key",
	} {
		if _, err := recipe.NewInfo("large", map[string]string{"cascade": text}, "",
			&upscaler{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", text, err, says)
		}
	}
	const good = `{"base":"test"}`
	if _, err := recipe.NewInfo("large", map[string]string{"cascade": good}, "",
		small); err == nil || !strings.Contains(err.Error(), "does not") {
		t.Errorf("a network without a small picture: %v", err)
	}
	if _, err := recipe.NewInfo("large", map[string]string{"cascade": good}, "",
		&upscaler{levels: 1}); err == nil ||
		!strings.Contains(err.Error(), "is not told the noise level") {
		t.Errorf("a network that is told nothing: %v", err)
	}
	info, err := recipe.NewInfo("large", map[string]string{"cascade": good,
		"classes": `["one","two","four"]`}, "", &upscaler{levels: 30})
	if err != nil || info.Cascade.Limit != 29 {
		t.Fatalf("%+v, %v, want levels up to 29", info.Cascade, err)
	}
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: small}); err == nil ||
		!strings.Contains(err.Error(), "other classes") {
		t.Errorf("other classes: %v", err)
	}
	info.Classes = base.Classes[:2]
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: small}); err == nil ||
		!strings.Contains(err.Error(), "other classes") {
		t.Errorf("fewer classes: %v", err)
	}
	base.Name = "another"
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: small}); err == nil ||
		!strings.Contains(err.Error(), "not the first stage") {
		t.Errorf("another model: %v", err)
	}
}
