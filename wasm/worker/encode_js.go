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
	o := p.object.New()
	o.Set("type", m.Type())
	transfer := p.array.New()
	switch m := m.(type) {
	case protocol.Ready:
		o.Set("simd", m.SIMD)
	case protocol.Model:
		p.model(o, m)
	case protocol.Companion:
		o.Set("model", m.Model)
		o.Set("parameters", m.Parameters)
		o.Set("hash", m.Hash)
	case protocol.Recipe:
		o.Set("id", m.ID)
		o.Set("recipe", m.Recipe)
		fields := p.object.New()
		for _, f := range m.Fields {
			fields.Set(f.Key, f.Value)
		}
		o.Set("fields", fields)
	case protocol.Started:
		o.Set("id", m.ID)
		o.Set("recipe", m.Recipe)
		o.Set("steps", m.Steps)
		o.Set("images", m.Images)
		setShape(o, m.Channels, m.Height, m.Width)
		o.Set("columns", m.Columns)
		o.Set("shares", m.Shares)
		o.Set("again", m.Again)
	case protocol.Step:
		p.step(o, transfer, m)
	case protocol.Paused:
		o.Set("id", m.ID)
		o.Set("step", m.Step)
	case protocol.Done:
		o.Set("id", m.ID)
		o.Set("recipe", m.Recipe)
		o.Set("hash", m.Hash)
		o.Set("differs", m.Differs)
		o.Set("ms", m.Milliseconds)
	case protocol.Part:
		o.Set("id", m.ID)
		o.Set("ms", m.Milliseconds)
	case protocol.Measuring:
		o.Set("id", m.ID)
		o.Set("recipe", m.Recipe)
		o.Set("form", m.Form)
		o.Set("terms", m.Terms)
		o.Set("prior", m.Prior)
		o.Set("total", m.Total)
	case protocol.Term:
		setTerm(o, m)
	case protocol.Measured:
		o.Set("id", m.ID)
		o.Set("recipe", m.Recipe)
		o.Set("form", m.Form)
		o.Set("bits", m.Bits)
		o.Set("standardError", m.StandardError)
		o.Set("ms", m.Milliseconds)
	case protocol.Cancelled:
		o.Set("id", m.ID)
		o.Set("step", m.Step)
	case protocol.Failed:
		setUnlessZero(o, "id", m.ID)
		setUnlessZero(o, "model", m.Model)
		setUnlessZero(o, "key", m.Key)
		o.Set("message", m.Message)
		if m.Needs != nil {
			o.Set("needs", p.texts(m.Needs))
		}
	}
	p.send.Invoke(o, transfer)
	if m.Type() == "step" {
		if p.pictures++; p.pictures%collectAfter == 0 {
			runtime.GC()
		}
	}
}

// model sets the fields of a Model message.
func (p *poster) model(o js.Value, m protocol.Model) {
	o.Set("model", m.Model)
	o.Set("title", m.Title)
	o.Set("classes", p.texts(m.Classes))
	setShape(o, m.Channels, m.Height, m.Width)
	o.Set("timesteps", m.Timesteps)
	o.Set("parameters", m.Parameters)
	o.Set("pictures", m.Pictures)
	o.Set("hash", m.Hash)
	samplers := p.array.New()
	for _, s := range m.Samplers {
		sampler := p.object.New()
		sampler.Set("name", s.Name)
		sampler.Set("title", s.Title)
		sampler.Set("group", s.Group)
		sampler.Set("description", s.Description)
		samplers.Call("push", sampler)
	}
	o.Set("samplers", samplers)
	o.Set("defaults", m.Defaults)
}

// texts makes an array of texts.
func (p *poster) texts(list []string) js.Value {
	a := p.array.New()
	for _, text := range list {
		a.Call("push", text)
	}
	return a
}

// step sets the fields of a Step message.
func (p *poster) step(o, transfer js.Value, m protocol.Step) {
	o.Set("id", m.ID)
	o.Set("step", m.Step)
	o.Set("steps", m.Steps)
	o.Set("image", m.Image)
	o.Set("images", m.Images)
	o.Set("t", m.T)
	o.Set("ms", m.Milliseconds)
	o.Set("xt", p.pixels(transfer, m.Xt))
	o.Set("x0", p.pixels(transfer, m.X0))
	o.Set("epsilon", p.pixels(transfer, m.Epsilon))
	o.Set("change", p.pixels(transfer, m.Change))
	o.Set("largest", m.Largest)
	o.Set("alphaBar", m.AlphaBar)
}

// setTerm sets the fields of a Term message.
func setTerm(o js.Value, m protocol.Term) {
	o.Set("id", m.ID)
	o.Set("term", m.Term)
	o.Set("terms", m.Terms)
	o.Set("t", m.T)
	o.Set("bits", m.Bits)
	o.Set("variance", m.Variance)
	o.Set("x0MSE", m.X0MSE)
	o.Set("epsilonMSE", m.EpsilonMSE)
	o.Set("total", m.Total)
	o.Set("standardError", m.StandardError)
	o.Set("ms", m.Milliseconds)
}

// pixels copies b into a Uint8Array whose buffer is to be transferred.
func (p *poster) pixels(transfer js.Value, b []byte) js.Value {
	a := p.uint8Array.New(len(b))
	js.CopyBytesToJS(a, b)
	transfer.Call("push", a.Get("buffer"))
	return a
}

// setShape sets the fields that say how large a picture is.
func setShape(o js.Value, channels, height, width int) {
	o.Set("channels", channels)
	o.Set("height", height)
	o.Set("width", width)
}

// setUnlessZero leaves out a field that a message does not have.
func setUnlessZero[T int | string](o js.Value, key string, value T) {
	var zero T
	if value != zero {
		o.Set(key, value)
	}
}
