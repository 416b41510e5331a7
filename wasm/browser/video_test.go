package browser

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// ebml is one element of a WebM file.
type ebml struct {
	id      uint64
	at      int // where it begins in what it is part of
	content []byte
}

// elements reads the elements that b is made of.
func elements(t *testing.T, b []byte) []ebml {
	t.Helper()
	var all []ebml
	for length := len(b); len(b) > 0; {
		at := length - len(b)
		width := func(first byte) int {
			n := 1
			for mask := byte(0x80); mask != 0 && first&mask == 0; mask >>= 1 {
				n++
			}
			return n
		}
		value := func(n int) uint64 {
			if n > len(b) {
				t.Fatalf("an element of %d bytes begins with one of %d", len(b), n)
			}
			v := uint64(0)
			for _, x := range b[:n] {
				v = v<<8 | uint64(x)
			}
			b = b[n:]
			return v
		}
		id := value(width(b[0]))
		n := width(b[0])
		size := value(n) &^ (1 << (7 * n))
		if size > uint64(len(b)) {
			t.Fatalf("element %x has %d bytes of %d", id, size, len(b))
		}
		all = append(all, ebml{id, at, b[:size]})
		b = b[size:]
	}
	return all
}

// inside is the content of the first element with an id.
func inside(t *testing.T, b []byte, path ...uint64) []byte {
	t.Helper()
next:
	for _, id := range path {
		for _, e := range elements(t, b) {
			if e.id == id {
				b = e.content
				continue next
			}
		}
		t.Fatalf("there is no element %x", id)
	}
	return b
}

// boxes reads the boxes of an MP4 file that b is made of.
func boxes(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for len(b) > 0 {
		if len(b) < 8 || int(binary.BigEndian.Uint32(b)) > len(b) ||
			binary.BigEndian.Uint32(b) < 8 {
			t.Fatalf("%d bytes are no box: %q", len(b), b[:min(len(b), 16)])
		}
		size := binary.BigEndian.Uint32(b)
		all[string(b[4:8])] = b[8:size]
		b = b[size:]
	}
	return all
}

// within is the content of a box inside others.
func within(t *testing.T, b []byte, path ...string) []byte {
	t.Helper()
	for _, name := range path {
		content, ok := boxes(t, b)[name]
		if !ok {
			t.Fatalf("there is no box %s of %v", name, path)
		}
		if b = content; name == "meta" {
			b = b[4:]
		}
	}
	return b
}

// values are the 32-bit numbers of a box, after its version and flags.
func values(b []byte) []int {
	var all []int
	for b = b[4:]; len(b) >= 4; b = b[4:] {
		all = append(all, int(int32(binary.BigEndian.Uint32(b))))
	}
	return all
}

// played plays a film of five steps in a new page, and compares each step with
// what the sampler made.
func (w *tab) played(kind string, file []byte, want *conversation) {
	w.t.Helper()
	w.must(chromedp.Navigate("about:blank"))
	var film struct {
		Width, Height int
		Seconds       float64
		Frames        [][]int
	}
	w.into(call("decode-video.js", kind, base64.StdEncoding.EncodeToString(file), 6), &film)
	if film.Width != 528 || film.Height != 256 || math.Abs(film.Seconds-1.9) > 0.02 {
		w.t.Errorf("%s: the film is %d×%d and lasts %v s, want four steps of 0.1 and 1.5",
			kind, film.Width, film.Height, film.Seconds)
	}
	for i, frame := range film.Frames {
		m := want.picture(w.t, min(i+1, 5), 0)
		sum := 0.0
		for p, got := range frame {
			expected := append(append([]byte{}, m.Xt...), m.X0...)[p]
			sum += math.Abs(float64(got) - float64(expected))
		}
		if mean := sum / float64(len(frame)); mean > 8 {
			w.t.Errorf("%s: frame %d is off by %.1f levels on average", kind, i, mean)
		}
	}
}

// refuseEncoders makes the browser say that it has no encoder for the codecs
// whose names begin with self.refused.
var refuseEncoders = run("refuse-encoders.js")

// The video has every step, as near as the codec comes, in the file that the
// browser can make.
func TestSavesVideo(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=6&s=6&steps=5"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.before(keepFiles + refuseEncoders)
	w.open("#" + recipe)
	w.waitState("done")
	if !eval[bool](w, `typeof VideoEncoder === 'function'`) {
		t.Skip("this browser has no encoder for video")
	}
	w.click("button", "Save")
	h264 := eval[bool](w, `VideoEncoder.isConfigSupported(
		{codec: 'avc1.640028', width: 528, height: 256}).then(({supported}) => supported)`)
	file := w.saves("Video")
	said := w.text("share-said")
	eval[any](w, `self.refused = 'avc1'; 0`)
	webm := w.saves("Video")
	w.waitText("share-said", ".webm,")
	eval[any](w, `self.refused = ''; 0`)
	w.click("button", "Save Video")
	w.waitText("share-said", "no encoder for MP4 or WebM")

	if kind := inside(t, webm, 0x1a45dfa3, 0x4282); string(kind) != "webm" {
		t.Errorf("the file is %q", kind)
	}
	if title := inside(t, webm, 0x18538067, 0x1549a966, 0x7ba9); string(title) != want.done.Recipe {
		t.Errorf("the film is called %q, want the recipe", title)
	}
	if ms := math.Float64frombits(
		binary.BigEndian.Uint64(inside(t, webm, 0x18538067, 0x1549a966, 0x4489))); ms != 1900 {
		t.Errorf("the film lasts %v ms, want four steps of 100 and 1500", ms)
	}
	var times []int
	for _, b := range elements(t, inside(t, webm, 0x18538067, 0x1f43b675)) {
		if b.id == 0xa3 {
			times = append(times, int(binary.BigEndian.Uint16(b.content[1:])),
				int(b.content[3]&0x80))
		}
	}
	if got := fmt.Sprint(times); got != "[0 128 100 0 200 0 300 0 400 0 1899 0]" {
		t.Errorf("the frames' times, and whether they stand alone, are %s", got)
	}
	w.played("video/webm", webm, want)

	if !h264 {
		t.Log("this browser has no encoder for H.264, so no MP4 was made")
		return
	}
	if !strings.Contains(said, ".mp4, ") {
		t.Errorf("the page says %q", said)
	}
	film := []string{"moov", "trak", "mdia", "minf", "stbl"}
	box := func(name string) []byte { return within(t, file, append(film, name)...) }
	if title := within(t, file, "moov", "udta", "meta", "ilst", "\xa9nam",
		"data"); string(title[8:]) != want.done.Recipe {
		t.Errorf("the film is called %q, want the recipe", title)
	}
	got := fmt.Sprint(values(box("stts")), values(box("stss")))
	if got != "[6 1 100 1 100 1 100 1 100 1 1499 1 1] [1 1]" {
		t.Errorf("the frames last, and those that stand alone are, %s", got)
	}
	sizes, place := values(box("stsz")), values(box("stco"))[1]
	sum := 0
	for _, size := range sizes[2:] {
		sum += size
	}
	if sizes[1] != 6 || place+sum != len(file) || string(file[place-4:place]) != "mdat" {
		t.Errorf("six frames from %d on have %v bytes, of a file of %d", place, sizes, len(file))
	}
	w.played("video/mp4", file, want)
}
