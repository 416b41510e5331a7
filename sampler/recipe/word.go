package recipe

import (
	"strconv"
	"unicode/utf8"

	"tweedie/sampler/solver"
)

// wordText bounds a word: each of its letters is a picture.
func wordText(s string) (string, bool) {
	if _, ok := className(s); !ok || utf8.RuneCountInString(s) > MaxImages {
		return "", false
	}
	return s, true
}

// resolveWord returns the canonical text of w and the labels that its letters stand for, nothing
// where a recipe has no w. A letter that is no class is taken as its upper or lower case if that is
// one.
func resolveWord(r Recipe, classes []string) (string, []int, error) {
	text := r.values[keyWord]
	if text == "" {
		return "", nil, nil
	}
	if c := r.values[keyClass]; c != "" && c != classNone {
		return "", nil, solver.Refuse("w", "w spells a word out of classes, so that there can be "+
			"no c beside it, but c is "+strconv.Quote(shorten(c)))
	}
	var labels []int
	word := ""
	for _, letter := range text {
		label := letterIndex(letter, classes)
		if label < 0 {
			return "", nil, solver.Refuse("w", "w is "+strconv.Quote(shorten(text))+" but "+
				strconv.Quote(string(letter))+
				" is none of the model's classes: "+orNone(someNames(classes)))
		}
		labels = append(labels, label)
		word += classes[label]
	}
	return word, labels, nil
}

// letterIndex is the class that a letter names, −1 if there is none.
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

// Columns is how many pictures belong in a row, as many as a word has letters; 0 where there is no
// word and any number will do.
func (s *Settings) Columns() int { return min(utf8.RuneCountInString(s.Word), s.Images) }
