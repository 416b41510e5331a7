package json

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

// options has a member of every type that a Reader reads.
type options struct {
	steps, height, width int
	scale, rate          float64
	on                   bool
	title, kind          string
	sizes                []int
	rates                []float64
	kinds                []string
}

func read(text string) (options, error) {
	o := options{steps: 50, scale: 1.5, kind: "a", sizes: []int{7}}
	r := ReadObject([]byte(text), "test: options")
	r.IntIn("steps", &o.steps, 1, 1000)
	r.Pair("size", &o.height, &o.width, 1, 64)
	r.FloatIn("scale", &o.scale, 0, 100)
	r.Float("rate", &o.rate)
	r.Bool("on", &o.on)
	r.Text("title", &o.title)
	r.OneOf("kind", &o.kind, "a", "b")
	r.Ints("sizes", &o.sizes, 0, math.MaxInt)
	r.Floats("rates", &o.rates)
	r.Texts("kinds", &o.kinds, "a", "b")
	return o, r.End()
}

func TestReader(t *testing.T) {
	text := `{"steps": 2, "size": [4, 5], "scale": 0.25, "rate": -1e3, "on": true, "title": "x",
		"kind": "b", "sizes": [0, 3], "rates": [1, 2.5], "kinds": ["b", "a"],
		"_note": {}, "other": null}`
	want := options{2, 4, 5, 0.25, -1000, true, "x", "b", []int{0, 3}, []float64{1, 2.5},
		[]string{"b", "a"}}
	if got, err := read(text); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	// Absent and null leave what was there.
	want = options{steps: 50, scale: 1.5, kind: "a", sizes: []int{7}}
	for _, text := range []string{`{}`,
		`{"steps": null, "scale": null, "kind": null, "sizes": null}`} {
		if got, err := read(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	if got, err := read(`{"size": 9}`); err != nil || got.height != 9 || got.width != 9 {
		t.Errorf("one size for both: got %+v, %v", got, err)
	}
}

func TestReaderRefuses(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, c := range []struct{ text, key, says string }{
		{`{`, "", "test: options is not JSON: json: at byte 1: the text ends"},
		{`[]`, "", "test: options must be a JSON object, not an array"},
		{`"a"`, "", `test: options must be a JSON object, not "a"`},
		{`{"steps": 0}`, "steps",
			"test: options: steps must be a whole number from 1 to 1000, not 0"},
		{`{"steps": 1001}`, "steps", "from 1 to 1000, not 1001"},
		{`{"steps": 2.0}`, "steps", "not 2.0"},
		{`{"steps": "2"}`, "steps", `not "2"`},
		{`{"size": [1, 2, 3]}`, "size",
			"must be a whole number from 1 to 64, or an array of two, not an array"},
		{`{"size": [1, 65]}`, "size", "or an array of two"},
		{`{"size": ["1", 2]}`, "size", "or an array of two"},
		{`{"size": 0}`, "size", "not 0"},
		{`{"scale": 100.5}`, "scale", "scale must be a number from 0 to 100, not 100.5"},
		{`{"scale": true}`, "scale", "not true"},
		{`{"rate": 1e999}`, "rate", "rate must be a number, not 1e999"},
		{`{"on": 1}`, "on", "on must be true or false, not 1"},
		{`{"title": {}}`, "title", "title must be a string, not an object"},
		{`{"kind": "c"}`, "kind", `kind must be one of a, b, not "c"`},
		{`{"kind": "` + long + `"}`, "kind", "not a string"},
		{`{"sizes": 3}`, "sizes", "sizes must be an array of whole numbers, not 3"},
		{`{"sizes": [1, -1]}`, "sizes[1]", "sizes[1] must be a whole number, 0 or more, not -1"},
		{`{"rates": [false]}`, "rates[0]", "rates[0] must be a number, not false"},
		{`{"kinds": ["a", "z"]}`, "kinds[1]", `kinds[1] must be one of a, b, not "z"`},
		{`{"more": 1}`, "more", "test: options: more is not a key that is known here"},
		{`{"` + long + `": 1}`, long, "test: options: " + long[:40] + "… is not"},
		{`{"a\nb": 1}`, "a\nb", `"a\nb" is not`},
		{`{"steps": 0, "scale": 101}`, "steps", "steps"}, // the first
	} {
		_, err := read(c.text)
		var wrong *MemberError
		if !errors.As(err, &wrong) || wrong.Key != c.key || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %s", c.text, err, c.says)
		}
	}
	var syntax *SyntaxError
	if _, err := read(`{`); !errors.As(err, &syntax) {
		t.Errorf("the cause of %v is lost", err)
	}
}

// TestReaderNeeds: what must be there, what null may mean, and short lists of
// what is known.
func TestReaderNeeds(t *testing.T) {
	const text = `{"a": 1, "b": null, "word": "x"}`
	r := ReadObject([]byte(text), "test: options")
	if r.Need("a"); r.Err() != nil {
		t.Errorf("a is there: %v", r.Err())
	}
	if r.Null("a") || !r.Null("b") || r.Null("c") {
		t.Error("null is not told from what is there and what is absent")
	}
	if err := r.End(); err == nil || !strings.HasSuffix(err.Error(), "; known are a, b, c") {
		t.Errorf("a key too many: %v", err)
	}
	for key, says := range map[string]string{"b": "b is missing", "c": "c is missing"} {
		r := ReadObject([]byte(text), "test: options")
		if r.Need("a", key); r.Err() == nil || !strings.Contains(r.Err().Error(), says) {
			t.Errorf("got %v, want %s", r.Err(), says)
		}
	}
	r = ReadObject([]byte(text), "test: options")
	word := ""
	r.OneOf("word", &word, "y")
	if err := r.Err(); err == nil || !strings.HasSuffix(err.Error(), `word must be y, not "x"`) {
		t.Errorf("got %v", err)
	}
	v, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	r = v.Reader("")
	r.Int("a", &n)
	r.Wrong("word", "longer")
	if err := r.Err(); n != 1 || err == nil || err.Error() != `word must be longer, not "x"` {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestTexts(t *testing.T) {
	got, err := Texts([]byte(` ["a", ""] `), "test: names")
	if err != nil || !reflect.DeepEqual(got, []string{"a", ""}) {
		t.Errorf("got %q, %v", got, err)
	}
	for text, says := range map[string]string{
		``:         "test: names must be an array of strings in JSON: json: at byte 0",
		`null`:     "test: names must be an array of strings, not null",
		`{}`:       "test: names must be an array of strings, not an object",
		`["a", 2]`: "test: names: [1] must be a string, not 2",
	} {
		if _, err := Texts([]byte(text), "test: names"); err == nil ||
			!strings.HasPrefix(err.Error(), says) {
			t.Errorf("%s: got %v, want %s", text, err, says)
		}
	}
}
