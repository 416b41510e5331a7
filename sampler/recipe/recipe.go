package recipe

import (
	"strconv"
	"strings"

	"tweedie/sampler/solver"
)

// Recipe is the text of one generation, key by key: m=digits&c=7&s=42. It holds what was written,
// each value in its shortest form; a key that was not written is left to the model's file, and if
// that says nothing, to the standard of the table (see the package comment and Keys). Recipes are
// comparable.
type Recipe struct {
	values [keyCount]string // "" for an absent key; no key may be empty
}

// Error says which key of a recipe is wrong, and what it may be.
type Error = solver.Error

// maxRecipe bounds the text: several times what the longest sensible one takes.
const maxRecipe = 4096

// Parse reads a recipe. A leading # is passed over, so that a URL's fragment can be given as it is;
// the empty text is the default recipe. Unknown keys, keys given twice and impossible values are a
// *Error.
func Parse(text string) (Recipe, error) {
	r := Recipe{}
	r.values[keyModel] = defaultModel
	text = strings.TrimPrefix(text, "#")
	if len(text) > maxRecipe {
		return Recipe{}, solver.Refuse("", "the recipe is "+strconv.Itoa(len(text))+" bytes long; "+
			strconv.Itoa(maxRecipe)+" are allowed")
	}
	var seen [keyCount]bool
	for text != "" {
		var part string
		part, text, _ = strings.Cut(text, "&")
		if part == "" {
			continue
		}
		k, value, err := parsePart(part)
		if err != nil {
			return Recipe{}, err
		}
		if seen[k] {
			return Recipe{}, solver.Refuse(keys[k].name, "the key "+keys[k].name+" is given twice")
		}
		seen[k] = true
		r.values[k] = value
	}
	return r, nil
}

// parsePart reads key=value.
func parsePart(part string) (key, string, error) {
	name, raw, found := strings.Cut(part, "=")
	if !found {
		return 0, "", solver.Refuse("", strconv.Quote(shorten(part))+" is no key=value")
	}
	name, okName := unescape(name)
	value, okValue := unescape(raw)
	if !okName || !okValue {
		return 0, "", solver.Refuse("", strconv.Quote(shorten(part))+" has a broken % escape")
	}
	k, err := findKey(name)
	if err != nil {
		return 0, "", err
	}
	value, err = keys[k].value(value)
	return k, value, err
}

// String returns the recipe's text: what was written, in the order of the keys, percent-encoded
// where needed. Parse of it gives the same recipe.
func (r Recipe) String() string {
	var b []byte
	for k, value := range r.values {
		if value == "" {
			continue
		}
		if len(b) > 0 {
			b = append(b, '&')
		}
		b = append(b, keys[k].name...)
		b = append(b, '=')
		b = appendEscaped(b, value)
	}
	return string(b)
}

// Get returns what was written for a key, "" if nothing was or there is no such key.
func (r Recipe) Get(name string) string {
	if k, err := findKey(name); err == nil {
		return r.values[k]
	}
	return ""
}

// Set writes a key; the empty value takes it away. Since h and by belong to all the others, setting
// any of them takes both away.
func (r *Recipe) Set(name, value string) error {
	k, err := findKey(name)
	if err != nil {
		return err
	}
	if value != "" {
		if value, err = keys[k].value(value); err != nil {
			return err
		}
	} else if k == keyModel {
		value = defaultModel
	}
	if r.values[k] != value && k != keyHash && k != keyOrigin {
		r.values[keyOrigin], r.values[keyHash] = "", ""
	}
	r.values[k] = value
	return nil
}

// Generated returns the recipe without the picture that it begins with, and what goes with one.
func (r Recipe) Generated() Recipe { return r.without(GroupGiven) }

// without returns the recipe without the keys of a group.
func (r Recipe) without(g Group) Recipe {
	for k := range keys {
		if keys[k].group == g {
			r.values[k] = ""
		}
	}
	return r
}
