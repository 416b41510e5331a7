package main

import (
	"strings"
	"testing"
)

func texts(pairs ...string) map[string][]byte {
	files := map[string][]byte{}
	for i := 0; i < len(pairs); i += 2 {
		files[pairs[i]] = []byte(pairs[i+1])
	}
	return files
}

func TestChoose(t *testing.T) {
	for _, c := range []struct{ models, recipe, wantModels, wantRecipe, wrong string }{
		{"", "", "digits", "", ""},
		{"a, b,a", "", "a b", "", ""},
		{"", "m=a&c=7", "a", "m=a&c=7", ""},
		{"a,b", "#c=7&m=b", "b a", "m=b&c=7", ""},
		{"a", "m=b", "", "", `"b"`},
		{",", "", "", "", "-model"},
		{"", "colour=red", "", "", "colour"},
	} {
		got, err := choose(c.models, c.recipe)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%q, %q: got %v, want an error with %s", c.models, c.recipe, err, c.wrong)
			}
			continue
		}
		if err != nil || strings.Join(got.models, " ") != c.wantModels ||
			got.recipe != c.wantRecipe {
			t.Errorf("%q, %q: got %v, %v, want %s and %s",
				c.models, c.recipe, got, err, c.wantModels, c.wantRecipe)
		}
	}
}

// A page that asks for a file which the single one has not learnt of, or text
// that would end its element, is an error.
func TestDocumentRefuses(t *testing.T) {
	const page = `<!doctype html><html lang="en">` +
		`<meta http-equiv="Content-Security-Policy" content="none">` +
		`<link rel="stylesheet" href="web/a.css">` +
		`<link rel="icon" href="web/icon.svg" type="image/svg+xml">` +
		`<script type="module" src="web/main.js"></script><body>BODY</body></html>`
	for _, c := range []struct{ name, path, text, say string }{
		{"whole", "", "", ""},
		{"picture", "index.html",
			strings.Replace(page, "BODY", `<img src="web/a.png">`, 1), "web/a.png"},
		{"no policy", "index.html",
			strings.Replace(page, "Content-Security-Policy", "x", 1), "Policy"},
		{"comment", "web/main.js", "console.log('<!--');", "<!--"},
		{"module missing", "web/main.js", "import './none.js';", "web/none.js"},
	} {
		held := texts("index.html", page, "web/a.css", "", "web/icon.svg", "<svg/>", "web/main.js",
			"import('./own/conversion.js');", "web/own/conversion.js", "console.log('spared');",
			"web/own/fetched.js", "", "web/viewer/frame.js", "",
			"web/viewer/frame.css", "", "web/wasm_exec.js", "", "web/engine/worker.js", "",
			"web/worker.wasm", "", "web/worker-scalar.wasm", "",
			"web/viewer.wasm", "", "web/thumbnails.json", "{}", courseName, "{}",
			"web/look/lessons.css", "", "web/look/lessons-page.css", "")
		held["weights/digits.safetensors"] = weightsFile(t, "digits-oracle").Data
		if c.path != "" {
			held[c.path] = []byte(c.text)
		}
		var files []file
		for path, data := range held {
			files = append(files, file{Path: path, Data: data})
		}
		out, err := choice{models: []string{"digits"}, recipe: "m=digits&c=7"}.document(files)
		switch {
		case c.say == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.say == "" && !strings.Contains(string(out), `data-recipe="m=digits&amp;c=7"`):
			t.Errorf("%s: the recipe is not in %s", c.name, out)
		case c.say == "" && strings.Contains(string(out), "spared"):
			t.Errorf("%s: what no single file needs is in it: %s", c.name, out)
		case c.say != "" && (err == nil || !strings.Contains(err.Error(), c.say)):
			t.Errorf("%s: got %v, want an error with %s", c.name, err, c.say)
		}
	}
}

// The lab in one file has its own recipe, and its worker asks the page for its program.
func TestLabDocument(t *testing.T) {
	if _, err := chooseLab("digits", ""); err == nil || !strings.Contains(err.Error(), "-model") {
		t.Errorf("a model of the lab: %v", err)
	}
	if _, err := chooseLab("", "m=digits"); err == nil || !strings.Contains(err.Error(), "m is") {
		t.Errorf("a recipe of the page: %v", err)
	}
	c, err := chooseLab("", "p=x0&d=moons")
	if err != nil || c.recipe != "d=moons&p=x0" {
		t.Fatalf("got %+v, %v", c, err)
	}
	const page = `<!doctype html><html lang="en">` +
		`<meta http-equiv="Content-Security-Policy" content="none">` +
		`<link rel="stylesheet" href="look/a.css"><link rel="stylesheet" href="lab/lab.css">` +
		`<link rel="icon" href="icon.svg" type="image/svg+xml">` +
		`<script type="module" src="lab/lab.js"></script><body>BODY</body></html>`
	for _, worker := range []string{"fetch(" + workerAddress + ");", "fetch(name);"} {
		held := texts("web/lab.html", page, "web/look/a.css", "", "web/lab/lab.css", ".lab{top:0}",
			"web/icon.svg", "<svg/>", "web/lab/lab.js", "console.log('the lab');",
			"web/lab/worker.js", worker, "web/viewer/frame.js", "", "web/viewer/frame.css", "",
			"web/wasm_exec.js", "", "web/lab.wasm", "", "web/lab-scalar.wasm", "",
			"web/viewer.wasm", "", labCourseName, "{}", "web/look/lessons.css", "",
			"web/lab/lessons.css", "")
		var files []file
		for path, data := range held {
			files = append(files, file{Path: path, Data: data})
		}
		out, err := c.document(files)
		if worker == "fetch(name);" {
			if err == nil || !strings.Contains(err.Error(), "web/lab/worker.js") {
				t.Errorf("a worker that fetches otherwise: %v", err)
			}
			continue
		}
		for _, want := range []string{`<html data-recipe="d=moons&amp;p=x0" lang="en">`,
			".lab{top:0}", "the lab", `data-file="web/lab.wasm"`,
			`data-file="web/lab-single.html"`} {
			if err != nil || !strings.Contains(string(out), want) {
				t.Errorf("%s is not in %s, %v", want, out, err)
			}
		}
	}
}
