package protocol

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// described has a session describe a recipe.
func described(t *testing.T, r Describe) Described {
	t.Helper()
	r.ID = 1
	answer, ok := newTalk(t).finished(t, r).(Described)
	if !ok {
		t.Fatalf("%+v is not described", r)
	}
	return answer
}

// field returns the field of a key, zero if the key has no field.
func (d *Described) field(key string) Field {
	for _, f := range d.Fields {
		if f.Key == key {
			return f
		}
	}
	return Field{}
}

func TestDescribeFields(t *testing.T) {
	answer := described(t, Describe{Recipe: "m=toy&c=1"})
	for key, want := range map[string]string{
		"m": "toy", "c": "dog", "s": "1", "n": "1", "k": "ddim", "steps": "50",
		"g": "1.5", "eta": "0",
		"order": "", "aug": "", "h": "",
	} {
		if got := answer.field(key).Value; got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	steps := answer.field("steps")
	want := Field{
		Key: "steps", Value: "50", Standard: "50", Kind: recipe.Whole, Group: recipe.GroupSampler,
		Min: 1, Max: 1000,
	}
	if !reflect.DeepEqual(steps, want) {
		t.Errorf("steps has %+v", steps)
	}
	if k := answer.field("k"); k.Kind != recipe.Choice || !slices.Contains(k.Choices, "ddpm") {
		t.Errorf("k has %+v", k)
	}
	if g, o := answer.field("g").Idle, answer.field("order").Idle; g != recipe.Active ||
		o != recipe.IdleSampler {
		t.Errorf("with a class and DDIM, g is idle for %q and order for %q", g, o)
	}
	if answer.Taken != 50 {
		t.Errorf("%d steps are taken, want 50", answer.Taken)
	}
}

// TestDescribeChanges asks what recipes come to after they were changed.
func TestDescribeChanges(t *testing.T) {
	image := []byte{0, 50, 100, 150, 200, 250}
	name := "&image=" + picture.Hash(image)
	const result = "&by=01234567.1&h=00000000000000ff"
	for _, c := range []struct {
		asked Describe
		want  string
		taken int
	}{
		{Describe{Recipe: "m=toy&steps=9" + result}, "m=toy&steps=9" + result, 9},
		{Describe{Recipe: "m=toy&steps=9" + result, Without: []string{"result"}}, "m=toy&steps=9",
			9},
		{Describe{Recipe: "m=toy&steps=9" + result, Set: map[string]string{"n": "2"}},
			"m=toy&n=2&steps=9", 9},
		{Describe{Recipe: "m=cow&steps=9",
			Set: map[string]string{"m": "toy", "steps": "", "c": "cat"}}, "m=toy&c=cat", 50},
		{Describe{Recipe: "m=toy&c=dog&g=3" + name + "&strength=0.5&s=4",
			Without: []string{"given", "n", "w"},
			Set:     map[string]string{"n": "3"}}, "m=toy&c=dog&s=4&n=3&g=3", 50},
		{Describe{Recipe: "m=toy&steps=11",
			Set: map[string]string{"strength": "0.5"}, Image: image},
			"m=toy&steps=11" + name + "&strength=0.5", 5},
		{Describe{Recipe: "m=toy&steps=11&image=0123456789abcdef",
			Without: []string{"image"}, Image: image},
			"m=toy&steps=11" + name, 8},
	} {
		answer := described(t, c.asked)
		if answer.Recipe != c.want || answer.Taken != c.taken {
			t.Errorf("%+v\ngot %s, %d steps, want %s, %d",
				c.asked, answer.Recipe, answer.Taken, c.want, c.taken)
		}
	}
	k := newTalk(t)
	for id, r := range []Describe{
		{Recipe: "m=toy&g=x", Set: map[string]string{"g": "1"}},
		{Recipe: "m=toy", Without: []string{"colour"}},
		{Recipe: "m=toy", Set: map[string]string{"steps": "0"}},
		{Recipe: "m=toy", Set: map[string]string{"m": "cow"}},
	} {
		l := &listen{}
		k.session.out = l
		r.ID = id + 1
		k.session.Receive(r)
		want := []string{"g", "colour", "steps", "m"}[id]
		if failed, ok := l.last.(Failed); !ok || failed.Key != want || failed.ID != r.ID {
			t.Errorf("%+v: got %+v, want a failure by the key %s", r, l.last, want)
		} else if want == "steps" &&
			(failed.Reason != solver.Limits || failed.Values["value"] != "0") {
			t.Errorf("%+v: got the reason %q with %v", r, failed.Reason, failed.Values)
		}
	}
}

// TestDescribeSpelled: a recipe that is written out says the same.
func TestDescribeSpelled(t *testing.T) {
	const text = "m=toy&c=dog&steps=9"
	spelled := described(t, Describe{Recipe: text + "&by=01234567.1&h=00000000000000ff",
		Spelled: true})
	again := described(t, Describe{Recipe: spelled.Recipe})
	if !strings.Contains(spelled.Recipe, "&eta=0&") || again.Recipe != text {
		t.Errorf("%s is written out %s, which is %s", text, spelled.Recipe, again.Recipe)
	}
}
