package browser

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// script is HTML that would run where text became markup.
const script = `<img src=x onerror="window.attacked=1"><script>window.attacked=1</script>`

// unharmed fails if anything that came from outside has become part of the page.
func (w *tab) unharmed(of string) {
	w.t.Helper()
	if eval[bool](w, call("attacked.js")) {
		w.t.Errorf("%.80q has become part of the page", of)
	}
}

// Whatever stands in the address, the page runs it or says in one sentence why
// not, and the next recipe runs.
func TestHostileRecipes(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	for _, recipe := range []string{
		"m=digits&s=99999999999999999999999999", "m=digits&s=1e309", "m=digits&steps=1e9",
		"m=digits&steps=-1", "m=digits&n=4294967297",
		"m=digits&g=1e308", "m=digits&g=-1", "m=digits&g=NaN", "m=digits&g=Infinity",
		"m=digits&g=0x10", "m=digits&eta=1e-400&steps=1e400",
		"m=digits&h=" + strings.Repeat("f", 100), "m=digits&h=<b>", "m=digits&__proto__=1",
		"m=digits&constructor=1&toString=2",
		"m=../../etc/passwd", "m=%2e%2e%2f%2e%2e%2findex.html", "m=//example.org/evil",
		"m=http://example.org/", "m=" + strings.Repeat("m", 5000),
		"m=digits&c=" + script, "m=digits&k=" + script, script, "m=" + script, "<>\"'&=" + script,
		"m=digits&c=%3Cimg%20src%3Dx%20onerror%3D%22window.attacked%3D1%22%3E", "m=digits&steps=%",
		"m=digits&steps=%zz", "m=digits&c=%00",
		"m=digits&c=%ff%fe", "m=digits&c=%ED%A0%80", "%25%32%35", "m=digits&m=digits",
		"m=digits&steps=2&steps=3", "m=digits&&&steps", "=", "&", "#",
		"javascript:window.attacked=1", "m=digits&c={x0}{abar}{detail}",
		"m=digits&c=${window.attacked=1}",
		"m=digits&c=" + strings.Repeat("9", 100_000),
		strings.Repeat("a=b&", 50_000), strings.Repeat("%", 100_000),
	} {
		w.forget()
		w.follow("#" + strings.ReplaceAll(recipe, "\x00", ""))
		w.wait(`heard.some(({name}) => name === 'done' || name === 'error')`)
		if state := eval[string](w, state); state == "failed" {
			said := eval[[]string](w, `[...document.querySelectorAll('#trouble-text, .error')]
				.filter((e) => e.checkVisibility()).map((e) => e.textContent)`)
			if len(said) != 1 || said[0] == "" || len(said[0]) > 700 ||
				strings.Contains(said[0], "goroutine") {
				t.Errorf("%.80q: the page says %.800q", recipe, said)
			}
		}
		w.unharmed(recipe)
	}
	w.follow("#m=digits&c=3&steps=2")
	w.waitDone("#m=digits&c=3&steps=2&by=")

	// The other parameters of the address, of the page and of the player.
	for _, address := range []string{
		"/?views=" + script + ",__proto__,constructor&lang=%00&views[]=1#m=digits&steps=2",
		"/web/player.html?views=constructor,%3Cimg%3E&theme=%22%3E" + strings.Repeat("x", 2000) +
			"&lang=" + strings.Repeat("zz-", 2000) + "&loop=" + script + "#m=digits&steps=2",
	} {
		w.must(chromedp.Navigate(w.site.url + address))
		w.waitState("done")
		w.unharmed(address)
	}
}

// doctored is the shipped model with its header changed.
func doctored(t *testing.T, change func(header map[string]any, data []byte) []byte) []byte {
	t.Helper()
	file := bytes.Clone(pageFile(t, "weights/digits.safetensors"))
	n := binary.LittleEndian.Uint64(file)
	var header map[string]any
	if err := json.Unmarshal(file[8:8+n], &header); err != nil {
		t.Fatal(err)
	}
	data := change(header, file[8+n:])
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...),
		data...)
}

