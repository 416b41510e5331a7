package browser

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tweedie/tools/serve/static"
)

var policyOf = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`)

// What no document of the page may hold: text that runs, and styles, outside of
// files.
var inline = regexp.MustCompile(
	`(?i)<script>|<script [^>]*[^>/]>[^<\s]|<style|<[^>]+\s(?:on\w+|style)\s*=|javascript:`)

// Every document of the built page carries a policy, for hosts that
// send none, and needs no more than it allows.
func TestPolicies(t *testing.T) {
	t.Parallel()
	policies := map[string]string{"answers of tools/serve": static.Policy}
	root := os.DirFS(page(t))
	err := fs.WalkDir(root, ".", func(name string, _ fs.DirEntry, err error) error {
		// The single file is looked at below; what it is filled from is no page.
		if err != nil || path.Ext(name) != ".html" || name == "tweedie.html" ||
			strings.HasPrefix(name, "web/single.") ||
			strings.HasPrefix(name, "web/lab-single.") {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		found := policyOf.FindSubmatch(text)
		if found == nil {
			t.Errorf("%s has no policy", name)
			return nil
		}
		policies[name] = string(found[1])
		if match := inline.Find(text); match != nil {
			t.Errorf("%s holds %s", name, match)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(policies) < 5 {
		t.Fatalf("only these have policies: %v", policies)
	}
	file, err := os.ReadFile(singleFile(t))
	if err != nil {
		t.Fatal(err)
	}
	policies["the single file"] = string(policyOf.FindSubmatch(file)[1])
	for name, policy := range policies {
		// A link may bring a model from another host, to the page alone.
		if name == "index.html" {
			policy = strings.Replace(policy, "connect-src 'self' https: http:;",
				"connect-src 'self';", 1)
		}
		directives := strings.Split(policy, ";")
		for i, directive := range directives {
			directives[i] = strings.TrimSpace(directive)
		}
		for _, want := range []string{"default-src 'none'", "base-uri 'none'",
			"form-action 'none'"} {
			if !slices.Contains(directives, want) {
				t.Errorf("%s: the policy %q lacks %s", name, policy, want)
			}
		}
		for word := range strings.FieldsSeq(strings.ReplaceAll(policy, ";", " ")) {
			known := strings.HasSuffix(word, "-src") || strings.HasPrefix(word, "'sha256-") ||
				slices.Contains([]string{
					"base-uri", "form-action", "'none'", "'self'", "'wasm-unsafe-eval'",
					"data:", "blob:"}, word)
			if !known {
				t.Errorf("%s: the policy allows %s", name, word)
			}
		}
	}
}

// A page of other people's frames the player and speaks to it, in every wrong
// form; another frame of it, of a third origin, does so as well and says things
// in the player's name. The player draws what its own address says, and the
// element believes nobody but its player.
func TestHostileMessages(t *testing.T) {
	t.Parallel()
	storm := "const {shapes, storm} = " + call("message-storm.js") + ";\n"
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/evil.js" {
			content("text/javascript", []byte(storm+run("evil.js")))(w, r)
			return
		}
		content("text/html", []byte(`<!doctype html><script src="evil.js" defer></script>`))(w, r)
	}))
	defer evil.Close()

	s := newSite(t)
	host := hostOf(t, `<!doctype html><html lang="en"><meta charset="utf-8">
		<title>Messages</title><link rel="icon" href="data:,"><p id="status" hidden></p>
		<iframe id="player" src="`+s.url+`/web/player.html#m=digits&c=7&s=3&steps=3"></iframe>
		<script src="`+s.url+`/web/embed.js"></script>`+tag(`id="e" label="2" steps="3"`)+`
		<script src="host.js"></script>`, storm+run("host.js", evil.URL))
	w := newBlogTab(t, host, s)
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.requests = slices.DeleteFunc(w.requests,
			func(url string) bool { return strings.HasPrefix(url, evil.URL+"/") })
	})
	w.must(chromedp.Navigate(host.url))
	w.wait(`window.evil`)
	if heard := eval[[]any](w, `heard`); len(heard) > 0 {
		t.Errorf("before any hello the player said %v", heard)
	}
	// Another's hello has not made the player theirs.
	eval[any](w, `player.contentWindow.postMessage({tweedie: 1, type: 'hello'}, '*'); 0`)
	w.wait(`heard.some(({type}) => type === 'done')`)
	if got, want := eval[string](w, `heard.find(({type}) => type === 'done').detail.sha256`),
		native(t, "m=digits&c=7&s=3&steps=3").done.Hash; got != want {
		t.Errorf("the player drew %s, want %s", got, want)
	}
	w.wait(`window.drawn`)
	if got, want := eval[string](w, `JSON.stringify(drawn.map(({sha256}) => sha256))`),
		`["`+native(t, "m=digits&c=2&steps=3").done.Hash+`"]`; got != want {
		t.Errorf("the element told of %s, want %s", got, want)
	}
	eval[any](w, `storm(player.contentWindow); 0`)
	eval[any](w, call("ask-for-picture.js"))
	if eval[bool](w, `window.attacked !== undefined || window.failed !== undefined`) {
		t.Error("a message did harm")
	}
}

// hostOf serves one page with one script, from a separate origin.
func hostOf(t *testing.T, page, script string) *site {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/host.js" {
			content("text/javascript", []byte(script))(w, r)
			return
		}
		content("text/html", []byte(page))(w, r)
	}))
	t.Cleanup(server.Close)
	return &site{url: server.URL}
}
