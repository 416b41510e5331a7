package browser

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tweedie/internal/fixture"
	"tweedie/tools/pack/list"
	"tweedie/weights"
)

// heavy are the weights of the digits in four times as many bytes, and with more words about them:
// enough for the page to keep the file apart.
func heavy(t *testing.T) []byte {
	t.Helper()
	f := fixture.Weights(t, "../../weights/digits.safetensors")
	for i := range f.Tensors {
		tensor := &f.Tensors[i]
		var wide []byte
		for _, v := range tensor.Float64s() {
			wide = appendFloat64(wide, v)
		}
		tensor.DType, tensor.Data = weights.F64, wide
	}
	f.Metadata["title"] = "Heavy digits"
	f.Metadata["words"] = strings.Repeat("and so on ", 1_000_000)
	file, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) < 17<<20 {
		t.Fatalf("%d bytes are not enough", len(file))
	}
	return file
}

func appendFloat64(b []byte, v float64) []byte {
	bits := math.Float64bits(v)
	for range 8 {
		b, bits = append(b, byte(bits)), bits>>8
	}
	return b
}

// blobs counts the files that workers are given as they are, and those of which they get a copy.
const blobs = `{
	const {postMessage} = Worker.prototype;
	window.given = {Blob: 0, Uint8Array: 0};
	Worker.prototype.postMessage = function (message, ...rest) {
		if (message.type === 'load') given[message.bytes.constructor.name]++;
		return postMessage.call(this, message, ...rest);
	};
}`

// A large file is a Blob, of which each worker reads a piece at a time, but for the first one of a
// visit, to which its bytes go: the worker that tries it, the first, a second, one after a loss,
// and those of the next visit draw what the file draws natively.
func TestLargeFileIsReadInPieces(t *testing.T) {
	file := heavy(t)
	path := onDisk(t, map[string][]byte{"heavy.safetensors": file}) + "/heavy.safetensors"
	const rest = "&c=7&s=3&n=3&g=2&steps=3"
	want := native(t, "m=digits"+rest).done.Hash[:16]
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + processors(2) + blobs)
	w.open("#m=digits-small&steps=1")
	w.waitState("done")
	w.dropPaths(path)
	w.saysOfOwn("Heavy digits is loaded and draws. Recipes call it heavy.")
	drawn := func(blobs, whole int) {
		t.Helper()
		w.follow("#m=heavy" + rest)
		w.wait(hashed)
		if got := w.address(); !strings.HasSuffix(got, "h="+want) {
			t.Errorf("got %s, natively the pixels are %s", got, want)
		}
		got := eval[[2]int](w, `[given.Blob, given.Uint8Array]`)
		if got[0] < blobs || got[1] != whole {
			t.Errorf("workers were given a Blob and bytes %v times, want %d or more and %d", got,
				blobs, whole)
		}
	}
	drawn(2, 2) // the bytes are digits-small's, and this file's to try it
	w.click("button", "Remember on this device")
	w.saysOfOwn("Heavy digits is remembered on this device.")
	w.must(chromedp.Reload())
	w.wait(hashed + ` && given.Blob > 0`)
	w.follow("#m=heavy&steps=1")
	w.wait(`location.hash.startsWith('#m=heavy&steps=1&') && ` + hashed)
	drawn(1, 1)
}

// hasStore stands for a browser's service worker, and notes what it is told.
const hasStore = `{
	window.told = [];
	const active = {postMessage: (message) => told.push(message)};
	const registration = {addEventListener() {}, active};
	const workers = {register: async () => registration, ready: Promise.resolve(registration),
		addEventListener() {}};
	Object.defineProperty(navigator, 'serviceWorker', {get: () => workers});
}`

// A large file that the browser has kept comes out of its store, not in parts over the network, and
// the service worker hears that it is used. One that is another there comes from the host.
func TestLargeFileComesOutOfTheStore(t *testing.T) {
	file := heavy(t)
	const rest, script = "&c=7&s=3&n=3&g=2&steps=3", "web/page/main-1.js"
	want := native(t, "m=digits"+rest).done.Hash[:16]
	t.Parallel()
	s := newSite(t)
	path := pretend(t, s, script, "weights/digits-small.safetensors", file)
	s.replace(path, content("application/octet-stream", file))
	var w *tab
	visit := func() {
		t.Helper()
		w = newTab(t, s)
		w.before(events + blobs + hasStore)
		w.open("#m=digits&steps=1")
		w.waitState("done")
	}
	keep := func(change string) {
		t.Helper()
		eval[bool](w, `(async () => {
			const answer = await fetch('`+path+`', {cache: 'reload'});
			const bytes = new Uint8Array(await answer.arrayBuffer());
			`+change+`
			await (await caches.open('kept')).put('`+path+`', new Response(bytes));
			return true;
		})()`)
	}
	drawn := func(requests int) {
		t.Helper()
		before := s.count()
		w.must(chromedp.Navigate("about:blank"))
		w.open("#m=digits-small" + rest)
		w.wait(hashed)
		if got := w.address(); !strings.HasSuffix(got, "h="+want) {
			t.Errorf("got %s, natively the pixels are %s", got, want)
		}
		asked := 0
		for _, each := range s.since(before) {
			if each == path {
				asked++
			}
		}
		if asked != requests {
			t.Errorf("the file was asked for %d times, want %d", asked, requests)
		}
		w.wait(`told.some(({used}) => used?.includes('` + s.url + path + `'))`)
	}
	visit()
	keep("")
	drawn(0)
	keep("bytes[bytes.length - 1] ^= 1;")
	drawn(1)
	// Nor does one that the store does not give at all keep the page waiting.
	s.replace("/web/load/reader.js", content("text/javascript", nil))
	visit()
	keep("")
	drawn(1)
}

// pretend makes a script of the built page believe that a file of it has another content, and
// returns the path that it asks for.
func pretend(t *testing.T, s *site, script, name string, file []byte) string {
	t.Helper()
	at := slices.IndexFunc(s.files.Files, func(e list.Entry) bool { return e.Name == name })
	is := s.files.Files[at]
	sum := fmt.Sprintf("%x", sha256.Sum256(file))
	path := strings.TrimSuffix(name, ".safetensors") + "." + sum[:12] + ".safetensors"
	text := pageFile(t, script)
	told := bytes.Replace(text, fmt.Appendf(nil, `"%s",%d`, is.Path, is.Bytes),
		fmt.Appendf(nil, `"%s",%d`, path, len(file)), 1)
	if bytes.Equal(text, told) {
		t.Fatalf("%s does not say what %s is", script, name)
	}
	s.replace("/"+script, content("text/javascript", told))
	return "/" + path
}
