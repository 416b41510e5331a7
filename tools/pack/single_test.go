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

// Modules come once each, after what they import, with the names that others
// know them by.
func TestBundle(t *testing.T) {
	script, err := bundle(texts(
		"web/main.js", "// import 'no.js';\nimport { a as b,\n  f } from './a.js';\nimport en, { more } from './lang/en.js';\nimport './a.js';\nimport * as all from './a.js';\nf(b, en, more, all, import.meta.url);\n  const later = await import('./later.js');\n",
		"web/later.js", "export const late = 1;\n",
		"web/a.js", "export const a = 1;\nlet z = 2;\nexport async function f() {}\nexport { z as y };\n",
		"web/lang/en.js", "import { y } from '../a.js';\nexport default {\n  'k': y,\n};\nexport class more {}\n",
	), "web/main.js")
	if err != nil {
		t.Fatal(err)
	}
	a, en, main := strings.Index(script, "// web/a.js"), strings.Index(script, "// web/lang/en.js"), strings.Index(script, "// web/main.js")
	if a != 0 || en < a || main < en || strings.Count(script, "// web/a.js") != 1 {
		t.Fatalf("modules are missing, doubled or out of order:\n%s", script)
	}
	for _, line := range []string{
		"const $1 = (", "const $2 = (", "const $3 = (", "const $4 = (", "const { y: y } = $1;",
		"const { default: en, more: more } = $2;", "const { a: b, f: f } = $1;", "const all = $1;",
		"  const later = await Promise.resolve($3);", `f(b, en, more, all, new URL("web/main.js", document.baseURI).href);`,
		"get y() { return z; },", "const $default = {", "get default() { return $default; },",
	} {
		if !strings.Contains(script, line) {
			t.Errorf("there is no line %q in\n%s", line, script)
		}
	}
}

// What is not understood is refused by the name of its file.
func TestBundleRefuses(t *testing.T) {
	for _, c := range []struct{ text, say string }{
		{"import { a } from 'far';", `"far"`},
		{"import { a } from './none.js';", "web/none.js"},
		{"import { a } from './x.js';", "circle"},
		{"export * from './y.js';", "export *"},
		{"export const { a } = b;", "export const {"},
		{"const a = await import(`./y.js`);", "import("},
		{"const a = await import('./none.js');", "web/none.js"},
		{"import a, { b } from \"./y.js\";", "import a"},
	} {
		_, err := bundle(texts("web/x.js", c.text, "web/y.js", ""), "web/x.js")
		if err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), "web/") {
			t.Errorf("%s: got %v, want an error with %s", c.text, err, c.say)
		}
	}
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
		if err != nil || strings.Join(got.models, " ") != c.wantModels || got.recipe != c.wantRecipe {
			t.Errorf("%q, %q: got %v, %v, want %s and %s", c.models, c.recipe, got, err, c.wantModels, c.wantRecipe)
		}
	}
}

// A page that asks for a file which the single one has not learnt of, or text
// that would end its element, is an error.
func TestDocumentRefuses(t *testing.T) {
	const page = `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="none">` +
		`<link rel="stylesheet" href="web/a.css"><link rel="icon" href="web/icon.svg" type="image/svg+xml">` +
		`<script type="module" src="web/main.js"></script><body>BODY</body></html>`
	for _, c := range []struct{ name, path, text, say string }{
		{"whole", "", "", ""},
		{"picture", "index.html", strings.Replace(page, "BODY", `<img src="web/a.png">`, 1), "web/a.png"},
		{"no policy", "index.html", strings.Replace(page, "Content-Security-Policy", "x", 1), "Policy"},
		{"script end", "web/main.js", "const a = '</script>';", "</script"},
		{"style end", "web/a.css", "a::after { content: '</style>' }", "</"},
		{"module missing", "web/main.js", "import './none.js';", "web/none.js"},
	} {
		held := texts("index.html", page, "web/a.css", "", "web/icon.svg", "<svg/>", "web/main.js", "", "web/stage-frame.js", "",
			"web/stage.css", "", "web/wasm_exec.js", "", "web/worker.js", "", "web/worker.wasm", "", "web/worker-scalar.wasm", "",
			"web/viewer.wasm", "", "web/thumbnails.json", "{}")
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
		case c.say != "" && (err == nil || !strings.Contains(err.Error(), c.say)):
			t.Errorf("%s: got %v, want an error with %s", c.name, err, c.say)
		}
	}
}
