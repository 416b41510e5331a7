package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ flagged, port, want string }{
		{"", "", "127.0.0.1:8080"},
		{"", "9000", "127.0.0.1:9000"},
		{"[::1]:7", "9000", "[::1]:7"},
	} {
		if got := address(c.flagged, c.port); got != c.want {
			t.Errorf("address(%q, %q): got %q, want %q", c.flagged, c.port, got, c.want)
		}
	}
}

func TestListenTakesAFreePort(t *testing.T) {
	first, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := listen(first.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if got := second.Addr().(*net.TCPAddr); !got.IP.IsLoopback() ||
		got.Port == first.Addr().(*net.TCPAddr).Port {
		t.Errorf("got %v, want another port of the same host", got)
	}
	if _, err := listen("127.0.0.1"); err == nil {
		t.Error("an address without a port is accepted")
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("page"), 0o600); err != nil {
		t.Fatal(err)
	}
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := probe.Addr().String()
	probe.Close()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, dir, addr, false, false) }()
	for {
		response, err := http.Get("http://" + addr + "/")
		if err != nil {
			select {
			case err := <-ended:
				t.Fatalf("ended at once: %v", err)
			default:
				continue // it is not listening yet
			}
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(text) != "page" {
			t.Fatalf("got %q, %v, want the page", text, err)
		}
		break
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("an interrupt ends with %v", err)
	}
}

func TestServeSaysWhatIsMissing(t *testing.T) {
	empty := t.TempDir()
	for _, dir := range []string{empty, filepath.Join(empty, "none")} {
		err := serve(t.Context(), dir, "127.0.0.1:0", false, false)
		if err == nil || !strings.Contains(err.Error(), "make build") {
			t.Errorf("%s: got %v, want a sentence that names `make build`", dir, err)
		}
	}
}

func TestOpener(t *testing.T) {
	none := func(string) string { return "" }
	desktop := func(name string) string {
		return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name]
	}
	for _, c := range []struct {
		goos   string
		getenv func(string) string
		want   []string
	}{
		{"linux", none, nil},
		{"linux", desktop, []string{"xdg-open"}},
		{"darwin", none, []string{"open"}},
		{"windows", none, []string{"rundll32", "url.dll,FileProtocolHandler"}},
	} {
		if got := opener(c.goos, c.getenv); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.goos, got, c.want)
		}
	}
}

// While the page is being changed no worker keeps it; all else is as it was.
func TestForgetful(t *testing.T) {
	files := http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		io.WriteString(w, "file")
	})
	for path, want := range map[string]string{"/service-worker.js": string(forget),
		"/index.html": "file", "/web/service-worker.js": "file"} {
		w := httptest.NewRecorder()
		forgetful(files).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Body.String() != want {
			t.Errorf("%s: got %q", path, w.Body)
		}
	}
}
