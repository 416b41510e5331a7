package lessons

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"strings"
)

// lessonData is a lesson as the page and the lab have it.
type lessonData struct {
	Number int    `json:"number"`
	Cards  []Card `json:"cards"`
}

// courseData is what they are told of the course.
type courseData struct {
	Before  string                       `json:"before,omitempty"` // the card before the first
	Lessons []lessonData                 `json:"lessons"`
	Said    map[string]map[string]string `json:"said"` // by language
	Symbols map[string]string            `json:"symbols"`
}

// JSON is the course for the page: its own lessons, what is said of them by language, and the
// symbols that are in it.
func (c *Course) JSON() ([]byte, error) {
	data := c.of(false)
	data.Symbols = symbols
	return encoded(data)
}

// LabJSON is the course for the lab: the lessons there. known has the symbols of texts that are not
// this package's own, as the children of a math element; the lab is given those that it needs.
func (c *Course) LabJSON(known map[string]string) ([]byte, error) {
	data, all := c.of(true), withOwn(known)
	for _, said := range data.Said {
		for _, text := range said {
			for _, found := range symbolForm.FindAllStringSubmatch(text, -1) {
				data.Symbols[found[1]] = all[found[1]]
			}
		}
	}
	for _, l := range c.Lessons {
		if !l.Lab {
			data.Before = l.Cards[len(l.Cards)-1].ID
		}
	}
	return encoded(data)
}

// of returns the lessons that are in the lab, or those that are not, and what is said of them.
func (c *Course) of(lab bool) courseData {
	data := courseData{Lessons: []lessonData{}, Said: map[string]map[string]string{},
		Symbols: map[string]string{}}
	for language := range c.Said {
		data.Said[language] = map[string]string{}
	}
	for _, l := range c.Lessons {
		if l.Lab != lab {
			continue
		}
		data.Lessons = append(data.Lessons, lessonData{l.Number, l.Cards})
		whose := fmt.Sprintf(".%d.", l.Number)
		for language, said := range c.Said {
			for key, text := range said {
				if _, part, _ := strings.Cut(key, "."); strings.HasPrefix("."+part, whose) {
					data.Said[language][key] = text
				}
			}
		}
	}
	return data
}

func encoded(data courseData) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(data)
	return b.Bytes(), err
}

// withOwn returns symbols with those of this package.
func withOwn(known map[string]string) map[string]string {
	all := maps.Clone(known)
	maps.Copy(all, symbols)
	return all
}

//go:embed teacher.html
var teacherText string

var teacherForm = template.Must(template.New("teacher").Parse(teacherText))

// Teacher is the page for those who teach the course, to read and to print, in a language. known
// has the symbols of texts that are not this package's own, as the children of a math element.
func (c *Course) Teacher(language string, known map[string]string) ([]byte, error) {
	p := teacherPage{Course: c, Language: language, symbols: withOwn(known),
		words: teacherWords[language]}
	for _, l := range languages {
		if l.name == language {
			p.Tag = l.tag
		}
	}
	var b bytes.Buffer
	err := teacherForm.Execute(&b, p)
	return b.Bytes(), err
}

// teacherPage is what the template knows.
type teacherPage struct {
	*Course
	Language, Tag string
	symbols       map[string]string
	words         map[string]string
}

// Word is what the page says by itself.
func (p teacherPage) Word(key string) string { return p.words[key] }

// Say is what the course says, with its symbols.
func (p teacherPage) Say(key string) template.HTML {
	text := template.HTMLEscapeString(p.Said[p.Language][key])
	return template.HTML(symbolForm.ReplaceAllStringFunc(text, func(name string) string {
		return "<math>" + p.symbols[name[1:len(name)-1]] + "</math>"
	}))
}

// AnswerTo is the right answer of a card, in words.
func (p teacherPage) AnswerTo(c Card) template.HTML {
	if c.Choices == nil {
		return template.HTML(template.HTMLEscapeString(c.Answer))
	}
	return p.Say("card." + c.ID + ".choice." + c.Answer)
}

// Address is where a card is, from the page's own folder.
func (c Card) Address() string {
	if c.Lab {
		return "lab.html?lesson=" + c.ID
	}
	return "../?lesson=" + c.ID
}

// Minutes is how long all lessons take.
func (c *Course) Minutes() (sum int) {
	for _, l := range c.Lessons {
		sum += l.Minutes
	}
	return sum
}
