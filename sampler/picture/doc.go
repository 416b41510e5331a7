// Package picture turns states into bytes: 8-bit pixels, their SHA-256, and grids of several
// pictures.
package picture
