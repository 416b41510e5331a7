// Package wire writes down what wasm/protocol declares: the messages between page and
// worker. Their one source are the structs of request.go and message.go. From these
// come
//   - the methods that tell requests and messages apart (wasm/protocol/wire.go),
//   - the decoder and the encoder of the worker (wasm/worker/wire_js.go),
//   - the declarations for the page's scripts (web/engine/messages.d.ts),
//   - what web/engine/worker.js knows of them: which requests ask for an end, and
//     which messages are one. It knows without the Go program, whose death it has to
//     report.
//
// A struct is a message type, with its name in lower case. Its fields are strings, whole
// numbers, numbers, truth values, pixels, lists of texts, and lists of structs, which an
// alias may take from another package; their comments become the documentation of the
// declarations. A tag `wire:"name,option,…"`
// names a field that is not called as in Go, and has these options:
//   - omitempty: the field may be missing, which says that it is zero
//   - asks: it is the id of a request that ends exactly once
//   - ends: it is the id of a request that is over with this message
//   - record: the list is an object, whose keys are the first fields of its structs
//
// `go generate ./wasm/protocol` writes the files; a test says if they are stale.
package wire
