//go:build !js

package main

import "os"

// main says why there is nothing to run here.
func main() {
	os.Stderr.WriteString("lab: this program runs in a Web Worker; build it with GOOS=js " +
		"GOARCH=wasm, or use tools/lab\n")
	os.Exit(1)
}
