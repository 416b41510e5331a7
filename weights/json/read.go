package json

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// MemberError says which member of an object cannot be used.
type MemberError struct {
	Of     string // what the object is: "unet: config"
	Key    string // the member's, "" for the object as a whole
	Reason string // a clause: "must be a whole number, not true"
	Err    error  // the cause, if another function found it
}

func (e *MemberError) Error() string {
	s := e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	switch {
	case e.Key == "":
		return e.Of + " " + s
	case e.Of == "":
		return shown(e.Key) + " " + s
	}
	return e.Of + ": " + shown(e.Key) + " " + s
}

// Unwrap returns the cause.
func (e *MemberError) Unwrap() error { return e.Err }

// Unknown reports whether the member is one that no reader of the object knows.
func (e *MemberError) Unknown() bool { return strings.HasPrefix(e.Reason, unknownKey) }

const unknownKey = "is not a key that is known here"

// shown is a key in a sentence: cut short, and in quotes where it needs them.
func shown(key string) string {
	if r := []rune(key); len(r) > longest {
		key = string(r[:longest]) + "…"
	}
	if quoted := strconv.Quote(key); len(quoted) > len(key)+2 {
		return quoted
	}
	return key
}

// longest is how many characters of a file's text a sentence shows.
const longest = 40

// Reader takes typed members out of a JSON object and keeps the first error.
// Every method leaves its dst alone where the member is absent or null, as
// diffusers writes what has its default, so that a default is what dst holds
// before.
//
//	r := json.ReadObject(text, "unet: config")
//	r.IntIn("in_channels", &c.InChannels, 1, 4096)
//	r.OneOf("act_fn", &c.ActFn, "silu", "relu")
//	return r.End()
type Reader struct {
	of      string
	members []Member
	asked   []string
	err     *MemberError
}

// ReadObject begins to read a text. of says in errors what the object is.
func ReadObject(text []byte, of string) *Reader {
	v, err := Parse(text)
	if err != nil {
		return &Reader{of: of, err: &MemberError{of, "", "is not JSON", err}}
	}
	return v.Reader(of)
}

// Reader begins to read a value that has been parsed.
func (v Value) Reader(of string) *Reader {
	r := &Reader{of: of, members: v.members}
	if v.kind != Object {
		r.Fail("", "must be a JSON object, not "+v.describe())
	}
	return r
}

// Err returns the first error, a *MemberError. Members that were not read are
// ignored.
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// End is Err for an object in which every member must have been read, because a
// member that is not understood must not be ignored silently. Notes, whose keys
// begin with an underscore, and null are allowed.
func (r *Reader) End() error {
	for i := range r.members {
		m := &r.members[i]
		note := strings.HasPrefix(m.Key, "_") || m.Value.kind == Null
		if note || slices.Contains(r.asked, m.Key) {
			continue
		}
		reason := unknownKey
		if len(r.asked) <= 8 {
			reason += "; known are " + strings.Join(r.asked, ", ")
		}
		r.Fail(m.Key, reason)
		break
	}
	return r.Err()
}

// Fail refuses the member key, "" for the object as a whole, unless there is an
// error already. reason is the rest of a sentence that begins with the key.
func (r *Reader) Fail(key, reason string) {
	if r.err == nil {
		r.err = &MemberError{Of: r.of, Key: key, Reason: reason}
	}
}

// Wrong refuses the member key, whose value is not what was wanted.
func (r *Reader) Wrong(key, wanted string) {
	v, _ := r.Get(key)
	r.Fail(key, "must be "+wanted+", not "+v.describe())
}

// Need refuses an object in which one of the members is absent or null.
func (r *Reader) Need(keys ...string) {
	for _, key := range keys {
		if _, ok := r.Get(key); !ok {
			r.Fail(key, "is missing")
		}
	}
}

// Get returns a member's value; false if it is absent or null.
func (r *Reader) Get(key string) (Value, bool) {
	if !slices.Contains(r.asked, key) {
		r.asked = append(r.asked, key)
	}
	for i := range r.members {
		if r.members[i].Key == key {
			v := r.members[i].Value
			return v, v.kind != Null
		}
	}
	return Value{}, false
}

// Null says whether a member is there and null, where that means something else
// than its absence.
func (r *Reader) Null(key string) bool {
	_, ok := r.Get(key)
	return !ok && slices.ContainsFunc(r.members, func(m Member) bool { return m.Key == key })
}

// Int reads a whole number, written without fraction and exponent.
func (r *Reader) Int(key string, dst *int) { r.IntIn(key, dst, math.MinInt, math.MaxInt) }

// IntIn reads a whole number from least to most.
func (r *Reader) IntIn(key string, dst *int, least, most int) {
	if v, ok := r.Get(key); ok {
		if *dst, ok = v.Int(); !ok || *dst < least || *dst > most {
			r.Wrong(key, "a whole number"+span(least, most))
		}
	}
}

