package main

import (
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"

	"tweedie/wasm/view"
)

func main() {
	g := newGame()
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
	set := func(name string, f func(args []js.Value) any) {
		api.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) }))
	}
	set("sides", func(args []js.Value) any {
		g.sides(args[0].Int(), args[1].Bool(), args[2].Int(), args[3].Int())
		return nil
	})
	set("begin", func(args []js.Value) any {
		number := func(key string) int { return args[1].Get(key).Int() }
		return sentence(g.begin(side(args[0]), view.Run{
			Steps: number("steps"), Images: number("images"),
			Channels: number("channels"), Height: number("height"), Width: number("width"),
			Columns: number("columns"),
		}))
	})
	set("frame", func(args []js.Value) any {
		f := &g.frame
		for i, plane := range []*[]byte{&f.Xt, &f.X0, &f.Epsilon, &f.Change} {
			*plane = copied(*plane, args[3+i])
		}
		g.changed = true
		if g.taken++; g.taken == collectAfter {
			g.collect()
		}
		return sentence(g.states[side(args[0])].Add(args[1].Int(), args[2].Int(), g.frame))
	})
	set("hold", func(args []js.Value) any {
		g.states[side(args[0])].Hold(args[1].Int())
		return nil
	})
	set("views", func(args []js.Value) any {
		g.views = g.views[:0]
		for _, arg := range args {
			if v := view.View(arg.Int()); v >= 0 && v < view.Views {
				g.views = append(g.views, v)
			}
		}
		g.arrange()
		return nil
	})
	set("show", func(args []js.Value) any {
		g.changed = true
		return g.states[side(args[0])].Show(args[1].Int())
	})
	set("fade", func(args []js.Value) any {
		g.changed = true
		g.states[side(args[0])].Fade(args[1].Int(), args[2].Int())
		return nil
	})
	set("look", func(args []js.Value) any {
		g.camera = view.Camera{Scale: args[0].Float(), X: args[1].Float(), Y: args[2].Float()}
		g.smooth = args[3].Bool()
		g.changed = true
		return nil
	})
	set("colours", func(args []js.Value) any {
		g.colours = colours{stage: colour(args[0].Int()), empty: colour(args[1].Int()),
			mark: colour(args[2].Int())}
		g.changed = true
		return nil
	})
	set("drawn", func(args []js.Value) any {
		g.waiting = append(g.waiting, args[0])
		g.changed = true
		return nil
	})
	js.Global().Set("viewer", api)
}

// side is the number of a run among those that are compared.
func side(v js.Value) int { return min(max(v.Int(), 0), most-1) }

// sentence returns what an error says, and an empty text for no error.
func sentence(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// copied returns the content of a Uint8Array, in dst's memory if that is
// enough. The array belongs to the page, which is another window, so it is not
// an instance of this window's Uint8Array, which js.CopyBytesToGo requires: it
// is read through a new view. Any other value counts as an empty array, which
// the state refuses in words.
func copied(dst []byte, from js.Value) []byte {
	if from.Type() != js.TypeObject {
		return nil
	}
	n := from.Get("length").Int()
	if cap(dst) < n {
		dst = make([]byte, n)
	}
	dst = dst[:n]
	view := js.Global().Get("Uint8Array").New(from.Get("buffer"), from.Get("byteOffset"), n)
	js.CopyBytesToGo(dst, view)
	return dst
}
