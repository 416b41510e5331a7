package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/recipe"
)

// Course is all lessons, in their order.
type Course struct {
	Lessons []Lesson
	// What is said, by language and by key: "lesson.1.title", "card.1.2.text".
	Said map[string]map[string]string
}

// Lesson is a few cards about one thing.
type Lesson struct {
	Number  int
	Minutes int
	Cards   []Card
	Lab     bool // its cards are in the lab
}

// Card is what fits under the stage: a text, a formula, a way to use the page, a question.
type Card struct {
	ID        string     `json:"id"` // 1.2
	Recipe    string     `json:"recipe"`
	View      string     `json:"view"`           // of the address: how the stage is looked at
	Step      int        `json:"step,omitempty"` // none in the lab
	Formula   string     `json:"formula"`
	Equations []Equation `json:"equations"`
	Check     string     `json:"check"`
	Choices   []string   `json:"choices,omitempty"` // none where the answer is a number
	Answer    string     `json:"-"`                 // for teachers; the page finds it on the stage
	Lab       bool       `json:"-"`                 // recipe and view are those of the lab
}

// Equation is one of a paper.
type Equation struct {
	Name string `json:"name"` // Luo 70
	URL  string `json:"url"`
}

// Info describes the model of a recipe, if the page has it, with what the recipe needs beside it.
type Info func(r recipe.Recipe) (recipe.Info, error)

// Read reads the files of a folder. info describes the models that recipes may name, and known are
// the symbols that texts may hold beside this package's own.
func Read(folder fs.FS, info Info, known []string) (*Course, error) {
	files, err := fs.Glob(folder, "*.md")
	if err != nil {
		return nil, err
	}
	numbers := map[int]bool{}
	for _, name := range files {
		number, ending, _ := strings.Cut(name, ".")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || !slices.ContainsFunc(languages,
			func(l language) bool { return ending == l.name+".md" }) {
			return nil, fmt.Errorf("%s: a lesson is called like 1.en.md, with a language of the "+
				"page", name)
		}
		numbers[n] = true
	}
	c := &Course{Said: map[string]map[string]string{}}
	for _, l := range languages {
		c.Said[l.name] = map[string]string{}
	}
	r := &reader{course: c, info: info,
		known: append(slices.Collect(maps.Keys(symbols)), known...)}
	for i, n := range slices.Sorted(maps.Keys(numbers)) {
		if n != i+1 {
			return nil, fmt.Errorf("there is a lesson %d, but none with the number %d", n, i+1)
		}
		if err := r.lesson(folder, n); err != nil {
			return nil, err
		}
		if i > 0 && c.Lessons[i-1].Lab && !c.Lessons[i].Lab {
			return nil, fmt.Errorf("lesson %d is for the page, but comes after one in the lab", n)
		}
	}
	if len(c.Lessons) == 0 {
		return nil, errors.New("there are no lessons")
	}
	return c, nil
}

// reader reads one lesson after the other.
type reader struct {
	course *Course
	info   Info
	known  []string
}

// lesson reads a lesson in all languages.
func (r *reader) lesson(folder fs.FS, number int) error {
	var first *source
	for _, l := range languages {
		name := fmt.Sprintf("%d.%s.md", number, l.name)
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return fmt.Errorf("lesson %d has no %s", number, name)
		}
		s, err := parse(name, string(text), first == nil)
		if err != nil {
			return err
		}
		if first == nil {
			if err := r.settings(name, number, s); err != nil {
				return err
			}
			first = s
		}
		if err := r.words(name, number, s, first, l); err != nil {
			return err
		}
	}
	return nil
}

// settings takes what holds in all languages.
func (r *reader) settings(name string, number int, s *source) error {
	minutes, err := strconv.Atoi(s.fields["minutes"])
	if err != nil || minutes < 1 {
		return fmt.Errorf("%s: minutes is %q, not a number of minutes", name, s.fields["minutes"])
	}
	if n := len(s.cards); n < 4 || n > 7 {
		return fmt.Errorf("%s: a lesson has 4 to 7 cards, not %d", name, n)
	}
	lesson := Lesson{Number: number, Minutes: minutes}
	for i, b := range s.cards {
		if want := fmt.Sprintf("%d.%d", number, i+1); b.id != want {
			return fmt.Errorf("%s, line %d: the card is called %s, not %s", name, b.line, b.id,
				want)
		}
		card, err := r.card(b)
		if err != nil {
			return fmt.Errorf("%s, card %s: %w", name, b.id, err)
		}
		lesson.Cards = append(lesson.Cards, card)
		if lesson.Lab = card.Lab; lesson.Lab != lesson.Cards[0].Lab {
			return fmt.Errorf("%s: card %s is not where the first is, on the page or in the lab",
				name, b.id)
		}
	}
	r.course.Lessons = append(r.course.Lessons, lesson)
	return nil
}

// card takes what a card sets and asks.
func (r *reader) card(b block) (Card, error) {
	c := Card{ID: b.id, View: b.fields["view"], Formula: b.fields["formula"],
		Check: b.fields["check"], Answer: b.fields["answer"], Lab: b.fields[labField] != ""}
	if err := c.complete(b); err != nil {
		return c, err
	}
	if !slices.Contains(c.formulas(), c.Formula) {
		return c, fmt.Errorf("there is no formula %q", c.Formula)
	}
	set := r.onPage
	if c.Lab {
		set = r.inLab
	}
	err := set(&c, b)
	if err != nil {
		return c, err
	}
	if c.Equations, err = equations(b.fields["equations"]); err != nil {
		return c, err
	}
	return c, c.ask(b)
}

