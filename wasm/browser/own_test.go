package browser

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tweedie/internal/fixture"
	"tweedie/internal/saved"
	"tweedie/weights"
)

// The checkpoint of a small UNet2DModel, and one of another family.
const (
	fieldFolder  = "../../tools/convert/testdata/field"
	flowFamily   = "../../tools/convert/family/testdata/cfm-cifar/state.safetensors.gz"
	modelFile    = "diffusion_pytorch_model.safetensors"
	scheduleFile = "scheduler_config.json"
)

// dropPaths lets files and folders of this machine fall on the page, as a person drags them there.
func (w *tab) dropPaths(paths ...string) {
	w.t.Helper()
	for i, p := range paths {
		absolute, err := filepath.Abs(p)
		if err != nil {
			w.t.Fatal(err)
		}
		paths[i] = absolute
	}
	w.drag(&input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1})
}

// drag lets something fall on the page.
func (w *tab) drag(data *input.DragData) {
	w.t.Helper()
	for _, kind := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
		w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, input.DispatchDragEvent,
				input.DispatchDragEventParams{Type: kind, X: 300, Y: 300, Data: data})
			return err
		}))
	}
}

// damagedWeights are a safetensors file with a header that is none.
const damagedWeights = "\x10\x00\x00\x00\x00\x00\x00\x00{\"w\":{\"dtype\":1}}"

// onDisk writes files into a folder of their own and returns it.
func onDisk(t *testing.T, files map[string][]byte) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// fieldFile is a file of the small checkpoint.
func fieldFile(t *testing.T, name string) []byte {
	t.Helper()
	return fixture.File(t, filepath.Join(fieldFolder, name))
}

// tidyFolder is the small checkpoint as diffusers saves it.
func tidyFolder(t *testing.T) map[string][]byte {
	t.Helper()
	return map[string][]byte{modelFile: fieldFile(t, modelFile),
		"config.json": fieldFile(t, "config.json"), scheduleFile: fieldFile(t, scheduleFile)}
}

// inFolder puts files into a folder.
func inFolder(folder string, files map[string][]byte) map[string][]byte {
	moved := map[string][]byte{}
	for name, content := range files {
		moved[folder+"/"+name] = content
	}
	return moved
}

// with returns files and some more; nil takes one away.
func with(files map[string][]byte, more map[string][]byte) map[string][]byte {
	all := map[string][]byte{}
	for _, each := range []map[string][]byte{files, more} {
		for name, content := range each {
			if all[name] = content; content == nil {
				delete(all, name)
			}
		}
	}
	return all
}

// asState is the small checkpoint's state dictionary, its names behind a prefix.
func asState(t *testing.T, prefix string) saved.Ordered {
	t.Helper()
	f, err := weights.Parse(fieldFile(t, modelFile))
	if err != nil {
		t.Fatal(err)
	}
	var state saved.Ordered
	for i := range f.Tensors {
		state = append(state, saved.Pair{Key: prefix + f.Tensors[i].Name, Value: &f.Tensors[i]})
	}
	return state
}

// saysOfOwn waits until the panel of own models says a text.
func (w *tab) saysOfOwn(text string) {
	w.t.Helper()
	w.wait(`document.getElementById('own-said')?.textContent.includes(` + quoted(text) + `)`)
}

// writes fills a field of the panel.
func (w *tab) writes(id, text string) {
	w.t.Helper()
	eval[any](w, byID(id)+`.value = `+quoted(text))
}

