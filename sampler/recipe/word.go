package recipe

import (
	"strconv"
	"unicode/utf8"

	"tweedie/sampler/solver"
)

// wordText accepts words of at most MaxImages letters, since each letter is a picture.
func wordText(s string) (string, bool) {
	if _, ok := className(s); !ok || utf8.RuneCountInString(s) > MaxImages {
		return "", false
	}
	return s, true
}

// resolveWord returns the canonical text of w and the label of each letter, "" and nil for a recipe
// without w. If a letter is not a class, its other case is tried.
func resolveWord(r Recipe, classes []string) (string, []int, error) {
	text := r.values[keyWord]
	if text == "" {
		return "", nil, nil
	}
	if c := r.values[keyClass]; c != "" && c != classNone {
		return "", nil, solver.Refuse("w", "w gives each picture its class, so c must be none or "+
			"left out, but c is "+strconv.Quote(shorten(c)))
	}
	var labels []int
	word := ""
	for _, letter := range text {
		label := letterIndex(letter, classes)
		if label < 0 {
			return "", nil, solver.Because("w", solver.NoLetter,
				`w is "{value}" but "{letter}" is none of the model's classes: {names}`,
				"value", shorten(text), "letter", string(letter),
				"names", orNone(someNames(classes)))
		}
		labels = append(labels, label)
		word += classes[label]
	}
	return word, labels, nil
}

// letterIndex returns the index of the class with a letter's name, or −1.
func letterIndex(letter rune, classes []string) int {
	for _, form := range []rune{letter, otherCase(letter)} {
		for i, name := range classes {
			if name == string(form) {
				return i
			}
		}
	}
	return -1
}

func orNone(names string) string {
	if names == "" {
		return "it has none"
	}
	return names
}

// Columns returns the number of pictures in a row: the number of letters of the word, 0 without a
// word, where any number can be used.
func (s *Settings) Columns() int { return min(utf8.RuneCountInString(s.Word), s.Images) }
