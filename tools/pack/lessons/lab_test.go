package lessons

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// withLab adds a lesson of four cards in the lab to the one on the page; change replaces the first
// old text in its English file by a new one.
func withLab(change ...string) fstest.MapFS {
	files := folder()
	en := "title: Scores\naims: Students know.\nminutes: 10\n"
	zh := "title: 得分\naims: 学生知道。\n"
	for i := 1; i <= 4; i++ {
		en += fmt.Sprintf(`
## 2.%d Card
lab: ?layers=data,score&against=k:ddpm#units=8&d=moons&steps=5
formula: langevin
equations: Luo 159, NCSN
check: far
answer: many

Points {xt} and {noise}.

question: How many?
- few: Few
- many: Many
why: They are far.
`, i)
		zh += fmt.Sprintf("\n## 2.%d 卡片\n\n点 {xt} 与 {noise}。\n\nquestion: 多少？\n"+
			"- few: 少\n- many: 多\nwhy: 太远。\n", i)
	}
	if len(change) == 2 {
		en = strings.Replace(en, change[0], change[1], 1)
	}
	files["2.en.md"] = &fstest.MapFile{Data: []byte(en)}
	files["2.zh.md"] = &fstest.MapFile{Data: []byte(zh)}
	return files
}

// The page and the lab each have their own lessons, and the lab what it needs to say of them.
func TestLab(t *testing.T) {
	course, err := Read(withLab(), toy, []string{"xt", "x0"})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{"xt": "<msub>x</msub>", "x0": "<mi>x</mi>"}
	page, errPage := course.JSON()
	lab, errLab := course.LabJSON(known)
	if errPage != nil || errLab != nil {
		t.Fatal(errPage, errLab)
	}
	var got [2]courseData
	for i, data := range [][]byte{page, lab} {
		if err := json.Unmarshal(data, &got[i]); err != nil {
			t.Fatal(err)
		}
		if len(got[i].Lessons) != 1 || got[i].Lessons[0].Number != []int{1, 2}[i] {
			t.Fatalf("there are the lessons %+v", got[i].Lessons)
		}
		for key := range got[i].Said["zh"] {
			if !strings.Contains(key, []string{".1.", ".2."}[i]) {
				t.Errorf("lesson %d has the sentence %s", got[i].Lessons[0].Number, key)
			}
		}
	}
	card := got[1].Lessons[0].Cards[1]
	if card.ID != "2.2" || card.Recipe != "d=moons&units=8&steps=5" ||
		card.View != "layers=data,score&against=k:ddpm" || card.Formula != "langevin" ||
		!slices.Equal(card.Choices, []string{"few", "many"}) {
		t.Errorf("the second card of the lab is %+v", card)
	}
	if got[1].Before != "1.4" || got[0].Before != "" {
		t.Errorf("before the lab's first card is %q", got[1].Before)
	}
	if names := slices.Sorted(maps.Keys(got[1].Symbols)); !slices.Equal(names,
		[]string{"noise", "xt"}) || got[1].Symbols["xt"] != known["xt"] {
		t.Errorf("the lab has the symbols %v", got[1].Symbols)
	}
	for _, data := range [][]byte{page, lab} {
		if strings.Contains(string(data), `"answer"`) {
			t.Error("the answers are told")
		}
	}
	teachers, err := course.Teacher("en", known)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`href="../?lesson=1.4"`, `href="lab.html?lesson=2.1"`,
		"<b>Many</b> They are far.", "20 minutes"} {
		if !strings.Contains(string(teachers), part) {
			t.Errorf("teachers are not told %s", part)
		}
	}
}

// What a card of the lab cannot show, check or say is refused, with its place.
func TestLabRefusals(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"#units=8&d=moons", "#d=m00ns", "2.en.md, card 2.1: the lab's recipe d=m00ns"},
		{"k:ddpm", "k:ddbm", "the lab's recipe beside it, d=moons&units=8&steps=5&k=ddbm"},
		{"layers=data,score", "layers=data,scores", "view has layers=data,scores"},
		{"layers=", "step=", `view has "step"; there are against, layers`},
		{"formula: langevin", "formula: jump", `there is no formula "jump"`},
		{"check: far", "check: same", `there is no check "same"`},
		{"check: far\n", "", "card 2.1: check is missing"},
		{"formula:", "step: 3\nformula:", "card 2.1: step is for the page"},
		{"lab: ?layers=data,score&against=k:ddpm#units=8&d=moons&steps=5", "recipe: m=toy",
			"card 2.1: view is missing"},
		{"lab: ?layers=data,score&against=k:ddpm#units=8&d=moons&steps=5\nformula: langevin\n" +
			"equations: Luo 159, NCSN\ncheck: far\nanswer: many",
			"recipe: m=toy\nview: views=xt\nstep: 1\nformula: jump\nequations: Luo\ncheck: same\n" +
				"answer: differ", "card 2.1: the check same has the answers"},
	} {
		if _, err := Read(withLab(c.old, c.new), toy, []string{"xt"}); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("with %.30q in place of %.30q: %v, want %s", c.new, c.old, err, c.want)
		}
	}
	mixed := withLab("lab: ?layers=data,score&against=k:ddpm#units=8&d=moons&steps=5\n"+
		"formula: langevin\nequations: Luo 159, NCSN\ncheck: far\nanswer: many",
		"recipe: m=toy\nview: views=xt\nstep: 1\nformula: jump\nequations: Luo\ncheck: same\n"+
			"answer: differ")
	for old, text := range map[string]string{"- few: Few": "- same: Few",
		"- many: Many": "- differ: Many"} {
		mixed["2.en.md"].Data = []byte(strings.Replace(string(mixed["2.en.md"].Data), old, text, 1))
	}
	late := withLab()
	for _, ending := range []string{".en.md", ".zh.md"} {
		text := string(late["1"+ending].Data)
		late["3"+ending] = &fstest.MapFile{
			Data: []byte(strings.ReplaceAll(text, "## 1.", "## 3."))}
	}
	for want, files := range map[string]fstest.MapFS{
		"2.en.md: card 2.2 is not where the first is":       mixed,
		"lesson 3 is for the page, but comes after one in ": late,
	} {
		if _, err := Read(files, toy, []string{"xt"}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
