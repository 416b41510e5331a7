// Lab is the program of the page that trains models of the plane, in a Web Worker.
//
// web/lab/worker.js starts it and leaves it the global object `tweedie`: the program posts its
// messages with tweedie.send and leaves tweedie.receive for the page's. It exports `advance`, which
// does one unit of everything that goes on (training, a drawing, what was asked beside them) and
// returns whether there is more; worker.js calls it and lets the page's messages in between.
//
// Messages are the structs of request.go and message.go; package wire writes what translates them.
// Numbers go as little-endian float32 in transferred buffers. What is not a sampler's own business,
// what may be drawn while the network learns and how often, is decided here.
package main
