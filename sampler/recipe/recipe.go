package recipe

import (
	"slices"
	"strings"

	"tweedie/sampler/solver"
)

// Recipe is the text of one generation, key by key: m=digits&c=7&s=42. It holds the keys that were
// written, each value in its shortest form. A key that was not written has the default of the
// model's file or else of the table (see the package comment and Keys). Recipes are comparable.
type Recipe struct {
	values [keyCount]string // "" for a key that was not written
}

// Error says which key of a recipe is wrong, and which values it may have.
type Error = solver.Error

// maxRecipe bounds the length of the text, in bytes. The longest sensible recipe is several times
// shorter.
const maxRecipe = 4096

// Parse reads a recipe. A leading # is ignored, so a URL's fragment can be passed as it is. The
// empty text is the default recipe. Unknown keys, keys that are given twice and values that a key
// cannot have are errors of type *Error.
func Parse(text string) (Recipe, error) {
	r := Recipe{}
	r.values[keyModel] = defaultModel
	text, err := fitting(text)
	if err != nil {
		return Recipe{}, err
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
			return Recipe{}, twice(keys[k].name)
		}
		seen[k] = true
		r.values[k] = value
	}
	return r, nil
}

// parsePart reads key=value.
func parsePart(part string) (key, string, error) {
	name, value, err := splitPart(part)
	if err != nil {
		return 0, "", err
	}
	k, err := findKey(name)
	if err != nil {
		return 0, "", err
	}
	value, err = keys[k].value(value)
	return k, value, err
}

// String returns the recipe's text: the written keys in canonical order, percent-encoded where
// needed. Parse of the text returns the same recipe.
func (r Recipe) String() string {
	var b []byte
	for k, value := range r.values {
		if value == "" {
			continue
		}
		b = AppendPair(b, keys[k].name, value)
	}
	return string(b)
}

// Get returns the written value of a key, "" for a key that was not written or does not exist.
func (r Recipe) Get(name string) string {
	if k, err := findKey(name); err == nil {
		return r.values[k]
	}
	return ""
}

// Set writes a key; the empty value removes it. h and by belong to a complete recipe, so a change
// of another key removes both. Errors are *Error.
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

// Write sets several keys by their names, in canonical order; an empty value takes a key away.
func (r *Recipe) Write(values map[string]string) error {
	var unknown []string
	for name := range values {
		if _, err := findKey(name); err != nil {
			unknown = append(unknown, name)
		}
	}
	if unknown != nil {
		_, err := findKey(slices.Min(unknown)) // the same one each time
		return err
	}
	for k := range keys {
		for _, name := range [...]string{keys[k].name, keys[k].alias} {
			if value, ok := values[name]; ok {
				if err := r.Set(name, value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Remove takes keys away: each name is that of a key, or of a group of keys.
func (r *Recipe) Remove(names ...string) error {
	for _, name := range names {
		grouped := false
		for k := range keys {
			if string(keys[k].group) == name {
				grouped = true
				if err := r.Set(keys[k].name, ""); err != nil {
					return err
				}
			}
		}
		if grouped {
			continue
		}
		if err := r.Set(name, ""); err != nil {
			return err
		}
	}
	return nil
}

// Generated returns the recipe without the picture that it begins with and the keys that need one.
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
