package recipe

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/network"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// testInfo returns a model with the classes zero, one, …, some of whose names could be mistaken.
func testInfo() Info {
	c := schedule.Default()
	return Info{
		Name: "test", Title: "Test", Classes: []string{"zero", "one", "4", "none", "one"},
		Channels: 1, Height: 2, Width: 3, OutChannels: 1, Deep: true,
		Scheduler: c, Defaults: Defaults{Sampler: "ddim", Steps: 50, Guidance: 2, Rederive: true},
	}
}

func TestResolvedRecipes(t *testing.T) {
	info := testInfo()
	cases := []struct {
		text, want string
		labels     []int
	}{
		{"", "m=test", []int{network.NoClass}},
		{"c=none&s=1&n=1&k=ddim&steps=50&g=2&eta=0&spacing=leading&clip=1&variance=fixed_small" +
			"&rederive=on&noise=philox", "m=test", []int{network.NoClass}},
		{"g=1.5&rederive=off&clip=none", "m=test&g=1.5&clip=none&rederive=off",
			[]int{network.NoClass}},
		{"c=one", "m=test&c=one", []int{1}},
		{"c=0", "m=test&c=zero", []int{0}},
		{"c=1", "m=test&c=one", []int{1}},
		{"c=4", "m=test&c=4", []int{2}}, // a name is tried before an index
		{"c=2", "m=test&c=4", []int{2}},
		{"c=03", "m=test&c=3", []int{3}},
		{"c=3", "m=test&c=3", []int{3}}, // its name is read as something else
		{"c=one&n=3", "m=test&c=one&n=3", []int{1, 1, 1}},
		{"c=all", "m=test&c=all", []int{0, 1, 2, 3, 4}},
		{"c=all&n=5", "m=test&c=all", []int{0, 1, 2, 3, 4}},
		{"c=all&n=2", "m=test&c=all&n=2", []int{0, 1}},
		{"c=all&n=7", "m=test&c=all&n=7", []int{0, 1, 2, 3, 4, 0, 1}},
		{"c=all&n=1", "m=test&c=all&n=1", []int{0}},
		{"h=0123456789abcdef&s=1", "m=test&h=0123456789abcdef", []int{network.NoClass}},
	}
	for _, c := range cases {
		s, err := Resolve(parsed(t, "m=test&"+c.text), info)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := s.Recipe().String(); got != c.want || !slices.Equal(s.Labels, c.labels) ||
			s.Images != len(c.labels) {
			t.Errorf("%q is %q with labels %v, want %q with %v", c.text, got, s.Labels, c.want,
				c.labels)
		}
		again, err := Resolve(s.Recipe(), info)
		if err != nil || again.Recipe() != s.Recipe() || !slices.Equal(again.Labels, s.Labels) ||
			!reflect.DeepEqual(again.Fields(info), s.Fields(info)) {
			t.Errorf("%q: its canonical recipe resolves to %v, %v", c.text, again.Recipe(), err)
		}
	}
}

func TestModelsDefaults(t *testing.T) {
	info := testInfo()
	info.Scheduler.Thresholding = true
	info.Scheduler.TimestepSpacing = schedule.Trailing
	info.Scheduler.VarianceType = schedule.FixedLarge
	info.Scheduler.NumTrainTimesteps = 20
	info.Defaults = Defaults{Sampler: "ddpm", Steps: 30, Guidance: 3, Eta: 0.5}
	s, err := Resolve(parsed(t, "m=test"), info)
	if err != nil {
		t.Fatal(err)
	}
	want := "m=test c=none w= s=1 to= plane= n=1 k=ddpm steps=20 spacing=trailing " +
		"clip=dynamic variance=fixed_large reading=epsilon cache=1 noise=philox image= "
	got := ""
	for _, f := range s.Fields(info) {
		if f.Idle == Active {
			got += f.Key + "=" + f.Value + " "
		}
	}
	if got != want {
		t.Errorf("fields\n%s, want\n%s", got, want)
	}
	if got := s.Recipe().String(); got != "m=test" {
		t.Errorf("canonical recipe %q", got)
	}
	info.Scheduler.Thresholding, info.Scheduler.ClipSampleRange = false, 2.5
	if s, _ := Resolve(parsed(t, "m=test"), info); s.Clip != "2.5" {
		t.Errorf("clip is %q, want 2.5", s.Clip)
	}
	info.Scheduler.ClipSample = false
	if s, _ := Resolve(parsed(t, "m=test"), info); s.Clip != "none" {
		t.Errorf("clip is %q, want none", s.Clip)
	}
	info.Classes = make([]string, 100)
	if s, _ := Resolve(parsed(t, "m=test&c=all"), info); s.Images != MaxImages {
		t.Errorf("c=all with 100 classes has %d pictures", s.Images)
	}
}

