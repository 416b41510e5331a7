package keys

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

func TestCanonicalText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "d=spiral"},
		{"#d=moons&steps=2000", "d=moons"},
		{"steps=00300&d=grid&lr=1e-3", "d=grid&steps=300&lr=0.001"},
		{"d=moons&c=upper&drop=.2", "d=moons&c=upper"},
		{"d=moons&c=1&drop=0.5", "d=moons&drop=0.5&c=lower"},
		{"d=moons&c=none&drop=1", "d=moons"},
		{"d=mixture&gauss=1.0,0,0,.1;2,1,1,0.2",
			"d=mixture&gauss=1,0,0,0.1,0%3B2,1,1,0.2,1"},
		{"k=ddpm&eta=.50&ssteps=20&p=epsilon", "d=spiral&p=epsilon&ssteps=20&k=ddpm&eta=0.5"},
		{"d=moons&at=.20&start=1.0&k=langevin", "d=moons&at=0.2&start=1&k=langevin"},
		{"schedule=straight&p=flow&reflow=010", "d=spiral&schedule=straight&reflow=10"},
		{"d=moons&c=1&cg=2.0&csteps=500", "d=moons&c=lower&cg=2"},
		{"d=moons&c=1&cg=2&drop=0.2&g=3", "d=moons&drop=0.2&c=lower&g=3&cg=2"},
		{"d=painted&paint=BBBBBAAARRAA&c=1", "d=painted&paint=B9CAAARR&c=orange"},
		{"levels=02&m=vae&d=grid", "d=grid&m=vae&levels=2"},
		{"m=vae&levels=1", "d=spiral&m=vae"},
		{"m=latent", "d=digits"},
		{"d=digits&m=latent&batch=128&vsteps=01500&c=3", "d=digits&c=3"},
		{"h=0123456789ABCDEF&s=007", "d=spiral&s=7&h=0123456789abcdef"},
	} {
		s, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := s.String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
		if again, err := Parse(s.String()); err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%s is read back as %+v, %v", s, again, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ text, key, says string }{
		{"colour=red", "colour", `there is no key "colour"; the keys are d, gauss, paint`},
		{"m=digits", "m", "must be diffusion, vae or latent"},
		{"m=vae&k=ddim", "k", "k belongs to m=diffusion, m=latent but m is vae"},
		{"drop=1&m=vae", "drop", "drop belongs to m=diffusion, m=latent but m is vae"},
		{"m=vae&p=v", "p", "p belongs to m=diffusion"},
		{"m=vae&c=none", "c", "c belongs to m=diffusion"},
		{"levels=1", "levels", "levels belongs to m=vae but m is diffusion"},
		{"m=vae&levels=4", "levels", "a whole number from 1 to 3"},
		{"m=vae&levels=3&units=512&layers=16&batch=256", "batch", "2 · levels · units"},
		{"m=latent&d=moons", "d", "these are points; choose d=digits"},
		{"d=digits&m=vae", "m", "which are pictures and no points of the plane; choose m=latent"},
		{"d=digits&levels=2", "levels", "levels belongs to m=vae but m is latent"},
		{"vsteps=5", "vsteps", "vsteps belongs to m=latent but m is diffusion"},
		{"m=latent&noise=0.1", "noise", "leave noise out"},
		{"m=latent&set=9", "set", "which are a set of 1000 already; leave set out"},
		{"m=latent&c=10", "c", "digits has the classes 0, 1, 2"},
		{"m=latent&units=512&layers=16&batch=1000", "batch", "2 · (units · layers + 256) · batch"},
		{"at=0.2&schedule=learned", "at", "nothing to learn"},
		{"d=squares", "d", `d is "squares" but must be one of moons, rings, spiral`},
		{"steps=0", "steps", "a whole number from 1 to 1000000"},
		{"steps=1.5", "steps", "a whole number"},
		{"lr=0", "lr", "a number above 0 and up to 100"},
		{"lr=NaN", "lr", "a number above 0"},
		{"units=513", "units", "from 1 to 512"},
		{"p=noise", "p", "one of x0, epsilon, score, v, flow"},
		{"s=-1", "s", "a whole number from 0 to 18446744073709551615"},
		{"ssteps=1001", "ssteps", "from 1 to 1000"},
		{"k=best", "k", `k is "best"`},
		{"eta=2", "eta", "a number from 0 to 1"},
		{"d=moons&d=rings", "d", "the key d is given twice"},
		{"moons", "", `"moons" is not of the form key=value`},
		{"d=%zz", "", "broken % escape"},
		{"gauss=1,0,0,0.1", "gauss", "gives the Gaussians of d=mixture but d is spiral"},
		{"d=mixture&gauss=1,0,0", "gauss", "Gaussians weight,x,y,spread"},
		{"d=moons&c=middle", "c", `c is "middle" but moons has the classes upper, lower`},
		{"d=moons&c=upper&drop=1", "drop", "choose a drop below 1"},
		{"units=512&layers=16&batch=8192", "batch", "may be 8388608 at most"},
		{"at=51", "at", "a number from 0 to 50"},
		{"at=0.0001", "at", "the schedule cosine has the noise 0.00"},
		{"at=0.1&loss=bound", "loss", "one noise level leaves nothing to weigh"},
		{"at=0.1&k=ddim", "k", "the network knows one noise level"},
		{"at=0.1&level=0.5", "level", "leave level out"},
		{"start=1", "start", "start is 1 but k is ddim"},
		{"k=annealed&start=1", "start", "choose k=langevin"},
		{"reflow=5", "reflow", "only a rectified flow has paths to straighten"},
		{"schedule=straight&p=v", "p", "choose p=flow"},
		{"schedule=straight&loss=bound", "loss", "choose loss=simple"},
		{"schedule=straight&at=0.5", "at", "choose another schedule"},
		{"schedule=straight&k=sa", "k", "noise without signal"},
		{"schedule=straight&reflow=5&k=dpmpp_2m_sde", "k", "no longer knows the score"},
		{"schedule=straight&reflow=5&k=dpmpp_2m_sde&eta=0.5", "eta", "leave eta out"},
		{"schedule=straight&reflow=5&churn=1", "churn", "leave churn out"},
		{"cg=2", "cg", "cg is 2 but c is none"},
		{"csteps=50", "csteps", "choose a cg above 0"},
		{"c=1&cg=1&csteps=0", "csteps", "the classifier has to learn"},
		{"c=1&cg=1&p=flow", "cg", "choose another p"},
		{"c=1&cg=1&g=2", "g", "leave g out"},
		{"d=mixture&gauss=1,0,0,1&c=0&cg=1", "cg", "the data have one class"},
		{"paint=B", "paint", "paint is what d=painted has painted but d is spiral"},
		{"d=painted", "paint", "paint something first"},
		{"d=painted&paint=AAA", "paint", "paint something first"},
		{"d=painted&paint=B%2B", "paint", "the cells of a canvas of 32 by 32"},
		{"d=painted&paint=BAR&c=green", "c", "has the classes blue, orange"},
		{"drop=0", "drop", "drop is 0 but c is none"},
		{"c=all&drop=0&g=3", "drop", "drop is 0 but g is 3"},
		{"h=12", "h", "16 hexadecimal digits"},
		{strings.Repeat("&", 5000), "", "the recipe is 5000 bytes long; 4096 are allowed"},
	} {
		_, err := Parse(c.text)
		var wrong *recipe.Error
		if !errors.As(err, &wrong) || wrong.Key != c.key ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: got %v, want the key %s and %q", c.text, err, c.key, c.says)
		} else if wrong.Reason == solver.Unsaid {
			t.Errorf("%s: the page has no words for %q", c.text, wrong.Message)
		}
	}
}

