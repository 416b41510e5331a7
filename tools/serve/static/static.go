// Package static answers requests for the files of the built page as a careful
// static host would: the right media types, the security policy the page is
// deployed with, compressed files where the build has put them, copies kept forever
// where the name tells the content and never stale where not, and no way out of
// the folder it was given.
//
// The local server of `make run` and the browser tests share this handler, so
// that a test sees the page under the policy that visitors get.
package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// Policy is the Content-Security-Policy of every answer but the page. Workers take theirs
// from their own script's answer, so it cannot be sent with the page alone.
//
//   - 'wasm-unsafe-eval' lets the page compile WebAssembly, not evaluate text.
//   - data: and blob: pictures are the ones that the page draws and exports.
//   - frames of the page itself are how the embed element works; who may frame
//     the page is left open, because other people's posts do.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"connect-src 'self'; img-src 'self' data: blob:; worker-src 'self'; frame-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'none'"

// PagePolicy is that of the page itself. A link may bring a model from another
// host, which the page asks about first; nothing else may connect there, no
// worker and no player.
var PagePolicy = strings.Replace(Policy, "connect-src 'self'", "connect-src 'self' https: http:", 1)

// Handler serves the files of one file system. The zero value is not usable;
// see New.
type Handler struct {
	files fs.FS
}

// New returns a handler for files. To serve a folder, open it with os.OpenRoot
// and pass its FS: then links cannot lead outside either.
func New(files fs.FS) *Handler {
	return &Handler{files: files}
}

// ServeHTTP answers GET and HEAD. A folder is answered with its index.html;
// names that begin with a dot do not exist.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	policy := Policy
	if r.URL.Path == "/" || r.URL.Path == "/index.html" {
		policy = PagePolicy
	}
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	// As GitHub Pages answers: a page elsewhere may load web/embed.js as a module.
	header.Set("Access-Control-Allow-Origin", "*")
	// And one that keeps out what does not ask in may load it as a script.
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("Cache-Control", "no-cache")
	header.Set("Vary", "Accept-Encoding")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	name, ok := fileName(r.URL.Path)
	if !ok {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	if info, err := fs.Stat(h.files, name); err == nil && info.IsDir() {
		if !strings.HasSuffix(r.URL.Path, "/") {
			redirectToFolder(w, r)
			return
		}
		name = path.Join(name, "index.html")
	}
	content, err := fs.ReadFile(h.files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.Error(w, "there is no such file", http.StatusNotFound)
	case err != nil:
		http.Error(w, "the file cannot be read", http.StatusForbidden)
	default:
		h.answer(w, r, name, content)
	}
}

// fileName turns a request's path into a name that fs.FS accepts, and reports
// whether it may be looked up at all.
func fileName(urlPath string) (string, bool) {
	if !strings.HasPrefix(urlPath, "/") || strings.ContainsAny(urlPath, "\\\x00") {
		return "", false
	}
	name := strings.TrimPrefix(strings.TrimSuffix(urlPath, "/"), "/")
	if name == "" {
		return ".", true
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return "", false
		}
	}
	return name, fs.ValidPath(name)
}

// redirectToFolder adds the slash that relative links inside a folder need. The
// target is relative, so the handler works under any prefix.
func redirectToFolder(w http.ResponseWriter, r *http.Request) {
	target := "./" + path.Base(r.URL.Path) + "/"
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", target)
	w.WriteHeader(http.StatusMovedPermanently)
}

// answer sends content under name's media type, or the compressed file beside it
// that the request accepts. The entity tag is made of the bytes, never of a
// file's date.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	header := w.Header()
	header.Set("Content-Type", typeOf(name))
	sum := sha256.Sum256(content)
	tag := hex.EncodeToString(sum[:12])
	if strings.Contains(path.Base(name), "."+tag[:nameDigits]+".") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if encoding, small := h.compressed(r, name); encoding != "" {
		header.Set("Content-Encoding", encoding)
		header.Set("Content-Length", strconv.Itoa(len(small)))
		content, tag = small, tag+"-"+encoding
	}
	header.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// nameDigits is how many hexadecimal digits of its content's hash tools/pack
// puts into a file's name. The name is believed only if they are right.
const nameDigits = 12

// packings are the compressed files that tools/pack puts beside a file, the
// smallest first.
var packings = []struct{ encoding, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

// compressed is the first file beside name whose encoding the request accepts,
// and that encoding; "" if no such file exists. A request for a range gets the
// bytes of the file itself.
func (h *Handler) compressed(r *http.Request, name string) (string, []byte) {
	if r.Header.Get("Range") != "" {
		return "", nil
	}
	for _, p := range packings {
		if !accepts(r, p.encoding) {
			continue
		}
		if small, err := fs.ReadFile(h.files, name+p.ending); err == nil {
			return p.encoding, small
		}
	}
	return "", nil
}

// accepts reports whether the request allows an answer in an encoding.
func accepts(r *http.Request, encoding string) bool {
	for _, line := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(line, ",") {
			coding, parameters, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(coding), encoding) {
				weight, found := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
				q, err := strconv.ParseFloat(weight, 64)
				return !found || err == nil && q > 0
			}
		}
	}
	return false
}