// A recipe that is written out means the same, also where another file has other defaults.
func TestSpelled(t *testing.T) {
	info := testInfo()
	other := info
	other.Defaults = Defaults{Sampler: "ddpm", Steps: 7, Guidance: 9, Eta: 1}
	other.Scheduler.TimestepSpacing, other.Scheduler.PredictionType = schedule.Trailing, schedule.V
	for _, text := range []string{"m=test", "m=test&c=one&k=euler_a&n=3",
		"m=test&reading=x0&k=dpmpp_2m", "m=test&h=0123456789abcdef"} {
		s, err := Resolve(parsed(t, text), info)
		if err != nil {
			t.Fatal(err)
		}
		spelled := s.Spelled()
		if spelled.Get("h") != "" || spelled.Get("spacing") != "leading" ||
			spelled.Get("reading") != parsed(t, text).Get("reading") {
			t.Errorf("%s is written out %v", text, spelled)
		}
		there, err := Resolve(spelled, other)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"k", "steps", "g", "eta", "spacing", "sigmas", "final",
			"order", "clip", "variance", "rederive", "n"} {
			if got, want := there.Spelled().Get(key), spelled.Get(key); got != want {
				t.Errorf("%s: with another file %s is %q, want %q", text, key, got, want)
			}
		}
	}
}

// A variance that the network would have to predict is no choice where it does not.
func TestVarianceChoices(t *testing.T) {
	for out, want := range map[int]int{1: 4, 2: 7} {
		info := testInfo()
		info.OutChannels = out
		s, err := Resolve(parsed(t, "m=test"), info)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Fields(info) {
			if f.Key == "variance" && len(f.Choices) != want {
				t.Errorf("%d channels come out: the choices are %v", out, f.Choices)
			}
		}
	}
}

// The file's eta holds for the file's sampler only, and is not used where a picture must come back
// from its noise.
func TestFilesEta(t *testing.T) {
	const image = "&image=0123456789abcdef"
	for _, c := range []struct {
		own  string
		eta  float64
		text string
		want float64
		link string
	}{
		{"ddim", 0.3, "", 0.3, ""},
		{"ddim", 0.3, "&k=ddim&eta=0.3", 0.3, ""},
		{"ddim", 0.3, "&eta=0", 0, "&eta=0"},
		{"ddim", 0.3, "&k=dpm_adaptive", 0, "&k=dpm_adaptive"},
		{"ddim", 0.3, "&k=euler_a", 1, "&k=euler_a"},
		{"ddim", 0.3, "&k=tcd&eta=0.2", 0.2, "&k=tcd&eta=0.2"},
		{"ddim", 0.3, image + "&strength=0.5", 0.3, image + "&strength=0.5"},
		{"ddim", 0.3, image + "&invert=zero", 0, image + "&invert=zero"},
		{"ddim", 0.3, image + "&invert=zero&eta=0.3", 0.3, "&eta=0.3" + image + "&invert=zero"},
		{"euler_a", 0.5, "", 0.5, ""},
		{"euler_a", 0.5, "&k=ddim", 0, "&k=ddim"},
		{"euler_a", 0, "", 1, ""},
	} {
		info := testInfo()
		info.Defaults.Sampler, info.Defaults.Eta = c.own, c.eta
		s, err := Resolve(parsed(t, "m=test"+c.text), info)
		if err != nil {
			t.Errorf("%s of a file with %s: %v", c.text, c.own, err)
			continue
		}
		if got := s.Recipe().String(); s.Eta != c.want || got != "m=test"+c.link {
			t.Errorf("%s of a file with %s, %v: eta is %v in %s, want %v in m=test%s", c.text,
				c.own, c.eta, s.Eta, got, c.want, c.link)
		}
	}
}

func TestUnusableRecipes(t *testing.T) {
	info := testInfo()
	cases := []struct{ text, key, says string }{
		{"m=other", "m", `m is "other" but this model is "test"`},
		{"m=test&c=five", "c",
			`c is "five" but must be none, all, one of the names zero, one, 4, none, one, ` +
				"or an index from 0 to 4"},
		{"m=test&c=5", "c", "an index from 0 to 4"},
		{"m=test&c=-1", "c", "an index from 0 to 4"},
		{"m=test&steps=1001", "steps", "steps is 1001 but the model test has 1000 timesteps"},
		{"m=test&variance=learned", "variance", "the model test does not predict a variance"},
		{"m=test&variance=learned_range", "variance", "does not predict a variance"},
	}
	for _, c := range cases {
		_, err := Resolve(parsed(t, c.text), info)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != c.key ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%q: error %v, want key %q and %q", c.text, err, c.key, c.says)
		}
	}
	info.Classes = nil
	for _, text := range []string{"m=test&c=0", "m=test&c=all"} {
		if _, err := Resolve(parsed(t, text), info); err == nil ||
			!strings.Contains(err.Error(), "the model has no classes") {
			t.Errorf("%q without classes: error %v", text, err)
		}
	}
}

