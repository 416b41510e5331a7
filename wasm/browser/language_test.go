package browser

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sentences is one language's table, as the page's module has it.
func (w *tab) sentences(file string) map[string]string {
	w.t.Helper()
	return eval[map[string]string](w, `import('/web/text/`+file+`').then((m) => m.default)`)
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// Every language has every sentence, with the same numbers and symbols in it,
// and every sentence is used.
func TestLanguagesAreComplete(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("")
	en, zh := w.sentences("en.js"), w.sentences("zh.js")
	used := usedKeys(t)
	for key, sentence := range en {
		other, ok := zh[key]
		if !ok {
			t.Errorf("zh.js lacks %s", key)
			continue
		}
		a, b := placeholder.FindAllString(sentence, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s has %v in English and %v in Chinese", key, a, b)
		}
		if !used[key] {
			t.Errorf("%s is not used", key)
		}
	}
	for key := range zh {
		if _, ok := en[key]; !ok {
			t.Errorf("en.js lacks %s", key)
		}
	}
	for key := range used {
		if _, ok := en[key]; !ok {
			t.Errorf("the sentence %s is used and does not exist", key)
		}
	}
}

// scripts are the page's own scripts by their path in web, without the worker,
// which speaks for the sampler.
func scripts(t *testing.T) map[string]string {
	t.Helper()
	web := os.DirFS(filepath.Join("..", "..", "web"))
	sources := make(map[string]string)
	err := fs.WalkDir(web, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "dist":
			return fs.SkipDir
		case path.Ext(name) == ".js" && name != "engine/worker.js":
			text, err := fs.ReadFile(web, name)
			sources[name] = string(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 5 {
		t.Fatalf("only %d scripts were found", len(sources))
	}
	return sources
}

// usedKeys are the sentences that index.html and the scripts name.
func usedKeys(t *testing.T) map[string]bool {
	t.Helper()
	html, err := os.ReadFile(filepath.Join("..", "..", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	for _, m := range regexp.MustCompile(`data-i18n="([\w.]+)"|[\w-]+=([a-z]+\.[\w.]+)`).FindAllStringSubmatch(string(html), -1) {
		used[m[1]+m[2]] = true
	}
	key := regexp.MustCompile(`'((?:page|stage|views|tools|compare|forward|time|load|run|readout|status|controls|options|models|presets|extras|edit|between|bound|share|save|keys|error|lesson|unit)\.[\w.]+)'`)
	for _, source := range scripts(t) {
		for _, m := range key.FindAllStringSubmatch(source, -1) {
			if ending := path.Ext(m[1]); ending != ".html" && ending != ".json" { // a file
				used[m[1]] = true
			}
		}
	}
	for _, name := range drawing(t) {
		used["models.of."+name] = true
	}
	return used
}

// drawing are the names of the models that the page offers.
func drawing(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "weights", "thumbnails", "*.png"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d models have thumbnails (%v)", len(files), err)
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".png"))
	}
	return names
}

// index.html, for readers without scripts, says in English what en.js says.
func TestPageWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("")
	different := eval[[]string](w, `(async () => {
		const plain = new DOMParser().parseFromString(await (await fetch('index.html')).text(), 'text/html');
		const {speak} = await import('/web/text/i18n.js');
		speak('en');
		const flat = (e) => e.textContent.replace(/\s+/g, ' ').trim();
		const here = (e) => [...document.querySelectorAll('[data-i18n="' + e.dataset.i18n + '"]')].map(flat);
		const changing = ['status', 'caption-strip', 'hint-g'];
		const said = (e) => e.closest('#loading dd') !== null;
		return [...plain.querySelectorAll('[data-i18n]')]
			.filter((e) => !changing.includes(e.id) && !said(e) && !here(e).includes(flat(e)))
			.map((e) => e.dataset.i18n + ': ' + flat(e));
	})()`)
	// Scripts are allowed here, so the browser has no content for noscript.
	different = slices.DeleteFunc(different, func(s string) bool { return strings.HasPrefix(s, "page.noscript") })
	// These change with the run.
	different = slices.DeleteFunc(different, func(s string) bool { return strings.HasPrefix(s, "run.pause") })
	if len(different) > 0 {
		t.Errorf("index.html says otherwise than en.js:\n%s", strings.Join(different, "\n"))
	}
}

// No sentence is written in a script: text in quotes that reads like one.
func TestScriptsHoldNoSentences(t *testing.T) {
	comment := regexp.MustCompile(`(?s)/\*.*?\*/|(?m)^\s*//.*$|\s//\s.*$`)
	literal := regexp.MustCompile("'((?:[^'\\\\\n]|\\\\.)*)'|`((?:[^`\\\\]|\\\\.)*)`")
	sentence := regexp.MustCompile(`^[A-Z]?[a-z]+(?: [a-z]+)+[.:]?$|[a-z]\. [A-Z]`)
	for name, source := range scripts(t) {
		if path.Dir(name) == "bench" || path.Dir(name) == "text" {
			continue // they speak to developers, and that is where sentences belong
		}
		for _, m := range literal.FindAllStringSubmatch(comment.ReplaceAllString(source, ""), -1) {
			if text := m[1] + m[2]; sentence.MatchString(text) {
				t.Errorf("%s says %q, which belongs in web/text", name, text)
			}
		}
	}
}

// In Chinese the whole page is Chinese, also what scripts said before the
// language was chosen, and the choice is remembered.
func TestChinese(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=all&steps=2")
	w.waitState("done")
	w.wait(onViewer)
	w.on(w.find("combobox", "Language"), `function () { this.value = 'zh-Hans'; this.dispatchEvent(new Event('change')); return ''; }`)
	w.find("button", "开始")
	w.find("radio", "每类一张")
	const english = `(() => {
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const words = [];
		while (walker.nextNode()) {
			const e = walker.currentNode.parentElement;
			if (!e.checkVisibility() || e.closest('script, template, math, [lang=en], [lang|=en], .model')) continue;
			const text = walker.currentNode.data.replace(/Tweedie|WebAssembly|Go|JavaScript|DDIM|DDPM|t = |MB|[0-9a-f]{16}/g, '');
			if (/[A-Za-z]{2,}/.test(text) && !e.closest('option')) words.push(text.trim());
		}
		for (const e of document.querySelectorAll('[aria-label]')) if (/[A-Za-z]{3,}/.test(e.ariaLabel)) words.push(e.ariaLabel);
		for (const e of document.querySelectorAll('[title]')) if (/[A-Za-z]{3,}/.test(e.title)) words.push(e.title);
		return words;
	})()`
	if got := eval[[]string](w, english); len(got) != 0 {
		t.Errorf("in Chinese the page says %q", got)
	}
	w.shoot("-page")
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.open("?again")
	w.wait(`document.getElementById('start').ariaDisabled === 'false'`)
	if got := eval[string](w, `document.documentElement.lang + ' ' + document.title`); !strings.HasPrefix(got, "zh-Hans Tweedie：") {
		t.Errorf("on the next visit the page is %q", got)
	}
}