// TestNearest: a key that is written wrong is told which it may be, and none where it has little of
// any.
func TestNearest(t *testing.T) {
	names := []string{"steps", "ssteps", "c", "units", "drop"}
	for text, want := range map[string]string{"stesp": "steps", "unit": "units", "step": "steps",
		"dorp": "", "drops": "drop", "class": "", "x": "", "": "",
		strings.Repeat("steps", 5): ""} {
		if got := nearest(text, names); got != want {
			t.Errorf("%q is near %q, want %q", text, got, want)
		}
	}
}

// TestConfig: every own key reaches the training or the points.
func TestConfig(t *testing.T) {
	s, err := Parse("d=mixture&gauss=1,0.25,0,0;1,0.25,0,0&noise=0&s=5&p=score&loss=min-snr&" +
		"schedule=linear&units=8&layers=2&octaves=1&batch=9&steps=11&lr=0.5&fall=constant&warm=3&" +
		"decay=0.1&norm=2&ema=0.5&drop=0.3&n=101&c=all&ssteps=7&k=euler&order=1")
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Config()
	if err != nil {
		t.Fatal(err)
	}
	r := c.Rule
	if c.Seed != 5 || c.Prediction != schedule.Score || c.Loss != "min-snr" ||
		c.Schedule != "linear" || c.Units != 8 || c.Layers != 2 || c.Octaves != 1 || c.Batch != 9 ||
		c.Steps != 11 || c.Dropout != 0.3 || r.Rate != 0.5 || r.Steps != 0 || r.Warmup != 3 ||
		r.Decay != 0.1 || r.Clip != 2 || r.Average != 0.5 {
		t.Errorf("got %+v", c)
	}
	x := make([]float64, 4)
	c.Data.Sample(x, make([]int, 2), struct {
		Seed         uint64
		Stream, Draw uint32
	}{})
	if x[0] != 0.25 || x[3] != 0 {
		t.Errorf("the points are %v", x)
	}
	if got := s.Cloud(); got != 50 {
		t.Errorf("a cloud of one of two classes has %d points of 101", got)
	}
	sampling, err := s.Sampling()
	if err != nil || sampling.String() != "m=lab&c=all&s=5&k=euler&steps=7&order=1" {
		t.Errorf("the sampler's recipe is %s, %v", sampling, err)
	}
	one, err := Parse("at=0.1&start=2")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := one.Config(); err != nil || c.Sigma != 0.1 || one.Start != 2 {
		t.Errorf("got %+v, %v", one, err)
	}
	if r, err := one.Sampling(); err != nil || r.String() != "m=lab&s=1&steps=50&level=0.1" {
		t.Errorf("the sampler's recipe is %s, %v", r, err)
	}
	if noisy, _ := Parse("d=moons&noise=0.5&set=3"); noisy.Noise != 0.5 || noisy.Set != 3 {
		t.Errorf("got %+v", noisy)
	}
}

