package post

import (
	"math"
	"syscall/js"
)

// The readers of a field of a request. What is missing or of another type is zero.

// ReadText returns a string.
func ReadText(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// ReadWhole returns a whole number that JavaScript counts exactly.
func ReadWhole(v js.Value) int {
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

// ReadNumber returns a finite number.
func ReadNumber(v js.Value) float64 {
	if v.Type() != js.TypeNumber || math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
		return 0
	}
	return v.Float()
}

// ReadTruth reports whether JavaScript takes a value for true.
func ReadTruth(v js.Value) bool { return v.Truthy() }

// ReadTexts returns the strings of an array.
func ReadTexts(v js.Value) []string {
	if !v.InstanceOf(js.Global().Get("Array")) {
		return nil
	}
	list := make([]string, v.Length())
	for i := range list {
		list[i] = ReadText(v.Index(i))
	}
	return list
}

// ReadDict returns the strings of an object by their keys.
func ReadDict(v js.Value) map[string]string {
	if v.Type() != js.TypeObject {
		return nil
	}
	values := map[string]string{}
	for _, key := range ReadTexts(js.Global().Get("Object").Call("keys", v)) {
		values[key] = ReadText(v.Get(key))
	}
	return values
}

// ReadBytes copies a Uint8Array.
func ReadBytes(v js.Value) []byte {
	if !v.InstanceOf(js.Global().Get("Uint8Array")) {
		return nil
	}
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}
