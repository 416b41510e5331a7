package browser

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// faults are what can come of a file in its place, by name.
func faults(mediaType string, body []byte) map[string]handler {
	flipped := bytes.Clone(body)
	flipped[len(flipped)/2] ^= 1
	return map[string]handler{
		"cut":     torn(mediaType, body),
		"stalled": halves(body, nil),
		"missing": missing,
		"busy": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"a page": content("text/html; charset=utf-8",
			[]byte("<!doctype html><title>Log in</title>")),
		"truncated": content(mediaType, body[:len(body)/2]),
		"flipped":   content(mediaType, flipped),
		"empty":     content(mediaType, nil),
		"refused":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
}

// Whatever comes in the place of a file is told in one sentence on the stage;
// trying again works once it is repaired.
func TestLoadFailures(t *testing.T) {
	t.Parallel()
	const damaged = "is damaged: it is not what was published"
	downloaded := map[string]string{
		"cut": "could not be downloaded", "refused": "could not be downloaded",
		"stalled": "has come for a while", "missing": "cannot be had: the server answered 404",
		"busy":      "cannot be had: the server answered 503",
		"a page":    "A web page came in place of",
		"truncated": damaged, "flipped": damaged, "empty": damaged,
	}
	const notStarted = "The sampler could not be started"
	script := map[string]string{
		"cut": notStarted, "refused": notStarted, "missing": notStarted, "busy": notStarted,
		"a page": notStarted, "stalled": "takes long to get ready",
	}
	for _, c := range []struct {
		file, mediaType string
		say             map[string]string
	}{
		{"weights/digits.safetensors", "application/octet-stream", downloaded},
		{"web/worker.wasm", "application/wasm", downloaded},
		{"web/engine/worker.js", "text/javascript", script},
		{"web/wasm_exec.js", "text/javascript", script},
	} {
		for fault, answer := range faults(c.mediaType, pageFile(t, c.file)) {
			if c.say[fault] == "" {
				continue
			}
			t.Run(c.file+" "+fault, func(t *testing.T) {
				s := newSite(t)
				s.replace("/"+c.file, answer)
				w := newTab(t, s)
				w.careless = true
				w.before(events)
				w.open("#m=digits&c=7&s=3&steps=2")
				if fault == "stalled" {
					eval[any](w, `import('/web/page/main.js').then(({limits}) =>
						(limits.quiet = 1))`)
				}
				w.wait(byID("trouble") + `.checkVisibility()`)
				if fault == "stalled" { // on a busy machine another file may seem to be so first
					w.wait(byID("trouble-text") + `.textContent.includes(` +
						quoted(c.say[fault]) + `)`)
					eval[any](w, `import('/web/page/main.js').then(({limits}) =>
						(limits.quiet = 60))`)
				}
				got := w.text("trouble-text")
				if !strings.Contains(got, c.say[fault]) || strings.Count(got, "\n") > 0 ||
					strings.Contains(got, "    at ") || strings.Count(got, "could not be") > 1 {
					t.Errorf("the stage says %q, want %q in it", got, c.say[fault])
				}
				if c.file[0] == 'w' && len(c.say) > 6 && !strings.Contains(got, c.file) {
					t.Errorf("the stage says %q, want the file in it", got)
				}
				if status := w.text("status"); fault != "stalled" && status != "" {
					t.Errorf("the line below says %q as well", status)
				}
				if heard := w.events(); fault != "stalled" && (len(heard) != 1 ||
					heard[0].Name != "error" || heard[0].Message == "") {
					t.Errorf("events: %+v", heard)
				}
				s.replace("/"+c.file, nil)
				w.click("button", "Try again")
				w.ended("m=digits&c=7&s=3&steps=2")
				if w.visible("trouble") {
					t.Error("the sentence stays after the second try")
				}
			})
		}
	}
}

// Of two files nothing comes, and then the one comes: what is said is the other's, until both have
// come.
func TestTwoFilesStall(t *testing.T) {
	t.Parallel()
	const script, weights = "web/wasm_exec.js", "weights/digits.safetensors"
	s := newSite(t)
	s.replace("/"+script, faults("text/javascript", pageFile(t, script))["stalled"])
	arrives := make(chan struct{})
	s.replace("/"+weights, halves(pageFile(t, weights), arrives))
	w := newTab(t, s)
	w.open("#m=digits&c=7&s=3&steps=2")
	eval[any](w, `import('/web/page/main.js').then(({limits}) => (limits.quiet = 1))`)
	eval[any](w, `window.said = [], setInterval(() => said.push(`+byID("trouble-text")+
		`.textContent), 20)`)
	for _, says := range []string{"has come for a while", "takes long to get ready"} {
		w.wait(`said.some((text) => text.includes(` + quoted(says) + `))`)
	}
	close(arrives)
	w.wait(byID("file-weights") + `.querySelector('progress')?.value === 1`)
	w.wait(byID("trouble-text") + `.textContent.includes("takes long to get ready")`)
	s.replace("/"+script, nil)
	w.click("button", "Try again")
	w.ended("m=digits&c=7&s=3&steps=2")
}

// A file that is broken in one cache or another comes whole from the host.
func TestDamagedInACache(t *testing.T) {
	t.Parallel()
	for file, mediaType := range map[string]string{
		"weights/digits.safetensors": "application/octet-stream",
		"web/worker.wasm":            "application/wasm",
	} {
		t.Run(file, func(t *testing.T) {
			s := newSite(t)
			body := pageFile(t, file)
			flipped := faults(mediaType, body)["flipped"]
			s.replace("/"+file, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Cache-Control") == "no-cache" {
					content(mediaType, body)(w, r)
					return
				}
				flipped(w, r)
			})
			w := newTab(t, s)
			w.open("#m=digits&c=7&s=3&steps=2")
			w.ended("m=digits&c=7&s=3&steps=2")
		})
	}
}

