package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

// small is a page in which files name each other in every way that pages do.
func small() map[string][]byte {
	return texts(
		"index.html", `<link rel="stylesheet" href="web/a.css"><link rel="manifest" href="web/m.webmanifest">`+"\n"+
			`  <script type="module" src="web/main.js"></script><a href="https://example.org/web/main.js">web/main.js</a>`,
		"web/main.js", "import { address } from './load/files.js';\nimport {\n  en } from './lang/en.js';\n"+
			"/** @import { T } from './types.js' */\naddress('web/worker.js');\naddress(`weights/${en}.safetensors`);\naddress('web/embed.js');\n  const { l } = await import('./later.js');\n",
		"web/later.js", "export const l = 1;\n",
		"web/lang/en.js", "import '../deep.js';\nexport const en = 'digits';\n",
		"web/deep.js", "export {};\n",
		"web/load/files.js", "const built = {};\nexport function address(name) { return built[name]; }\n",
		"web/worker.js", "importScripts('wasm_exec.js'); load('worker.wasm', './wasm_exec.js', 'none.js', '../weights/digits.safetensors');\n",
		"web/wasm_exec.js", "go", "web/worker.wasm", "\x00asm", "weights/digits.safetensors", "1234",
		"web/a.css", "p { background: url(icon.png) url(data:image/png;base64,AA) url('https://example.org/a.css') }",
		"web/m.webmanifest", `{"start_url":"../","icons":[{"src":"icon.png"}]}`, "web/icon.png", "png",
		"web/embed.js", "'player.html'", "web/player.html", "<p>",
	)
}

// nameAll names the files of a page, by their names in the repository.
func nameAll(t *testing.T, page map[string][]byte) (map[string]file, error) {
	t.Helper()
	var files []file
	for name, data := range page {
		files = append(files, file{Path: name, Data: data})
	}
	built, err := named(files, asWritten)
	out := map[string]file{}
	for _, f := range built {
		out[f.Name] = f
	}
	return out, err
}

func TestNamed(t *testing.T) {
	built, err := nameAll(t, small())
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return built[name].Path }
	for _, name := range []string{"index.html", "web/embed.js", "web/player.html"} {
		if at(name) != name {
			t.Errorf("%s is called %s", name, at(name))
		}
	}
	hash := regexp.MustCompile(`^web/main\.[0-9a-f]{12}\.js$`)
	if !hash.MatchString(at("web/main.js")) || at("web/main.js") != hashed("web/main.js", built["web/main.js"].Data) {
		t.Errorf("web/main.js is called %s", at("web/main.js"))
	}
	base := func(name string) string { return path.Base(at(name)) }
	for name, want := range map[string][]string{
		"index.html": {`href="` + at("web/a.css") + `"`, `href="` + at("web/m.webmanifest") + `"`, `src="` + at("web/main.js") + `"`,
			`"https://example.org/web/main.js">web/main.js<`,
			"  <link rel=\"modulepreload\" href=\"" + at("web/load/files.js") + "\">\n  <link rel=\"modulepreload\" href=\"" + at("web/lang/en.js") +
				"\">\n  <link rel=\"modulepreload\" href=\"" + at("web/deep.js") + "\">\n  <script"},
		"web/main.js":       {"await import('./" + base("web/later.js") + "')", "from './load/" + base("web/load/files.js") + "';", "from './lang/" + base("web/lang/en.js") + "';", "'./types.js'", "'web/worker.js'"},
		"web/lang/en.js":    {"import '../" + base("web/deep.js") + "';"},
		"web/worker.js":     {"importScripts('" + base("web/wasm_exec.js") + "')", "'" + base("web/worker.wasm") + "'", "'./wasm_exec.js'", "'none.js'", "'../" + at("weights/digits.safetensors") + "'"},
		"web/a.css":         {"url(" + base("web/icon.png") + ")", "url('https://example.org/a.css')"},
		"web/m.webmanifest": {`"src":"` + base("web/icon.png") + `"`, `"../"`},
		"web/embed.js":      {"'player.html'"},
		"web/load/files.js": {fmt.Sprintf(`const built = {"web/worker.js":["%s",%d],"weights/digits.safetensors":["%s",4]};`,
			at("web/worker.js"), len(built["web/worker.js"].Data), at("weights/digits.safetensors"))},
	} {
		for _, want := range want {
			if !strings.Contains(string(built[name].Data), want) {
				t.Errorf("%s lacks %q:\n%s", name, want, built[name].Data)
			}
		}
	}
}

// A change reaches the names of everything that would load it, and of nothing
// else.
func TestNamesFollowContents(t *testing.T) {
	before, err := nameAll(t, small())
	if err != nil {
		t.Fatal(err)
	}
	page := small()
	page["web/wasm_exec.js"] = []byte("go on")
	after, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{"web/wasm_exec.js": true, "web/worker.js": true, "web/load/files.js": true, "web/main.js": true}
	for name := range page {
		if got := before[name].Path != after[name].Path; got != changed[name] {
			t.Errorf("%s: %s, then %s", name, before[name].Path, after[name].Path)
		}
	}
}

func TestNamedRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"web/deep.js", "import './main.js';\n", "circle"},
		{"web/deep.js", "import './none.js';\n", `web/deep.js imports "./none.js"`},
		{"web/deep.js", "  await import('./none.js');\n", `web/deep.js imports "./none.js"`},
		{"web/deep.js", "import 'far';\n", `web/deep.js imports "far"`},
		{"web/deep.js", "export * from './main.js';\n", "web/deep.js imports in a form"},
		{"web/deep.js", "export { a } from './main.js';\n", "web/deep.js imports in a form"},
		{"web/deep.js", "import a from \"./main.js\";\n", "web/deep.js imports in a form"},
		{"web/deep.js", "const a = await import(`./main.js`);\n", "web/deep.js imports in a form"},
		{"web/load/files.js", "const built = { };\n", "web/load/files.js"},
	} {
		page := small()
		page[c.name] = []byte(c.text)
		if _, err := nameAll(t, page); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s with %q: got %v, want %s", c.name, c.text, err, c.say)
		}
	}
}
