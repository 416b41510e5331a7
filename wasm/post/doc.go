// Package post sends messages of a Go program to the page as plain objects of JavaScript.
// What wasm/wire generates for a program makes the objects with it.
package post
