package post

import "syscall/js"

// Poster makes the objects of messages and sends them.
type Poster struct{ send, object, array, uint8Array js.Value }

// New returns a poster that hands messages to bridge.send, with the buffers that are to
// be transferred.
func New(bridge js.Value) *Poster {
	global := js.Global()
	return &Poster{
		send:       bridge.Get("send"),
		object:     global.Get("Object"),
		array:      global.Get("Array"),
		uint8Array: global.Get("Uint8Array"),
	}
}

// Send posts a message. The buffers of transfer belong to the page afterwards.
func (p *Poster) Send(message, transfer js.Value) { p.send.Invoke(message, transfer) }

// Object returns a new object.
func (p *Poster) Object() js.Value { return p.object.New() }

// Array returns a new array.
func (p *Poster) Array() js.Value { return p.array.New() }

// Texts makes an array of texts.
func (p *Poster) Texts(list []string) js.Value {
	a := p.Array()
	for _, text := range list {
		a.Call("push", text)
	}
	return a
}

// Values makes an object of texts and numbers by their names.
func (p *Poster) Values(named map[string]any) js.Value { return js.ValueOf(named) }

// Bytes copies b into a Uint8Array whose buffer is to be transferred.
func (p *Poster) Bytes(transfer js.Value, b []byte) js.Value {
	a := p.uint8Array.New(len(b))
	js.CopyBytesToJS(a, b)
	transfer.Call("push", a.Get("buffer"))
	return a
}
