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
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// mustBegin returns a trajectory of a recipe's picture.
func mustBegin(
	t testing.TB, text string, model network.Model, info recipe.Info, image int,
) *Trajectory {
	t.Helper()
	tr, err := NewTrajectory(mustParse(t, text), info, model, image)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return tr
}

// sameCourse holds every state of two trajectories to the bit, and what is said of it.
func sameCourse(t *testing.T, text string, got, want *Trajectory) {
	t.Helper()
	if got.Steps() != want.Steps() {
		t.Errorf("%s: %d steps, want %d", text, got.Steps(), want.Steps())
		return
	}
	for want.Step() {
		if !got.Step() || !fixture.SameBits(got.X(), want.X()) ||
			!fixture.SameBits(got.X0(), want.X0()) ||
			!fixture.SameBits(got.Epsilon(), want.Epsilon()) || got.T() != want.T() ||
			got.AlphaBar() != want.AlphaBar() {
			t.Errorf("%s: step %d is another one (%v)", text, want.Done(), got.Err())
			return
		}
	}
	if got.Step() || want.Err() != nil || got.Err() != nil {
		t.Errorf("%s: %v, %v", text, got.Err(), want.Err())
	}
}

// TestForkWithNothingChanged: it equals its parent to the bit, with every sampler, also in a
// network that remembers, and also a fork of a fork.
func TestForkWithNothingChanged(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	remembering := &conditioned{Model: model}
	for _, text := range everyRecipe() {
		forks := []string{"&fork=4", "&fork=0", "&fork=1~2~3", "&fork=3,c:all,steps:12"}
		for _, fork := range forks {
			sameCourse(t, text+fork, mustBegin(t, text+fork, model, info, 1),
				mustBegin(t, text, model, info, 1))
		}
		sameCourse(t, text+"&fork=2", mustBegin(t, text+"&fork=2", remembering, info, 2),
			mustBegin(t, text, remembering, info, 2))
		plain, err := NewRun(mustParse(t, text), info, model)
		if err != nil {
			t.Fatal(err)
		}
		forked, err := NewRun(mustParse(t, text+"&fork=1~2"), info, model)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(forked.Levels().Steps, plain.Levels().Steps) {
			t.Errorf("%s: a fork with nothing changed has other levels", text)
		}
	}
	for _, text := range []string{"m=test&c=two&to=9&n=3&k=ddpm&steps=9",
		"m=test&c=two&plane=4,6&n=4&k=euler_a&steps=9",
		"m=test&c=two&plane=4,6&at=0.2,0.7&steps=9"} {
		sameCourse(t, text, mustBegin(t, text+"&fork=4", model, info, 0),
			mustBegin(t, text, model, info, 0))
	}
}

// TestForkBeforeTheFirstStep: a fork there is the recipe with its changes, to the bit.
func TestForkBeforeTheFirstStep(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, c := range [][2]string{
		{"c=one&fork=0,c:two", "c=two"},
		{"c=one&g=1&fork=0,g:3", "c=one&g=3"},
		{"c=one&fork=0,k:ddpm", "c=one&k=ddpm"},
		{"c=one&k=ddpm&fork=0,k:euler_a,steps:7,c:three", "c=three&k=euler_a&steps=7"},
		{"c=one&k=euler&fork=0,k:dpmpp_2m,sigmas:karras", "c=one&k=dpmpp_2m&sigmas=karras"},
		{"c=one&fork=0,fresh:5", "c=one&s=5"},
		{"c=one&k=heun&fork=0,fresh:5", "c=one&k=heun&s=5"},
		{"c=one&fork=0,fresh:5,k:ddpm,s:5", "c=one&s=5&k=ddpm"},
		{"c=one&fork=0,s:5", "c=one"}, // ddim draws nothing more
		{"w=x&c=none&fork=0,c:two", "c=two"},
	} {
		text := strings.TrimPrefix(c[0], "w=x&")
		sameCourse(t, c[0], mustBegin(t, "m=test&steps=12&"+text, model, info, 0),
			mustBegin(t, replaceSteps("m=test&steps=12&"+c[1]), model, info, 0))
	}
}

