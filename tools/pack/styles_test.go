package main

import (
	"path"
	"strings"
	"testing"
)

// TestJoinSheets: a document's style sheets are one, which shows its pictures from where it lies.
func TestJoinSheets(t *testing.T) {
	page := small()
	page["index.html"] = []byte("<head>\n  <link rel=\"stylesheet\" href=\"web/a.css\">\n" +
		"  <link rel=\"stylesheet\" href=\"web/b.css\">\n" +
		"  <script type=\"module\" src=\"web/main.js\"></script>")
	page["web/b.css"] = []byte("p { color: red }")
	page["web/player.html"] = []byte("<link rel=\"stylesheet\" href=\"b.css\"><p>")
	built, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	sheet := built["index.css"]
	html := string(built["index.html"].Data)
	link := "<head>\n  <link rel=\"stylesheet\" href=\"" + sheet.Path + "\">\n"
	if !strings.Contains(html, link) || strings.Count(html, "stylesheet") != 1 {
		t.Errorf("the document does not name %q alone:\n%s", sheet.Path, html)
	}
	css := string(sheet.Data)
	picture := strings.Index(css, "url("+built["web/icon.png"].Path+")")
	colour := strings.Index(css, "red")
	if picture < 0 || colour < picture {
		t.Errorf("the sheet is not both, in their order:\n%s", css)
	}
	if _, ok := built["web/a.css"]; ok {
		t.Error("web/a.css is a file by itself, too")
	}
	alone := path.Base(built["web/b.css"].Path)
	html = string(built["web/player.html"].Data)
	if alone == "." || !strings.Contains(html, alone) {
		t.Errorf("a document with one sheet does not name it:\n%s", html)
	}
}
