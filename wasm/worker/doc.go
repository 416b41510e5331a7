// Worker is the sampler of the page, a program for a Web Worker.
//
// web/engine/worker.js starts it and leaves it the global object `tweedie`: the
// program posts its messages with tweedie.send and leaves tweedie.receive for
// the page's. It exports `advance`, which does one unit of work and returns
// whether there is more; worker.js calls it and lets the page's messages in
// between calls. What the messages mean is wasm/protocol's business, this
// program translates between them and JavaScript's objects, with code that package
// wire writes.
//
// It never imports Ebitengine, nor what would make it a multiple of its size
// (fmt, encoding/json, …); a test goes through its dependencies.
package main