// span names a range of whole numbers.
func span(least, most int) string {
	switch {
	case least == math.MinInt:
		return ""
	case most == math.MaxInt:
		return ", " + strconv.Itoa(least) + " or more"
	}
	return " from " + strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// Float reads a number.
func (r *Reader) Float(key string, dst *float64) {
	if v, ok := r.Get(key); ok {
		if *dst, ok = v.Float64(); !ok {
			r.Wrong(key, "a number")
		}
	}
}

// FloatIn reads a number from least to most.
func (r *Reader) FloatIn(key string, dst *float64, least, most float64) {
	if v, ok := r.Get(key); ok {
		if *dst, ok = v.Float64(); !ok || *dst < least || *dst > most {
			text := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
			r.Wrong(key, "a number from "+text(least)+" to "+text(most))
		}
	}
}

// Bool reads true or false.
func (r *Reader) Bool(key string, dst *bool) {
	if v, ok := r.Get(key); ok {
		if *dst, ok = v.Bool(); !ok {
			r.Wrong(key, "true or false")
		}
	}
}

// Text reads a string.
func (r *Reader) Text(key string, dst *string) {
	if v, ok := r.Get(key); ok {
		if *dst, ok = v.Text(); !ok {
			r.Wrong(key, "a string")
		}
	}
}

// OneOf reads a string that is one of words.
func (r *Reader) OneOf(key string, dst *string, words ...string) {
	if v, ok := r.Get(key); ok {
		if *dst, ok = v.Text(); !ok || !slices.Contains(words, *dst) {
			r.Wrong(key, choice(words))
		}
	}
}

func choice(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return "one of " + strings.Join(words, ", ")
}

// Ints reads an array of whole numbers from least to most.
func (r *Reader) Ints(key string, dst *[]int, least, most int) {
	one := "a whole number" + span(least, most)
	each(r, key, dst, "whole numbers", one, func(v Value) (int, bool) {
		n, ok := v.Int()
		return n, ok && n >= least && n <= most
	})
}

// Floats reads an array of numbers.
func (r *Reader) Floats(key string, dst *[]float64) {
	each(r, key, dst, "numbers", "a number", Value.Float64)
}

// Texts reads an array of strings, each of which is one of words.
func (r *Reader) Texts(key string, dst *[]string, words ...string) {
	each(r, key, dst, "strings", choice(words), func(v Value) (string, bool) {
		s, ok := v.Text()
		return s, ok && slices.Contains(words, s)
	})
}

// each reads an array by what take makes of an element.
func each[T any](r *Reader, key string, dst *[]T, wanted, one string, take func(Value) (T, bool)) {
	v, ok := r.Get(key)
	if !ok {
		return
	}
	if v.kind != Array {
		r.Wrong(key, "an array of "+wanted)
		return
	}
	list := make([]T, len(v.array))
	for i, e := range v.array {
		if list[i], ok = take(e); !ok {
			r.Fail(key+"["+strconv.Itoa(i)+"]", "must be "+one+", not "+e.describe())
			return
		}
	}
	*dst = list
}

// Pair reads two whole numbers from least to most: one that stands for both, or
// an array [a, b].
func (r *Reader) Pair(key string, a, b *int, least, most int) {
	v, ok := r.Get(key)
	if !ok {
		return
	}
	both := []Value{v, v}
	if v.kind == Array {
		both = v.array
	}
	for i, dst := range []*int{a, b} {
		if len(both) == 2 {
			*dst, ok = both[i].Int()
		}
		if len(both) != 2 || !ok || *dst < least || *dst > most {
			r.Wrong(key, "a whole number"+span(least, most)+", or an array of two")
			return
		}
	}
}

// Texts reads an array of strings. of says in errors what it is.
func Texts(text []byte, of string) ([]string, error) {
	v, err := Parse(text)
	if err != nil {
		return nil, &MemberError{of, "", "must be an array of strings in JSON", err}
	}
	if v.kind != Array {
		return nil, &MemberError{of, "", "must be an array of strings, not " + v.describe(), nil}
	}
	list := make([]string, len(v.array))
	for i, e := range v.array {
		var ok bool
		if list[i], ok = e.Text(); !ok {
			key := "[" + strconv.Itoa(i) + "]"
			return nil, &MemberError{of, key, "must be a string, not " + e.describe(), nil}
		}
	}
	return list, nil
}

// describe shows a value in a sentence: short scalars as they are, anything else
// by its kind.
func (v Value) describe() string {
	switch {
	case v.kind == Bool:
		return strconv.FormatBool(v.truth)
	case v.kind == String && len(v.text) <= longest:
		return strconv.Quote(v.text)
	case v.kind == Number && len(v.text) <= longest:
		return v.text
	}
	return v.kind.String()
}