// Ten things that people have are dropped on the page one after the other. Each becomes the page's
// model and draws.
func TestOwnModels(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits-small&c=7&steps=2")
	w.waitState("done")
	tidy := tidyFolder(t)
	network := map[string][]byte{modelFile: tidy[modelFile], "config.json": tidy["config.json"]}
	schedule := map[string][]byte{"scheduler/" + scheduleFile: tidy[scheduleFile]}
	run := with(inFolder("checkpoint-500/unet", network), with(schedule,
		map[string][]byte{"model_index.json": []byte(`{"_class_name": "DDPMPipeline"}`),
			"logs/events.out": []byte("x"), ".git/HEAD": []byte("x")}))
	pickled := func(value any) map[string][]byte {
		return with(tidy, map[string][]byte{modelFile: nil, "model-10.pt": saved.Zip(value)})
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		drop  []string // of the folder; the folder itself if there are none
		model string
		says  string // the converter
	}{
		{"weights of this program", map[string][]byte{
			"mine.safetensors": pageFile(t, "weights/digits-small.safetensors")},
			[]string{"mine.safetensors"}, "mine", ""},
		{"a folder of diffusers", inFolder("birds", tidy), []string{"birds"}, "birds", ""},
		{"weights and their settings", tidy, []string{modelFile, "config.json", scheduleFile},
			"diffusion-pytorch-model", ""},
		{"a training run", inFolder("my run", run), []string{"my run"}, "my-run",
			"checkpoint-500 is taken"},
		{"a pipeline", inFolder("pipeline", with(inFolder("unet", network), schedule)),
			[]string{"pipeline"}, "pipeline", "The noise schedule is from"},
		{"a file of torch.save", inFolder("pt", pickled(asState(t, ""))), []string{"pt"}, "pt", ""},
		{"a checkpoint of Lightning", inFolder("lightning", pickled(saved.Dict{
			{Key: "epoch", Value: 3}, {Key: "state_dict", Value: asState(t, "model.")}})),
			[]string{"lightning"}, "lightning", ""},
		{"a moving average", inFolder("ema", pickled(saved.Dict{
			{Key: "model", Value: asState(t, "")}, {Key: "ema", Value: asState(t, "")}})),
			[]string{"ema"}, "ema", "because it is the moving average"},
		{"the older format", inFolder("legacy", with(tidy, map[string][]byte{modelFile: nil,
			"model.bin": saved.Legacy(asState(t, "module."))})), []string{"legacy"}, "legacy", ""},
		{"half precision beside full", inFolder("fp16", with(tidy, map[string][]byte{
			"diffusion_pytorch_model.fp16.safetensors": tidy[modelFile]})), []string{"fp16"},
			"fp16", "Beside it are left: diffusion_pytorch_model.fp16.safetensors"},
	} {
		root := onDisk(t, c.files)
		var paths []string
		for _, name := range c.drop {
			paths = append(paths, filepath.Join(root, name))
		}
		w.dropPaths(paths...)
		w.saysOfOwn("Recipes call it " + c.model + ".")
		w.wait(`document.documentElement.dataset.state === 'done' &&
			location.hash.startsWith('#m=` + c.model + `&') && ` + hashed)
		got := eval[string](w, `document.querySelector('#own-report pre')?.textContent ?? ''`)
		if !strings.Contains(got, c.says) {
			t.Errorf("%s: the converter says %q, want %q", c.name, got, c.says)
		}
	}
	// All came to the same network, so to the same pixels.
	w.choose("Model", "birds")
	w.wait(`location.hash.startsWith('#m=birds&') && ` + hashed)
}

// A network whose file does not say everything is asked for what is missing; and what is remembered
// is there after a reload, until it is forgotten.
func TestOwnModelIsAskedAndRemembered(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits-small&c=7&steps=2")
	w.waitState("done")
	before := w.address()
	root := onDisk(t, map[string][]byte{"flow.safetensors": fixture.File(t, flowFamily)})
	w.dropPaths(filepath.Join(root, "flow.safetensors"))
	w.saysOfOwn("Give their side, a multiple of 2.")
	if got := w.address(); got != before {
		t.Errorf("a question has changed the address to %s", got)
	}
	w.writes("own-set-size", "16")
	w.writes("own-set-title", "Flow of squares")
	w.click("button", "Try again")
	w.saysOfOwn("Flow of squares is loaded and draws. Recipes call it flow.")
	w.wait(`location.hash.startsWith('#m=flow&') && ` + hashed)
	recipe := w.address()
	w.shoot("report")
	w.click("button", "Remember on this device")
	w.saysOfOwn("Flow of squares is remembered on this device.")
	w.must(chromedp.Reload())
	w.wait(`location.hash === ` + quoted(recipe) + ` && ` + hashed)
	w.click("button", "Your own model…")
	if got := eval[string](w, `document.querySelector('#own-report pre').textContent`); !strings.
		Contains(got, "of the family U-Net of OpenAI") {
		t.Errorf("after a reload the converter has said %q", got)
	}
	// Its first run has given it a picture, which the menu shows.
	got := eval[string](w, `[...document.querySelectorAll('#models-list li')].find((e) =>
		e.textContent.includes('Flow of squares')).querySelector('img').src`)
	if !strings.HasPrefix(got, "data:image/png;base64,") {
		t.Errorf("the picture in the menu is %q", got)
	}
	w.click("button", "Forget")
	w.saysOfOwn("Flow of squares is forgotten.")
	w.wait(`location.hash.startsWith('#m=digits&') && ` + hashed)
	w.open(recipe)
	w.wait(`document.getElementById('error-m').checkVisibility()`)
}

