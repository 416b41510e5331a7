//go:build !js

package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/wasm/wire"
)

// askingTypes are the requests that end exactly once, and a field of each beside its
// id, as wasm/protocol declares them.
func askingTypes(t *testing.T) map[string]string {
	t.Helper()
	schema, err := wire.Read(filepath.Join("..", ".."), wire.Sampler)
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	for _, r := range schema.Requests {
		if !r.Asks() {
			continue
		}
		for _, f := range r.Fields {
			if f.Wire != "id" {
				types[r.Type] = f.Wire
			}
		}
	}
	if len(types) == 0 {
		t.Fatal("no request asks for an end")
	}
	return types
}

// expect checks the next messages, all of which say one sentence.
func (h *host) expect(sentence string, want ...string) {
	h.t.Helper()
	for _, w := range want {
		kind, number, _ := strings.Cut(w, " ")
		id, err := strconv.Atoi(number)
		if err != nil {
			h.t.Fatal(err)
		}
		if m := h.next(); !m.is(kind, id) || m["message"] != sentence {
			h.t.Fatalf("got %v, want %s that says %q", m, w, sentence)
		}
	}
}

const trapped = "The sampler stopped because of a fault (trapped). Try again, or reload the page."

// TestWorkerEndsEveryRequestWithAFault breaks the program from outside while it reads
// a request of each type that asks for an end: that one ends, and so does the next.
func TestWorkerEndsEveryRequestWithAFault(t *testing.T) {
	for kind, field := range askingTypes(t) {
		t.Run(kind, func(t *testing.T) {
			h := start(t, options{})
			h.until("ready", 0)
			h.send(fmt.Sprintf(`{"type":%q,"id":1,"trap":%q}`, kind, field),
				fmt.Sprintf(`{"type":%q,"id":2}`, kind))
			h.expect(trapped, "failed 1", "failed 0", "error 0", "failed 2")
		})
	}
}

// TestWorkerEndsEveryRequestWithoutAProgram asks before it is known that there is no
// program.
func TestWorkerEndsEveryRequestWithoutAProgram(t *testing.T) {
	h := start(t, options{Status: map[string]int{"worker.wasm": 404}})
	want := []string{"failed 0"}
	for kind := range askingTypes(t) {
		h.send(fmt.Sprintf(`{"type":%q,"id":%d}`, kind, len(want)))
		want = append(want, fmt.Sprint("failed ", len(want)))
	}
	h.expect("The sampler (worker.wasm) could not be loaded: the server answered 404.", want...)
}

// TestWorkerEndsEverythingWithAFault breaks the program from outside while work of
// each kind is under way and another request is read: each ends, and so do those that
// come after.
func TestWorkerEndsEverythingWithAFault(t *testing.T) {
	picture := base64.StdEncoding.EncodeToString(make([]byte, 32*32))
	for kind, step := range map[string]string{"run": "step", "forward": "step", "measure": "term"} {
		t.Run(kind, func(t *testing.T) {
			h := start(t, options{})
			begin := fmt.Sprintf(`{"type":%q,"id":1,"recipe":"m=digits&steps=999"`, kind)
			if kind != "run" {
				begin += `,"image":"` + picture + `"`
			}
			h.send(`{"type":"ahead","most":2}`, loadDigits(t), begin+"}")
			h.until(step, 1)
			h.send(`{"type":"describe","id":2,"trap":"recipe"}`,
				`{"type":"run","id":3,"recipe":"m=digits"}`, `{"type":"cancel","id":1}`)
			m := h.next()
			for m.is(step, 1) {
				m = h.next()
			}
			if !m.is("failed", 1) || m["message"] != trapped || m["gone"] != true {
				t.Fatalf("got %v, want the end of 1", m)
			}
			h.expect(trapped, "failed 2", "failed 0", "error 0", "failed 3")
		})
	}
}

// TestEstimateIsNotHeldUp: what the page has not taken of a run that is over does not
// hold up what comes after.
func TestEstimateIsNotHeldUp(t *testing.T) {
	h := start(t, options{})
	picture := base64.StdEncoding.EncodeToString(make([]byte, 32*32))
	h.send(`{"type":"ahead","most":2}`, loadDigits(t),
		`{"type":"run","id":1,"recipe":"m=digits&g=1&steps=9"}`)
	h.until("step", 1)
	h.until("step", 1)
	h.send(`{"type":"measure","id":2,"recipe":"m=digits&steps=1","image":"` + picture + `"}`)
	h.until("cancelled", 1)
	h.until("measured", 2)
}

func TestWorkerSaysWhyItCannotStart(t *testing.T) {
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	broken := t.TempDir()
	for _, name := range []string{"worker.js", "wasm_exec.js"} {
		text := fixture.File(t, filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(broken, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	module := []byte("\x00asm\x01\x00\x00\x00\xff")
	if err := os.WriteFile(filepath.Join(broken, "worker.wasm"), module, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		options options
		want    string // beginning of the sentence
	}{
		{"404", options{Status: map[string]int{"worker.wasm": 404}},
			"The sampler (worker.wasm) could not be loaded: the server answered 404."},
		{"scalar 404", options{Scalar: true, Status: map[string]int{"worker-scalar.wasm": 404}},
			"The sampler (worker-scalar.wasm) could not be loaded: the server answered 404."},
		{"no network", options{Status: map[string]int{"worker.wasm": 0}},
			"The sampler (worker.wasm) could not be loaded: fetch failed."},
		{"broken", options{Dir: broken},
			"The sampler (worker.wasm) could not be loaded: the browser cannot compile it ("},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, c.options)
			h.send(`{"type":"run","id":1,"recipe":"m=digits"}`)
			for _, id := range []int{0, 1} {
				m := h.next()
				sentence, _ := m["message"].(string)
				if !m.is("failed", id) || !strings.HasPrefix(sentence, c.want) {
					t.Errorf("got %v, want a failure of %d that begins %q", m, id, c.want)
				}
			}
		})
	}
}