// tensor is some tensor of a header.
func tensor(header map[string]any) map[string]any {
	return header["conv_in.weight"].(map[string]any)
}

// config changes the configuration that the file carries.
func config(t *testing.T, key string, value any) func(map[string]any, []byte) []byte {
	return func(header map[string]any, data []byte) []byte {
		metadata := header["__metadata__"].(map[string]any)
		var c map[string]any
		if err := json.Unmarshal([]byte(metadata["config"].(string)), &c); err != nil {
			t.Fatal(err)
		}
		c[key] = value
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		metadata["config"] = string(text)
		return data
	}
}

// Weights that lie are refused in one sentence, whatever they claim, and the
// true ones work afterwards.
func TestHostileWeights(t *testing.T) {
	t.Parallel()
	true_ := pageFile(t, "weights/digits.safetensors")
	length := func(n uint64) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, n), true_[8:]...)
	}
	text := func(s string) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, uint64(len(s))), s...)
	}
	with := func(key string, value any) []byte {
		return doctored(t, func(header map[string]any, data []byte) []byte {
			tensor(header)[key] = value
			return data
		})
	}
	const entry = `"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}`
	s := newSite(t)
	w := newTab(t, s)
	w.before(events)
	// Of a model that it does not know the page cannot tell that the file is another.
	const strange = "/weights/strange.safetensors"
	s.replace("/web/models.json", missing)
	s.replace(strange, missing)
	w.open("#m=strange&steps=2")
	w.waitState("failed")
	w.forgive(strange, "web/models.json")
	for name, file := range map[string][]byte{
		"seven bytes":            true_[:7],
		"header cut":             true_[:100],
		"data cut":               true_[:len(true_)-1],
		"more than there is":     append(bytes.Clone(true_), 1, 2, 3),
		"header of 2^63":         length(1 << 63),
		"header of 2^64-1":       length(math.MaxUint64),
		"header longer than all": length(uint64(len(true_))),
		"header of nothing":      length(0),
		"no JSON":                text("{"),
		"a list":                 text("[1]"),
		"deep JSON":              text(strings.Repeat(`{"a":`, 100_000)),
		"a tensor twice":         text("{" + entry + "," + entry + "}"),
		"shape of 2^80":          with("shape", []float64{math.Pow(2, 40), math.Pow(2, 40)}),
		"shape that overflows":   with("shape", []uint64{1 << 32, 1 << 32, 3, 3}),
		"negative shape":         with("shape", []int{-1, 3, 3, 3}),
		"another shape":          with("shape", []int{1, 1, 1, 1}),
		"offsets behind the end": with("data_offsets", []int{0, 1 << 40}),
		"offsets backwards":      with("data_offsets", []int{100, 0}),
		"offsets of text":        with("data_offsets", []string{"0", "1"}),
		"doubles":                with("dtype", "F64"),
		"no such type":           with("dtype", "<script>"),
		"NaN": doctored(t, func(header map[string]any, data []byte) []byte {
			offset := int(tensor(header)["data_offsets"].([]any)[0].(float64))
			binary.LittleEndian.PutUint16(data[offset:], 0x7e00)
			return data
		}),
		"no configuration": doctored(t, func(header map[string]any, data []byte) []byte {
			delete(header, "__metadata__")
			return data
		}),
		"a title of markup": doctored(t, func(header map[string]any, data []byte) []byte {
			metadata := header["__metadata__"].(map[string]any)
			metadata["title"], metadata["config"] = script, script
			return data
		}),
		"channels of 2^31": doctored(t,
			config(t, "block_out_channels", []int{1 << 31, 1 << 31, 1 << 31})),
		"a picture of 2^20": doctored(t, config(t, "sample_size", 1<<20)),
		"no blocks":         doctored(t, config(t, "block_out_channels", []int{})),
		"many layers":       doctored(t, config(t, "layers_per_block", 1<<30)),
		"another network":   doctored(t, config(t, "_class_name", "VQModel")),
	} {
		s.replace(strange, content("application/octet-stream", file))
		w.forget()
		eval[any](w, byID("retry")+`.click(); 0`)
		w.wait(`['done', 'error'].includes(heard.at(-1)?.name)`)
		if state := eval[string](w, state); state != "failed" {
			t.Fatalf("%s: the page is %s", name, state)
		}
		said := w.text("trouble-text")
		if !w.visible("trouble") || said == "" ||
			len(said) > 400 || strings.Contains(said, "goroutine") {
			t.Errorf("%s: the page says %.600q", name, said)
		}
		t.Logf("%s: %.200s", name, said)
		w.unharmed(name)
	}
	s.replace(strange, content("application/octet-stream", true_))
	w.click("button", "Try again")
	w.waitState("done")
}

