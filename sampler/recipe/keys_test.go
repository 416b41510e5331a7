package recipe

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tweedie/sampler/solver"
)

func parsed(t testing.TB, text string) Recipe {
	t.Helper()
	r, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGuidanceKeys(t *testing.T) {
	info := testInfo()
	for _, c := range []struct{ text, want string }{
		{"m=test&c=one&glow=0&ghigh=2.50&rescale=.7", "m=test&c=one&ghigh=2.5&rescale=0.7"},
		{"m=test&c=one&g=6&rescale=.7&project=1.0", "m=test&c=one&g=6&project=1&rescale=0.7"},
		{"m=test&c=one&g=1&project=1", "m=test&c=one&g=1"},
		{"m=test&project=0.5", "m=test"},
		{"m=test&c=one&g=3&rescale=0&glow=0.28", "m=test&c=one&g=3&glow=0.28"},
		// guidance mixes nothing
		{"m=test&c=one&g=0&glow=0.28&rescale=1", "m=test&c=one&g=0&glow=0.28"},
		{"m=test&c=one&g=1&glow=0.28&ghigh=3&rescale=1", "m=test&c=one&g=1"},
		{"m=test&glow=0.28&ghigh=3&rescale=1", "m=test"},
	} {
		s, err := Resolve(parsed(t, c.text), info)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Recipe().String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
	}
	for _, c := range []struct{ text, key, says string }{
		{"glow=-1", "glow", "a number from 0 to 1000000"},
		{"ghigh=0", "ghigh", "a number above 0 and up to 1000000"},
		{"ghigh=Inf", "ghigh", "a number above 0"},
		{"rescale=1.1", "rescale", "a number from 0 to 1"},
		{"project=-1", "project", "a number from 0 to 1"},
		{"m=test&c=one&glow=3&ghigh=2", "glow", "glow is 3 but must be below ghigh, which is 2"},
		{"m=test&c=one&glow=2&ghigh=2", "glow", "must be below ghigh"},
	} {
		r, err := Parse(c.text)
		if err == nil {
			_, err = Resolve(r, info)
		}
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != c.key ||
			!strings.Contains(wrong.Message, c.says) {
			t.Errorf("%s: error %v, want key %s and %q", c.text, err, c.key, c.says)
		}
	}
}

func TestEditKeys(t *testing.T) {
	info := testInfo()
	const image, mask = "&image=0123456789abcdef", "&mask=fedcba9876543210"
	for _, c := range []struct{ text, want string }{
		{"strength=0.3&resample=4&jump=7", ""},
		{image[1:] + "&strength=.8", image},
		{image[1:] + "&strength=1&jump=3", image + "&strength=1"},
		{image[1:] + mask + "&strength=1&resample=1&jump=3", image + mask},
		{image[1:] + mask + "&resample=4&jump=10", image + mask + "&resample=4"},
		{image[1:] + mask + "&resample=4&jump=3&strength=0.5", image + mask +
			"&strength=0.5&resample=4&jump=3"},
		{image[1:] + "&invert=0&strength=1", image + "&invert=zero"},
		{"invert=none&strength=.5" + image, image + "&strength=0.5&invert=none"},
		{"to=007&n=8", "&to=7"},
		{"c=all&to=7", "&c=all&to=7"},
		{"plane=05,9,12&n=16", "&plane=5,9,12"},
		{"plane=5,9&n=9", "&plane=5,9&n=9"},
		{"plane=5,9&at=.50,1e0&n=1", "&plane=5,9&at=0.5,1"},
		{"plane=5,9&at=0,0.25&c=all", "&c=all&plane=5,9&at=0,0.25"},
	} {
		s, err := Resolve(parsed(t, "m=test&"+c.text), info)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := s.Recipe().String(); got != "m=test"+c.want {
			t.Errorf("%s is %s, want m=test%s", c.text, got, c.want)
		}
		if again, err := Resolve(s.Recipe(), info); err != nil || again.Recipe() != s.Recipe() ||
			!reflect.DeepEqual(again.Fields(info), s.Fields(info)) {
			t.Errorf("%s: its canonical recipe resolves to %v, %v", c.text, again.Recipe(), err)
		}
	}
}

func TestCacheKey(t *testing.T) {
	info := testInfo()
	for _, c := range []struct{ text, want string }{
		{"m=test&cache=01", "m=test"},
		{"m=test&cache=3&reading=v", "m=test&reading=v&cache=3"},
		// another sampler takes the cache with it
		{"m=test&cache=3&steps=9&fork=2,k:euler", "m=test&steps=9&cache=3&fork=2,k:euler"},
		{"m=test&cache=3&steps=9&fork=2,cache:3,c:one",
			"m=test&steps=9&cache=3&fork=2,c:one"},
	} {
		s, err := Resolve(parsed(t, c.text), info)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := s.Recipe().String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
		if n := len(s.Legs); n > 0 && s.Legs[n-1].Settings.Cache != 3 {
			t.Errorf("%s: cache is %d after the fork", c.text, s.Legs[n-1].Settings.Cache)
		}
	}
	info.Deep = false
	s, err := Resolve(parsed(t, "m=test&cache=1"), info)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Fields(info) {
		if f.Key == "cache" && (f.Idle != IdleDeep || f.Value != "1") {
			t.Errorf("without deep features: %+v", f)
		}
	}
	_, err = Resolve(parsed(t, "m=test&cache=2"), info)
	var wrong *solver.Error
	if !errors.As(err, &wrong) || wrong.Key != "cache" || wrong.Reason != solver.NoDeep ||
		wrong.Values["model"] != "test" {
		t.Errorf("without deep features: error %v", err)
	}
}