// replaceSteps leaves the last of a recipe's numbers of steps.
func replaceSteps(text string) string {
	if strings.Count(text, "steps=") > 1 {
		return strings.Replace(text, "steps=12&", "", 1)
	}
	return text
}

// TestForkIsItsParentBefore: up to the fork every state is the parent's, and after it is not.
func TestForkIsItsParentBefore(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range everyRecipe() {
		for _, change := range []string{",c:none", ",k:ddpm", ",k:heun,steps:30", ",fresh:7"} {
			if strings.HasSuffix(text, strings.Replace(change[1:], ":", "=", 1)) {
				continue
			}
			const at = 2 // while there is noise
			parent := mustBegin(t, text, model, info, 1)
			full := text + "&fork=2" + change
			if strings.Contains(text, "k=langevin") && strings.Contains(change, "k:") {
				continue // it has one level alone
			}
			branch := mustBegin(t, full, model, info, 1)
			for range at {
				parent.Step()
				if !branch.Step() || !fixture.SameBits(branch.X(), parent.X()) ||
					!fixture.SameBits(branch.X0(), parent.X0()) {
					t.Fatalf("%s: step %d is not the parent's (%v)", full, branch.Done(),
						branch.Err())
				}
			}
			for parent.Step() {
			}
			for branch.Step() {
			}
			if branch.Err() != nil || branch.Done() != branch.Steps() ||
				fixture.SameBits(branch.X(), parent.X()) {
				t.Errorf("%s: it ends after %d of %d steps, changed nothing or failed: %v", full,
					branch.Done(), branch.Steps(), branch.Err())
			}
		}
	}
}

// TestForkToAnotherSampler: where a step of the other sampler begins at the level of the state, the
// branch is that sampler begun there with that state.
func TestForkToAnotherSampler(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	const at = 5
	compared := map[string]bool{}
	for _, by := range []string{"ddim", "euler", "dpmpp_2m", "dpm_adaptive"} {
		for _, s := range solver.Samplers() {
			if s.Traits.Level {
				continue // its level comes later
			}
			text := "m=test&c=two&s=3&steps=12&spacing=linspace&k="
			tr := mustBegin(t, text+by+"&fork=5,k:"+s.Name, model, info, 0)
			other := mustBegin(t, text+s.Name, model, info, 0)
			parent := mustBegin(t, text+by, model, info, 0)
			for range at {
				parent.Step()
			}
			from, l := parent.noise(), &tr.root.legs[0]
			first := l.route.first
			to := other.course.start.Marks[first].Level
			if math.Abs(to.Sigma()-from.Sigma()) > 1e-9*from.Sigma() {
				continue
			}
			if compared[s.Name] = true; tr.Steps() != at+other.Steps()-first {
				t.Errorf("%s to %s: %d steps, want %d and %d", by, s.Name, tr.Steps(), at,
					other.Steps()-first)
			}
			other.sources[0].(*guided).noise = func(dst []float64, draw uint32) {
				noise.Normal(dst, 3, l.stream, draw)
			}
			other.Restart(first, parent.X())
			for other.Step() {
			}
			for tr.Step() {
			}
			d := fixture.Distance(tr.X(), other.X())
			if tr.Err() != nil || !(d < 1e-6) && by != s.Name { // which remembers what was before
				t.Errorf("%s to %s: after the fork it ends %g from the sampler begun there (%v)",
					by, s.Name, d, tr.Err())
			}
		}
	}
	if len(compared) < 25 {
		t.Errorf("%d samplers had a step at that level", len(compared))
	}
}

