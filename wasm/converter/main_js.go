package main

import (
	"errors"
	"runtime/debug"
	"syscall/js"

	"tweedie/wasm/post"
)

func main() {
	// A checkpoint, its tensors and the result are most of the memory; left to itself Go would let
	// it double before it looks for what is not used any more.
	debug.SetGCPercent(25)
	bridge := js.Global().Get("tweedie")
	out := post.New(bridge)
	bridge.Set("convert", js.FuncOf(func(_ js.Value, args []js.Value) any {
		take(bridge, out, args[0], args[1], args[2])
		return nil
	}))
	select {}
}

// take converts the files of a message: paths and sizes, and options as pairs.
func take(bridge js.Value, out *post.Poster, paths, sizes, options js.Value) {
	read := func(i int) (b []byte, err error) {
		defer func() {
			if p := recover(); p != nil { // what JavaScript throws
				b, err = nil, errors.New("the browser does not give it")
			}
		}()
		content := bridge.Call("read", i)
		b = make([]byte, content.Length())
		js.CopyBytesToGo(b, content)
		return b, nil
	}
	names, lengths := make([]string, paths.Length()), make([]int, paths.Length())
	for i := range names {
		names[i], lengths[i] = paths.Index(i).String(), int(sizes.Index(i).Float())
	}
	var given [][2]string
	for i := range options.Length() {
		o := options.Index(i)
		given = append(given, [2]string{o.Index(0).String(), o.Index(1).String()})
	}
	files, err := newDropped(names, lengths, read)
	if err != nil {
		send(out, refused(err, nil))
		return
	}
	send(out, convert(files, given, func(l Line) { send(out, Said{l}) }))
}
