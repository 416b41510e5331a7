package browser

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// newBlog builds the blog of testdata/blog with a static-site generator, as
// blogs are built, and serves it from another site than s, with a policy that
// allows what README.md says and no more.
func newBlog(t *testing.T, s *site) string {
	t.Helper()
	generator, err := filepath.Abs(filepath.Join("..", "..", "tools", "blog", "node_modules",
		"@11ty", "eleventy", "cmd.cjs"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(generator); err != nil {
		const reason = "Eleventy is not installed: run `npm --prefix tools/blog ci`"
		if os.Getenv("CI") != "" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	folder := t.TempDir()
	build := exec.Command("node", generator, "--output="+folder)
	build.Dir = filepath.Join("testdata", "blog")
	build.Env = append(os.Environ(), "TWEEDIE_SITE="+s.url)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files := http.FileServer(http.Dir(folder))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+s.url+
			"; style-src 'self'; img-src 'self' data:; frame-src "+s.url)
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

// A blog post with three embeds: one in sight, one that waits for a click, one
// far below. Each ends in the pixels that its recipe has.
func visitBlog(v *visit) {
	v.open(newBlog(v.t, v.site))
	ends := func(id, recipe string) *conversation {
		want := native(v.t, recipe)
		v.wait(`of('` + id + `', 'done').length === 1`)
		if got := v.text(`of('` + id + `', 'done')[0].sha256`); got != want.done.Hash {
			v.t.Errorf("%s: got %s, natively %s", id, got, want.done.Hash)
		}
		return want
	}
	want := ends("near", "m=digits&c=7&s=3&steps=9&g=2")
	var got []int
	v.into(call("pictures-of.js", "near", want.started.Width), &got)
	for i, pixel := range want.picture(v.t, 9, 0).Xt {
		if got[i] != int(pixel) {
			v.t.Errorf("near: pixel %d of the PNG is %d, want %d", i, got[i], pixel)
			break
		}
	}
	if counts := v.text(players); counts != "1,0,0" {
		v.t.Errorf("players: %s, want one for the embed in sight alone", counts)
	}
	v.do(scrollTo("asks") + `, asks.shadowRoot.querySelector('button').click()`)
	ends("asks", "m=digits&c=2&steps=5")
	v.do(scrollTo("below"))
	ends("below", "m=digits&c=4&steps=4&eta=1")
}
