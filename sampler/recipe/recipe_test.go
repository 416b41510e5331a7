package recipe

import (
	"errors"
	"strings"
	"testing"

	"tweedie/sampler/solver"
)

func TestRecipeText(t *testing.T) {
	cases := []struct{ text, want string }{
		{"", "m=digits"},
		{"#m=glyphs", "m=glyphs"},
		{"steps=010&g=2.50&m=digits", "m=digits&steps=10&g=2.5"},
		{"g=1e1&eta=0.0&s=007", "m=digits&s=7&g=10&eta=0"},
		{"g=0.00001", "m=digits&g=1e-05"},
		{"eta=-0", "m=digits&eta=0"},
		{"&c=7&&n=3&", "m=digits&c=7&n=3"},
		{"c=a+b", "m=digits&c=a%20b"},
		{"c=a%2Bb%26c%3D%c3%a9", "m=digits&c=a%2Bb%26c%3D%C3%A9"},
		{"c=é", "m=digits&c=%C3%A9"},
		{"%63=7", "m=digits&c=7"},
		{"h=0123456789ABCDEF", "m=digits&h=0123456789abcdef"},
		{"s=18446744073709551615", "m=digits&s=18446744073709551615"},
		{"noise=torch&rederive=off&variance=learned_range&clip=1.50&spacing=trailing&eta=1&g=0" +
			"&steps=1000&k=ddpm&n=64&s=0&c=all&m=a-b_c.2",
			"m=a-b_c.2&c=all&s=0&n=64&k=ddpm&steps=1000&g=0&eta=1&spacing=trailing&clip=1.5" +
				"&variance=learned_range&rederive=off&noise=torch"},
		{"clip=none", "m=digits&clip=none"},
		{"rng=torch", "m=digits&noise=torch"},
		{"clip=dynamic", "m=digits&clip=dynamic"},
		{"classifier=mine&cg=3.0", "m=digits&cg=3&classifier=mine"},
	}
	for _, c := range cases {
		r, err := Parse(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := r.String(); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
		again, err := Parse(r.String())
		if err != nil || again != r {
			t.Errorf("%q: its text %q reads as %v, %v", c.text, r, again, err)
		}
	}
}

// keyNames are the names of all keys, in the table's order.
func keyNames() (names []string) {
	for _, k := range Keys() {
		names = append(names, k.Name)
	}
	return names
}

// TestTableNamesDefaults: the default that the table gives of a key, and with it README, is what a
// recipe without the key comes to.
func TestTableNamesDefaults(t *testing.T) {
	info := testInfo()
	info.Defaults = StandardDefaults()
	const picture = "image=0123456789abcdef"
	given := map[string]string{"m": "digits"}
	if r := parsed(t, ""); r.Get("m") != given["m"] {
		t.Errorf("the default model is %s", r.Get("m"))
	}
	for _, text := range []string{"", "k=langevin", "k=euler", "k=annealed", "k=ddpm", "c=zero",
		picture, picture + "&mask=fedcba9876543210"} {
		s, err := Resolve(parsed(t, "m=test&"+text), info)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Fields(info) {
			if _, known := given[f.Key]; !known && f.Idle == Active {
				given[f.Key] = f.Value
			}
		}
	}
	compared := 0
	for _, k := range Keys() {
		// Prose says when there is another; its beginning is the plain one.
		want, _, _ := strings.Cut(k.Standard, ";")
		if strings.ContainsAny(want, " '`") || want == "" {
			continue
		}
		got := given[k.Name]
		if got == "" && k.Kind == Number { // what has no effect at 0 is no field then
			got = "0"
		}
		if compared++; got != want {
			t.Errorf("the default of %s is %q, and the table says %q", k.Name, got, want)
		}
	}
	if compared < 20 {
		t.Errorf("%d defaults were compared", compared)
	}
}

func TestWrongRecipes(t *testing.T) {
	cases := []struct{ text, key, says string }{
		{"x=1", "x", `there is no key "x"; the keys are ` + strings.Join(keyNames(), ", ")},
		{"C=1", "C", `there is no key "C"`},
		{"=1", "", `there is no key ""`},
		{"s", "", `"s" is not of the form key=value`},
		{"s=%4", "", `"s=%4" has a broken % escape`},
		{"s=%zz", "", "broken % escape"},
		{"c=%ff", "", "broken % escape"},
		{"s=1&s=1", "s", "the key s is given twice"},
		{"s=-1", "s", `s is "-1" but must be a whole number from 0 to 18446744073709551615`},
		{"s=18446744073709551616", "s", "must be a whole number"},
		{"s=1.0", "s", "must be a whole number"},
		{"n=0", "n", `n is "0" but must be a whole number from 1 to 64`},
		{"n=65", "n", "from 1 to 64"},
		{"k=best", "k", `k is "best" but must be one of ddim, ddpm, euler`},
		{"steps=0", "steps", "1 to the model's number of timesteps"},
		{"g=-1", "g", `g is "-1" but must be a number from 0 to 100`},
		{"g=NaN", "g", "from 0 to 100"},
		{"g=Inf", "g", "from 0 to 100"},
		{"g=0x10", "g", "from 0 to 100"},
		{"g=1_0", "g", "from 0 to 100"},
		{"g=1e999", "g", "from 0 to 100"},
		{"g=", "g", `g is "" but must be`},
		{"eta=1.01", "eta", "a number from 0 to 1"},
		{"cg=101", "cg", "a number from 0 to 100"},
		{"classifier=../x", "classifier", "a file name of letters"},
		{"spacing=even", "spacing", "leading, linspace or trailing"},
		{"clip=0", "clip", "none, dynamic, or a bound above 0"},
		{"clip=-1", "clip", "none, dynamic"},
		{"variance=small", "variance", "one of fixed_small, "},
		{"rederive=true", "rederive", "on or off"},
		{"noise=numpy", "noise", "philox or torch"},
		{"h=123", "h", "16 hexadecimal digits"},
		{"h=0123456789abcdeg", "h", "16 hexadecimal digits"},
		{"m=../secret", "m", "a file name of letters"},
		{"m=a/b", "m", "a file name"},
		{"m=.hidden", "m", "a file name"},
		{"m=", "m", "a file name"},
		{"c=a%00b", "c", "a class's name"},
		{"c=", "c", "a class's name"},
		{"c=" + strings.Repeat("é", 300), "c", "…"},
		{"c=" + strings.Repeat("x", 201), "c", "a class's name"},
		{"m=" + strings.Repeat("x", 65), "m", "a file name"},
		{strings.Repeat("&", 5000), "", "the recipe is 5000 bytes long; 4096 are allowed"},
	}
	for _, c := range cases {
		_, err := Parse(c.text)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != c.key || !strings.Contains(wrong.Message,
			c.says) || !strings.HasPrefix(err.Error(), "recipe: ") {
			t.Errorf("%q: error %v, want key %q and %q", shorten(c.text), err, c.key, c.says)
		}
	}
}

// The longest names are read.
func TestLongestNames(t *testing.T) {
	for key, length := range map[string]int{"c": 200, "m": 64} {
		name := strings.Repeat("x", length)
		if r := parsed(t, key+"="+name); r.Get(key) != name {
			t.Errorf("%s of %d letters is %q", key, length, r.Get(key))
		}
	}
}

func TestGetAndSet(t *testing.T) {
	r := parsed(t, "c=7&g=2&h=0123456789abcdef")
	if r.Get("g") != "2" || r.Get("s") != "" || r.Get("unknown") != "" || r.Get("m") != "digits" {
		t.Errorf("g %q, s %q, unknown %q, m %q", r.Get("g"), r.Get("s"), r.Get("unknown"),
			r.Get("m"))
	}
	steps := []struct{ key, value, want string }{
		{"g", "2.0", "m=digits&c=7&g=2&h=0123456789abcdef"}, // the same value keeps the hash
		{"g", "3", "m=digits&c=7&g=3"},
		{"h", "fedcba9876543210", "m=digits&c=7&g=3&h=fedcba9876543210"},
		{"c", "", "m=digits&g=3"},
		{"m", "glyphs", "m=glyphs&g=3"},
		{"m", "", "m=digits&g=3"},
	}
	for _, s := range steps {
		if err := r.Set(s.key, s.value); err != nil || r.String() != s.want {
			t.Errorf("after setting %s to %q: %v, %v; want %s", s.key, s.value, r, err, s.want)
		}
	}
	for _, s := range steps[:2] {
		if err := r.Set(s.key+"x", s.value); err == nil {
			t.Errorf("setting %sx is no error", s.key)
		}
	}
	if err := r.Set("g", "much"); err == nil || r.String() != "m=digits&g=3" {
		t.Errorf("setting g to much: %v, recipe %v", err, r)
	}
}

func TestWriteAndRemove(t *testing.T) {
	const text = "c=7&g=2&image=0123456789abcdef&strength=0.5&h=0123456789abcdef"
	for _, c := range []struct {
		remove []string
		write  map[string]string
		want   string // the recipe, or the key of the error
	}{
		{nil, nil, "m=digits&c=7&g=2&image=0123456789abcdef&strength=0.5&h=0123456789abcdef"},
		{[]string{"result"}, nil, "m=digits&c=7&g=2&image=0123456789abcdef&strength=0.5"},
		{[]string{"given", "g"}, nil, "m=digits&c=7"},
		{[]string{"eta", "langevin"}, nil,
			"m=digits&c=7&g=2&image=0123456789abcdef&strength=0.5&h=0123456789abcdef"},
		{[]string{"picture"}, map[string]string{"m": "glyphs", "n": "3"},
			"m=glyphs&n=3&g=2&image=0123456789abcdef&strength=0.5"},
		{nil, map[string]string{"h": "FEDCBA9876543210", "c": "8", "g": ""},
			"m=digits&c=8&image=0123456789abcdef&strength=0.5&h=fedcba9876543210"},
		{[]string{"given", "result"}, map[string]string{"rng": "torch"},
			"m=digits&c=7&g=2&noise=torch"},
		{[]string{"colour"}, nil, "colour"},
		{nil, map[string]string{"zoom": "1", "colour": "1", "g": "x"}, "colour"},
		{nil, map[string]string{"steps": "0", "g": "x"}, "steps"},
		{nil, map[string]string{"": "1"}, ""},
	} {
		r := parsed(t, text)
		err := r.Remove(c.remove...)
		if err == nil {
			err = r.Write(c.write)
		}
		got := r.String()
		if err != nil {
			got = err.(*Error).Key
		}
		if got != c.want {
			t.Errorf("without %v, with %v: got %s, want %s", c.remove, c.write, got, c.want)
		}
	}
}

// TestGroupsAreNoKeys: Remove takes both.
func TestGroupsAreNoKeys(t *testing.T) {
	for _, k := range Keys() {
		if _, err := findKey(string(k.Group)); err == nil {
			t.Errorf("%s is a key and a group", k.Group)
		}
	}
}

// FuzzParseRecipe: the text of an accepted recipe is read as the same recipe, and has the same
// text.
func FuzzParseRecipe(f *testing.F) {
	for _, text := range []string{
		"", "m=digits&c=7&s=42", "#g=1e-7&eta=.5", "c=a%20b%2B&n=3", "clip=dynamic&noise=torch",
		"h=0123456789abcdef&variance=learned",
		"s=1&s=2", "%73=%31", "steps=1000&rederive=on&spacing=trailing&k=ddpm", "c=\u00e9+\u4e2d",
		"fork=012,c:8,g:03.0~20,k:ddpm,fresh:07,eta:1", "fork=4,paint:04-2-1-FF_5-6-0-808080",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("%q: the error is no sentence: %q", text, err)
			}
			return
		}
		again, err := Parse(r.String())
		if err != nil || again != r || again.String() != r.String() {
			t.Errorf("%q became %q, which reads as %q, %v", text, r, again, err)
		}
	})
}
