package main

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// small is a page in which files name each other in every way that pages do.
func small() map[string][]byte {
	return texts(
		"index.html", `<link rel="stylesheet" href="web/a.css">`+
			`<link rel="manifest" href="web/m.webmanifest">`+"\n"+
			`  <script type="module" src="web/main.js"></script>`+
			`<a href="https://example.org/web/main.js">web/main.js</a>`,
		"web/main.js", "import { address } from './load/files.js';\nimport {\n  en } from "+
			"\"./lang/en.js\";\n"+
			"/** @import { T } from './types.js' */\n"+
			"console.log(address('web/worker.js'), address(`weights/${en}.safetensors`), "+
			"address('web/embed.js'));\n"+
			"const { l } = await import(`./later.js`);\nconsole.log(l);\n",
		"web/later.js", "import { deep } from './deep.js';\nexport const l = deep + 1;\n",
		"web/lang/en.js", "import '../deep.js';\nexport * from './more.js';\n",
		"web/lang/more.js", "export const en = 'digits';\n",
		"web/deep.js", "globalThis.ran = (globalThis.ran ?? 0) + 1;\nexport const deep = "+
			"globalThis.ran;\n",
		"web/load/files.js", "const built = {};\n"+
			"export const address = (name) => new URL('../../' + (built[name]?.[0] ?? name), "+
			"import.meta.url).href;\n",
		"web/worker.js", "importScripts('wasm_exec.js');\n"+
			"load('worker.wasm', './wasm_exec.js', 'none.js', '../weights/digits.safetensors');\n",
		"web/bench/bench.js", "new Worker('worker.js', { type: 'module' });\n",
		"web/bench/worker.js",
		"import '../wasm_exec.js';\nimport { deep } from '../deep.js';\nconsole.log(deep);\n",
		"web/bench.html", `<script type="module" src="bench/bench.js"></script>`,
		"web/wasm_exec.js", "go;", "web/worker.wasm", "\x00asm",
		"weights/digits.safetensors", "1234",
		"web/a.css", "p { background: url(icon.png) url(data:image/png;base64,AA) "+
			"url('https://example.org/a.css') }",
		"web/m.webmanifest", `{"start_url":"../","icons":[{"src":"icon.png"}]}`,
		"web/icon.png", "png",
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
	built, err := named(files, ownModel, api.BuildOptions{})
	out := map[string]file{}
	for _, f := range built {
		out[f.Name] = f
	}
	return out, err
}

// TestShared: what modules share that come later is named after their folder, and what the page
// needs at once after the page.
func TestShared(t *testing.T) {
	page := small()
	page["web/main.js"] = append(page["web/main.js"],
		"await import('./own/a.js');\nawait import('./own/b.js');\n"...)
	page["web/own/a.js"] = []byte("import { p } from './parts.js';\nimport { deep } from " +
		"'../deep.js';\nconsole.log(p, deep);\n")
	page["web/own/b.js"] = []byte("import { p } from './parts.js';\nimport { en } from " +
		"'../lang/more.js';\nconsole.log(p + 1, en);\n")
	page["web/own/parts.js"] = []byte("export const p = Math.random();\n")
	built, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	for name, holds := range map[string]string{"web/own/main-later-2.js": "Math.random()",
		"web/main-1.js": "globalThis.ran"} {
		f, ok := built[name]
		if !ok || !strings.Contains(string(f.Data), holds) {
			t.Errorf("there is no %s with %s: %v", name, holds, slices.Sorted(maps.Keys(built)))
		}
		if late(name, openingModel) != strings.HasPrefix(name, "web/own/") {
			t.Errorf("%s comes at another time", name)
		}
	}
	// Of what the page needs at once the one needs deep.js and the other more.js.
	if data := string(built["web/main-1.js"].Data); !strings.Contains(data, `"digits"`) ||
		built["web/main-3.js"].Path != "" {
		t.Errorf("what the page shares is not in one file:\n%s", data)
	}
}

// TestSharedByDocuments: what two documents import later, and is the same for both, is one file.
func TestSharedByDocuments(t *testing.T) {
	page := small()
	page["web/late.js"] = []byte("export const late = 5;\n")
	page["web/main.js"] = append(page["web/main.js"], "await import('./late.js');\n"...)
	page["web/bench/bench.js"] = append(page["web/bench/bench.js"],
		"console.log(await import('../late.js'));\n"...)
	built, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	to := built["web/late.js"].Path
	if got := string(built["web/bench/bench.js"].Data); !strings.Contains(got, `"../`+
		path.Base(to)+`"`) && !strings.Contains(got, `"./`+path.Base(to)+`"`) {
		t.Errorf("%s is not what the second document imports:\n%s", to, got)
	}
	for name := range built {
		if strings.Contains(name, "later-") {
			t.Errorf("there is %s", name)
		}
	}
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
	if !hash.MatchString(at("web/main.js")) || at("web/main.js") != hashed("web/main.js",
		built["web/main.js"].Data) {
		t.Errorf("web/main.js is called %s", at("web/main.js"))
	}
	base := func(name string) string { return path.Base(at(name)) }
	for name, want := range map[string][]string{
		"index.html": {`href="` + at("web/a.css") + `"`, `href="` + at("web/m.webmanifest") + `"`,
			`src="` + at("web/main.js") + `"`,
			`"https://example.org/web/main.js">web/main.js<`,
			"\n  <link rel=\"modulepreload\" href=\"" + at("web/main-1.js") + "\">\n  <script"},
		"web/main.js": {`import("./` + base("web/later.js") + `")`,
			`"./` + base("web/main-1.js") + `"`,
			`address("web/worker.js")`, fmt.Sprintf(`"web/worker.js": ["%s", %d]`,
				at("web/worker.js"), len(built["web/worker.js"].Data)),
			fmt.Sprintf(`"weights/digits.safetensors": ["%s", 4]`,
				at("weights/digits.safetensors"))},
		"web/later.js": {`"./` + base("web/main-1.js") + `"`},
		"web/worker.js": {"importScripts('" + base("web/wasm_exec.js") + "')",
			"'" + base("web/worker.wasm") + "'", "'./wasm_exec.js'",
			"'none.js'", "'../" + at("weights/digits.safetensors") + "'"},
		"web/bench/bench.js":  {`new Worker("` + base("web/bench/worker.js") + `"`},
		"web/bench/worker.js": {`import "../` + base("web/wasm_exec.js") + `"`},
		"web/a.css": {"url(" + base("web/icon.png") + ")",
			"url(data:image/png;base64,AA)", "url(https://example.org/a.css)"},
		"web/m.webmanifest": {`"src":"` + base("web/icon.png") + `"`, `"../"`},
		"web/embed.js":      {"'player.html'"},
	} {
		for _, want := range want {
			if !strings.Contains(string(built[name].Data), want) {
				t.Errorf("%s lacks %q:\n%s", name, want, built[name].Data)
			}
		}
	}
	for _, name := range []string{"web/deep.js", "web/lang/en.js", "web/lang/more.js",
		"web/load/files.js"} {
		if _, ok := built[name]; ok {
			t.Errorf("%s is in a bundle and a file as well", name)
		}
	}
}

// A built module runs as it did in the repository: each runs once, and finds
// the files of the page.
func TestNamedRuns(t *testing.T) {
	built, err := nameAll(t, small())
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, f := range built {
		pairs = append(pairs, f.Path, string(f.Data))
	}
	page := "file://" + filepath.ToSlash(
		tree(t, append(pairs, "package.json", `{"type":"module"}`)...)) + "/"
	got := printed(t, "await import('"+page+built["web/main.js"].Path+"');")
	want := page + built["web/worker.js"].Path + " " +
		page + built["weights/digits.safetensors"].Path + " " + page + "web/embed.js\n2"
	if got != want {
		t.Errorf("it prints\n%s\nwant\n%s", got, want)
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
	page["web/wasm_exec.js"] = []byte("go; on;")
	after, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{"web/wasm_exec.js": true, "web/worker.js": true, "web/main.js": true,
		"web/bench/bench.js": true, "web/bench/worker.js": true}
	for name := range before {
		if got := before[name].Path != after[name].Path; got != changed[name] {
			t.Errorf("%s: %s, then %s", name, before[name].Path, after[name].Path)
		}
	}
}

func TestNamedRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"web/bench/worker.js", "const here = 'bench.js';\nexport { here };\n", "circle"},
		{"web/deep.js", "import './none.js';\n", "web/deep.js, line 1: web/none.js is no file"},
		{"web/deep.js", "  await import('./none.js');\n",
			"web/deep.js, line 1: web/none.js is no file"},
		{"web/deep.js", "export * from \"./none.js\";\n",
			"web/deep.js, line 1: web/none.js is no file"},
		{"web/deep.js", "import 'far';\n", "web/deep.js, line 1: web/far is no file"},
		{"web/deep.js", "import 'main.js';\n", "web/deep.js, line 1: web/main.js is no file"},
		{"web/deep.js", "export const x = ;\n", "web/deep.js, line 1"},
		{"web/lang/en.js", "export const en = 1;\n",
			"web/lang/more.js is a module that nothing imports"},
		{"web/a.css", "p { background: url(none.png) }",
			"web/a.css, line 1: web/none.png is no file"},
		{"web/bench.html", "<script type=\"module\" src=\"none.js\"></script>",
			"web/none.js is no file"},
		{"web/load/files.js", "const built = { };\n", "web/load/files.js"},
	} {
		page := small()
		page[c.name] = []byte(c.text)
		if _, err := nameAll(t, page); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s with %q: got %v, want %s", c.name, c.text, err, c.say)
		}
	}
}