// TestForkToOtherLevels: a state between two levels is brought to the noisier one, as the forward
// process does, with noise that nothing else draws.
func TestForkToOtherLevels(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, k := range []string{"ddim", "ddpm", "euler", "dpmpp_2m", "dpm_adaptive", "unipc",
		"vp_pc"} {
		for _, parent := range []string{"ddim", "euler_a", "dpm_adaptive"} {
			text := "m=test&c=two&s=3&steps=20&spacing=trailing&k=" + parent
			tr := mustBegin(t, text+"&fork=7,k:"+k+",steps:11", model, info, 0)
			for range 7 {
				tr.Step()
			}
			from, x := tr.noise(), slices.Clone(tr.X())
			tr.cross()
			first := tr.course.route.first
			marks := tr.course.start.Marks
			to := marks[first].Level
			if to.Sigma() < from.Sigma()*(1-1e-9) || first+1 < len(marks) &&
				marks[first+1].Level.Sigma() > tr.root.level(7).Sigma()*(1+1e-9) {
				t.Errorf("%s to %s: σ %g goes on at %g, and then comes %g", parent, k,
					from.Sigma(), to.Sigma(), marks[first+1].Level.Sigma())
			}
			z := make([]float64, len(x))
			noise.Normal(z, 3, streamFork, 0)
			ratio := to.Signal / from.Signal
			added := math.Sqrt(max(to.Noise*to.Noise-ratio*ratio*from.Noise*from.Noise, 0))
			scale := 1.0
			if tr.course.start.Shown != nil {
				scale = tr.course.start.Shown[first]
			}
			for i := range x {
				want := ratio*x[i] + added*z[i]
				if d := math.Abs(scale*tr.x[i] - want); !(d < 1e-7) {
					t.Fatalf("%s to %s: value %d is %g, want %g", parent, k, i, scale*tr.x[i], want)
				}
			}
		}
	}
}

// TestForkWithFreshNoise: the state is the guess with new noise of its level.
func TestForkWithFreshNoise(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range everyRecipe() {
		steps := mustBegin(t, text, model, info, 0).Steps()
		at := min(6, steps-1)
		tr := mustBegin(t, text+"&fork="+strconv.Itoa(at)+",fresh:21", model, info, 1)
		for range at {
			tr.Step()
		}
		guess := slices.Clone(tr.X0())
		tr.cross()
		level := tr.course.level(at)
		scale := 1.0
		if tr.course.start.Shown != nil {
			scale = tr.course.start.Shown[at]
		}
		z := make([]float64, len(guess))
		if seeded(&tr.course.settings, 21, 1, len(z))(z, 0); strings.Contains(text, "torch") {
			newTorchDraws(22, len(z)).draw(z, 0)
		} else {
			noise.Normal(z, 21, 1, 0)
		}
		for i := range z {
			want := level.Signal*guess[i] + level.Noise*z[i]
			if d := math.Abs(scale*tr.x[i] - want); !(d < 1e-9) {
				t.Fatalf("%s: value %d is %g, want %g", text, i, scale*tr.x[i], want)
			}
		}
	}
}

// TestForkWithPaint: where paint is, the guess gives way to it, and the noise stays; elsewhere
// nothing changes.
func TestForkWithPaint(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range everyRecipe() {
		tr := mustBegin(t, text+"&fork=3,paint:1-2-1-c0_0-0-0-ff8000", model, info, 1)
		for range 3 {
			tr.Step()
		}
		guess, x := slices.Clone(tr.X0()), slices.Clone(tr.X())
		tr.cross()
		to, shown := tr.course.entered()
		if strings.Contains(text, "dpm_adaptive") {
			continue // which is brought to the level of the view first
		}
		for i, v := range tr.x {
			column, row, channel := i%3, i%12/3, i/12
			paint := math.NaN()
			if d := (column-1)*(column-1) + (row-2)*(row-2); d <= 2 {
				paint = float64(0xc0)/127.5 - 1
			}
			if column == 0 && row == 0 {
				paint = float64([]int{0xff, 0x80}[channel])/127.5 - 1
			}
			want := x[i]
			if paint == paint {
				want += to.Signal * (paint - guess[i])
			}
			if d := math.Abs(shown*v - want); !(d < 1e-7) {
				t.Fatalf("%s: value %d is %g, want %g", text, i, shown*v, want)
			}
		}
	}
}

