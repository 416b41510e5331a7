package engines

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// loud is the script of a page that complains.
//
//go:embed testdata/loud.js
var loud []byte

// What the cases in wasm/browser rest on: values come back, what is thrown is
// an error, waiting ends, and no complaint of a page goes unheard.
func TestEngines(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; img-src data:")
		if r.URL.Path == "/script.js" {
			w.Header().Set("Content-Type", "text/javascript")
			w.Write(loud)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<!doctype html><title>Page</title><link rel="icon" href="data:,">
			<script src="script.js"></script>`))
	}))
	defer server.Close()
	for _, engine := range All {
		t.Run(engine.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			b, err := engine.Start(ctx)
			var missing *Missing
			if errors.As(err, &missing) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			closed := false
			defer func() {
				if !closed {
					b.Close()
				}
			}()
			if err := b.Open(ctx, server.URL); err != nil {
				t.Fatal(err)
			}
			title, err := Value[string](ctx, b, `document.title`)
			if title != "Page" || err != nil {
				t.Errorf("the title is %q, %v", title, err)
			}
			sum, err := Value[[]int](ctx, b,
				`new Promise((resolve) => setTimeout(resolve, 10, [1, 2]))`)
			if len(sum) != 2 || err != nil {
				t.Errorf("a promise gives %v, %v", sum, err)
			}
			_, err = Value[int](ctx, b, `(() => { throw new Error('refused'); })()`)
			if err == nil || !strings.Contains(err.Error(), "refused") {
				t.Errorf("what is thrown gives the error %v", err)
			}
			if err := Wait(ctx, b, `window.later`); err != nil {
				t.Error(err)
			}
			short, stop := context.WithTimeout(ctx, 300*time.Millisecond)
			defer stop()
			if err := Wait(short, b, `false`); err == nil {
				t.Error("what never holds is waited for successfully")
			}
			if _, err := b.Evaluate(ctx,
				`(loudly(), new Promise((resolve) => setTimeout(resolve, 10)))`); err != nil {
				t.Error(err)
			}
			picture, err := b.Screenshot(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil {
				t.Errorf("the screenshot is no PNG: %v", err)
			}
			closed = true
			b.Close()
			all := strings.Join(b.Complaints(), "\n")
			if len(b.Complaints()) != 2 || !strings.Contains(all, "loud") ||
				!strings.Contains(all, "thrown") {
				t.Errorf("complaints: %q, want the one logged and the one thrown", b.Complaints())
			}
		})
	}
}