// Twenty things that are no model, or none that can be drawn, each get a sentence. The run that
// goes on is not disturbed, and the model stays.
func TestStrangeDrops(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits-small&c=7&steps=2")
	w.waitState("done")
	before := w.address()
	tidy := tidyFolder(t)
	one := func(name, content string) map[string][]byte {
		return map[string][]byte{name: []byte(content)}
	}
	config := func(from, to string) map[string][]byte {
		changed := strings.Replace(string(tidy["config.json"]), from, to, 1)
		if changed == string(tidy["config.json"]) {
			t.Fatalf("config.json has no %s", from)
		}
		return with(tidy, one("config.json", changed))
	}
	cut := tidy[modelFile][:20000]
	broken := slices.Clone(tidy[modelFile])
	binary.LittleEndian.PutUint64(broken, 1<<60)
	evil := saved.Zip(saved.Dict{{Key: "x", Value: saved.Object{
		New: saved.Global{"os", "system"}, Args: saved.List{"true"}}}})
	for _, c := range []struct {
		name  string
		files map[string][]byte
		says  string
	}{
		{"a text", one("notes.txt", "hello"), "notes.txt"},
		{"nothing", one("model.pt", ""), "model.pt is empty. Download it again."},
		{"a pointer of Git LFS", with(tidy, one(modelFile,
			"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 123\n")),
			"git lfs pull"},
		{"a web page", one("model.safetensors", "<!doctype html><html><title>404</title>"),
			"web page"},
		{"a file that is cut off", with(tidy, map[string][]byte{modelFile: cut}), "is cut off"},
		{"a header without an end", with(tidy, map[string][]byte{modelFile: broken}), modelFile},
		{"weights without a config", map[string][]byte{"x.safetensors": tidy[modelFile]},
			"There is no config.json beside x.safetensors"},
		{"a config without weights", map[string][]byte{"config.json": tidy["config.json"]},
			"There is no file with weights in"},
		{"a text-to-image pipeline", with(inFolder("unet", tidy), one("model_index.json",
			`{"_class_name": "StableDiffusionPipeline", "text_encoder": ["transformers", "x"]}`)),
			"text-to-image pipeline"},
		{"a network of videos", config(`"UNet2DModel"`, `"UNet3DConditionModel"`),
			"UNet3DConditionModel"},
		{"an unknown option", config(`{`, `{"colour": "red",`), "colour"},
		{"another number of channels", config(`"out_channels": 1`, `"out_channels": 3`),
			"channels"},
		{"a zip that torch did not make", one("model.pt", string(saved.Archive(
			saved.Record{Name: "readme.txt", Data: "hello"}))), "model.pt"},
		{"a pickle with code", one("model.pt", string(evil)), "would run os.system"},
		{"GGUF", one("model.gguf", "GGUF\x03\x00\x00\x00"+strings.Repeat("\x00", 64)),
			"model.gguf"},
		{"an HDF5 file", one("model.h5", "\x89HDF\r\n\x1a\n"+strings.Repeat("\x00", 64)),
			"model.h5"},
		{"a folder of texts", inFolder("texts", map[string][]byte{"a.txt": []byte("x"),
			"b.md": []byte("y")}), "in texts"},
		{"several files with weights", map[string][]byte{"a.pt": evil, "b.pt": evil,
			"c.txt": []byte("x")}, "There are several files with weights"},
		{"a classifier", map[string][]byte{"guide.safetensors": pageFile(t,
			"weights/digits-classifier.safetensors")}, "draws nothing"},
		{"an empty folder", map[string][]byte{"empty/.keep": {}}, "no file"},
		{"a picture that is none", one("picture.png", "\x89PNG\r\n\x1a\nrubbish"), "picture.png"},
	} {
		root := onDisk(t, c.files)
		entries, err := os.ReadDir(root)
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, e := range entries {
			paths = append(paths, filepath.Join(root, e.Name()))
		}
		eval[any](w, `document.getElementById('own-said')?.replaceChildren() ?? 0`)
		w.dropPaths(paths...)
		w.wait(`(document.getElementById('own-said')?.textContent ?? '').includes(` +
			quoted(c.says) + `) || document.getElementById('status').textContent.includes(` +
			quoted(c.says) + `)`)
		said := eval[string](w, `['own-said', 'own-detail'].map((id) =>
			document.getElementById(id)?.textContent ?? '').join(' / ')`)
		if strings.Contains(said, "goroutine") || strings.Contains(said, "panic") {
			t.Errorf("%s: the page says %q", c.name, said)
		}
		if got := w.address(); got != before {
			t.Errorf("%s: the address is %s, and was %s", c.name, got, before)
		}
		t.Logf("%s: %s", c.name, said)
	}
	// What is too large is refused before it is read, and what is gone is said to be.
	folder := t.TempDir()
	sparse := func(name, begin string, size int64) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(begin), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const start = "\x89PNG\r\n\x1a\n"
	frame := image.NewGray(image.Rect(0, 0, 3, 3))
	frame.Pix[4] = 255
	var small bytes.Buffer
	if err := png.Encode(&small, frame); err != nil {
		t.Fatal(err)
	}
	large := slices.Clone(small.Bytes())
	binary.BigEndian.PutUint32(large[16:], 9000)
	binary.BigEndian.PutUint32(large[20:], 8000)
	binary.BigEndian.PutUint32(large[29:], crc32.ChecksumIEEE(large[12:29]))
	first, second := sparse("1.png", small.String(), int64(small.Len())),
		sparse("2.png", small.String(), int64(small.Len()))
	for _, c := range []struct {
		says  string
		paths []string
	}{
		{"huge.png has 3,000.0 MB", []string{sparse("huge.png", start, 3e9)}},
		{"film.jpg has 1,500.0 MB", []string{sparse("film.jpg", "\xff\xd8\xff\xe0", 15e8)}},
		{"huge.pt", []string{sparse("huge.pt", "PK\x03\x04", 3e9)}},
		{"wide.png has 9,000 × 8,000 pixels", []string{sparse("wide.png", string(large),
			int64(len(large)))}},
		{"Pictures are taken one at a time, and there are 2", []string{first, second}},
		{"gone.png, and it is not a picture", []string{filepath.Join(folder, "gone.png")}},
	} {
		eval[any](w, `document.getElementById('own-said')?.replaceChildren() ?? 0`)
		w.dropPaths(c.paths...)
		w.wait(`(document.getElementById('own-said')?.textContent ?? '').includes(` +
			quoted(c.says) + `) || document.getElementById('status').textContent.includes(` +
			quoted(c.says) + `)`)
	}
	// A link, or a picture of another page, is no file.
	w.drag(&input.DragData{Items: []*input.DragDataItem{{MimeType: "text/uri-list",
		Data: "https://example.org/"}}, DragOperationsMask: 1})
	w.saysOfOwn("Only files of this device can be dropped here")
	w.fill("textbox", "Seed", "5")
	w.press(kb.Enter)
	w.wait(`location.hash.startsWith('#m=digits-small&c=7&s=5&') && ` + hashed)
}