// pngOf is a PNG of chunks, with right checksums.
func pngOf(chunks ...string) []byte {
	file := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range chunks {
		file = binary.BigEndian.AppendUint32(file, uint32(len(c)-4))
		file = append(file, c...)
		file = binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE([]byte(c)))
	}
	return file
}

// Pictures from elsewhere are run, or refused in one sentence; nothing in them
// is more than text, and none is unpacked.
func TestHostilePictures(t *testing.T) {
	t.Parallel()
	const header = "IHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
	carry := func(recipe string) []byte { return pngOf(header, "tEXttweedie\x00"+recipe, "IEND") }
	good := carry("m=digits&c=2&steps=2")
	flipped := bytes.Clone(good)
	flipped[bytes.Index(flipped, []byte("c=2"))+2] = '4'
	endless := bytes.Clone(good)
	binary.BigEndian.PutUint32(endless[33:], math.MaxUint32)
	negative := bytes.Clone(good)
	binary.BigEndian.PutUint32(negative[33:], 0xfffffff4)
	bomb := "zTXttweedie\x00\x00" + strings.Repeat("\x00", 1<<20)

	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	for _, c := range []struct {
		name  string
		file  []byte
		event string // that the page tells, "" where it says that the file holds nothing to run
	}{
		{"good.png", good, "done"},
		{"wrong checksum.png", flipped, ""},
		{"cut.png", good[:len(good)-20], ""},
		{"eight bytes.png", good[:8], ""},
		{"nothing.png", nil, ""},
		{"endless chunk.png", endless, ""},
		{"chunk of minus twelve.png", negative, ""},
		{"packed text.png", pngOf(header, bomb, "IEND"), ""},
		{"giant.png", pngOf("IHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\x00\x00\x00",
			"tEXttweedie\x00m=digits&c=5&steps=2", "IEND"), "done"},
		{"many chunks.png", pngOf(append([]string{header},
			strings.Split(strings.Repeat("noTh ", 50_000)+"IEND", " ")...)...), ""},
		{"markup.png", carry(script), "error"},
		{"markup of a class.png", carry("m=digits&c=" + script), "error"},
		{"long recipe.png", carry("m=digits&c=" + strings.Repeat("7", 1<<20)), "error"},
		{"bytes.png", carry("m=digits&c=\xff\x00\xfe&steps=2"), "error"},
		{`<img src=x onerror="window.attacked=1">.png`, []byte("GIF89a"), ""},
		{strings.Repeat("long ", 2000) + ".png", []byte("BM"), ""},
	} {
		w.forget()
		eval[any](w, byID("status")+`.replaceChildren(); 0`)
		w.drop(c.name, c.file)
		if c.event == "" {
			w.wait(has("status", "no recipe in") + ` || ` + has("status", "is damaged"))
			if heard := w.events(); len(heard) != 0 {
				t.Errorf("%.40s: the page told of %+v", c.name, heard)
			}
		} else {
			w.wait(`heard.at(-1)?.name === '` + c.event + `'`)
		}
		w.unharmed(c.name)
	}
	w.follow("#m=digits&c=3&steps=2")
	w.waitDone("#m=digits&c=3&steps=2&by=")
}
