package lessons

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// toy is the only model of the tests.
func toy(r recipe.Recipe) (recipe.Info, error) {
	if r.Get("m") != "toy" {
		return recipe.Info{}, errors.New("there is no file")
	}
	return recipe.Info{Name: "toy", Classes: []string{"0", "1"}, Channels: 1, Height: 2, Width: 2,
		Scheduler: schedule.Default(), Defaults: recipe.StandardDefaults()}, nil
}

// folder is a lesson of four cards in both languages; change replaces the first old text in a file
// by a new one.
func folder(change ...string) fstest.MapFS {
	en := "title: Noise\naims: Students know.\nminutes: 10\n"
	zh := "title: 加噪\naims: 学生知道。\n"
	for i := 1; i <= 4; i++ {
		en += fmt.Sprintf(`
## 1.%d Card
recipe: m=toy&c=1&steps=5
view: views=xt,x0
step: 3
formula: jump
equations: Luo 61–70, DDPM 4
check: same
answer: differ

A picture {xt} and
noise: text.

question: Are they the same?
- same: Yes
- differ: No
why: Noise is fresh.
`, i)
		zh += fmt.Sprintf("\n## 1.%d 卡片\n\n图 {xt}\n与噪声。\n\nquestion: 相同吗？\n"+
			"- same: 相同\n- differ: 不同\nwhy: 噪声是新的。\n", i)
	}
	all := map[string]string{"1.en.md": en, "1.zh.md": zh}
	if len(change) == 3 {
		all[change[0]] = strings.Replace(all[change[0]], change[1], change[2], 1)
	}
	files := fstest.MapFS{}
	for name, text := range all {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// A folder of lessons becomes one file for the page, without the answers.
func TestRead(t *testing.T) {
	course, err := Read(folder(), toy, []string{"xt"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := course.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Lessons []struct{ Cards []Card }
		Said    map[string]map[string]string
		Symbols map[string]string
	}
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	card := page.Lessons[0].Cards[1]
	if card.ID != "1.2" || card.Recipe != "m=toy&c=1&steps=5" || card.Step != 3 ||
		!slices.Equal(card.Choices, []string{"same", "differ"}) || len(card.Equations) != 2 ||
		card.Equations[0] != (Equation{"Luo 61–70",
			"https://arxiv.org/pdf/2208.11970#equation.61"}) {
		t.Errorf("the second card is %+v", card)
	}
	if strings.Contains(string(data), `"answer"`) {
		t.Error("the page is told the answers")
	}
	for key, want := range map[string][2]string{
		"card.1.2.text":        {"A picture {xt} and noise: text.", "图 {xt} 与噪声。"},
		"card.1.2.choice.same": {"Yes", "相同"},
		"lesson.1.title":       {"Noise", "加噪"},
	} {
		if got := page.Said["en"][key]; got != want[0] {
			t.Errorf("%s is %q in English", key, got)
		}
		if got := page.Said["zh"][key]; got != want[1] {
			t.Errorf("%s is %q in Chinese", key, got)
		}
	}
	en, zh := page.Said["en"], page.Said["zh"]
	if !slices.Equal(slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(zh))) {
		t.Error("the languages say different things")
	}
}

// The page for teachers has the answers, and the symbols as formulas.
func TestTeacher(t *testing.T) {
	course, err := Read(folder(), toy, []string{"xt"})
	if err != nil {
		t.Fatal(err)
	}
	for language, parts := range map[string][]string{
		"en": {`<html lang="en">`, "<b>No</b> Noise is fresh.", "Students know.", "10 minutes",
			"A picture <math><msub>x</msub></math> and noise: text.", `href="../?lesson=1.4"`,
			`>Luo 61–70</a></dt><dd><a href="../?lesson=1.1">1.1</a> <a href="../?lesson=1.2">`,
			`derive=posterior&amp;step=10#m=digits`, ">Bayes’ rule to the posterior</a>: 71–85"},
		"zh": {`<html lang="zh-Hans">`, "<b>不同</b> 噪声是新的。", "学生知道。", "10 分钟"},
	} {
		page, err := course.Teacher(language, map[string]string{"xt": "<msub>x</msub>"})
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			if !strings.Contains(string(page), part) {
				t.Errorf("in %s there is no %s", language, part)
			}
		}
		if strings.Contains(string(page), "{xt}") {
			t.Errorf("in %s a symbol is left", language)
		}
	}
	if got := slices.Sorted(maps.Keys(teacherWords["zh"])); !slices.Equal(got,
		slices.Sorted(maps.Keys(teacherWords["en"]))) {
		t.Error("the pages for teachers do not say the same in both languages")
	}
}

// What a card cannot show, check or say is refused, with its place.
func TestRefusals(t *testing.T) {
	long := strings.Repeat("word ", 61)
	wide := strings.Repeat("字", 111)
	for _, c := range []struct{ file, old, new, want string }{
		{"1.en.md", "A picture", long, "1.en.md, card 1.1: the text has"},
		{"1.zh.md", "图 ", wide, "1.zh.md, card 1.1: the text has"},
		{"1.en.md", "formula: jump", "formula: leap", `card 1.1: there is no formula "leap"`},
		{"1.en.md", "check: same", "check: alike", `there is no check "alike"`},
		{"1.en.md", "- same: Yes", "- like: Yes", "has the answers same, differ, and the card"},
		{"1.en.md", "check: same", "check: half", "has the answers (a number), and the card"},
		{"1.en.md", "answer: differ", "answer: other", `answer is "other", and there are`},
		{"1.en.md", "answer: differ\n", "", "card 1.1: answer is missing"},
		{"1.en.md", "step: 3\n", "", "card 1.1: step is missing"},
		{"1.en.md", "view: views=xt,x0\n", "", "card 1.1: view is missing"},
		{"1.en.md", "m=toy&c=1&steps=5", "m=toy&c=9", "card 1.1: the recipe m=toy&c=9"},
		{"1.en.md", "m=toy&c=1&steps=5", "m=toy&steeps=5", "card 1.1: the recipe m=toy&steeps=5"},
		{"1.en.md", "m=toy&c=1&steps=5", "m=other", `the model "other", which the page does not`},
		{"1.en.md", "step: 3", "step: 6", `step is "6", not one of the 5`},
		{"1.en.md", "views=xt,x0", "views=xt,x1", "view has views=xt,x1"},
		{"1.en.md", "views=xt,x0", "look=xt", `view has "look"`},
		{"1.en.md", "Luo 61–70", "Ho 4", `equations has "Ho 4"`},
		{"1.en.md", "{xt}", "{xx}", "card.1.1.text has the symbol {xx}"},
		{"1.en.md", "why: Noise is fresh.\n", "", "card.1.1.why is missing"},
		{"1.en.md", "## 1.2 Card", "## 1.3 Card", "the card is called 1.3, not 1.2"},
		{"1.en.md", "## 1.4 Card", "Text", "question is said twice"},
		{"1.en.md", "## 1.1 Card", "# Card", "a card begins like"},
		{"1.en.md", "minutes: 10", "minutes: ten", `minutes is "ten"`},
		{"1.en.md", "minutes: 10", "Noise is", "text stands below the heading of a card"},
		{"1.en.md", "aims: Students know.\n", "", "lesson.1.aims is missing"},
		{"1.en.md", "- same: Yes", "- Same", "line 18: a choice is written"},
		{"1.en.md", "why:", "reason:", `there is no field "reason" here`},
		{"1.zh.md", "title: 加噪", "minutes: 10", `there is no field "minutes" here`},
		{"1.zh.md", "## 1.2 卡片", "## 1.3 卡片", "the card is called 1.3, and in English 1.2"},
		{"1.zh.md", "- same: 相同\n", "", "the choices are differ, and in English same, differ"},
		{"1.zh.md", "question: 相同吗？\n", "", "card.1.1.question is missing"},
	} {
		files := folder(c.file, c.old, c.new)
		if _, err := Read(files, toy, []string{"xt"}); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %.20q in place of %.20q: %v, want %s", c.file, c.new, c.old, err,
				c.want)
		}
	}
	few := folder()
	few["1.en.md"].Data = []byte(strings.Split(string(few["1.en.md"].Data), "\n## 1.4")[0])
	one := folder()
	delete(one, "1.zh.md")
	gap := folder()
	gap["3.en.md"] = gap["1.en.md"]
	other := folder()
	other["1.fr.md"] = other["1.en.md"]
	for want, files := range map[string]fstest.MapFS{
		"a lesson has 4 to 7 cards, not 3":      few,
		"lesson 1 has no 1.zh.md":               one,
		"there is a lesson 3, but none with":    gap,
		"1.fr.md: a lesson is called like 1.en": other,
		"there are no lessons":                  {},
	} {
		if _, err := Read(files, toy, []string{"xt"}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// FuzzParse holds the parser to an answer or an error for any text.
func FuzzParse(f *testing.F) {
	for _, file := range folder() {
		f.Add(string(file.Data))
	}
	f.Add("## 1.1 a\n- a: b\nä\n{")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse("1.en.md", text, true)
		if (s == nil) == (err == nil) {
			t.Errorf("%v and %v", s, err)
		}
	})
}