// On the Chinese page everything is said in Chinese, with the names of the page's fields; what the
// page has no words for is quoted as English.
func TestOwnModelsInChinese(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("?lang=zh#m=digits-small&c=7&steps=2")
	w.waitState("done")
	root := onDisk(t, map[string][]byte{"flow.safetensors": fixture.File(t, flowFamily),
		"model.h5":            []byte("\x89HDF\r\n\x1a\n" + strings.Repeat("\x00", 64)),
		"damaged.safetensors": []byte(damagedWeights)})
	w.dropPaths(filepath.Join(root, "model.h5"))
	w.saysOfOwn("model.h5 是由 Keras 保存的 HDF5 文件。")
	if got := eval[string](w, byID("own-detail")+`.textContent`); got != "" {
		t.Errorf("what has been said is said in English, too: %q", got)
	}
	w.dropPaths(filepath.Join(root, "damaged.safetensors"))
	w.saysOfOwn("damaged.safetensors 已损坏或不完整。")
	if got := eval[string](w, byID("own-detail")+`.lang + ': ' + `+
		byID("own-detail")+`.textContent`); !strings.HasPrefix(got, "en: damaged.safetensors: ") {
		t.Errorf("the diagnosis is %q", got)
	}
	w.dropPaths(filepath.Join(root, "flow.safetensors"))
	w.saysOfOwn("文件没有说明图片的大小。请给出边长，须是 2 的倍数。")
	for _, c := range [][3]string{
		{"size", "15", "网络不能画 15×15 的图片：高和宽须是 2 的倍数。"},
		{"size", "-3", "“图片的边长”一栏的值不可用。"},
		{"classes", "猫,狗", "给出了 2 个类别名称，而网络没有类别。"},
	} {
		w.writes("own-set-size", "16")
		w.writes("own-set-"+c[0], c[1])
		w.click("button", "重试")
		w.saysOfOwn(c[2])
	}
	words := eval[string](w, `[document.getElementById('own-said'), ...document.querySelectorAll(
		'#own-retry label, #own-retry button')].map((e) => e.textContent).join(' ')`)
	if strings.Contains(words, " -") || strings.Contains(words, "want ") {
		t.Errorf("the page says %q", words)
	}
	w.shoot("chinese")
	w.writes("own-set-classes", "")
	w.click("button", "重试")
	w.saysOfOwn("已加载并开始作画")
	report := eval[string](w, `document.getElementById('own-report').textContent`)
	for _, want := range []string{"OpenAI 的 U-Net（improved-diffusion、guided-diffusion）",
		"噪声（epsilon）", "flow.safetensors：设网络预测噪声（epsilon），噪声表为线性（linear）"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%s", want, report)
		}
	}
	if eval[bool](w, `document.querySelector('#own-report [lang], #own-line[lang]') !== null`) {
		t.Error("a part of the report is said to be in another language")
	}
}

