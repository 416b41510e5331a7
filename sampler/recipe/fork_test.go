package recipe

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/solver"
)

// TestForkText: forks have one canonical form, which a link shows as it is, and which says what
// changes.
func TestForkText(t *testing.T) {
	for _, c := range [][2]string{ // read, canonical
		{"fork=12", "fork=12"},
		{"fork=012,g:03.0,c:0", "fork=12,c:zero,g:3"},
		{"fork=12%2Cc%3Azero", "fork=12,c:zero"},
		{"c=zero&fork=12,c:0", "c=zero&fork=12"},
		{"c=zero&fork=12,c:one~20,c:zero", "c=zero&fork=12,c:one~20,c:zero"},
		{"c=zero&fork=12,c:one~20,c:one,k:ddpm", "c=zero&fork=12,c:one~20,k:ddpm"},
		{"fork=3,paint:02-1-9-FF_1-0-0-808080,fresh:1", "fork=3,fresh:1,paint:2-1-9-ff_1-0-0-80"},
		{"fork=3,fresh:007,eta:1", "fork=3,eta:1,fresh:7"},
		// another sampler begins with its own options, and the same one with those of the recipe
		{"eta=0.5&fork=3,k:ddpm", "eta=0.5&fork=3,k:ddpm"},
		{"eta=0.5&fork=3,k:ddim,eta:0.5", "eta=0.5&fork=3"},
		{"k=euler_a&eta=0.5&fork=3,k:ddim,eta:0", "k=euler_a&eta=0.5&fork=3,k:ddim"},
		{"k=dpmpp_2m&order=3&fork=3,k:unipc,steps:2", "k=dpmpp_2m&order=3&fork=3,k:unipc,steps:2"},
		{"steps=20&fork=3,steps:20,sigmas:karras", "steps=20&fork=3"},
		{"c=all&fork=3,c:all", "c=all&fork=3"},
		// what has no effect before the fork is not there after it
		{"g=2&fork=0,c:one&h=0123456789abcdef", "fork=0,c:one&h=0123456789abcdef"},
	} {
		r, err := Parse("m=test&" + c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		s, err := Resolve(r, testInfo())
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		want := "m=test&" + c[1]
		if got := s.Recipe().String(); got != want {
			t.Errorf("%s: got %s, want %s", c[0], got, want)
		}
		again, err := Resolve(s.Recipe(), testInfo())
		if err != nil || again.Fork != s.Fork || len(again.Legs) != len(s.Legs) {
			t.Errorf("%s: read again it is %s (%v)", c[0], again.Fork, err)
			continue
		}
		for i := range s.Legs {
			if again.Legs[i].Settings.texts() != s.Legs[i].Settings.texts() {
				t.Errorf("%s: read again, fork %d has other settings", c[0], i)
			}
		}
	}
}

// TestForkLegs: each leg has the settings of the recipe that its changes make, and as many
// pictures.
func TestForkLegs(t *testing.T) {
	info := testInfo()
	r, err := Parse("m=test&c=all&n=3&k=dpmpp_2m&order=3&" +
		"fork=4,c:one~6,k:heun,churn:2~9,k:ddpm,fresh:3")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Resolve(r, info)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"c=one&n=3&k=dpmpp_2m&order=3", "c=one&n=3&k=heun&churn=2",
		"c=one&n=3&k=ddpm"} {
		if got := s.Legs[i].Settings.Recipe().String(); got != "m=test&"+want {
			t.Errorf("fork %d goes on with %s, want %s", i, got, want)
		}
		if s.Legs[i].Step != []int{4, 6, 9}[i] || len(s.Legs[i].Settings.Labels) != s.Images {
			t.Errorf("fork %d is %+v", i, s.Legs[i])
		}
	}
	if l := s.Legs[2]; !l.Fresh || l.Noise != 3 || s.Legs[1].Fresh {
		t.Errorf("the noise of fork 2 is %d (%v)", l.Noise, l.Fresh)
	}
	if !slices.Equal(s.Labels, []int{0, 1, 2}) || s.Subject() != "one" {
		t.Errorf("the first labels are %v, and the subject %s", s.Labels, s.Subject())
	}
	if s.Recipe().Unforked().Get("fork") != "" || s.Recipe().Get("fork") == "" {
		t.Error("a recipe without forks has one")
	}
}

