package browser

import (
	"fmt"
	"strings"
	"testing"
)

// What can be missing or broken is told in one sentence on the stage; trying
// again works once it is repaired.
func TestLoadFailures(t *testing.T) {
	t.Parallel()
	const notStarted = "The sampler could not be started"
	weights := pageFile(t, "weights/digits.safetensors")
	for _, c := range []struct {
		name      string
		path      string
		answer    handler
		say       string
		complains bool // whether the browser itself does, of the file
	}{
		{"weights missing", "/weights/digits.safetensors", missing,
			"weights/digits.safetensors is missing: the server answered 404", true},
		{"weights truncated", "/weights/digits.safetensors",
			content("application/octet-stream", weights[:len(weights)/2]),
			"cannot be loaded", false},
		{"weights a web page", "/weights/digits.safetensors",
			content("text/html", []byte("<!doctype html><title>Not found</title>")),
			"cannot be loaded", false},
		{"weights empty", "/weights/digits.safetensors",
			content("application/octet-stream", nil), "cannot be loaded", false},
		{"program missing", "/web/worker.wasm", missing,
			"web/worker.wasm is missing: the server answered 404", true},
		{"program broken", "/web/worker.wasm",
			content("application/wasm", []byte("\x00asm\x01\x00\x00\x00\xff")), "", false},
		{"worker missing", "/web/engine/worker.js", missing, notStarted, false},
		{"worker of the wrong type", "/web/engine/worker.js",
			content("text/plain; charset=x", []byte("<html>")), notStarted, false},
		{"worker throws", "/web/engine/worker.js",
			content("text/javascript", []byte("throw new Error('no');")), notStarted, false},
		{"Go's loader missing", "/web/wasm_exec.js", missing, notStarted, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			s.replace(c.path, c.answer)
			w := newTab(t, s)
			if c.complains {
				w.forgive(c.path)
			}
			w.before(events)
			w.open("#m=digits&c=7&s=3&steps=2")
			if c.say == "" {
				// Without the program with SIMD, the one without it does.
				w.waitState("done")
				return
			}
			w.waitState("failed")
			if got := w.text("trouble-text"); !strings.Contains(got, c.say) ||
				strings.Count(got, "\n") > 0 || strings.Contains(got, "    at ") {
				t.Errorf("the stage says %q, want %q in it", got, c.say)
			}
			if heard := w.events(); len(heard) != 1 || heard[0].Name != "error" ||
				heard[0].Message == "" {
				t.Errorf("events: %+v", heard)
			}
			s.replace(c.path, nil)
			w.click("button", "Try again")
			w.waitState("done")
			if w.visible("trouble") {
				t.Error("the sentence stays after the second try")
			}
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
	w.open("")
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
	w.open("")
	w.wait(`heard.at(-1)?.step === 2`)
	s.replace("/web/engine/worker.js", nil)
	w.click("button", "Pause")
	w.waitState("failed")
	w.says("trouble-text", "stopped unexpectedly")
	w.fill("spinbutton", "Steps", "3")
	w.click("button", "Try again")
	w.waitState("done")
}
