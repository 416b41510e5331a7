package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/wasm/protocol"
)

var update = flag.Bool("update", false, "write what the page's scripts are held to")

// listener hears of a run's steps.
type listener func(protocol.Step)

func (l listener) Send(m protocol.Message) {
	if step, ok := m.(protocol.Step); ok {
		l(step)
	}
}

// What web/run/first.js makes of a recording is what the sampler sent: Go writes
// a small one, with the hash of every picture in it.
func TestGoldenRecording(t *testing.T) {
	const recipe = "m=digits-small&c=7&n=2&steps=4"
	weights := filepath.Join("..", "..", "..", "weights", "digits-small.safetensors")
	var packed bytes.Buffer
	if err := record(&packed, weights, recipe); err != nil {
		t.Fatal(err)
	}
	// Unpacked, since Go's compressor may change with Go.
	unpacked, err := gzip.NewReader(&packed)
	if err != nil {
		t.Fatal(err)
	}
	golden := struct {
		Recording []byte
		Xt, X0    []string // of each step, and there of each picture
	}{}
	if golden.Recording, err = io.ReadAll(unpacked); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	session := protocol.NewSession(listener(func(m protocol.Step) {
		golden.Xt = append(golden.Xt, picture.Hash(m.Xt))
		golden.X0 = append(golden.X0, picture.Hash(m.X0))
	}), protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: "digits-small", Bytes: data})
	session.Receive(protocol.Run{ID: 1, Recipe: recipe})
	for session.Advance() {
	}
	text, err := json.MarshalIndent(golden, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("..", "..", "..", "web", "run", "testdata", "first.json")
	if *update {
		err = os.WriteFile(file, append(text, '\n'), 0o666)
	}
	held, failed := os.ReadFile(file)
	if err != nil || failed != nil || !bytes.Equal(held, append(text, '\n')) {
		t.Errorf("%s is not what this program writes; go test ./tools/pack/first -update writes "+
			"it (%v, %v)", file, err, failed)
	}
}
