package recipe

import (
	"strconv"
	"strings"

	"tweedie/sampler/solver"
)

// The text of recipes with other keys than this package's has the same form and the same refusals.

// Pairs splits a text of the form key=value&key=value. A leading # is ignored, and so are empty
// parts. A key that is given twice is an error, as is a text that is longer than a recipe may be.
func Pairs(text string) (pairs [][2]string, err error) {
	if text, err = fitting(text); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		name, value, err := splitPart(part)
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, twice(name)
		}
		seen[name] = true
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs, nil
}

// fitting returns a recipe's text without a leading #. It refuses one that is too long.
func fitting(text string) (string, error) {
	text = strings.TrimPrefix(text, "#")
	if len(text) > maxRecipe {
		return "", solver.Because("", solver.Malformed,
			"the recipe is {bytes} bytes long; {most} are allowed", "value", shorten(text),
			"bytes", strconv.Itoa(len(text)), "most", strconv.Itoa(maxRecipe))
	}
	return text, nil
}

func twice(name string) error {
	return solver.Because(name, solver.Twice, "the key {value} is given twice", "value",
		shorten(name))
}

// splitPart reads key=value.
func splitPart(part string) (name, value string, err error) {
	name, raw, found := strings.Cut(part, "=")
	if !found {
		return "", "", solver.Because("", solver.Malformed,
			`"{value}" is not of the form key=value`, "value", shorten(part))
	}
	name, okName := unescape(name)
	value, okValue := unescape(raw)
	if !okName || !okValue {
		return "", "", solver.Because("", solver.Malformed, `"{value}" has a broken % escape`,
			"value", shorten(part))
	}
	return name, value, nil
}

// AppendPair appends key=value, percent-encoded where needed, and an & before it unless dst is
// empty.
func AppendPair(dst []byte, name, value string) []byte {
	if len(dst) > 0 {
		dst = append(dst, '&')
	}
	dst = append(dst, name...)
	return appendEscaped(append(dst, '='), value)
}

// Unknown returns the error that there is no such key among the given ones.
func Unknown(name string, known []string) error {
	return solver.Because(name, solver.NoKey, `there is no key "{value}"; the keys are {keys}`,
		"value", shorten(name), "keys", strings.Join(known, ", "))
}

// Value returns the shortest form of a key's value, for keys of other tables than this package's. A
// Text may be anything that is not empty. The error names the key.
func (k *Key) Value(text string) (string, error) {
	r := row{name: k.Name, kind: k.Kind, min: k.Min, max: k.Max, open: k.Open,
		choices: func() []string { return k.Choices }, allowed: k.Allowed}
	if k.Kind == Text {
		r.check = func(text string) (string, bool) { return text, text != "" }
	}
	return r.value(text)
}

// Refused returns the error that a key's value has the wrong form.
func (k *Key) Refused(text string) error {
	return solver.Because(k.Name, solver.NoValue, k.Name+` is "{value}" but must be {allowed}`,
		"value", shorten(text), "allowed", k.Allowed)
}
