// Command bench is the network's benchmark as a WebAssembly module, for Node
// and browsers: web/bench/bench.js drives it. Natively it only says so.
package main