// TestForkSeeds: another seed changes what is drawn after the fork, and nothing of a sampler that
// draws nothing.
func TestForkSeeds(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	sameCourse(t, "ddim", mustBegin(t, "m=test&c=two&steps=9&fork=4,s:8", model, info, 0),
		mustBegin(t, "m=test&c=two&steps=9", model, info, 0))
	text := "m=test&c=two&steps=9&k=ddpm"
	tr := mustBegin(t, text+"&fork=4,s:8", model, info, 0)
	there := mustBegin(t, text, model, info, 0)
	there.sources[0].(*guided).noise = func(dst []float64, draw uint32) {
		seed := uint64(1)
		if draw > 4 { // draw 0 is of the first state
			seed = 8
		}
		noise.Normal(dst, seed, 0, draw)
	}
	sameCourse(t, "ddpm", tr, there)
}

// forkedRecipes lists recipes with forks of many kinds.
var forkedRecipes = []string{
	"m=test&c=all&steps=12&fork=5,c:two",
	"m=test&c=one&n=2&k=dpmpp_2m&steps=12&fork=4,c:two,g:4~8,c:three",
	"m=test&c=one&n=2&steps=12&fork=3,k:unipc~7,k:ddpm,steps:30~16,c:none",
	"m=test&c=one&n=2&k=dpm_adaptive&steps=12&fork=3,k:euler_a,eta:0.5~6,fresh:4",
	"m=test&c=one&n=2&k=lms&steps=12&fork=6,k:dpm_adaptive,fresh:9",
	"m=test&c=one&n=2&k=ddpm&steps=12&noise=torch&fork=0,k:heun~4,s:3,k:ddpm~6,fresh:" +
		"18446744073709551615",
	"m=test&c=one&n=2&k=vp_pc&steps=12&fork=5,correct:2~7,k:pndm,steps:14",
	"m=test&c=one&n=2&k=sa&steps=12&fork=5,order:3~8,rescale:0.5,eta:0",
	"m=test&c=one&n=2&k=unipc&steps=12&fork=5,paint:1-2-1-c0_0-0-0-ff8000~8,k:ddpm,paint:0-0-9-00",
	"m=test&c=one&n=2&k=dpm_adaptive&steps=12&fork=3,paint:1-2-1-c0~5,fresh:3,paint:1-1-0-ff",
}

// TestForkedRuns: batches, shares, checkpoints, workings and levels of forked recipes, and no step
// allocates.
func TestForkedRuns(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range forkedRecipes {
		run := mustRun(t, text, model, info)
		whole := last(run)
		if again := run.Recipe(); again.String() != text ||
			!fixture.SameBits(whole, last(mustRun(t, again.String(), model, info))) {
			t.Errorf("%s: the canonical recipe is %s, or gives another picture", text, again)
		}
		size := len(whole) / run.Images()
		for index := range 2 {
			part, err := NewShare(mustParse(t, text), info, model, recipe.Inputs{},
				Share{Index: index, Of: 2})
			if err != nil {
				t.Fatal(err)
			}
			for part.Next() {
			}
			for i := range part.Images() {
				if !fixture.SameBits(part.X(i), whole[part.Picture(i).Image()*size:][:size]) {
					t.Errorf("%s: picture %d of a share differs", text, part.Picture(i).Image())
				}
			}
		}
		checkpoints(t, text, model, info)
		checkWorks(t, text, func() *Trajectory { return mustBegin(t, text, model, info, 1) })
		forkedLevels(t, text, model, info)
		fresh, err := NewRun(mustParse(t, text), info, model)
		if err != nil {
			t.Fatal(err)
		}
		calls := fresh.Steps()*fresh.Images() - 1
		if n := testing.AllocsPerRun(calls, func() { fresh.Next() }); n != 0 {
			t.Errorf("%s: %v allocations for each call of Next", text, n)
		}
	}
	for _, text := range forkedRecipes {
		checkpoints(t, text, &conditioned{Model: model}, info)
	}
}

