//go:build !js

package main

import "os"

// main says why there is nothing to run here: the files that make the worker
// are compiled for browsers alone.
func main() {
	os.Stderr.WriteString("worker: this program runs in a Web Worker; build it with GOOS=js " +
		"GOARCH=wasm\n")
	os.Exit(1)
}
