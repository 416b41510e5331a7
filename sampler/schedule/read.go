package schedule

import (
	"math"
	"strconv"
	"strings"

	"tweedie/weights/json"
)

// wrong returns an error that says what a key's value is and must be.
func wrong(key, wanted, came string) error {
	reason := "must be " + wanted + ", not " + came
	return &json.MemberError{Of: "schedule", Key: key, Reason: reason}
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func list(words []string) string { return "one of " + strings.Join(words, ", ") }

// extended reads a number that may be infinite. JSON has no infinite numbers; diffusers writes
// "-inf" or -Infinity as a string.
func extended(r *json.Reader, key string, dst *float64) {
	v, _ := r.Get(key)
	switch text, _ := v.Text(); text {
	case "-inf", "-Infinity":
		*dst = math.Inf(-1)
	case "inf", "Infinity":
		*dst = math.Inf(1)
	default:
		r.Float(key, dst)
	}
}

// integers reads an array of whole numbers, written 1 or 1.0.
func integers(r *json.Reader, key string, dst *[]int) {
	var numbers []float64
	if r.Floats(key, &numbers); numbers == nil {
		return
	}
	*dst = nil
	for _, f := range numbers {
		if f != math.Trunc(f) || math.Abs(f) > maxTimesteps {
			r.Fail(key, "must be an array of whole numbers, not "+number(f))
			return
		}
		*dst = append(*dst, int(f))
	}
}
