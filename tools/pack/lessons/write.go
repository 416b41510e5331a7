package lessons

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
)

// JSON is the course for the page: the lessons, what is said of them by language, and the symbols
// that are in it.
func (c *Course) JSON() ([]byte, error) {
	type lesson struct {
		Number int    `json:"number"`
		Cards  []Card `json:"cards"`
	}
	all := []lesson{}
	for _, l := range c.Lessons {
		all = append(all, lesson{l.Number, l.Cards})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(struct {
		Lessons []lesson                     `json:"lessons"`
		Said    map[string]map[string]string `json:"said"`
		Symbols map[string]string            `json:"symbols"`
	}{all, c.Said, symbols})
	return b.Bytes(), err
}

//go:embed teacher.html
var teacherText string

var teacherForm = template.Must(template.New("teacher").Parse(teacherText))

// Teacher is the page for those who teach the course, to read and to print, in a language. known
// has the symbols of texts that are not this package's own, as the children of a math element.
func (c *Course) Teacher(language string, known map[string]string) ([]byte, error) {
	all := maps.Clone(known)
	maps.Copy(all, symbols)
	p := teacherPage{Course: c, Language: language, symbols: all, words: teacherWords[language]}
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
func (c Card) Address() string { return "../?lesson=" + c.ID }

// Minutes is how long all lessons take.
func (c *Course) Minutes() (sum int) {
	for _, l := range c.Lessons {
		sum += l.Minutes
	}
	return sum
}
