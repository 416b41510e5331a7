package main

import (
	"runtime"
	"syscall/js"

	"tweedie/wasm/post"
	"tweedie/wasm/protocol"
)

// session answers the page.
var session *protocol.Session

func main() {
	bridge := js.Global().Get("tweedie")
	out := &sender{out: post.New(bridge)}
	performance := js.Global().Get("performance")
	now := func() float64 { return performance.Call("now").Float() }
	session = protocol.NewSession(out, protocol.Open, now)
	bridge.Set("receive", js.FuncOf(func(_ js.Value, args []js.Value) any {
		request := decode(args[0])
		switch request.(type) {
		case protocol.Run, protocol.Forward:
			// Memory that WebAssembly has once is never given back, and left to
			// itself Go would let the runs before pile up to what a model takes.
			runtime.GC()
		}
		session.Receive(request)
		return nil
	}))
	out.Send(protocol.Ready{SIMD: vectors})
	select {}
}

// advance does one unit of the session's work and returns whether there is
// more. It returns without waiting for anything, as an exported function must.
//
//lint:ignore U1000 worker.js calls it
//go:wasmexport advance
func advance() bool { return session.Advance() }
