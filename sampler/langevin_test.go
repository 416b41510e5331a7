package sampler

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/langevin"
	"tweedie/sampler/mixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// unclear hides that a model can predict in float64.
type unclear struct{ network.Model }

// TestLangevinIsThePackages compares the samplers with the trajectories of package langevin, step
// by step, with the same noise.
func TestLangevinIsThePackages(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	table, err := schedule.New(info.Scheduler)
	if err != nil {
		t.Fatal(err)
	}
	least, most, err := langevin.Range(table)
	most = min(most, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text     string
		levels   int
		from, to float64
		change   func(o *langevin.Options)
	}{
		{"k=annealed&steps=20", 20, most, least, func(o *langevin.Options) {
			o.Size = 0.3 * least * least
		}},
		{"k=annealed&steps=12&correct=5&stepsize=0.1", 12, most, least,
			func(o *langevin.Options) { o.Langevin, o.Size = 5, 0.1*least*least }},
		{"k=annealed&steps=12&rule=snr&stepsize=0.1", 12, most, least,
			func(o *langevin.Options) { o.Rule, o.Size = langevin.SignalToNoise, 0.1 }},
		{"k=langevin&steps=30", 1, 0.5, 0.5, func(o *langevin.Options) {
			o.Langevin, o.Size = 30, 0.3*0.25
		}},
		{"k=langevin&steps=30&level=0.2&rule=fixed&stepsize=0.004", 1, 0.2, 0.2,
			func(o *langevin.Options) {
				o.Langevin, o.Rule, o.Size = 30, langevin.FixedStep, 0.004
			}},
	} {
		tr, err := NewTrajectory(mustParse(t, "m=test&c=two&g=2&clip=none&s=6&"+c.text), info,
			model, 0)
		if err != nil {
			t.Fatal(err)
		}
		rungs, err := langevin.Geometric(table, c.from, c.to, c.levels, langevin.VE)
		if err != nil {
			t.Fatal(err)
		}
		o := langevin.Options{
			Schedule: table, Space: langevin.VE, Ladder: rungs, Langevin: 3, Rule: langevin.Scaled,
			Predictor: langevin.NoPredictor,
			Denoise:   true, Clip: math.Inf(1), Label: 1, Guidance: 2, Seed: 6,
		}
		c.change(&o)
		walk, err := langevin.New(unclear{model}, o)
		if err != nil {
			t.Fatal(err)
		}
		each := o.Langevin * c.levels / tr.Steps()
		for tr.Step() {
			for range each {
				walk.Step()
			}
			if tr.Done() == tr.Steps() {
				walk.Step() // to x̂0
			}
			// The network sees float32, and package langevin evaluates it between timesteps.
			d := fixture.Distance(tr.x, walk.X()) / max(1, fixture.Norm(walk.X()))
			if walk.Err() != nil || !(d < 2e-5) {
				t.Errorf("%s: after step %d %v away from the package's walk (%v)", c.text,
					tr.Done(), d, walk.Err())
			}
		}
		if tr.Err() != nil || walk.Done() != walk.Steps() {
			t.Errorf("%s: %v, and %d of %d steps of the walk are done", c.text, tr.Err(),
				walk.Done(), walk.Steps())
		}
	}
}

// TestLangevinMissesAMode shows why annealing is needed: from noise of one small level all
// trajectories end in the same mode, whatever its weight.
func TestLangevinMissesAMode(t *testing.T) {
	a, b := make([]float64, 4), make([]float64, 4)
	for i := range a {
		a[i], b[i] = 0.2, -0.9
	}
	m, err := mixture.New([]mixture.Component{{Weight: 0.2, Mean: a, StdDev: 0.05},
		{Weight: 0.8, Mean: b, StdDev: 0.05}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.New(schedule.Default())
	if err != nil {
		t.Fatal(err)
	}
	model, err := mixture.NewModel(m, s, 1, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	info, err := recipe.NewInfo("test", nil, "", model)
	if err != nil {
		t.Fatal(err)
	}
	heavy := map[string]int{}
	for _, text := range []string{"k=langevin&level=0.1&steps=200",
		"k=annealed&steps=60&correct=5"} {
		run := mustRun(t, "m=test&n=64&"+text, model, info)
		for image := range 64 {
			if run.X(image)[0] < -0.35 {
				heavy[text]++
			}
		}
	}
	if one, all := heavy["k=langevin&level=0.1&steps=200"],
		heavy["k=annealed&steps=60&correct=5"]; one > 3 || all < 40 {
		t.Errorf("of 64 walks %d end in the mode of weight 0.8 at one level and %d with annealing",
			one, all)
	}
}

func TestLangevinKeys(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, c := range []struct{ text, want string }{
		{"k=annealed&correct=3&rule=scaled&stepsize=0.3&level=2", "k=annealed"},
		{"k=annealed&rule=snr&stepsize=0.15", "k=annealed&rule=snr"},
		{"k=vp_pc&correct=1&rule=snr&stepsize=.150&solver=reverse_diffusion", "k=vp_pc"},
		{"k=ve_pc&correct=0", "k=ve_pc&correct=0"},
		{"k=langevin&level=0.50&correct=9", "k=langevin"},
		{"k=langevin&level=2&rule=fixed&stepsize=0.01",
			"k=langevin&rule=fixed&stepsize=0.01&level=2"},
		{"k=euler&correct=2&rule=snr&stepsize=1&level=1", "k=euler"},
	} {
		s, err := recipe.Resolve(mustParse(t, "m=test&"+c.text), info)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Recipe().String(); got != "m=test&"+c.want {
			t.Errorf("%s is %s, want m=test&%s", c.text, got, c.want)
		}
		if again, err := recipe.Resolve(s.Recipe(), info); err != nil ||
			again.Recipe() != s.Recipe() || !reflect.DeepEqual(again.Fields(info), s.Fields(info)) {
			t.Errorf("%s: its canonical recipe resolves to %v, %v", c.text, again.Recipe(), err)
		}
	}
	flow := info
	var err error
	if flow.Scheduler,
		err = schedule.ParseConfig(
		[]byte(`{"_class_name": "FlowMatchEulerDiscreteScheduler"}`)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, key, says string
		info            recipe.Info
	}{
		{"k=annealed&correct=0", "correct", "it must be 1 or more", info},
		{"k=annealed&correct=1001", "correct", "a whole number from 0 to 1000", info},
		{"k=annealed&rule=best", "rule", "snr, scaled or fixed", info},
		{"k=annealed&stepsize=0", "stepsize", "a number above 0", info},
		{"k=langevin&level=0.001", "level", "but this network knows noise from 0.01", info},
		{"k=langevin&level=1000", "level", "but this network knows noise from", info},
		{"k=vp_pc&solver=heun", "solver", "must be one of reverse_diffusion, euler_maruyama", info},
		{"k=annealed", "k", "is a rectified flow", flow},
		{"k=langevin", "k", "is a rectified flow", flow},
	} {
		r, err := recipe.Parse("m=test&" + c.text)
		if err == nil {
			_, err = NewRun(r, c.info, model)
		}
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != c.key ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: error %v, want key %s and %q", c.text, err, c.key, c.says)
		}
	}
}
