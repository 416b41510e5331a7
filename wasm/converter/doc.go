// Converter is the program of the page that turns a checkpoint into a weights file: what
// tools/convert does on the command line, for the files that a person drops on the page.
//
// web/own/worker.js starts it in a Web Worker and leaves it the global object `tweedie` with two
// functions: read(i) returns the bytes of the i-th file, and send(message, transfer) posts a
// message to the page. The program leaves tweedie.convert(paths, sizes, options). Files are read
// when they are needed, so that a folder of a training run costs no more memory than its weights.
//
// Messages are the structs of message.go; what sends them and their declarations for the page's
// scripts are generated from them, see wasm/wire.
package main
