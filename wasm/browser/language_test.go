package browser

import (
	"slices"
	"strings"
	"testing"
)

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
