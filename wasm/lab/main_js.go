package main

import (
	"syscall/js"

	"tweedie/wasm/post"
)

// session answers the page.
var session *Session

// sender sends the session's messages to the page.
type sender struct{ out *post.Poster }

func (s sender) Send(m Message) { send(s.out, m) }

func main() {
	bridge := js.Global().Get("tweedie")
	out := sender{post.New(bridge)}
	performance := js.Global().Get("performance")
	now := func() float64 { return performance.Call("now").Float() }
	session = NewSession(out, now)
	bridge.Set("receive", js.FuncOf(func(_ js.Value, args []js.Value) any {
		session.Receive(decode(args[0]))
		return nil
	}))
	out.Send(Ready{})
	select {}
}

// advance does one unit of the session's work and returns whether there is more. It returns without
// waiting for anything, as an exported function must.
//
//lint:ignore U1000 worker.js calls it
//go:wasmexport advance
func advance() bool { return session.Advance() }
