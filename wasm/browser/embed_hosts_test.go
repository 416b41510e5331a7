package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A player in a plain frame draws another recipe when the fragment of its address changes, and
// passes over what others put behind one.
func TestPlainFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ownHost(s, `<iframe id="f" width="640" height="380" src="/web/player.html`+
		`#m=digits&amp;c=7&amp;s=3&amp;steps=3#?secret=AbCdEfGhIj"
		sandbox="allow-scripts allow-same-origin allow-popups"></iframe>`)
	w := newTab(t, s)
	w.must(chromedp.Navigate(s.url + "/host/"))
	ends := func(recipe string) {
		t.Helper()
		w.wait(`f.contentDocument?.documentElement.dataset.state === 'done' &&
			f.contentDocument.getElementById('home').hash === '#` +
			native(t, recipe).done.Recipe + `'`)
	}
	ends("m=digits&c=7&s=3&steps=3")
	eval[any](w, `f.src = '/web/player.html#m=digits&c=2&s=3&steps=3'; 0`)
	ends("m=digits&c=2&s=3&steps=3")
	eval[any](w, `f.src = '/web/player.html#c=eleven'; 0`)
	w.wait(`f.contentDocument.documentElement.dataset.state === 'failed'`)
	eval[any](w, `f.src = '/web/player.html#c=4&steps=2&utm_source=a'; 0`)
	ends("m=digits&c=4&steps=2")
	w.open("#m=digits&c=7&steps=2?utm_source=a&utm_medium=b")
	w.waitDone("#" + native(t, "m=digits&c=7&steps=2").done.Recipe)
}

// WordPress frames what a site that it does not know gives as oEmbed in a sandbox without an
// origin. The player says so, and its link tells the page around where to go.
func TestWordPress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := hostOf(t, `<!doctype html><title>A post</title><link rel="icon" href="data:,">
		<p id="status" hidden></p><iframe id="f" class="wp-embedded-content" sandbox="allow-scripts"
		width="640" height="380" src="`+s.url+`/web/player.html`+
		`#m=digits&amp;c=7#?secret=AbCdEfGhIj" data-secret="AbCdEfGhIj"></iframe>
		<script src="host.js"></script>`,
		`addEventListener('message', ({data}) => (window.told = data))`)
	for name, cors := range map[string]bool{"of any origin": true, "of its own": false} {
		if !cors {
			// Not every host lets documents without an origin have modules.
			path := "/" + s.files.Named("web/embed/player.js")
			s.replace(path, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Del("Access-Control-Allow-Origin")
				content("text/javascript", pageFile(t, "web/embed/player.js"))(w, nil)
			})
		}
		w := newBlogTab(t, host, s)
		w.must(chromedp.Navigate(host.url))
		w.wait(`document.readyState === 'complete'`)
		eval[any](w, `f.focus(); 0`)
		w.press(kb.Tab, kb.Enter)
		w.wait(`window.told`)
		got := eval[string](w, `[told.message, told.value, told.secret].join(' ')`)
		if want := "link " + s.url + "/#m=digits&c=7 AbCdEfGhIj"; got != want {
			t.Errorf("a host that gives scripts to documents %s: the frame said %q, want %q",
				name, got, want)
		}
		w.shoot("-" + itoa(len(name)))
	}
}

// A page in a sandbox without an origin hands that down: its embeds say so at once.
func TestEmbedInASandbox(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := hostOf(t, `<!doctype html><title>A page</title><link rel="icon" href="data:,">
		<p id="status" hidden></p><iframe width="700" height="600" sandbox="allow-scripts" srcdoc="
		<script>addEventListener('error', ({detail}) => parent.postMessage(detail, '*'));</script>
		<script src='`+s.url+`/web/embed.js'></script>
		<tweedie-sampler label='7' seed='3' steps='5' controls></tweedie-sampler>"></iframe>
		<script src="host.js"></script>`,
		`window.told = []; addEventListener('message', ({data}) => told.push(data))`)
	w := newBlogTab(t, host, s)
	w.must(chromedp.Navigate(host.url))
	w.wait(`window.told?.length > 0`)
	got := eval[string](w, `told.map(({reason, message, recipe}) =>
		reason + ' ' + recipe + ' ' + message).join('\n')`)
	if !strings.HasPrefix(got, "sandbox c=7&s=3&steps=5 ") ||
		!strings.Contains(got, "allow-same-origin") {
		t.Errorf("the page hears %q", got)
	}
	w.shoot("-opaque")
	for _, url := range w.asked() {
		if strings.Contains(url, "player.html") {
			t.Errorf("a player that cannot run was asked for: %s", url)
		}
	}
}

// isolated serves a page with one embed of a site that lets in only what asks for it.
func isolated(t *testing.T, s *site) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		if r.URL.Path == "/blog.js" {
			content("text/javascript", []byte(blogScript))(w, r)
			return
		}
		content("text/html; charset=utf-8", []byte(`<!doctype html><title>A page</title>
			<link rel="icon" href="data:,"><p id="status" hidden></p><script src="blog.js"></script>
			<script src="`+s.url+`/web/embed.js" async></script>`+
			tag(`id="e" label="7" seed="3" steps="3"`)))(w, r)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

// Where a page keeps out what does not ask to be let in, an embed runs without credentials, or says
// once what is in its way.
func visitIsolated(v *visit) {
	v.open(isolated(v.t, v.site))
	v.wait(`of('e', 'done').length + of('e', 'error').length > 0`)
	if v.text(`of('e', 'error').length`) == "0" {
		got, want := v.text(`of('e', 'done')[0].sha256`),
			native(v.t, "m=digits&c=7&s=3&steps=3").done.Hash
		if got != want {
			v.t.Errorf("got %s, natively %s", got, want)
		}
		return
	}
	got := v.text(`of('e', 'error').map(({reason, message}) => reason + ' ' + message).join()`)
	if !strings.HasPrefix(got, "policy ") || !strings.Contains(got, v.site.url+"/#c=7") ||
		strings.Contains(got, ",policy") {
		v.t.Errorf("the embed says %s", got)
	}
}

func TestIsolated(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := &site{url: isolated(t, s)}
	w := newBlogTab(t, host, s)
	w.must(chromedp.Navigate(host.url))
	w.embedEnds("e", 1, "m=digits&c=7&s=3&steps=3")
}

// A host that writes scripts of its own into the page keeps nobody from having it without a
// network.
func TestHostThatInjects(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keeps = true
	page := strings.Replace(string(pageFile(t, "index.html")), "</body>",
		`<script defer src="/cdn/beacon.js"></script></body>`, 1)
	s.replace("/", content("text/html; charset=utf-8", []byte(page)))
	s.replace("/cdn/beacon.js", content("text/javascript", []byte(`window.beacon = true`)))
	w := newTab(t, s)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	if !eval[bool](w, `window.beacon === true`) {
		t.Error("the host has written no script")
	}
	w.kept()
	s.cut(true)
	w.open("?again#m=digits&c=3&steps=2")
	w.waitState("done")
	if eval[bool](w, `window.beacon === true`) {
		t.Error("what is kept holds the host's script")
	}
}
