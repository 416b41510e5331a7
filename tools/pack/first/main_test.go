package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
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

// What web/run/recording.js makes of a recording is what the sampler sent, also in colour and of
// another sampler than the expected one: Go writes small ones, with the hash of every picture.
func TestGoldenRecordings(t *testing.T) {
	type golden struct {
		Recording []byte
		Xt, X0    []string // of each step, and there of each picture
	}
	var all []golden
	for _, recipe := range []string{
		"m=digits-small&c=7&n=2&steps=4", "m=faces-few&c=hat&k=ddpm&steps=3",
		"m=faces&s=4294967299&n=2&steps=4",
	} {
		name, _, _ := strings.Cut(strings.TrimPrefix(recipe, "m="), "&")
		weights := filepath.Join("..", "..", "..", "weights", name+".safetensors")
		var packed bytes.Buffer
		if err := record(&packed, weights, recipe); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(weights)
		if err != nil {
			t.Fatal(err)
		}
		g := golden{Recording: packed.Bytes()}
		session := protocol.NewSession(listener(func(m protocol.Step) {
			g.Xt = append(g.Xt, picture.Hash(m.Xt))
			g.X0 = append(g.X0, picture.Hash(m.X0))
		}), protocol.Open, func() float64 { return 0 })
		session.Receive(protocol.Load{Model: name, Bytes: protocol.Bytes(data)})
		session.Receive(protocol.Run{ID: 1, Recipe: recipe})
		for session.Advance() {
		}
		all = append(all, g)
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("..", "..", "..", "web", "run", "testdata", "recordings.json")
	if *update {
		err = os.WriteFile(file, append(text, '\n'), 0o666)
	}
	held, failed := os.ReadFile(file)
	if err != nil || failed != nil || !bytes.Equal(held, append(text, '\n')) {
		t.Errorf("%s is not what this program writes; go test ./tools/pack/first -update writes "+
			"it (%v, %v)", file, err, failed)
	}
}
