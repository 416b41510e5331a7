//go:build !js

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tweedie/tools/pack/program"
)

// patience bounds a whole conversation. It is long, since a machine under load
// compiles slowly; nothing waits for it to pass.
const patience = 2 * time.Minute

// message is a message of the worker.
type message map[string]any

// is reports whether m is of a type and for a request.
func (m message) is(kind string, id int) bool {
	return m["type"] == kind && (id == 0 && m["id"] == nil || m["id"] == float64(id))
}

// options say what the host does, as testdata/host.cjs reads them.
type options struct {
	Dir    string            `json:"dir"`
	Name   string            `json:"name,omitempty"`
	Scalar bool              `json:"scalar,omitempty"`
	Status map[string]int    `json:"status,omitempty"`
	Types  map[string]string `json:"type,omitempty"`
}

// host is web/engine/worker.js running under Node.
type host struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

// builtDir is what built has made, for TestMain to remove.
var builtDir string

// built is the folder with everything that a worker consists of, made once.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tweedie-worker-")
	if err != nil {
		return "", err
	}
	builtDir = dir
	for _, p := range []program.Program{program.Worker, program.ScalarWorker} {
		data, err := p.Build(".")
		if err != nil {
			return dir, err
		}
		if err := os.WriteFile(filepath.Join(dir, path.Base(p.Path)), data, 0o666); err != nil {
			return dir, err
		}
	}
	loader, err := program.Loader(".")
	if err != nil {
		return dir, err
	}
	script, err := os.ReadFile(filepath.Join("..", "..", "web", "engine", "worker.js"))
	if err != nil {
		return dir, err
	}
	return dir, errors.Join(
		os.WriteFile(filepath.Join(dir, "wasm_exec.js"), loader, 0o666),
		os.WriteFile(filepath.Join(dir, "worker.js"), script, 0o666))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if builtDir != "" {
		os.RemoveAll(builtDir)
	}
	os.Exit(code)
}

// start runs the worker under Node until the test ends.
func start(t *testing.T, o options) *host {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed, so the worker cannot be run outside a browser")
	}
	if o.Dir == "" {
		if o.Dir, err = built(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	command := exec.CommandContext(ctx, node, filepath.Join("testdata", "host.cjs"), string(text))
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if _, err := io.Copy(io.Discard, out); err != nil {
			t.Error(err)
		}
		if err := command.Wait(); err != nil && !t.Failed() {
			t.Errorf("the host ended with %v", err)
		}
		cancel()
	})
	return &host{t, in, bufio.NewReader(out)}
}

// send posts messages of the page, given as JSON.
func (h *host) send(messages ...string) {
	h.t.Helper()
	for _, m := range messages {
		if _, err := io.WriteString(h.in, m+"\n"); err != nil {
			h.t.Fatal(err)
		}
	}
}

// next returns the worker's next message.
func (h *host) next() message {
	h.t.Helper()
	line, err := h.out.ReadBytes('\n')
	if err != nil {
		h.t.Fatalf("the worker says nothing more: %v", err)
	}
	var m message
	if err := json.Unmarshal(line, &m); err != nil {
		h.t.Fatalf("%q: %v", line, err)
	}
	if m["type"] == "preparing" { // which a slow machine says more often
		return h.next()
	}
	return m
}

// until returns the messages up to the first of a type and id, that included.
// A failure that is not asked for ends the test.
func (h *host) until(kind string, id int) []message {
	h.t.Helper()
	var all []message
	for {
		m := h.next()
		all = append(all, m)
		if m.is(kind, id) {
			return all
		}
		if m["type"] == "failed" {
			h.t.Fatalf("wanted %s of %d, got %v", kind, id, m)
		}
	}
}
