package solver

import (
	"maps"
	"testing"
)

// TestBecause: a message is made of a sentence and values, which are no sentences themselves.
func TestBecause(t *testing.T) {
	for _, c := range []struct {
		sentence string
		pairs    []string
		want     string
	}{
		{"order is {value}, not {max}", []string{"value", "4", "max", "3"}, "order is 4, not 3"},
		{`k is "{value}"`, []string{"value", "a \"b\"\n"}, `k is "a \"b\"\n"`},
		{`"{value}" is {max}`, []string{"value", "{max}", "max", "{value}"}, `"{max}" is {value}`},
		{"no value", nil, "no value"},
		{"{value}", []string{"value", ""}, ""},
	} {
		err := Because("k", Limits, c.sentence, c.pairs...).(*Error)
		want := map[string]any{}
		for i := 0; i < len(c.pairs); i += 2 {
			want[c.pairs[i]] = c.pairs[i+1]
		}
		if err.Message != c.want || err.Key != "k" || err.Reason != Limits ||
			!maps.Equal(err.Values, want) {
			t.Errorf("%q: got %+v, want %q", c.sentence, err, c.want)
		}
	}
}
