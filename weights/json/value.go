// Package json reads JSON into a tree without reflection and writes it back.
//
// It exists because encoding/json adds about 0.6 MB to the sampler's WebAssembly
// binary, while the three documents a weights file carries (the safetensors header,
// config.json and scheduler_config.json) need a small and strict reader:
// RFC 8259 without extensions, one meaning for every accepted text.
package json

import "strconv"

// Kind says what a Value is.
type Kind uint8

// The kinds of a Value; the zero Value is null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String names the kind as error sentences do.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case Array:
		return "an array"
	case Object:
		return "an object"
	}
	return "an unknown kind"
}

// Value is one JSON value. It is immutable; slices that it returns must not be changed.
type Value struct {
	kind    Kind
	truth   bool
	text    string // a String's content, or a Number as it was written
	array   []Value
	members []Member
}

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Value Value
}

// Kind says what v is.
func (v Value) Kind() Kind { return v.kind }

// Get returns the member of an object called key. It is false when v is no object
// or has no such member.
func (v Value) Get(key string) (Value, bool) {
	for i := range v.members {
		if v.members[i].Key == key {
			return v.members[i].Value, true
		}
	}
	return Value{}, false
}

// Members returns an object's members in the order of the text, nil for any other kind.
func (v Value) Members() []Member { return v.members }

// Array returns an array's elements, nil for any other kind.
func (v Value) Array() []Value { return v.array }

// Text returns a string's content with its escapes resolved.
func (v Value) Text() (string, bool) { return v.text, v.kind == String }

// Bool returns a boolean.
func (v Value) Bool() (value, ok bool) { return v.truth, v.kind == Bool }

// Literal returns a number exactly as it was written.
func (v Value) Literal() (string, bool) {
	if v.kind != Number {
		return "", false
	}
	return v.text, true
}

// Float64 returns the float64 nearest to a number; it is false for other kinds and
// for numbers beyond the range of float64.
func (v Value) Float64() (float64, bool) {
	if v.kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.text, 64)
	return f, err == nil
}

// Int64 returns a number written without fraction and exponent; it is false for
// other kinds, for 1.0 and 1e3, and beyond the range of int64.
func (v Value) Int64() (int64, bool) {
	if v.kind != Number {
		return 0, false
	}
	i, err := strconv.ParseInt(v.text, 10, 64)
	return i, err == nil
}

// Int is Int64 for the range of int.
func (v Value) Int() (int, bool) {
	i, ok := v.Int64()
	if !ok || int64(int(i)) != i {
		return 0, false
	}
	return int(i), true
}

// ClassName returns the _class_name of a JSON object, by which diffusers' files say
// what they describe, and "" if the text has none.
func ClassName(text []byte) string {
	root, err := Parse(text)
	if err != nil {
		return ""
	}
	v, _ := root.Get("_class_name")
	name, ok := v.Text()
	if !ok {
		return ""
	}
	return name
}