// A worker's script that is no sampler is told; a list of models that cannot be
// had keeps nobody from the model that is asked for.
func TestWorkersAndLists(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no script": "<html>", "throws": "throw new Error('no');",
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.replace("/web/engine/worker.js", content("text/javascript; charset=x", []byte(body)))
			w := newTab(t, s)
			w.open("#m=digits&steps=2")
			w.waitState("failed")
			w.says("trouble-text", "The sampler could not be started")
			s.replace("/web/engine/worker.js", nil)
			w.click("button", "Try again")
			w.waitState("done")
		})
	}
	// What else is not there does not keep the page.
	for fault, answer := range faults("application/json", pageFile(t, "web/models.json")) {
		t.Run("list "+fault, func(t *testing.T) {
			s := newSite(t)
			s.replace("/web/models.json", answer)
			w := newTab(t, s)
			w.careless = true
			w.open("#m=digits&c=7&s=3&steps=2")
			w.ended("m=digits&c=7&s=3&steps=2")
			s.replace("/web/models.json", nil)
			eval[any](w, `import('/web/page/main.js').then(({limits}) => (limits.quiet = 1))`)
			// To look for other models has the list fetched again.
			w.wait(`(` + byID("models") + `.click(),
				document.querySelectorAll('#models-list li').length > 3)`)
			w.follow("#m=glyphs&c=A&steps=1")
			w.ended("m=glyphs&c=A&steps=1")
		})
	}
}

// A host that does not know .wasm costs nothing.
func TestProgramOfTheWrongType(t *testing.T) {
	t.Parallel()
	program := pageFile(t, "web/worker.wasm")
	s := newSite(t)
	s.replace("/web/worker.wasm", content("text/plain", program))
	w := newTab(t, s)
	w.open("#m=digits&steps=2")
	w.waitState("done")
}

// While files arrive the page says how much of each has come: both stay at their
// half until the test lets the rest go.
func TestProgress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	w := newTab(t, s)
	lines := map[string]string{"file-weights": "weights/digits.safetensors",
		"file-sampler": "web/worker.wasm"}
	for _, file := range lines {
		s.replace("/"+file, halves(pageFile(t, file), more))
	}
	w.open("#m=digits&steps=2")
	for line, file := range lines {
		size := len(pageFile(t, file))
		w.waitText(line, fmt.Sprintf("%.1f MB of %.1f MB", float64(size/2)/1e6, float64(size)/1e6))
		got := eval[float64](w, byID(line)+`.querySelector('progress').position`)
		if got < 0.49 || got > 0.51 {
			t.Errorf("half of %s is shown as %v", file, got)
		}
	}
	w.shoot("-half")
	close(more)
	w.waitState("done")
}

// A worker that does not answer a cancel is replaced by another.
func TestCancelsAHangingWorker(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.replace("/web/engine/worker.js",
		content("text/javascript", []byte(call("fake-worker.js", true))))
	w := newTab(t, s)
	w.before(events)
	w.open("#m=digits")
	w.wait(`heard.at(-1)?.step === 2`)
	s.replace("/web/engine/worker.js", nil)
	w.cancel()
	w.waitState("cancelled")
	w.says("status", "started again")
	w.fill("spinbutton", "Steps", "3")
	w.draw()
	w.waitState("done")
	if heard := w.events(); heard[len(heard)-1].SHA256 != native(t,
		"m=digits&steps=3&g=1").done.Hash {
		t.Errorf("the new worker's run ended as %+v", heard[len(heard)-1])
	}
}

// A sampler that dies while it noises a picture ends that, and the next run has
// another.
func TestSamplerDiesWhileItNoises(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.beforeWorker(t, run("trap-forward.js"))
	w := newTab(t, s)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	eval[any](w, `document.getElementById('forward-own').click()`)
	w.waitState("failed")
	w.says("trouble-text", "trapped")
	w.click("button", "Try again")
	w.waitState("done")
}

// A worker that dies ends its run once, and the next run has a worker.
func TestWorkerDies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.replace("/web/engine/worker.js",
		content("text/javascript", []byte(call("fake-worker.js", false))))
	w := newTab(t, s)
	w.before(events)
	w.open("#m=digits")
	w.wait(`heard.at(-1)?.step === 2`)
	s.replace("/web/engine/worker.js", nil)
	w.click("button", "Pause")
	w.waitState("failed")
	w.says("trouble-text", "stopped unexpectedly")
	w.fill("spinbutton", "Steps", "3")
	w.click("button", "Try again")
	w.waitState("done")
}
