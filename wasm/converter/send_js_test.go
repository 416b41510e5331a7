package main

import (
	"syscall/js"
	"testing"

	"tweedie/wasm/post"
)

// TestSend: messages reach the page as plain objects, and the weights file in a buffer that is
// transferred.
func TestSend(t *testing.T) {
	bridge := js.Global().Get("Object").New()
	var sent []js.Value
	keep := js.FuncOf(func(_ js.Value, args []js.Value) any {
		sent = append(sent, args...)
		return nil
	})
	defer keep.Release()
	bridge.Set("send", keep)
	out := post.New(bridge)
	send(out, Said{Line{"read x.pt", "read", map[string]any{"n": 2}, "x.pt"}})
	send(out, Refused{Message: "no", ID: "side", Values: map[string]any{"side": 3},
		Needs: []string{"size"}})
	send(out, Converted{Name: "x", Bytes: []byte{1, 2, 255}, Facts: Facts{Title: "X", Width: 8,
		Classes: []string{"a", "b"}}})
	if len(sent) != 6 {
		t.Fatalf("%d values were sent, want three messages with their buffers", len(sent))
	}
	text := func(v js.Value) string { return js.Global().Get("JSON").Call("stringify", v).String() }
	for i, want := range []string{
		`{"type":"said","line":{"text":"read x.pt","id":"read","values":{"n":2},` +
			`"file":"x.pt"}}`, `[]`,
		`{"type":"refused","message":"no","id":"side","values":{"side":3},"family":"",` +
			`"needs":["size"],"asks":[]}`,
		`[]`,
		`{"type":"converted","name":"x","bytes":{"0":1,"1":2,"2":255},"facts":{"title":"X",` +
			`"network":{"text":"","id":"","values":{},"file":""},` +
			`"parameters":0,"stored":[],"bytes":0,"sha256":"","width":8,"height":0,` +
			`"channels":0,"classes":["a","b"],"prediction":"","timesteps":0,"multiplyAdds":0,` +
			`"milliseconds":0,"memory":0,"licence":"","data":"","provenance":""},"said":[],` +
			`"asks":[]}`,
		`[{}]`,
	} {
		if got := text(sent[i]); got != want {
			t.Errorf("value %d is %s, want %s", i, got, want)
		}
	}
	if !sent[5].Index(0).Equal(sent[4].Get("bytes").Get("buffer")) {
		t.Error("the buffer of the file is not the one that is transferred")
	}
}
