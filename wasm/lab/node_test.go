//go:build !js

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"
	"time"

	"tweedie/internal/fixture"
	"tweedie/tools/pack/program"
)

// patience bounds a conversation; nothing waits for it to pass.
const patience = 2 * time.Minute

// workers makes the folder with both builds of the worker.
func workers(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]func() ([]byte, error){
		"wasm_exec.js": func() ([]byte, error) { return program.Loader(".") },
		"worker.js": func() ([]byte, error) {
			return os.ReadFile(filepath.Join("..", "..", "web", "lab", "worker.js"))
		},
	}
	for _, p := range []program.Program{program.Lab, program.ScalarLab} {
		files[path.Base(p.Path)] = func() ([]byte, error) { return p.Build(".") }
	}
	for name, read := range files {
		data, err := read()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asked starts the worker under Node, sends it requests as JSON once it is ready, and returns the
// answer to each: the next message of a type, or a failure.
func asked(t *testing.T, dir string, scalar bool, kind string, requests []string) (
	all []map[string]any) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed, so the worker cannot be run outside a browser")
	}
	options, err := json.Marshal(map[string]any{"dir": dir, "scalar": scalar})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	host := exec.CommandContext(ctx, node, filepath.Join("..", "worker", "testdata", "host.cjs"),
		string(options))
	host.Stderr = os.Stderr
	in, err := host.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for len(all) < len(requests) {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatalf("the worker says nothing more: %v", err)
		}
		var m map[string]any
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		switch m["type"] {
		case kind, "failed":
			all = append(all, m)
		case "ready":
		default:
			continue
		}
		if len(all) < len(requests) { // one after the other, as each takes the place of the last
			if _, err := io.WriteString(in, requests[len(all)]+"\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	in.Close()
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Error(err)
	}
	if err := host.Wait(); err != nil {
		t.Error(err)
	}
	return all
}

// TestWorker: both builds come to the bits that recipes come to natively.
func TestWorker(t *testing.T) {
	dir := workers(t)
	golden := fixture.Lines(t, filepath.Join("..", "..", "sampler", "lab", "experiment", "testdata",
		"golden.txt"))
	var requests []string
	for i, l := range golden {
		request, err := json.Marshal(map[string]any{"type": "train", "id": i + 1, "recipe": l.Name})
		if err != nil {
			t.Fatal(err)
		}
		requests = append(requests, string(request))
	}
	for _, scalar := range []bool{false, true} {
		for i, m := range asked(t, dir, scalar, "done", requests) {
			hash, _ := m["hash"].(string)
			if len(hash) != 64 || hash[:16] != golden[i].Value {
				t.Errorf("scalar %v, %s: got %v, want %s", scalar, golden[i].Name, m,
					golden[i].Value)
			}
		}
	}
}

// TestWorkerSurvivesNonsense: messages that are none are answered, and the next one still works.
func TestWorkerSurvivesNonsense(t *testing.T) {
	all := asked(t, workers(t), false, "sampled", []string{`null`, `7`, `{"type":["train"],"id":2}`,
		`{"type":"train","id":1.5,"recipe":"d=moons"}`,
		`{"type":"sample","id":4,"recipe":"d=squares","points":1e300}`,
		`{"type":"sample","id":5,"recipe":"d=moons","points":3}`})
	for i, m := range all[:len(all)-1] {
		if m["type"] != "failed" || m["message"] == "" {
			t.Errorf("message %d: got %v, want a failure", i, m)
		}
	}
	if m := all[len(all)-1]; m["type"] != "sampled" || m["id"] != 5.0 {
		t.Errorf("got %v, want the points", m)
	}
}
