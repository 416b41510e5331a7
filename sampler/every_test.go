package sampler

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// everyRecipe lists a recipe of the test model for each sampler, and for the options that change
// its course.
func everyRecipe() []string {
	var all []string
	for _, s := range solver.Samplers() {
		all = append(all, "m=test&c=all&steps=12&k="+s.Name)
	}
	for _, more := range []string{
		"k=euler&sigmas=karras&churn=4", "k=heun&sigmas=exponential&spacing=linspace&churn=9",
		"k=dpm2&sigmas=beta", "k=dpmpp_2m&order=3&sigmas=lu",
		"k=dpmpp_2m&solver=heun&final=sigma_min",
		"k=dpmpp_2s&order=3&solver=heun", "k=dpm_2s&order=3&sigmas=karras&final=sigma_min",
		"k=unipc&order=3&solver=bh1&final=sigma_min", "k=lms&order=2&sigmas=polyexponential",
		"k=euler&sigmas=log_linear",
		"k=sa&order=3&solver=noise_prediction&eta=0.3", "k=dpm_adaptive&order=2",
		"k=dpmpp_2m_sde&order=3&eta=0.5&noise=torch", "k=dpmpp_sde&noise=torch",
		"k=pf_ode&order=1&churn=3", "k=tcd&eta=1", "k=ipndm&order=2",
		"k=vp_pc&solver=euler_maruyama&correct=0", "k=vp_pc&correct=2&rule=scaled&stepsize=0.1",
		"k=ve_pc&correct=0&rule=snr", "k=annealed&correct=40&rule=snr&stepsize=0.3",
		"k=langevin&level=0.3&rule=fixed&stepsize=0.05",
	} {
		all = append(all, "m=test&c=all&steps=12&"+more)
	}
	return all
}

// TestEverySampler runs each recipe twice, picture by picture in reverse order, and restarted in
// the middle. The pictures must be of their classes, and steps must allocate nothing.
func TestEverySampler(t *testing.T) {
	c := schedule.Default()
	c.BetaSchedule = "squaredcos_cap_v2"
	model, info := testModel(t, c)
	for _, text := range everyRecipe() {
		text = strings.Replace(text, "steps=12", "steps=40", 1)
		run := mustRun(t, text, model, info)
		whole := last(run)
		if run.Step() != run.Steps() ||
			!fixture.SameBits(whole, last(mustRun(t, text, model, info))) {
			t.Errorf("%s: run twice it differs", text)
		}
		r, size := mustParse(t, text), len(whole)/3
		for image := 2; image >= 0; image-- {
			tr, err := NewTrajectory(r, info, model, image)
			if err != nil {
				t.Fatal(err)
			}
			for tr.Step() {
			}
			if !fixture.SameBits(tr.X(), whole[image*size:][:size]) {
				t.Errorf("%s: picture %d alone differs from the batch", text, image)
			}
		}
		worst := 0.0
		for i, v := range whole {
			want := math.Sin(float64(7*(i/size) + 3*(i%size)))
			worst = max(worst, math.Abs(v-want)/(0.05+0.1*float64(i/size)))
		}
		// DPM-Solver SDE leaves noise: its last step adds as much as was left.
		if !(worst < 7) && !strings.Contains(text, "k=dpm_sde") {
			t.Errorf("%s: an element is %.1f standard deviations from its class", text, worst)
		}
		if again := run.Recipe(); !fixture.SameBits(whole,
			last(mustRun(t, again.String(), model, info))) {
			t.Errorf("%s: its canonical recipe %s gives another picture", text, again)
		}
	}
}

