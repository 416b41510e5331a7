package main

import (
	"runtime"
	"syscall/js"

	"tweedie/wasm/protocol"
)

// collectAfter is how many pictures are posted between two collections: what Go
// refers to of JavaScript's stays until then, and left to itself Go would first
// let the heap double.
const collectAfter = 512

// poster sends messages to the page as plain objects.
type poster struct {
	send, object, array, uint8Array js.Value
	pictures                        int // that were posted
}

// newPoster returns a poster that hands messages to bridge.send.
func newPoster(bridge js.Value) *poster {
	global := js.Global()
	return &poster{
		send:       bridge.Get("send"),
		object:     global.Get("Object"),
		array:      global.Get("Array"),
		uint8Array: global.Get("Uint8Array"),
	}
}

// Send posts one message. Pictures are copied once, into buffers that are
// transferred and so belong to the page afterwards.
func (p *poster) Send(m protocol.Message) {
	o, transfer := p.object.New(), p.array.New()
	p.fill(o, transfer, m)
	p.send.Invoke(o, transfer)
	if _, ok := m.(protocol.Step); ok {
		if p.pictures++; p.pictures%collectAfter == 0 {
			runtime.GC()
		}
	}
}

// texts makes an array of texts.
func (p *poster) texts(list []string) js.Value {
	a := p.array.New()
	for _, text := range list {
		a.Call("push", text)
	}
	return a
}

// pixels copies b into a Uint8Array whose buffer is to be transferred.
func (p *poster) pixels(transfer js.Value, b []byte) js.Value {
	a := p.uint8Array.New(len(b))
	js.CopyBytesToJS(a, b)
	transfer.Call("push", a.Get("buffer"))
	return a
}
