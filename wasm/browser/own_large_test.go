package browser

import (
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tweedie/internal/fixture"
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