// TestEverySamplerAllocatesNothing: steps allocate nothing, and states are shown in the scale of
// training.
func TestEverySamplerAllocatesNothing(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range everyRecipe() {
		run, err := NewRun(mustParse(t, text), info, model)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(run.Steps()*run.Images()-1, func() {
			run.Next()
			// the state has 24 values of variance about 1; ε̂ extrapolated over long steps is
			// larger
			if sum := fixture.Norm(run.X(run.Image())); !(sum < 60) &&
				!strings.Contains(text, "noise_prediction") {
				t.Errorf("%s: the state is shown with norm %v", text, sum)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations for each call of Next", text, n)
		}
	}
}

// TestEveryRestart restarts in the middle with the state that was shown there. Solvers without a
// memory must end in the same state.
func TestEveryRestart(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	memory := []string{"dpmpp_2m", "dpm", "dpmpp_2s", "dpmpp_2s_sde", "dpm_2s", "unipc", "deis",
		"lms", "pndm", "plms", "ipndm", "dpmpp_2m_sde", "dpmpp_3m_sde", "dpm_sde", "sa",
		"dpm_adaptive", "rk45"}
	for _, s := range solver.Samplers() {
		tr, err := NewTrajectory(mustParse(t, "m=test&c=all&steps=10&k="+s.Name), info, model, 1)
		if err != nil {
			t.Fatal(err)
		}
		var middle []float64
		half := tr.Steps() / 2
		for tr.Step() {
			if tr.Done() == half {
				middle = slices.Clone(tr.X())
			}
		}
		end := slices.Clone(tr.X())
		tr.Restart(half, middle)
		for tr.Step() {
		}
		d, limit := fixture.Distance(tr.X(), end), 1e-6 // the network sees float32
		if slices.Contains(memory, s.Name) {
			limit = 0.5
		}
		if s.Name == "dpm_sde" { // leaves noise behind
			limit = 5
		}
		if tr.Err() != nil || tr.Done() != tr.Steps() || !(d < limit) {
			t.Errorf("%s: begun again at step %d it ends %v away (%v)", s.Name, half, d, tr.Err())
		}
	}
}

// TestEveryNumberOfSteps runs all samplers with small numbers of steps.
func TestEveryNumberOfSteps(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, s := range solver.Samplers() {
		for _, spacing := range []string{"leading", "trailing"} {
			for steps := 1; steps <= 6; steps++ {
				r := mustParse(t, "m=test&c=two&spacing="+spacing+"&k="+s.Name)
				if err := r.Set("steps", string(rune('0'+steps))); err != nil {
					t.Fatal(err)
				}
				run := mustRun(t, r.String(), model, info)
				if want := steps; s.Name != "dpm_fast" && run.Steps() != want {
					t.Errorf("%s has %d steps", r, run.Steps())
				}
			}
		}
	}
}

// TestIdleOptions: an option changes the picture of exactly the samplers for which it is not idle.
// A value that is refused is no choice.
func TestIdleOptions(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for key, values := range map[string][]string{
		"eta": {"0", "1"}, "variance": {"fixed_small", "fixed_large"}, "rederive": {"off", "on"},
		"spacing": {"leading", "trailing", "linspace"}, "churn": {"0", "9"},
		"sigmas": {"schedule", "exponential", "karras"}, "final": {"sigma_min", "zero"},
	} {
		for _, s := range solver.Samplers() {
			text := "m=test&c=one&clip=0.3&steps=12&k=" + s.Name + "&" + key + "="
			run := mustRun(t, text+values[0], model, info)
			whole, same := last(run), true
			for _, value := range values[1:] {
				var refused *solver.Error
				_, err := NewRun(mustParse(t, text+value), info, model)
				if errors.As(err, &refused) && refused.Key == key {
					continue
				}
				same = same && fixture.SameBits(whole, last(mustRun(t, text+value, model, info)))
			}
			idle := idleOf(run.Settings(), info, key)
			if same != (idle == recipe.IdleSampler || idle == recipe.IdleZero) {
				t.Errorf("%s: idle for %q, and the pictures are the same: %v", text, idle, same)
			}
		}
	}
}

// idleOf returns why a key has no effect in settings.
func idleOf(s recipe.Settings, info recipe.Info, key string) recipe.Idle {
	for _, f := range s.Fields(info) {
		if f.Key == key {
			return f.Idle
		}
	}
	return "no field"
}

// TestGoldenSolvers fixes every bit of the final states of all samplers, like TestGoldenStates for
// DDIM and DDPM.
func TestGoldenSolvers(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	var lines []fixture.Line
	groups := map[string]*states{"first": {}, "Langevin steps": {}, "singlestep SDE": {}}
	for _, text := range everyRecipe() {
		group := "first" // those that came later are held apart
		switch {
		case strings.Contains(text, "k=annealed") || strings.Contains(text, "k=langevin") ||
			strings.Contains(text, "solver=euler_maruyama") ||
			strings.Contains(text, "&rule=") || strings.Contains(text, "correct=0"):
			group = "Langevin steps"
		case strings.Contains(text, "k=dpmpp_2s_sde"):
			group = "singlestep SDE"
		}
		groups[group].add(text, last(mustRun(t, text, model, info)))
	}
	for _, group := range []string{"first", "Langevin steps", "singlestep SDE"} {
		groups[group].together("all of " + group)
		lines = append(lines, groups[group].lines...)
	}
	fixture.Golden(t, "testdata/golden/solvers.txt", lines)
}

func TestUnusableSamplers(t *testing.T) {
	zero := schedule.Default()
	zero.RescaleBetasZeroSNR, zero.TimestepSpacing = true, schedule.Trailing
	flow, err := schedule.ParseConfig([]byte(`{"_class_name": "FlowMatchEulerDiscreteScheduler"}`))
	if err != nil {
		t.Fatal(err)
	}
	sine, err := schedule.ParseConfig([]byte(`{"_class_name": "IPNDMScheduler"}`))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		c               schedule.Config
		text, key, says string
	}{
		{schedule.Default(), "k=euler&steps=1&spacing=linspace", "steps", "choose trailing"},
		{schedule.Default(), "k=heun&steps=1001", "steps", "has 1000 timesteps"},
		{schedule.Default(), "k=dpmpp_2m&steps=1000&spacing=leading", "steps", "do not fall"},
		{schedule.Default(), "k=dpmpp_2m&order=3&steps=2", "order",
			"order is 3 but there are only 2 steps"},
		{schedule.Default(), "k=dpmpp_2m&order=4", "order",
			"order is 4 but dpmpp_2m has orders up to 3"},
		{schedule.Default(), "k=dpm_adaptive&order=1", "order", "it must be 2 or 3"},
		{schedule.Default(), "k=unipc&solver=heun", "solver",
			"with unipc it must be one of bh2, bh1"},
		{schedule.Default(), "k=unipc&solver=bh1", "solver", "choose bh2, or final=sigma_min"},
		{schedule.Default(), "k=dpm&final=zero", "final", "it must be sigma_min"},
		{schedule.Default(), "k=deis&final=zero", "final", "it must be sigma_min"},
		{schedule.Default(), "k=sa&final=zero", "final", "it must be sigma_min"},
		{schedule.Default(), "k=euler&sigmas=flow", "sigmas", "is not a rectified flow"},
		{schedule.Default(), "k=lcm&steps=51", "steps", "at most the 50 steps"},
		{zero, "k=euler", "spacing", "has no signal left"},
		{zero, "k=dpmpp_2m", "spacing", "has no signal left"},
		{zero, "k=lcm&steps=4", "spacing", "has no signal left"},
		{flow, "k=ddim", "k", "no training timesteps"},
		{flow, "k=euler_a", "k", "is a rectified flow"},
		{flow, "k=euler&sigmas=karras", "sigmas", "it must be flow"},
		{sine, "k=euler", "k", "choose k=ipndm"},
	}
	model, _ := testModel(t, schedule.Default())
	for _, c := range cases {
		info, err := recipe.NewInfo("test", nil, "", model)
		if err != nil {
			t.Fatal(err)
		}
		info.Scheduler = c.c
		_, err = NewRun(mustParse(t, "m=test&"+c.text), info, model)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != c.key ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: error %v, want key %q and %q", c.text, err, c.key, c.says)
		}
	}
}

