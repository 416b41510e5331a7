// Package post sends messages of a Go program to the page as plain objects of JavaScript, and
// reads those of the page. What wasm/wire generates for a program makes and reads the objects
// with it.
package post
