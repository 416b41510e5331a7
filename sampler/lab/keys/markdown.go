package keys

import (
	"strconv"
	"strings"

	"tweedie/sampler/recipe"
)

// Markdown returns the table of keys for people, without those of samplers, which are package
// recipe's.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| key | meaning | default |\n|---|---|---|\n")
	foreign := map[string]bool{}
	for _, k := range sampling {
		foreign[k.Name] = true
	}
	for _, k := range Keys() {
		if foreign[k.Name] {
			continue
		}
		standard := k.Standard
		if k.Name == "gauss" {
			standard = "`" + standard + "`"
		}
		b.WriteString("| " + k.Name + " | " + k.Doc + limits(k) + " | " + standard + " |\n")
	}
	return b.String()
}

// limits returns the values that a key may have.
func limits(k recipe.Key) string {
	switch k.Kind {
	case recipe.Choice:
		return ": `" + strings.Join(k.Choices, "`, `") + "`"
	case recipe.Whole, recipe.Number:
		low := strconv.FormatFloat(k.Min, 'f', -1, 64)
		if k.Open {
			low = "above " + low
		}
		return ", " + low + " to " + strconv.FormatFloat(k.Max, 'f', -1, 64)
	}
	return ""
}
