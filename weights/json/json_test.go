package json

import (
	stdjson "encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestClassName(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"_class_name":"UNet2DModel"}`: "UNet2DModel", `{"_class_name":7}`: "", `{}`: "",
		`["_class_name"]`: "", `{`: "", ``: "",
	} {
		if got := ClassName([]byte(text)); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestParseKeepsMeaning(t *testing.T) {
	tests := []struct{ in, want string }{
		{`null`, `null`},
		{" \t\r\n true ", `true`},
		{`false`, `false`},
		{`-0`, `-0`},
		{`0.5e-7`, `0.5e-7`},
		{`12345678901234567890123`, `12345678901234567890123`},
		{`""`, `""`},
		{`"a\"\\\/\b\f\n\r\t"`, `"a\"\\/\u0008\u000c\n\r\t"`},
		{`"\u00e9\u20AC\ud83d\ude00"`, `"é€😀"`},
		{`"\u0000"`, `"\u0000"`},
		{`"é€😀"`, `"é€😀"`},
		{`[ ]`, `[]`},
		{`[1 , [2], {}]`, `[1,[2],{}]`},
		{`{ "b" : 1 , "a" : [null] }`, `{"b":1,"a":[null]}`},
		{strings.Repeat("[", 65) + strings.Repeat("]", 65),
			strings.Repeat("[", 65) + strings.Repeat("]", 65)},
	}
	for _, test := range tests {
		v, err := Parse([]byte(test.in))
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if got := string(v.Append(nil)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		in     string
		offset int
		says   string
	}{
		{``, 0, "the text ends where a value"},
		{`  `, 2, "the text ends where a value"},
		{`nul`, 0, "a value"},
		{`NaN`, 0, "a value"},
		{`Infinity`, 0, "a value"},
		{`-Infinity`, 1, "a digit"},
		{`True`, 0, "a value"},
		{`'a'`, 0, "a value"},
		{`// x`, 0, "a value"},
		{"\ufeff1", 0, "a value"},
		{`01`, 0, "leading zero"},
		{`-01`, 0, "leading zero"},
		{`-`, 1, "a digit"},
		{`+1`, 0, "a value"},
		{`1.`, 2, "a digit"},
		{`.5`, 0, "a value"},
		{`1e`, 2, "a digit"},
		{`1e+`, 3, "a digit"},
		{`0x10`, 1, "the end of the text"},
		{`1 2`, 2, "the end of the text"},
		{`"a`, 2, "the end of a string"},
		{"\"a\nb\"", 2, "control character"},
		{"\"a\x00b\"", 2, "control character"},
		{"\"\xff\"", 1, "UTF-8"},
		{"\"\xed\xa0\x80\"", 1, "UTF-8"},
		{"\"\xc0\xaf\"", 1, "UTF-8"},
		{`"\x"`, 1, "unknown escape"},
		{`"\`, 2, "an escape"},
		{`"\u12`, 1, "four hexadecimal"},
		{`"\u12g4"`, 1, "four hexadecimal"},
		{`"\ud800"`, 1, "surrogate"},
		{`"\ud800A"`, 1, "surrogate"},
		{`"\udc00\ud800"`, 1, "surrogate"},
		{`[1,]`, 3, "a value"},
		{`[1 2]`, 3, "',' or ']'"},
		{`[1`, 2, "',' or ']'"},
		{`{"a":1,}`, 7, "a key in quotes"},
		{`{a:1}`, 1, "a key in quotes"},
		{`{"a" 1}`, 5, "':'"},
		{`{"a":}`, 5, "a value"},
		{`{"a":1 "b":2}`, 7, "',' or '}'"},
		{`{"a":1,"a":2}`, 7, `"a" stands twice`},
		{`{"a":1,"\u0061":2}`, 7, `"a" stands twice`},
		{strings.Repeat("[", 66), 65, "nested deeper than 64"},
	}
	for _, test := range tests {
		_, err := Parse([]byte(test.in))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, want a SyntaxError", test.in, err)
			continue
		}
		if syntax.Offset != test.offset || !strings.Contains(syntax.Message, test.says) {
			t.Errorf("%q: got %v, want byte %d and %q", test.in, err, test.offset, test.says)
		}
	}
}

// What Python's json module writes for numbers that are not finite becomes text.
func TestParsePython(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": -Infinity, "x": Infinity}`: `{"a":"-Infinity","x":"Infinity"}`,
		`[NaN, -1, -0.5]`:                 `["NaN",-1,-0.5]`,
		"\xef\xbb\xbf {\"a\": null}":      `{"a":null}`,
		`{"a": "Infinity", "b": [false]}`: `{"a":"Infinity","b":[false]}`,
	} {
		v, err := ParsePython([]byte(text))
		if got := string(v.Append(nil)); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for text, says := range map[string]string{
		`{"a": Infinite}`: "where a value should be",
		`[-Inf]`:          "where a digit should be",
		`{"a":1,"a":2}`:   "stands twice",
		`[Infinity`:       "the text ends",
		"\xef\xbb\xbf":    "the text ends where a value",
		"[\xef\xbb\xbf1]": "where a value should be",
	} {
		if _, err := ParsePython([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, want %q", text, err, says)
		}
	}
	if _, err := Parse([]byte("[Infinity]")); err == nil {
		t.Error("Parse accepts Infinity")
	}
}

// A large object goes through the map of keys, and the limit of values holds.
func TestParseLargeObjects(t *testing.T) {
	object := func(n int, last string) []byte {
		b := []byte{'{'}
		for i := range n {
			b = append(b, `"k`+strconv.Itoa(i)+`":0,`...)
		}
		return append(b, `"`+last+`":1}`...)
	}
	v, err := Parse(object(5000, "last"))
	if err != nil || len(v.Members()) != 5001 {
		t.Fatalf("got %d members, %v, want 5001", len(v.Members()), err)
	}
	if last, ok := v.Get("last"); !ok || last.Kind() != Number {
		t.Errorf("Get(last): got %v %v, want a number", last.Kind(), ok)
	}
	for _, twice := range []string{"k0", "k15", "k16", "k17", "k4999"} {
		if _, err := Parse(object(5000, twice)); err == nil ||
			!strings.Contains(err.Error(), "stands twice") {
			t.Errorf("%s twice: got %v, want an error", twice, err)
		}
	}
	if _, err := Parse([]byte("[0" + strings.Repeat(",0", maxValues-2) + "]")); err != nil {
		t.Errorf("%d values: %v", maxValues, err)
	}
	if _, err := Parse([]byte("[0" + strings.Repeat(",0", maxValues-1) + "]")); err == nil {
		t.Errorf("%d values: got no error", maxValues+1)
	}
}

func TestAccessors(t *testing.T) {
	v, err := Parse([]byte(`{"n":null,"b":true,"i":32,"f":2.5,"big":9223372036854775808,` +
		`"huge":1e999,"s":"x","a":[1]}`))
	if err != nil {
		t.Fatal(err)
	}
	get := func(key string) Value {
		e, ok := v.Get(key)
		if !ok {
			t.Fatalf("no member %q", key)
		}
		return e
	}
	if i, ok := get("i").Int(); !ok || i != 32 {
		t.Errorf("Int: got %d %v, want 32", i, ok)
	}
	for _, key := range []string{"n", "b", "f", "big", "huge", "s", "a"} {
		if i, ok := get(key).Int(); ok {
			t.Errorf("Int of %s: got %d, want none", key, i)
		}
	}
	for key, want := range map[string]float64{"i": 32, "f": 2.5, "big": math.Exp2(63)} {
		if f, ok := get(key).Float64(); !ok || f != want {
			t.Errorf("Float64 of %s: got %g %v, want %g", key, f, ok, want)
		}
	}
	if _, ok := get("huge").Float64(); ok {
		t.Error("Float64 of 1e999: got a value, want none")
	}
	if s, ok := get("big").Literal(); !ok || s != "9223372036854775808" {
		t.Errorf("Literal: got %q %v", s, ok)
	}
	if s, ok := get("s").Text(); !ok || s != "x" {
		t.Errorf("Text: got %q %v", s, ok)
	}
	if _, ok := get("i").Text(); ok {
		t.Error("Text of a number: got a value, want none")
	}
	if b, ok := get("b").Bool(); !ok || !b {
		t.Errorf("Bool: got %v %v", b, ok)
	}
	if _, ok := get("n").Bool(); ok {
		t.Error("Bool of null: got a value, want none")
	}
	if _, ok := v.Get("absent"); ok {
		t.Error("Get of an absent key: got a value, want none")
	}
	if _, ok := get("a").Get("s"); ok || get("a").Members() != nil || v.Array() != nil {
		t.Error("members of an array or elements of an object: got some, want none")
	}
	kinds := []Kind{Null, Bool, Number, Number, Number, Number, String, Array}
	for i, m := range v.Members() {
		if m.Value.Kind() != kinds[i] {
			t.Errorf("member %d, %s: got %v, want %v", i, m.Key, m.Value.Kind(), kinds[i])
		}
	}
}

func TestAppendStringRepairsUTF8(t *testing.T) {
	got := string(AppendString([]byte("x"), "a\xffb\x01"))
	if want := "x\"a\ufffdb\\u0001\""; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzParse holds the reader against encoding/json: what this package accepts is valid
// there too and means the same, and writing it gives a text with the same meaning.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}`,
		`["\ud83d\ude00","\u00e9\n",-1.5e-3,true,false,null,{}]`,
		`{"a":1,"a":2}`, `[NaN,-Infinity,{"x":Infinity}]`, `"\ud800"`, `[[[[]]]]`, `-0.0E+10`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Parse(b)
		lenient, lenientErr := ParsePython(b)
		if err == nil && (lenientErr != nil ||
			string(lenient.Append(nil)) != string(v.Append(nil))) {
			t.Fatalf("ParsePython reads %q as %s, %v", b, lenient.Append(nil), lenientErr)
		}
		if lenientErr == nil {
			if _, err := Parse(lenient.Append(nil)); err != nil {
				t.Fatalf("ParsePython writes %q as %q, which gives %v",
					b, lenient.Append(nil), err)
			}
		}
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(b) {
				t.Fatalf("error %v is no SyntaxError inside the text", err)
			}
			return
		}
		text := v.Append(nil)
		again, err := Parse(text)
		if err != nil || string(again.Append(nil)) != string(text) {
			t.Fatalf("%q was written as %q, which gives %v", b, text, err)
		}
		var std, stdAgain any
		if err := unmarshal(b, &std); err != nil {
			t.Fatalf("encoding/json refuses %q: %v", b, err)
		}
		if err := unmarshal(text, &stdAgain); err != nil {
			t.Fatalf("encoding/json refuses what was written, %q: %v", text, err)
		}
		one, err1 := stdjson.Marshal(std)
		two, err2 := stdjson.Marshal(stdAgain)
		if err := errors.Join(err1, err2); err != nil || string(one) != string(two) {
			t.Fatalf("%q means %s, but was written as %s (%v)", b, one, two, err)
		}
	})
}

func unmarshal(b []byte, v *any) error {
	d := stdjson.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	return d.Decode(v)
}
