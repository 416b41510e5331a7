package browser

import (
	"strings"
	"testing"
)

// In Chinese the whole page is Chinese, also what scripts said before the
// language was chosen, and the choice is remembered.
func TestChinese(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	w.open("#m=digits&c=all&steps=2")
	w.waitState("done")
	w.wait(onViewer)
	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
	w.appears("button", "再来一张")
	w.find("radio", "每类一张")
	if got := eval[[]string](w, call("english-words.js")); len(got) != 0 {
		t.Errorf("in Chinese the page says %q", got)
	}
	w.shoot("-page")
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.open("?again")
	w.wait(startable)
	got := eval[string](w, `document.documentElement.lang + ' ' + document.title`)
	if !strings.HasPrefix(got, "zh-Hans Tweedie：") {
		t.Errorf("on the next visit the page is %q", got)
	}
}
