// Package torch reads the tensors of a file that torch.save wrote, in the zip format
// of torch 1.6 and later and in the format before it. Nothing of the file is run.
//
// A pickle is a program: it names functions and the reader calls them. Here a name is looked up in
// a short list of inert constructors (globals.go). What another name makes is kept as an opaque
// value, which takes everything and does nothing, and is passed over (opaque.go); a name that is
// there to run a program is refused. The opcodes are
// interpreted by gopickle, whose package pickle leaves that look-up to its caller. Its package
// pytorch is not used: it allocates what a file claims (a fatal, unrecoverable error for a claim of
// 2⁴⁰ values), ignores short reads and the byte order record, panics on storage views, turns halfs
// into float32 and knows no Parameter. For the same reason every length in a pickle is checked
// against the file (scan.go) before gopickle sees it, and a panic there is turned into an error.
package torch