// forkedLevels holds the levels of a run to what its steps say.
func forkedLevels(t *testing.T, text string, model network.Model, info recipe.Info) {
	t.Helper()
	run, err := NewRun(mustParse(t, text), info, model)
	if err != nil {
		t.Fatal(err)
	}
	got := run.Levels()
	if len(got.Steps) != run.Steps()+1 {
		t.Fatalf("%s: %d levels for %d steps", text, len(got.Steps), run.Steps())
	}
	adaptive := strings.Contains(text, "adaptive")
	for i := 0; run.Next(); i++ {
		at := got.Steps[i/run.Images()]
		if !adaptive && !strings.Contains(text, "pndm") && !strings.Contains(text, "heun") &&
			int(at.T+0.5) != run.T() {
			t.Errorf("%s: step %d is at timestep %d, and its level at %v", text, run.Step(),
				run.T(), at.T)
		}
	}
}

// TestForkRestarts: a restart in the parent's part, at the fork and after it goes on along the
// branch.
func TestForkRestarts(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	const text = "m=test&c=one&steps=12&k=euler&fork=5,k:ddim,c:two"
	tr := mustBegin(t, text, model, info, 0)
	states := [][]float64{slices.Clone(tr.X())}
	for tr.Step() {
		states = append(states, slices.Clone(tr.X()))
	}
	for step, x := range states[:12] {
		tr.Restart(step, x)
		for tr.Step() {
		}
		if d := fixture.Distance(tr.X(), states[12]); !(d < 1e-6) {
			t.Errorf("begun again at step %d it ends %g away", step, d)
		}
	}
}

// TestForkRefusals: what cannot be forked is refused with a reason.
func TestForkRefusals(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	in := drawn()
	u, _, large := testCascade(t, "")
	for _, c := range []struct {
		text   string
		m      network.Model
		info   recipe.Info
		in     recipe.Inputs
		reason solver.Reason
	}{
		{"m=test&steps=8&fork=8", model, info, recipe.Inputs{}, solver.ForkLate},
		{"m=test&steps=8&fork=4,steps:20~20", model, info, recipe.Inputs{}, solver.ForkLate},
		{"m=test&steps=50&fork=2,steps:4", model, info, recipe.Inputs{}, solver.ForkEarly},
		{"m=test&steps=2&spacing=trailing&fork=1,k:langevin,level:0.02", model, info,
			recipe.Inputs{}, solver.ForkNever},
		{"m=test&steps=8&strength=0.5&fork=2", model, info, recipe.Inputs{Image: in.Image},
			solver.NoFork},
		{"m=test&steps=8&fork=2,paint:3-1-1-ff", model, info, recipe.Inputs{}, solver.PaintAt},
		{"m=test&steps=8&fork=2,paint:1-4-1-ff", model, info, recipe.Inputs{}, solver.PaintAt},
		{"m=large&steps=8&fork=2", u, large, recipe.Inputs{}, solver.NoFork},
	} {
		r := naming(t, c.text, c.in)
		_, err := NewRunFrom(r, c.info, c.m, c.in)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != "fork" || wrong.Reason != c.reason {
			t.Errorf("%s: got %v, want the reason %s", c.text, err, c.reason)
			continue
		}
		if wrong.Reason == solver.ForkEarly { // the step that it names must do
			step, _ := wrong.Values["steps"].(string)
			mustRun(t, strings.Replace(c.text, "fork=2", "fork="+step, 1), c.m, c.info)
			before, _ := strconv.Atoi(step)
			text := strings.Replace(c.text, "fork=2", "fork="+strconv.Itoa(before-1), 1)
			if _, err := NewRun(mustParse(t, text), c.info, c.m); err == nil {
				t.Errorf("%s: an earlier step does, too", text)
			}
		}
	}
}
