//go:build !js

package main

import "os"

// main says why the converter does not run here: it is a page that gives it files.
func main() {
	os.Stderr.WriteString("converter: this program runs in a web page; build it with GOOS=js " +
		"GOARCH=wasm, or use tools/convert\n")
	os.Exit(2)
}
