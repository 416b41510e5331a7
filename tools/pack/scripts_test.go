package main

import (
	"os/exec"
	"strings"
	"testing"
)

// printed runs a module in Node and returns what it prints.
func printed(t *testing.T, module string) string {
	t.Helper()
	command := exec.Command("node", "--input-type=module", "-e", module)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, module)
	}
	return strings.TrimSpace(string(out))
}

// Modules come once each, after what they import, in whichever way they name
// what others export; one that is imported later is there, and runs later.
func TestBundle(t *testing.T) {
	script, err := bundle(texts(
		"web/first.js", "globalThis.document = { baseURI: 'file:///page/' };\nconst a = await "+
			"'first';\nconsole.log(a);\n",
		"web/main.js", "// import 'no.js';\nimport { a as b,\n  f } from './a.js';\nimport en, "+
			"{ more } from './lang/en.js';\nimport * as all from './a.js';\n"+
			"console.log(b, await f(), en.k, new more().more, all.y, import.meta.url);\n  const "+
			"later = await import('./later.js');\nconsole.log(later.late);\n",
		"web/later.js", "console.log('runs later');\nexport const late = 4;\n",
		"web/a.js", "console.log('a runs');\nexport const a = 1;\nlet z = 2;\nexport async "+
			"function f() { z++; return 5; }\nexport { z as y };\n",
		"web/lang/en.js", "import { y } from '../a.js';\nconsole.log('en runs');\nexport "+
			"default {\n  'k': y,\n};\nexport class more { more = 'm'; }\n",
	), "web/first.js", "web/main.js")
	if err != nil {
		t.Fatal(err)
	}
	const want = "first\na runs\nen runs\n1 5 2 m 3 file:///page/web/main.js\nruns later\n4"
	if got := printed(t, script); got != want {
		t.Errorf("it prints\n%s\nwant\n%s\nof\n%s", got, want, script)
	}
}

// What cannot be in one file is refused by the name of its file.
func TestBundleRefuses(t *testing.T) {
	for _, c := range []struct{ text, say string }{
		{"import { a } from 'far';", "web/x.js, line 1: web/far is no file"},
		{"import { a } from './none.js';", "web/x.js, line 1: web/none.js is no file"},
		{"const a = await import('./none.js');", "web/x.js, line 1: web/none.js is no file"},
		{"import { a } from './y.js'; a();", `"a"`},
		{"const a = ;", "web/x.js, line 1"},
	} {
		_, err := bundle(texts("web/x.js", c.text, "web/y.js", "export {};"), "web/x.js")
		if err == nil || !strings.Contains(err.Error(), c.say) ||
			!strings.Contains(err.Error(), "web/") {
			t.Errorf("%s: got %v, want an error with %s", c.text, err, c.say)
		}
	}
}

// A script's local names are short, what others know it by stays: its globals,
// members, and whose work it is.
func TestMinified(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"// Copyright 2018 The Authors.\n// See the LICENSE file.\n\n// What it " +
			"does.\nfunction known() { const local = 1; return local.there; }\n",
			"// Copyright 2018 The Authors.\n// See the LICENSE file.\nfunction known(){return " +
				"1 .there}"},
		{"importScripts('wasm_exec.js');\nconst go = 1;\n",
			`importScripts("wasm_exec.js");const go=1;`},
	} {
		got, err := minified("web/a.js", []byte(c.text))
		if err != nil || strings.TrimSpace(string(got)) != c.want {
			t.Errorf("%s\ngot  %s %v\nwant %s", c.text, got, err, c.want)
		}
	}
	const sheet = "/* A comment. */\np {\n  & > a { color: light-dark(#ffffff, var(--ink)); }\n}\n"
	if got, err := minified("web/a.css", []byte(sheet)); err != nil ||
		strings.TrimSpace(string(got)) != "p{>a{color:light-dark(#ffffff,var(--ink))}}" {
		t.Errorf("%s becomes %s, %v", sheet, got, err)
	}
	for _, name := range []string{"web/a.js", "web/a.css"} {
		if _, err := minified(name, []byte("a { b: {")); err == nil ||
			!strings.Contains(err.Error(), name+", line 1") {
			t.Errorf("%s: got %v, want an error that names the file and the line", name, err)
		}
	}
	for name, text := range map[string]string{"web/a.js": "console.log('</script>');",
		"web/a.css": "a::after { content: '</style>' }"} {
		if got, err := minified(name, []byte(text)); err != nil ||
			strings.Contains(string(got), "</") {
			t.Errorf("%s ends its element: %s, %v", name, got, err)
		}
	}
	if _, err := minified("web/a.js", []byte("const = 1;")); err == nil ||
		!strings.Contains(err.Error(), "web/a.js, line 1") {
		t.Errorf("got %v, want an error that names the file and the line", err)
	}
}