// onPage takes what a card sets of the page.
func (r *reader) onPage(c *Card, b block) error {
	view, err := checkView(c.View, views)
	if err != nil {
		return err
	}
	steps := 0
	if c.Recipe, steps, err = r.recipe(b.fields["recipe"]); err != nil {
		return err
	}
	if view.Has("forward") { // which shows the picture itself as well
		steps++
	}
	if c.Step, err = strconv.Atoi(b.fields["step"]); err != nil || c.Step < 1 || c.Step > steps {
		return fmt.Errorf("step is %q, not one of the %d of the recipe", b.fields["step"], steps)
	}
	return nil
}

// recipe checks a recipe, and returns it as its model reads it, with the number of its steps.
func (r *reader) recipe(text string) (string, int, error) {
	asked, err := recipe.Parse(text)
	if err != nil {
		return "", 0, fmt.Errorf("the recipe %s: %w", text, err)
	}
	info, err := r.info(asked)
	if err != nil {
		return "", 0, fmt.Errorf("the recipe is for the model %q, which the page does not have: %w",
			asked.Get("m"), err)
	}
	settings, err := recipe.Resolve(asked, info)
	if err != nil {
		return "", 0, fmt.Errorf("the recipe %s: %w", text, err)
	}
	return settings.Recipe().String(), settings.Steps, nil
}

// checkView reads how a card looks at the stage. forms are those of the values that there may be.
func checkView(text string, forms map[string]string) (url.Values, error) {
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil, fmt.Errorf("view %s: %w", text, err)
	}
	for key, values := range query {
		form, ok := forms[key]
		if !ok {
			return nil, fmt.Errorf("view has %q; there are %s", key,
				strings.Join(slices.Sorted(maps.Keys(forms)), ", "))
		}
		if len(values) != 1 || !regexp.MustCompile("^(?:"+form+")$").MatchString(values[0]) {
			return nil, fmt.Errorf("view has %s=%s, which is none", key,
				strings.Join(values, "&"))
		}
	}
	return query, nil
}

var equationForm = regexp.MustCompile(`^([\w+-]+)(?: (\d+)(?:–\d+)?)?$`)

// equations reads "Luo 70, DDPM 4, LCM".
func equations(text string) (all []Equation, err error) {
	for name := range strings.SplitSeq(text, ", ") {
		found := equationForm.FindStringSubmatch(name)
		if found == nil || papers[found[1]] == "" {
			return nil, fmt.Errorf("equations has %q: want a paper (%s), with or without a number",
				name, strings.Join(slices.Sorted(maps.Keys(papers)), ", "))
		}
		address := papers[found[1]]
		if found[2] != "" {
			address = strings.Replace(address, "/abs/", "/pdf/", 1) + "#equation." + found[2]
		}
		all = append(all, Equation{Name: name, URL: address})
	}
	return all, nil
}

// ask takes the question of a card.
func (c *Card) ask(b block) error {
	answers, ok := c.checks()[c.Check]
	if !ok {
		return fmt.Errorf("there is no check %q", c.Check)
	}
	for _, choice := range b.choices {
		c.Choices = append(c.Choices, choice.key)
	}
	if !slices.Equal(slices.Sorted(slices.Values(c.Choices)),
		slices.Sorted(slices.Values(answers))) {
		return fmt.Errorf("the check %s has the answers %s, and the card the choices %s", c.Check,
			listed(answers), listed(c.Choices))
	}
	if answers == nil {
		if _, err := strconv.ParseFloat(c.Answer, 64); err != nil {
			return fmt.Errorf("answer is %q, and the check %s wants a number", c.Answer, c.Check)
		}
		return nil
	}
	if !slices.Contains(answers, c.Answer) {
		return fmt.Errorf("answer is %q, and there are %s", c.Answer, listed(answers))
	}
	return nil
}

// listed is a list of answers in words.
func listed(answers []string) string {
	if len(answers) == 0 {
		return "(a number)"
	}
	return strings.Join(answers, ", ")
}

// words takes what is said in a language.
func (r *reader) words(name string, number int, s, first *source, l language) error {
	said := r.course.Said[l.name]
	var err error
	say := func(key, text string) {
		if text == "" && err == nil {
			err = fmt.Errorf("%s: %s is missing", name, key)
		}
		for _, found := range symbolForm.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(r.known, found[1]) && err == nil {
				err = fmt.Errorf("%s: %s has the symbol %s, which there is not", name, key,
					found[0])
			}
		}
		said[key] = text
	}
	for _, field := range lessonFields[1] {
		say(fmt.Sprintf("lesson.%d.%s", number, field), s.fields[field])
	}
	if len(s.cards) != len(first.cards) {
		return fmt.Errorf("%s has %d cards, and the English file %d", name, len(s.cards),
			len(first.cards))
	}
	for i, b := range s.cards {
		as := first.cards[i]
		if b.id != as.id {
			return fmt.Errorf("%s, line %d: the card is called %s, and in English %s", name,
				b.line, b.id, as.id)
		}
		key := "card." + b.id + "."
		say(key+"title", b.title)
		say(key+"text", b.text)
		for _, field := range cardFields[1] {
			say(key+field, b.fields[field])
		}
		if n := length(b.text, l); n > l.most {
			return fmt.Errorf("%s, card %s: the text has %d words or characters, and a card "+
				"room for %d", name, b.id, n, l.most)
		}
		keys := func(of block) (all []string) {
			for _, c := range of.choices {
				all = append(all, c.key)
			}
			return all
		}
		if !slices.Equal(keys(b), keys(as)) {
			return fmt.Errorf("%s, card %s: the choices are %s, and in English %s", name, b.id,
				listed(keys(b)), listed(keys(as)))
		}
		for _, c := range b.choices {
			say(key+"choice."+c.key, c.text)
		}
	}
	return err
}