// sizes is a Model with a shape and nothing else.
type sizes struct {
	network.Model
	channels, out, classes int
}

func (s sizes) Shape() (int, int, int) { return s.channels, 2, 3 }
func (s sizes) OutChannels() int       { return s.out }
func (s sizes) Classes() int           { return s.classes }

func TestNewInfo(t *testing.T) {
	info, err := NewInfo("digits", map[string]string{
		"title": "Digits", "classes": `["null", "eins"]`,
		"scheduler": `{"timestep_spacing": "trailing", "num_train_timesteps": 400}`,
		"sampling": `{"guidance": 3, "use_clipped_model_output": true, "steps": 20,
			"sampler": "ddpm", "eta": 0.25, "classifier": "one.2"}`,
	}, "00ff", sizes{channels: 3, out: 6, classes: 2})
	if err != nil {
		t.Fatal(err)
	}
	if info.Title != "Digits" || !slices.Equal(info.Classes, []string{"null", "eins"}) ||
		info.Hash != "00ff" || info.Channels != 3 || info.OutChannels != 6 ||
		info.Height != 2 || info.Width != 3 || info.Scheduler.NumTrainTimesteps != 400 ||
		info.Scheduler.TimestepSpacing != schedule.Trailing ||
		info.Defaults != (Defaults{"ddpm", 20, 3, 0.25, true, "one.2"}) {
		t.Errorf("info %+v", info)
	}
	bare, err := NewInfo("x", nil, "", sizes{channels: 1, out: 1, classes: 3})
	if err != nil || bare.Title != "x" || !slices.Equal(bare.Classes, []string{"0", "1", "2"}) ||
		bare.Defaults != StandardDefaults() {
		t.Errorf("without metadata: %+v, %v", bare, err)
	}
}

func TestWrongMetadata(t *testing.T) {
	cases := []struct{ key, text, says string }{
		{"classes", `["a"`, "must be an array of strings in JSON"},
		{"classes", `{"a": 1}`, "must be an array of strings, not an object"},
		{"classes", `["a"]`, "2 classes in an array, and has 1 names"},
		{"classes", `["a", 2]`, "[1] must be a string, not 2"},
		{"classes", `["a", ""]`, "name 1 of the file's classes"},
		{"scheduler", `{"beta_schedule": "x"}`, "beta_schedule"},
		{"sampling", `[]`, "must be a JSON object, not an array"},
		{"sampling", `{`, "is not JSON"},
		{"sampling", `{"g": 2}`, "g is not a key that is known here; known are sampler, steps, " +
			"guidance, eta, use_clipped_model_output"},
		{"sampling", `{"guidance": "2"}`,
			"the file's sampling defaults: guidance must be a number from 0 to 100"},
		{"sampling", `{"guidance": 1000}`, "guidance"},
		{"sampling", `{"eta": -1}`, "eta"},
		{"sampling", `{"steps": 0}`, "steps"},
		{"sampling", `{"sampler": "best"}`,
			"the file's sampling defaults: sampler must be one of ddim, ddpm"},
		{"sampling", `{"use_clipped_model_output": 1}`, "true or false"},
	}
	for _, c := range cases {
		_, err := NewInfo("m", map[string]string{c.key: c.text}, "",
			sizes{channels: 1, out: 1, classes: 2})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %s: error %v, want %q", c.key, c.text, err, c.says)
		}
	}
	if _, err := NewInfo("a/b", nil, "", sizes{channels: 1, out: 1}); err == nil ||
		!strings.Contains(err.Error(), "the model's name") {
		t.Errorf("a model called a/b: %v", err)
	}
}

func TestSamplersAreListed(t *testing.T) {
	ended, group := map[string]bool{}, ""
	for i, s := range solver.Samplers() {
		if s.Group != group {
			ended[group], group = true, s.Group
		}
		if ended[s.Group] {
			t.Errorf("the sampler %s is apart from the others of its group", s.Name)
		}
		if s.Title == "" || !strings.HasSuffix(s.Description, ".") {
			t.Errorf("sampler %d is %+v", i, s)
		}
		if r := parsed(t, "k="+s.Name); r.Get("k") != s.Name {
			t.Errorf("the sampler %s cannot be chosen", s.Name)
		}
	}
}