// TestKeys: every key has a line of documentation, a default and a name of its own, and its default
// can be written.
func TestKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		if k.Doc == "" || seen[k.Name] || k.Name == "" {
			t.Errorf("the key %+v", k)
		}
		seen[k.Name] = true
	}
	s := standard()
	for i := range table {
		r := &table[i]
		if value := r.written(&s); value != "" {
			text := r.Name + "=" + value
			if r.of != nil {
				text += "&m=" + r.of[0]
			}
			if _, err := Parse(text); err != nil {
				t.Errorf("the default of %s is refused: %v", r.Name, err)
			}
		}
	}
	if !seen["ssteps"] || !seen["k"] || !seen["clip"] || !seen["cg"] ||
		seen["classifier"] || seen["image"] {
		t.Errorf("the keys are %v", seen)
	}
}

// TestReadme: the README has the tables of keys and of examples as they are.
func TestReadme(t *testing.T) {
	readme := string(fixture.File(t, "../README.md"))
	if !strings.Contains(readme, Markdown()) {
		t.Errorf("../README.md lacks the table of keys, which is\n%s", Markdown())
	}
	if !strings.Contains(readme, ExamplesMarkdown()) {
		t.Errorf("../README.md lacks the table of examples, which is\n%s", ExamplesMarkdown())
	}
}

// FuzzParse: what is read is written and read again as the same; what is refused is refused in a
// sentence.
func FuzzParse(f *testing.F) {
	f.Add("d=moons&c=1&drop=0.5&k=ddpm&eta=.5")
	f.Add("d=mixture&gauss=1,0,0,.1;2,1,1,0.2&h=0123456789abcdef")
	f.Add("d=painted&paint=B9BAR&c=1&cg=2&csteps=5&drop=1")
	f.Add("schedule=straight&reflow=5&p=flow&k=heun")
	f.Add("at=0.2&start=1&k=langevin&level=.2")
	f.Add("m=latent&vsteps=7&c=3&d=digits&batch=9")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			var wrong *recipe.Error
			if !errors.As(err, &wrong) || wrong.Message == "" {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := Parse(s.String())
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%q is %q, which is read as %+v, want %+v, %v", text, s, again, s, err)
		}
	})
}
