package lessons

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// source is one file.
type source struct {
	fields map[string]string // of the lesson
	cards  []block
}

// block is what a file says of a card.
type block struct {
	id, title string // "1.2"
	line      int
	fields    map[string]string
	choices   []choice
	text      string
}

type choice struct{ key, text string }

// labField is the address of the lab that a card sets; such a card has no recipe, view or step.
const labField = "lab"

// What a file may say, of the lesson and of a card. The second of each is in every language.
var (
	lessonFields = [2][]string{{"minutes"}, {"title", "aims"}}
	cardFields   = [2][]string{
		{labField, "recipe", "view", "step", "formula", "equations", "check", "answer"},
		{"question", "why"},
	}
)

var (
	headForm   = regexp.MustCompile(`^## (\d+\.\d+) (\S.*)$`)
	fieldForm  = regexp.MustCompile(`^([a-z]+):(?: (.*))?$`)
	choiceForm = regexp.MustCompile(`^- ([a-z0-9]+): (\S.*)$`)
)

// parse reads a file. plain says that it has the fields of all languages as well.
func parse(name, text string, plain bool) (*source, error) {
	s := &source{fields: map[string]string{}}
	allowed := func(of [2][]string) []string {
		if plain {
			return slices.Concat(of[0], of[1])
		}
		return of[1]
	}
	var card *block
	within := false // a text, whose lines may begin with any word
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		wrong := func(format string, args ...any) error {
			return fmt.Errorf("%s, line %d: %s", name, i+1, fmt.Sprintf(format, args...))
		}
		fields, known := s.fields, allowed(lessonFields)
		if card != nil {
			fields, known = card.fields, allowed(cardFields)
		}
		before := within
		within = false
		switch {
		case line == "":
		case before && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "- "):
			card.add(line)
			within = true
		case strings.HasPrefix(line, "#"):
			head := headForm.FindStringSubmatch(line)
			if head == nil {
				return nil, wrong("a card begins like \"## 1.2 Title\", not %q", line)
			}
			s.cards = append(s.cards, block{id: head[1], title: head[2], line: i + 1,
				fields: map[string]string{}})
			card = &s.cards[len(s.cards)-1]
		case strings.HasPrefix(line, "- "):
			found := choiceForm.FindStringSubmatch(line)
			if card == nil || found == nil {
				return nil, wrong("a choice is written \"- key: text\", below a card")
			}
			card.choices = append(card.choices, choice{found[1], found[2]})
		case fieldForm.MatchString(line):
			found := fieldForm.FindStringSubmatch(line)
			switch _, twice := fields[found[1]]; {
			case !slices.Contains(known, found[1]):
				return nil, wrong("there is no field %q here; there are %s", found[1],
					strings.Join(known, ", "))
			case twice:
				return nil, wrong("%s is said twice", found[1])
			}
			fields[found[1]] = found[2]
		case card == nil:
			return nil, wrong("text stands below the heading of a card")
		default:
			card.add(line)
			within = true
		}
	}
	return s, nil
}

// add adds a line of the text.
func (b *block) add(line string) { b.text += joint(b.text, line) + line }

// joint is what stands between two lines of a text: nothing between two Chinese characters.
func joint(before, after string) string {
	if before == "" || wide(lastRune(before)) && wide([]rune(after)[0]) {
		return ""
	}
	return " "
}

func lastRune(s string) rune {
	all := []rune(s)
	return all[len(all)-1]
}

// wide reports whether a character is one of a script without spaces, or its punctuation.
func wide(r rune) bool { return r >= 0x2e80 }

var symbolForm = regexp.MustCompile(`\{(\w+)\}`)

// length is how long a text is to read: its words, or in Chinese its characters. A symbol is one.
func length(text string, l language) int {
	text = symbolForm.ReplaceAllString(text, "x")
	if l.name != "zh" {
		return len(strings.Fields(text))
	}
	n := 0
	for _, word := range strings.Fields(text) {
		n += len([]rune(word))
	}
	return n
}
