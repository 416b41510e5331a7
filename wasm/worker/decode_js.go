package main

import (
	"math"
	"syscall/js"
)

// The readers of a field. What is missing or of another type is zero.

// text returns a string.
func text(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// number returns a whole number that JavaScript counts exactly.
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

// truth reports whether JavaScript takes a value for true.
func truth(v js.Value) bool { return v.Truthy() }

// texts returns the strings of an array.
func texts(v js.Value) []string {
	if !v.InstanceOf(js.Global().Get("Array")) {
		return nil
	}
	list := make([]string, v.Length())
	for i := range list {
		list[i] = text(v.Index(i))
	}
	return list
}

// dict returns the strings of an object by their keys.
func dict(v js.Value) map[string]string {
	if v.Type() != js.TypeObject {
		return nil
	}
	values := map[string]string{}
	for _, key := range texts(js.Global().Get("Object").Call("keys", v)) {
		values[key] = text(v.Get(key))
	}
	return values
}

// content copies a Uint8Array. This is the only copy that the program makes of a
// weights file.
func content(v js.Value) []byte {
	if !v.InstanceOf(js.Global().Get("Uint8Array")) {
		return nil
	}
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}
