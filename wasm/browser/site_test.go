package browser

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tweedie/tools/pack/list"
	"tweedie/tools/serve/static"
)

// built is the page, built once for all tests into a folder of their own.
var built struct {
	once   sync.Once
	folder string
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	everyday.close()
	for _, folder := range []string{built.folder, single.folder} {
		if folder != "" {
			os.RemoveAll(folder)
		}
	}
	os.Exit(code)
}

// page is the folder of the built page.
func page(t *testing.T) string {
	t.Helper()
	if folder := os.Getenv("TWEEDIE_PAGE"); folder != "" {
		return folder
	}
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "tweedie-page-"); built.err != nil {
			return
		}
		pack := exec.Command("go", "run", "./tools/pack", "-o", built.folder)
		pack.Dir = filepath.Join("..", "..")
		if out, err := pack.CombinedOutput(); err != nil {
			t.Logf("%s", out)
			built.err = err
		}
	})
	if built.err != nil {
		t.Fatalf("the page cannot be built: %v", built.err)
	}
	return built.folder
}

// names is what the files of the built page are called. Tests name them as the
// repository does.
func names(t *testing.T) list.List {
	t.Helper()
	l, err := list.Read(os.DirFS(page(t)))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// pageFile is the content of a file of the built page.
func pageFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(page(t), filepath.FromSlash(names(t).Named(name))))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// site serves the built page, with some answers replaced.
type site struct {
	url   string
	files list.List
	mu    sync.Mutex
	other map[string]http.HandlerFunc // by path
	keeps bool                        // whether a browser may keep the page
	off   bool                        // whether the network is gone
	asked []string                    // paths of all requests

	answering int       // requests that are not answered
	answered  time.Time // when the last one was
}

// newSite serves the built page on this machine.
func newSite(t *testing.T) *site {
	t.Helper()
	if onPages {
		return newSiteOn(t, gitHubPages, pagesFolder)
	}
	return newSiteOn(t, func(files fs.FS) http.Handler { return static.New(files) }, "")
}

// newSiteOn serves the built page as a host does, under a path of it.
func newSiteOn(t *testing.T, host func(fs.FS) http.Handler, under string) *site {
	t.Helper()
	root, err := os.OpenRoot(page(t))
	if err != nil {
		t.Fatal(err)
	}
	files, scripts := host(root.FS()), static.New(os.DirFS(filepath.Join("..", "..")))
	s := &site{files: names(t), other: make(map[string]http.HandlerFunc)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, under)
		s.mu.Lock()
		answer, ok := s.other[path]
		s.asked = append(s.asked, path)
		s.answering++
		off := s.off
		s.mu.Unlock()
		defer s.hasAnswered()
		if off {
			panic(http.ErrAbortHandler)
		}
		if !ok && unbuilt(root, path) {
			http.StripPrefix(under, scripts).ServeHTTP(w, r)
			return
		} else if !ok {
			files.ServeHTTP(w, r)
			return
		}
		// The page's policy holds for what a test puts in its place as well.
		if under == "" {
			w.Header().Set("Content-Security-Policy", static.Policy)
		}
		answer(w, r)
	}))
	s.url = server.URL + under
	t.Cleanup(func() {
		server.Close()
		root.Close()
	})
	return s
}

// unbuilt reports whether a path is that of a module which is part of a larger
// file of the built page. Tests that need one alone get it as it was written.
func unbuilt(root *os.Root, path string) bool {
	_, err := root.Stat(strings.TrimPrefix(path, "/"))
	return errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(path, "/web/") &&
		strings.HasSuffix(path, ".js")
}

// replace answers requests for a path from now on; nil ends that.
func (s *site) replace(path string, answer http.HandlerFunc) {
	path = s.files.Named(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer == nil {
		delete(s.other, path)
	} else {
		s.other[path] = answer
	}
}

// beforeWorker runs a script in every worker, before worker.js.
func (s *site) beforeWorker(t *testing.T, script string) {
	const path = "web/engine/worker.js"
	s.replace("/"+path, content("text/javascript", append([]byte(script), pageFile(t, path)...)))
}

// cut takes the network away, or gives it back.
func (s *site) cut(off bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = off
}

func (s *site) hasAnswered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answering--
	s.answered = time.Now()
}

// rests reports whether nothing has been asked for or answered for a while.
func (s *site) rests(while time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answering == 0 && time.Since(s.answered) > while
}

// count is how many requests there were; since lists those after the first n.
func (s *site) count() int { return len(s.since(0)) }

func (s *site) since(n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[n:])
}

// content answers with bytes of a media type.
func content(mediaType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Write(body) // the browser may have gone away
	}
}

// missing answers 404.
func missing(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

type handler = http.HandlerFunc

// halves answers with the first half of a body, and with the second once more
// is closed.
func halves(body []byte, more <-chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		select {
		case <-more:
			w.Write(body[len(body)/2:])
		case <-r.Context().Done():
		}
	}
}
