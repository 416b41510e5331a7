package schedule

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"tweedie/weights/json"
)

// configError is an error sentence with its cause.
type configError struct {
	sentence string
	cause    error
}

func (e *configError) Error() string { return "schedule: " + e.sentence + ": " + e.cause.Error() }
func (e *configError) Unwrap() error { return e.cause }

// wrong returns an error that says what a key's value is and must be.
func wrong(key, wanted, came string) error {
	return errors.New("schedule: " + key + " must be " + wanted + ", not " + came)
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func list(words []string) string { return "one of " + strings.Join(words, ", ") }

func among(s string, words []string) bool {
	for _, w := range words {
		if w == s {
			return true
		}
	}
	return false
}

// reader takes typed members out of an object and keeps the first error. A null or absent member
// does not change its target.
type reader struct {
	object json.Value
	err    error
}

func (r *reader) get(key string) (json.Value, bool) {
	if r.err != nil {
		return json.Value{}, false
	}
	v, ok := r.object.Get(key)
	return v, ok && v.Kind() != json.Null
}

func (r *reader) integer(key string, dst *int) {
	if v, ok := r.get(key); ok {
		if *dst, ok = v.Int(); !ok {
			r.err = wrong(key, "a whole number", describe(v))
		}
	}
}

func (r *reader) number(key string, dst *float64) {
	if v, ok := r.get(key); ok {
		if *dst, ok = v.Float64(); !ok {
			r.err = wrong(key, "a number", describe(v))
		}
	}
}

func (r *reader) boolean(key string, dst *bool) {
	if v, ok := r.get(key); ok {
		if *dst, ok = v.Bool(); !ok {
			r.err = wrong(key, "true or false", describe(v))
		}
	}
}

func (r *reader) word(key string, dst *string, allowed []string) {
	if v, ok := r.get(key); ok {
		if *dst, ok = v.Text(); !ok || !among(*dst, allowed) {
			r.err = wrong(key, list(allowed), describe(v))
		}
	}
}

func (r *reader) numbers(key string, dst *[]float64) {
	v, ok := r.get(key)
	if !ok {
		return
	}
	if v.Kind() != json.Array {
		r.err = wrong(key, "an array of numbers", describe(v))
		return
	}
	elements := v.Array()
	values := make([]float64, len(elements))
	for i := range elements {
		if values[i], ok = elements[i].Float64(); !ok {
			r.err = wrong(key+"["+strconv.Itoa(i)+"]", "a number", describe(elements[i]))
			return
		}
	}
	*dst = values
}

// describe shows a value in an error sentence: short scalars as they are, anything else by its
// kind.
func describe(v json.Value) string {
	if text, ok := v.Text(); ok && len(text) <= 40 {
		return strconv.Quote(text)
	}
	if text, ok := v.Literal(); ok && len(text) <= 40 {
		return text
	}
	if b, ok := v.Bool(); ok {
		return strconv.FormatBool(b)
	}
	return v.Kind().String()
}

func (r *reader) text(key string, dst *string) {
	if v, ok := r.get(key); ok {
		if *dst, ok = v.Text(); !ok {
			r.err = wrong(key, "a text", describe(v))
		}
	}
}

// extended reads a number that may be infinite. JSON has no infinite numbers; diffusers writes
// "-inf" or -Infinity as a text.
func (r *reader) extended(key string, dst *float64) {
	v, ok := r.get(key)
	if !ok {
		return
	}
	switch text, _ := v.Text(); text {
	case "-inf", "-Infinity":
		*dst = math.Inf(-1)
		return
	case "inf", "Infinity":
		*dst = math.Inf(1)
		return
	}
	r.number(key, dst)
}

// integers reads an array of whole numbers, written 1 or 1.0.
func (r *reader) integers(key string, dst *[]int) {
	var numbers []float64
	r.numbers(key, &numbers)
	if r.err != nil || numbers == nil {
		return
	}
	*dst = nil
	for _, f := range numbers {
		if f != math.Trunc(f) || math.Abs(f) > maxTimesteps {
			r.err = wrong(key, "an array of whole numbers", number(f))
			return
		}
		*dst = append(*dst, int(f))
	}
}