// TestSolverKeys resolves the keys of solver options.
func TestSolverKeys(t *testing.T) {
	file, err := schedule.ParseConfig([]byte(`{
		"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3, "solver_type": "heun",
		"use_karras_sigmas": true, "final_sigmas_type": "sigma_min", "timestep_spacing": "trailing"
	}`))
	if err != nil {
		t.Fatal(err)
	}
	model, _ := testModel(t, schedule.Default())
	info, err := recipe.NewInfo("test", nil, "", model)
	if err != nil {
		t.Fatal(err)
	}
	info.Scheduler, info.Defaults.Sampler = file, file.Solver.Sampler
	cases := []struct{ text, want, fields string }{
		{"", "m=test", "k=dpmpp_2m steps=50 ag=1 order=3 solver=heun spacing=trailing " +
			"sigmas=karras final=sigma_min"},
		{"order=3&solver=heun&sigmas=karras&final=sigma_min", "m=test", "order=3"},
		{"order=2&solver=midpoint&sigmas=schedule&final=zero",
			"m=test&order=2&solver=midpoint&sigmas=schedule&final=zero", "order=2 solver=midpoint"},
		{"steps=2", "m=test&steps=2", "steps=2 ag=1 order=2"},
		{"k=unipc", "m=test&k=unipc",
			"order=2 solver=bh2 spacing=trailing sigmas=karras final=zero"},
		{"k=dpm", "m=test&k=dpm", "solver=midpoint spacing=trailing sigmas=karras clip=none"},
		{"k=ddim&order=2&sigmas=karras&solver=heun&final=zero&churn=3", "m=test&k=ddim",
			"eta=0 spacing=trailing clip=none rederive=off"},
		{"k=euler_a", "m=test&k=euler_a", "eta=1 spacing=trailing"},
		{"k=euler_a&eta=0.5", "m=test&k=euler_a&eta=0.5", "eta=0.5"},
		{"k=euler&churn=3&eta=0", "m=test&k=euler&churn=3", "churn=3 clip=none"},
	}
	for _, c := range cases {
		s, err := recipe.Resolve(mustParse(t, "m=test&"+c.text), info)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		fields := ""
		for _, f := range s.Fields(info) {
			if f.Idle == recipe.Active {
				fields += f.Key + "=" + f.Value + " "
			}
		}
		if got := s.Recipe().String(); got != c.want || !strings.Contains(fields, c.fields) {
			t.Errorf("%q is %q with %s, want %q with %s", c.text, got, fields, c.want, c.fields)
		}
		if again, err := recipe.Resolve(s.Recipe(), info); err != nil ||
			again.Recipe() != s.Recipe() {
			t.Errorf("%q: its canonical recipe resolves to %v, %v", c.text, again.Recipe(), err)
		}
	}
}
