package browser

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"tweedie/wasm/browser/engines"
)

// A saved WebM tells where its key frames are, so that a player goes to any
// place in one that is still arriving. Firefox shows it: it goes nowhere in a
// film without cues but to what has come. Chromium decodes more than this film
// has before it shows anything, and Debian's WebKit decodes none.
func TestFilmSeeks(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=all&n=4&g=1&s=6&steps=80"
	const length, place = 9.4, 8.0 // seconds
	b, err := engines.All[1].Start(t.Context())
	var missing *engines.Missing
	if errors.As(err, &missing) && os.Getenv("TWEEDIE_ENGINES") != "all" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	w := newTab(t, newSite(t))
	w.before(keepFiles + refuseEncoders + `self.refused = 'avc1';`)
	w.open("#" + recipe)
	w.waitState("done")
	if !eval[bool](w, `typeof VideoEncoder === 'function'`) {
		t.Skip("this browser has no encoder for video")
	}
	w.click("button", "Save")
	film := w.saves("Video")
	checkCues(t, film)
	server := httptest.NewServer(beginning(film, len(film)*3/4))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := b.Open(ctx, server.URL); err != nil {
		t.Fatal(err)
	}
	got, err := engines.Value[struct{ End, At float64 }](ctx, b, call("seek-film.js", place))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.End-length) > 0.02 || math.Abs(got.At-place) > 0.02 {
		t.Errorf("it can go to %v s of %v, and is at %v instead of %v",
			got.End, length, got.At, place)
	}
	again, err := engines.Value[bool](ctx, b,
		call("loop-film.js", "video/webm", base64.StdEncoding.EncodeToString(film)))
	if err != nil || !again {
		t.Errorf("a film that repeats does not begin again (%v)", err)
	}
}

// beginning serves a page and a film, of which who asks for all of it gets only
// the first n bytes for as long as it waits.
func beginning(film []byte, n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch asked := r.Header.Get("Range"); {
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<!doctype html><title>Film</title><link rel="icon" href="data:,">`)
		case asked != "" && asked != "bytes=0-":
			w.Header().Set("Content-Type", "video/webm")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(film))
		default:
			w.Header().Set("Content-Type", "video/webm")
			w.Header().Set("Accept-Ranges", "bytes")
			w.Header().Set("Content-Length", itoa(len(film)))
			if asked != "" {
				w.Header().Set("Content-Range",
					fmt.Sprintf("bytes 0-%d/%d", len(film)-1, len(film)))
				w.WriteHeader(http.StatusPartialContent)
			}
			w.Write(film[:n]) // the browser may have gone away
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	})
}

// checkCues compares what the cues say with where the clusters are.
func checkCues(t *testing.T, film []byte) {
	t.Helper()
	segment := inside(t, film, 0x18538067)
	var said, are [][2]int // time and place
	for _, e := range elements(t, segment) {
		switch e.id {
		case 0x1c53bb6b:
			if len(are) > 0 {
				t.Error("the cues stand behind a cluster")
			}
			for _, point := range elements(t, e.content) {
				said = append(said, [2]int{whole(inside(t, point.content, 0xb3)),
					whole(inside(t, point.content, 0xb7, 0xf1))})
			}
		case 0x1f43b675:
			are = append(are, [2]int{whole(inside(t, e.content, 0xe7)), e.at})
		}
	}
	if len(are) != 3 || fmt.Sprint(said) != fmt.Sprint(are) {
		t.Errorf("the cues say %v, the clusters are %v, want three", said, are)
	}
}

// whole is a number of any length.
func whole(b []byte) int {
	var full [8]byte
	copy(full[8-len(b):], b)
	return int(binary.BigEndian.Uint64(full[:]))
}
