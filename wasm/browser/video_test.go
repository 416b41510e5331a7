package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// ebml is one element of a WebM file.
type ebml struct {
	id      uint64
	content []byte
}

// elements reads the elements that b is made of.
func elements(t *testing.T, b []byte) []ebml {
	t.Helper()
	var all []ebml
	for len(b) > 0 {
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
		all = append(all, ebml{id, b[:size]})
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

// decodeVideo draws chunks and gives the grey values at the middle of each
// enlarged pixel of the two views, frame by frame.
const decodeVideo = `(async (chunks) => {
	const frames = [];
	const decoder = new VideoDecoder({
		output: (frame) => {
			const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
			const context = canvas.getContext('2d');
			context.drawImage(frame, 0, 0);
			const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
			const at = (x, y) => data[4 * (y * canvas.width + x)];
			frames.push([0, 34].flatMap((left) => Array.from({length: 1024}, (_, p) => at((left + p % 32) * 8 + 4, (p >> 5) * 8 + 4))));
			frame.close();
		},
		error: (e) => { throw e; },
	});
	decoder.configure({codec: 'vp8'});
	for (const {key, time, data} of chunks) {
		const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
		decoder.decode(new EncodedVideoChunk({type: key ? 'key' : 'delta', timestamp: time * 1000, data: bytes}));
	}
	await decoder.flush();
	return frames;
})`

// The video has every step, as near as the codec comes.
func TestSavesVideo(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=6&s=6&steps=5"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#" + recipe)
	w.waitState("done")
	if !eval[bool](w, `typeof VideoEncoder === 'function'`) {
		t.Skip("this browser has no encoder for video")
	}
	w.wait(`!document.getElementById('choice-video').hidden`)
	w.click("button", "Save")
	file := w.saves("Video")

	if kind := inside(t, file, 0x1a45dfa3, 0x4282); string(kind) != "webm" {
		t.Errorf("the file is %q", kind)
	}
	if title := inside(t, file, 0x18538067, 0x1549a966, 0x7ba9); string(title) != want.done.Recipe {
		t.Errorf("the film is called %q, want the recipe", title)
	}
	if ms := math.Float64frombits(binary.BigEndian.Uint64(inside(t, file, 0x18538067, 0x1549a966, 0x4489))); ms != 1900 {
		t.Errorf("the film lasts %v ms, want four steps of 100 and 1500", ms)
	}
	var chunks []string
	for _, b := range elements(t, inside(t, file, 0x18538067, 0x1f43b675)) {
		if b.id != 0xa3 {
			continue
		}
		key := "false"
		if b.content[3]&0x80 != 0 {
			key = "true"
		}
		time := int(binary.BigEndian.Uint16(b.content[1:]))
		chunks = append(chunks, "{key: "+key+", time: "+itoa(time)+", data: '"+base64.StdEncoding.EncodeToString(b.content[4:])+"'}")
	}
	if len(chunks) != 6 || !bytes.Contains([]byte(chunks[0]), []byte("key: true")) {
		t.Fatalf("%d frames, want six, the first alone", len(chunks))
	}
	frames := eval[[][]int](w, decodeVideo+`([`+strings.Join(chunks, ", ")+`])`)
	if len(frames) != 6 {
		t.Fatalf("%d frames are decoded", len(frames))
	}
	for i, frame := range frames {
		m := want.picture(t, min(i+1, 5), 0)
		sum := 0.0
		for p, got := range frame {
			expected := append(append([]byte{}, m.Xt...), m.X0...)[p]
			sum += math.Abs(float64(got) - float64(expected))
		}
		if mean := sum / float64(len(frame)); mean > 8 {
			t.Errorf("frame %d is off by %.1f levels on average", i, mean)
		}
	}
}

// TestSavesNoVideo: a browser whose encoders are for other formats.
func TestSavesNoVideo(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(`if (self.VideoEncoder) VideoEncoder.isConfigSupported = async () => ({supported: false})`)
	w.open("#m=digits&c=6&steps=2")
	w.waitState("done")
	if !eval[bool](w, `typeof VideoEncoder === 'function'`) {
		t.Skip("this browser has no encoder for video, and so no button for one")
	}
	w.click("button", "Save")
	w.click("button", "Video")
	w.wait(`document.getElementById('save-said').textContent.includes('no encoder for WebM')`)
}
