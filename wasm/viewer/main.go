//go:build !js

package main

import "os"

// main says why the viewer does not run here: its files are compiled for
// browsers only.
func main() {
	os.Stderr.WriteString("viewer: this program runs in a web page; build it with GOOS=js " +
		"GOARCH=wasm\n")
	os.Exit(1)
}