// A link may bring a model from another host. Nothing is loaded before a person says so; then it
// draws, and the link of that reproduces the pixels.
func TestModelOfAnAddress(t *testing.T) {
	t.Parallel()
	file := pageFile(t, "weights/digits-small.safetensors")
	var asked atomic.Int32
	var down atomic.Bool
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			asked.Add(1)
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if down.Load() {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		switch r.URL.Path {
		case "/models/mine.safetensors":
			http.ServeContent(w, r, "mine.safetensors", time.Time{}, bytes.NewReader(file))
		case "/cut.safetensors", "/none-of-it.safetensors":
			w.Header().Set("Content-Length", strconv.Itoa(len(file)))
			if r.Method == http.MethodHead {
				return
			}
			if r.URL.Path == "/cut.safetensors" {
				_, _ = w.Write(file[:len(file)/2])
				_ = http.NewResponseController(w).Flush()
			}
			panic(http.ErrAbortHandler)
		case "/page.safetensors":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<!doctype html><title>Sign in</title>")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(host.Close)
	want := native(t, "m=digits-small&c=7&s=3&steps=2")

	s := newSite(t)
	w := newTab(t, s)
	w.host = host.URL
	w.open("#model=" + host.URL + "/models/mine.safetensors&c=7&s=3&steps=2")
	w.saysOfOwn("This link brings a model, mine.safetensors, from ")
	w.wait(byID("own-line") + `.textContent.includes('Size: 0.8 MB')`)
	if n := asked.Load(); n != 0 {
		t.Errorf("the file was asked for %d times before anybody said so", n)
	}
	w.shoot("question")
	w.click("button", "Load")
	w.wait(`location.hash.startsWith('#model=') && ` + hashed)
	fragment := w.address()
	if !strings.Contains(fragment, "/models/mine.safetensors&m=mine&c=7&s=3&steps=2&") ||
		!strings.HasSuffix(fragment, "h="+want.done.Hash[:16]) {
		t.Errorf("the address is %s, natively the pixels are %s", fragment, want.done.Hash[:16])
	}

	again := newTab(t, s)
	again.host = host.URL
	again.open(fragment)
	again.saysOfOwn("This link brings a model")
	again.click("button", "Load")
	again.wait(byID("status") + `.textContent.includes('identical')`)
	for _, c := range []struct{ address, says string }{
		{"/none.safetensors", "answered 404"},
		{"/page.safetensors", "At this address is a web page, not a file."},
		{"/cut.safetensors", "The download of cut.safetensors from "},
		{"/none-of-it.safetensors", "ended early: 0.0 MB of 0.8 MB have come."},
	} {
		eval[any](again, `location.hash = '#model=`+host.URL+c.address+`'`)
		again.saysOfOwn("This link brings a model")
		again.click("button", "Load")
		again.saysOfOwn(c.says)
	}
	again.forgive("none.safetensors", "cut.safetensors", "none-of-it.safetensors")
	eval[any](again, `location.hash = '#model=ftp://example.org/x.safetensors'`)
	again.saysOfOwn("This is no address of a file")

	// A link that fails keeps its address, and can be tried again.
	down.Store(true)
	third := newTab(t, s)
	third.host = host.URL
	third.open(fragment)
	third.saysOfOwn("This link brings a model")
	third.click("button", "Load")
	third.saysOfOwn("answered 503")
	third.forgive("mine.safetensors")
	if got := third.address(); got != fragment {
		t.Errorf("after a failure the address is %s, and was %s", got, fragment)
	}
	down.Store(false)
	third.click("button", "Try again")
	third.saysOfOwn("This link brings a model")
	third.click("button", "Load")
	third.wait(byID("status") + `.textContent.includes('identical')`)
}
