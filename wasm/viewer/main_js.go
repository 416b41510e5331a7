package main

import (
	"image"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"

	"tweedie/wasm/plane"
)

func main() {
	g := &game{}
	g.export()
	// The screen keeps what Draw does not touch, and after a few frames without
	// drawing Ebitengine stops presenting until the next one.
	ebiten.SetScreenClearedEveryFrame(false)
	ebiten.SetRunnableOnUnfocused(true)
	err := ebiten.RunGameWithOptions(g, &ebiten.RunGameOptions{InitUnfocused: true})
	js.Global().Call("viewerEnded", sentence(err))
	// Ebitengine leaves timers and frame callbacks behind, which would throw in
	// the page if this program ended.
	select {}
}

// export leaves the functions of the viewer in a global object.
func (g *game) export() {
	api := js.Global().Get("Object").New()
	var numbers, pixels []byte
	shown := &pictures{}
	api.Set("draw", js.FuncOf(func(_ js.Value, args []js.Value) any {
		size := image.Pt(args[1].Int(), args[2].Int())
		numbers, pixels = copied(numbers, args[3]), copied(pixels, args[4])
		return sentence(g.take(shown, shown.take(args[0].Int(), size, numbers, pixels)))
	}))
	var ints, floats []byte
	lab := &plane.Stage{}
	api.Set("plane", js.FuncOf(func(_ js.Value, args []js.Value) any {
		ints, floats = copied(ints, args[0]), copied(floats, args[1])
		return sentence(g.take(lab, lab.Take(ints, floats)))
	}))
	api.Set("drawn", js.FuncOf(func(_ js.Value, args []js.Value) any {
		g.waiting = append(g.waiting, args[0])
		g.changed = true
		return nil
	}))
	js.Global().Set("viewer", api)
}

// sentence returns what an error says, and an empty text for no error.
func sentence(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// copied returns the bytes of a typed array, in dst's memory if that is enough.
// The array belongs to the page, which is another window, so it is not an
// instance of this window's Uint8Array, which js.CopyBytesToGo requires: it is
// read through a new view.
func copied(dst []byte, from js.Value) []byte {
	n := from.Get("byteLength").Int()
	if cap(dst) < n {
		dst = make([]byte, n)
	}
	dst = dst[:n]
	view := js.Global().Get("Uint8Array").New(from.Get("buffer"), from.Get("byteOffset"), n)
	js.CopyBytesToGo(dst, view)
	return dst
}
