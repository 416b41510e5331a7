package main

import (
	"math"
	"syscall/js"

	"tweedie/wasm/protocol"
)

// decode reads a message of the page. What is missing or of another type stays
// zero, which the session reports in its own words.
func decode(v js.Value) protocol.Request {
	if v.Type() != js.TypeObject {
		return protocol.Request{}
	}
	return protocol.Request{
		Type:   text(v.Get("type")),
		ID:     number(v.Get("id")),
		Model:  text(v.Get("model")),
		Recipe: text(v.Get("recipe")),
		Bytes:  content(v.Get("bytes")),
		Hash:   text(v.Get("hash")),
		Beside: v.Get("beside").Truthy(),
		Share:  number(v.Get("share")),
		Of:     number(v.Get("of")),
		Until:  number(v.Get("until")),
		Keep:   number(v.Get("keep")),
		Stored: number(v.Get("stored")),
		From:   number(v.Get("from")),
		To:     number(v.Get("to")),
		Image:  content(v.Get("image")),
		Mask:   content(v.Get("mask")),
		Form:   text(v.Get("form")),
		Draws:  number(v.Get("draws")),
	}
}

// text returns a string, or nothing for any other value.
func text(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// number returns a whole number that JavaScript counts exactly, or 0 for any other
// value.
func number(v js.Value) int {
	const most = 1<<53 - 1
	if v.Type() != js.TypeNumber {
		return 0
	}
	f := v.Float()
	if f != math.Floor(f) || math.Abs(f) > most {
		return 0
	}
	return int(f)
}

// content copies an ArrayBuffer or Uint8Array, or returns nothing for any other
// value. This is the only copy that the program makes of a weights file.
func content(v js.Value) []byte {
	uint8Array := js.Global().Get("Uint8Array")
	switch {
	case v.InstanceOf(js.Global().Get("ArrayBuffer")):
		v = uint8Array.New(v)
	case !v.InstanceOf(uint8Array):
		return nil
	}
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}
