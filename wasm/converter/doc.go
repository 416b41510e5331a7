// Converter is the program of the page that turns a checkpoint into a weights file: what
// tools/convert does on the command line, for the files that a person drops on the page.
//
// web/own/worker.js starts it in a Web Worker and leaves it the global object `tweedie` with two
// functions: read(i) returns the bytes of the i-th file, and send(message) posts a message to the
// page. The program leaves tweedie.convert(paths, sizes, options). Files are read when they are
// needed, so that a folder of a training run costs no more memory than its weights.
//
// Messages are the structs of message.go. A test holds the declarations of web/types.d.ts to them.
package main
