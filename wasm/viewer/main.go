//go:build !js

package main

import "os"

// main says why there is nothing to run here: the files that make the viewer
// are compiled for browsers alone.
func main() {
	os.Stderr.WriteString("viewer: this program runs in a web page; build it with GOOS=js " +
		"GOARCH=wasm\n")
	os.Exit(1)
}
