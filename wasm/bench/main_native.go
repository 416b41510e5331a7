//go:build !js

package main

func main() { println("bench runs in Node or a browser: make bench") }
