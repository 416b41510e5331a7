package conversion

import (
	"regexp"
	"strings"
)

// modelName matches names that recipes can have for a model.
var modelName = regexp.MustCompile(`^\w[\w.-]{0,62}$`)

// noNamePart matches what ModelName leaves out.
var noNamePart = regexp.MustCompile(`[^a-z0-9]+`)

// IsModelName reports whether recipes can call a model so.
func IsModelName(name string) bool { return modelName.MatchString(name) }

// ModelName returns the first of the texts that becomes a model's name, in small letters and with
// dashes in place of everything that is neither letter nor digit; "model" if no text does.
func ModelName(texts ...string) string {
	for _, text := range texts {
		name := strings.Trim(noNamePart.ReplaceAllString(strings.ToLower(text), "-"), "-")
		if IsModelName(name) {
			return name
		}
	}
	return "model"
}
