package recipe

import (
	"errors"
	"testing"

	"tweedie/sampler/solver"
)

// TestReasons: what programs say in words of their own comes as a reason with values.
func TestReasons(t *testing.T) {
	for _, c := range []struct {
		text, key string
		want      solver.Reason
		values    map[string]string
	}{
		{"steps=0", "steps", solver.Limits, map[string]string{"value": "0", "min": "1"}},
		{"steps=1001", "steps", solver.Limits, map[string]string{"value": "1001", "max": "1000"}},
		{"steps=many", "steps", solver.NoWhole, map[string]string{"value": "many"}},
		{"steps=5.0", "steps", solver.NoWhole, map[string]string{"value": "5.0"}},
		{"n=1.5", "n", solver.NoWhole, map[string]string{"value": "1.5", "min": "1", "max": "64"}},
		{"n=65", "n", solver.Limits, map[string]string{"max": "64"}},
		{"g=-1", "g", solver.Limits, map[string]string{"value": "-1", "min": "0", "max": "100"}},
		{"g=x", "g", solver.NoNumber, map[string]string{"value": "x"}},
		{"strength=0", "strength", solver.Above, map[string]string{"value": "0", "min": "0"}},
		{"k=best", "k", solver.NoChoice, map[string]string{"value": "best"}},
		{"s=-1", "s", solver.NoValue, map[string]string{"value": "-1"}},
		{"c=six", "c", solver.NoClass, map[string]string{"value": "six"}},
		{"w=ab", "w", solver.NoLetter, map[string]string{"value": "ab", "letter": "a"}},
		{"colour=red", "colour", solver.NoKey, map[string]string{"value": "colour"}},
		{"m=other", "m", solver.NoModel, map[string]string{"value": "other"}},
		{"nonsense", "", solver.Malformed, map[string]string{"value": "nonsense"}},
		{"s=1&s=2", "s", solver.Twice, map[string]string{"value": "s"}},
		{"s=%zz", "", solver.Malformed, map[string]string{"value": "s=%zz"}},
		{"order=4&k=dpmpp_2m", "order", solver.Limits, map[string]string{"max": "3"}},
		{"order=3&k=dpmpp_2m&steps=2", "order", solver.FewSteps, map[string]string{"steps": "2"}},
		{"plane=3", "plane", solver.NoValue, map[string]string{"value": "3"}},
		{"plane=3,4&to=5", "plane", solver.TwoWays, nil},
		{"at=0.5,0.5", "at", solver.NoPlane, nil},
		{"plane=1,4", "plane", solver.OneCorner, nil},
		{"plane=3,4&n=8", "n", solver.NoGrid, map[string]string{"value": "8"}},
		{"glow=3&ghigh=2&c=one", "glow", solver.Unsaid, nil},
		{"cache=0", "cache", solver.Limits, map[string]string{"min": "1", "max": "100"}},
	} {
		text := c.text
		if c.want != solver.NoModel {
			text = "m=test&" + text
		}
		r, err := Parse(text)
		if err == nil {
			_, err = Resolve(r, testInfo())
		}
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Key != c.key || wrong.Reason != c.want {
			t.Errorf("%s: got %+v, want the key %q and %q", c.text, err, c.key, c.want)
			continue
		}
		for name, value := range c.values {
			if wrong.Values[name] != value {
				t.Errorf("%s: %s is %q, want %q", c.text, name, wrong.Values[name], value)
			}
		}
	}
}
