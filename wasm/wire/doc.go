// Package wire writes down the messages between the page and the programs that answer it:
// the sampler, the converter and the lab. Their one source are the structs of request.go and
// message.go in a program's package of messages. From these come
//   - the methods that tell requests and messages apart (wire.go beside them),
//   - the decoder and the encoder of the program (wire_js.go beside its main function),
//   - the declarations for the page's scripts (messages.d.ts),
//   - what worker.js knows of them where there are requests: which of them ask for an
//     end, and which messages are one. It knows without the Go program, whose death it
//     has to report.
//
// A struct is a message type, with its name in lower case. Its fields are strings,
// whole numbers, numbers, truth values, bytes, lists of texts, maps of values, structs,
// and lists of structs, which an alias may take from another package; their comments
// become the documentation of the declarations. A tag `wire:"name,option,…"` names a
// field that is not called as in Go, and has these options:
//   - omitempty: the field may be missing, which says that it is zero
//   - asks: it is the id of a request that ends exactly once
//   - ends: it is the id of a request that is over with this message
//   - record: the list is an object, whose keys are the first fields of its structs
//
// `go generate ./wasm/wire` writes the files; a test says if they are stale.
package wire

//go:generate go run ./gen