// TestForksAreRefused: with a reason and a sentence.
func TestForksAreRefused(t *testing.T) {
	nine := "1~2~3~4~5~6~7~8~9"
	for text, want := range map[string]struct {
		reason solver.Reason
		says   string
	}{
		"x":                    {solver.NoValue, `fork is "x"`},
		"-1":                   {solver.NoValue, "a number of steps"},
		"4,":                   {solver.NoValue, "a number of steps"},
		"4,c":                  {solver.NoValue, "12,c:8,g:3"},
		"4~":                   {solver.NoValue, "a tilde"},
		"99999999999":          {solver.NoValue, "fork is"},
		"4,n:2":                {solver.ForkKey, `changes "n"`},
		"4,m:other":            {solver.ForkKey, "it can change c, s, k, steps"},
		"4,zebra:1":            {solver.ForkKey, "fresh"},
		"4,fork:1":             {solver.ForkKey, `"fork"`},
		"4,classifier:a":       {solver.ForkKey, `"classifier"`},
		"4,c:one,c:zero":       {solver.Twice, "after step 4 the key c is given twice"},
		"4,fresh:1~4":          {solver.ForkOrder, "step 4 after step 4"},
		"4,fresh:1,fresh:2":    {solver.Twice, "the key fresh is given twice"},
		"4,fresh:x":            {solver.NoValue, `after step 4 fresh is "x"`},
		"4,g:1000":             {solver.Limits, "after step 4 g is \"1000\""},
		"4,c:six":              {solver.NoClass, "after step 4 c is \"six\""},
		"4,k:best":             {solver.NoChoice, "after step 4 k is"},
		"4,steps:1001":         {solver.Limits, "after step 4 steps is"},
		"4,paint:1-1-1-ff8000": {solver.PaintHue, "draws greys"},
		"4,paint:1-2-1-ff":     {solver.PaintAt, "pictures are 3×2"},
		"4,paint:1-2-3":        {solver.NoValue, "after step 4 paint is"},
		"4,paint:1-2-3-f":      {solver.NoValue, "hexadecimal"},
		"4,paint:1-2-3-gg":     {solver.NoValue, "paint is"},
		"4,paint:1--3-ff":      {solver.NoValue, "paint is"},
		"4,paint:1-2-3-ff_":    {solver.NoValue, "paint is"},
		"4,paint:9999-2-3-ff":  {solver.NoValue, "paint is"},
		nine:                   {solver.ForkCount, "more than 8 forks"},
	} {
		r, err := Parse("m=test&fork=" + text)
		if err == nil {
			_, err = Resolve(r, testInfo())
		}
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Key != "fork" || wrong.Reason != want.reason ||
			!strings.Contains(wrong.Message, want.says) {
			t.Errorf("fork=%s: got %v, want the reason %q and %q", text, err, want.reason,
				want.says)
			continue
		}
		if wrong.Values["after"] != nil && wrong.Values["after"] != "4" {
			t.Errorf("fork=%s: refused after step %v, want 4", text, wrong.Values["after"])
		}
	}
}

// TestForkNeeds: a classifier that only a fork needs is needed.
func TestForkNeeds(t *testing.T) {
	info := testInfo()
	for text, want := range map[string]bool{
		"cg=3":                          false,
		"cg=3&fork=4,c:one":             false, // cg had no effect
		"cg=3&fork=4,c:one,cg:2":        true,
		"c=one&fork=3,g:2":              false,
		"c=one&fork=3,g:2~5,cg:4":       true,
		"c=one&fork=3,g:2~5,cg:4~6,g:1": true,
	} {
		r, err := Parse("m=test&" + text)
		if err != nil {
			t.Fatal(err)
		}
		if needs := info.Needs(r); (len(needs) == 1 && needs[0] == "test-classifier") != want {
			t.Errorf("%s needs %v", text, needs)
		}
	}
}
