package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tweedie/tools/pack/lessons"
)

// The repository's own course can be made; the document and its Chinese sentences call each lesson
// what its file calls it.
func TestOwnCourse(t *testing.T) {
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	files, err := own(root).course()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Fatalf("%d files", len(files))
	}
	left := regexp.MustCompile(`\{\w+\}|ZgotmplZ`)
	for _, f := range files[2:] {
		if found := left.FindString(string(f.Data)); found != "" {
			t.Errorf("%s has %s", f.Path, found)
		}
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	index, zh := read("index.html"), read("web/text/zh.js")
	var names []string
	for _, found := range symbolTemplate.FindAllStringSubmatch(index, -1) {
		names = append(names, found[1])
	}
	course, err := lessons.Read(os.DirFS(filepath.Join(root, courseFolder)),
		describes(filepath.Join(root, "weights")), names)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course.Lessons {
		number := string(rune('0' + l.Number))
		key := "lesson." + number + ".title"
		english := `data-i18n="lessons.` + number + `">` + number + " " + course.Said["en"][key] +
			"<"
		chinese := `'lessons.` + number + `': '` + number + " " + course.Said["zh"][key] + `',`
		address := "?lesson=" + number + ".1"
		if l.Lab {
			address = "web/lab.html" + address
		}
		if !strings.Contains(index, english) || !strings.Contains(index, `href="`+address+`"`) {
			t.Errorf("index.html has no link with %s", english)
		}
		if !strings.Contains(zh, chinese) {
			t.Errorf("zh.js has no %s", chinese)
		}
	}
	links := regexp.MustCompile(`class="button pill" href="[^"?]*\?lesson=`)
	if n := len(links.FindAllString(index, -1)); n != len(course.Lessons) {
		t.Errorf("index.html has links to %d lessons of %d", n, len(course.Lessons))
	}
	for page, marks := range courseMarks {
		data, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		got := string(withoutCourse([]file{{Path: page, Data: data}})[0].Data)
		for _, mark := range marks {
			if !strings.Contains(got, mark+" hidden") {
				t.Errorf("%s of another site shows %s", page, mark)
			}
		}
	}
}
