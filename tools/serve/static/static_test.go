package static

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var page = strings.Repeat("<p>the page</p>\n", 64)

// site is a small built page with things in it that must not get out.
func site() fstest.MapFS {
	return fstest.MapFS{
		"index.html": {Data: []byte(page)},
		"web/worker.wasm": {Data: append([]byte("\x00asm\x01\x00\x00\x00"),
			make([]byte, 500)...)},
		"web/worker.js":             {Data: []byte("'use strict';\n")},
		"web/embed/index.html":      {Data: []byte("embed")},
		"weights/d.safetensors":     {Data: make([]byte, 600)},
		"web/.secret":               {Data: []byte("no")},
		".git/config":               {Data: []byte("no")},
		"web/strange.unknown-thing": {Data: []byte("?")},
	}
}

// get asks h for one path, with headers given as pairs of name and value.
func get(h http.Handler, method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "http://local/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnswers(t *testing.T) {
	h := New(site())
	for _, c := range []struct {
		method, path string
		status       int
		mediaType    string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/index.html", 200, "text/html; charset=utf-8"},
		{"GET", "/web/worker.wasm", 200, "application/wasm"},
		{"GET", "/web/worker.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/weights/d.safetensors", 200, "application/octet-stream"},
		{"GET", "/web/strange.unknown-thing", 200, "application/octet-stream"},
		{"GET", "/web/embed/", 200, "text/html; charset=utf-8"},
		{"GET", "/web/embed", 301, ""},
		{"GET", "/web/", 404, "text/plain; charset=utf-8"},
		{"GET", "/missing.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/.secret", 404, "text/plain; charset=utf-8"},
		{"GET", "/.git/config", 404, "text/plain; charset=utf-8"},
		{"GET", "/../static.go", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/../../static.go", 404, "text/plain; charset=utf-8"},
		{"GET", "//web/worker.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/web\\worker.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/worker.js\x00", 404, "text/plain; charset=utf-8"},
		{"GET", "web/worker.js", 404, "text/plain; charset=utf-8"},
		{"POST", "/", 405, "text/plain; charset=utf-8"},
	} {
		r := get(h, c.method, c.path)
		if r.StatusCode != c.status || r.Header.Get("Content-Type") != c.mediaType {
			t.Errorf("%s %q: got %d %q, want %d %q", c.method, c.path,
				r.StatusCode, r.Header.Get("Content-Type"), c.status, c.mediaType)
		}
		want := Policy
		if c.path == "/" || c.path == "/index.html" {
			want = PagePolicy
		}
		if got := r.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s %q: policy %q", c.method, c.path, got)
		}
		if got := r.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s %q: Cache-Control %q, want no-cache", c.method, c.path, got)
		}
	}
}

func TestPolicyIsStrict(t *testing.T) {
	for _, banned := range []string{"'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"} {
		if strings.Contains(Policy, banned) {
			t.Errorf("the policy allows %s", banned)
		}
	}
}

// The page may connect to other hosts, and is as strict otherwise.
func TestPagePolicy(t *testing.T) {
	if got := strings.Replace(PagePolicy, " https: http:;", ";", 1); got != Policy {
		t.Errorf("without other hosts the page's policy is %q, want %q", got, Policy)
	}
	if !strings.Contains(PagePolicy, "connect-src 'self' https: http:;") {
		t.Errorf("the page cannot bring a model from another host: %q", PagePolicy)
	}
}

func TestFolderRedirectIsRelative(t *testing.T) {
	r := get(New(site()), "GET", "/web/embed?m=digits")
	if got, want := r.Header.Get("Location"), "./embed/?m=digits"; got != want {
		t.Errorf("Location: got %q, want %q", got, want)
	}
}

// What tools/pack has put beside a file is sent to who accepts it, and nothing
// else is compressed.
func TestCompressedFiles(t *testing.T) {
	files := site()
	files["index.html.br"] = &fstest.MapFile{Data: []byte("BR")}
	files["index.html.gz"] = &fstest.MapFile{Data: []byte("INDEX")}
	files["weights/d.safetensors.gz"] = &fstest.MapFile{Data: []byte("GZ")}
	h := New(files)
	for _, c := range []struct{ path, accept, encoding, text string }{
		{"/", "gzip, br", "br", "BR"},
		{"/", "br;q=0", "", page},
		{"/", "br;q=0, gzip", "gzip", "INDEX"},
		{"/", "deflate, GZIP;q=0.5", "gzip", "INDEX"},
		{"/", "gzip;q=0", "", page},
		{"/", "", "", page},
		{"/weights/d.safetensors", "gzip, br", "gzip", "GZ"},
		{"/weights/d.safetensors", "br", "", string(make([]byte, 600))},
		{"/web/worker.js", "gzip, br", "", "'use strict';\n"},
	} {
		r := get(h, "GET", c.path, "Accept-Encoding", c.accept)
		if got := body(t, r); r.Header.Get("Content-Encoding") != c.encoding || got != c.text {
			t.Errorf("%s for %q: got encoding %q and %d bytes, want %q and %d", c.path, c.accept,
				r.Header.Get("Content-Encoding"), len(got), c.encoding, len(c.text))
		}
		if length := r.Header.Get("Content-Length"); length != fmt.Sprint(len(c.text)) {
			t.Errorf("%s for %q names a length of %s, want %d",
				c.path, c.accept, length, len(c.text))
		}
		if r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s for %q: Vary is %q", c.path, c.accept, r.Header.Get("Vary"))
		}
	}
}

// Only a name that tells its content's hash may be kept.
func TestImmutable(t *testing.T) {
	const body = "'use strict';\n"
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(body)))
	right, wrong := "web/worker."+sum[:12]+".js", "web/worker.0123456789ab.js"
	h := New(fstest.MapFS{right: {Data: []byte(body)}, wrong: {Data: []byte(body)}})
	for name, want := range map[string]string{right: "public, max-age=31536000, immutable",
		wrong: "no-cache"} {
		if got := get(h, "GET", "/"+name).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", name, got, want)
		}
	}
}

func TestEntityTagFollowsTheBytes(t *testing.T) {
	files := site()
	h := New(files)
	tag := get(h, "GET", "/web/worker.js").Header.Get("ETag")
	if r := get(h, "GET", "/web/worker.js", "If-None-Match",
		tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("the same file: got %d, want 304", r.StatusCode)
	}
	files["web/worker.js"] = &fstest.MapFile{Data: []byte("'use other';\n")}
	r := get(h, "GET", "/web/worker.js", "If-None-Match", tag)
	if got := body(t, r); r.StatusCode != 200 || got != "'use other';\n" {
		t.Errorf("a changed file: got %d %q", r.StatusCode, got)
	}
}

func TestRange(t *testing.T) {
	files := site()
	files["index.html.gz"] = &fstest.MapFile{Data: []byte("INDEX")}
	r := get(New(files), "GET", "/", "Range", "bytes=1-2", "Accept-Encoding", "gzip")
	if got := body(t, r); r.StatusCode != http.StatusPartialContent || got != page[1:3] {
		t.Errorf("got %d %q, want 206 %q", r.StatusCode, got, page[1:3])
	}
}

func TestLinksDoNotLeadOut(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret.txt")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(inside, "link.txt")); err != nil {
		t.Logf("links cannot be made here (%v): only the other paths were tried", err)
		return
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := get(New(root.FS()), "GET", "/link.txt")
	if got := body(t, r); r.StatusCode == 200 || strings.Contains(got, "secret\n") ||
		got == "secret" {
		t.Errorf("a link out of the folder: got %d %q", r.StatusCode, got)
	}
}
