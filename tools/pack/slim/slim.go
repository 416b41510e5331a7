// Package slim makes the data of a Go program smaller where it stands in a
// WebAssembly module, without changing what the program does:
//
//   - The tables that give an instruction's file and line and a function's
//     arguments are left out. The runtime (Go 1.27) reads them in
//     runtime.funcline1 and runtime.printArgs alone, to print tracebacks, and
//     takes a function without them for one whose lines and arguments are not
//     known: it prints name(...) and ?:0. What inlining left stays, since
//     recover counts frames with it.
//   - The names of functions that are not the product's, and of all files, are left out. Frames
//     without a name are missing from tracebacks. The runtime needs names besides only where a
//     method of another's value type is called by an interface that holds a nil pointer to it
//     (runtime.panicwrap): that ends the program with another sentence.
//   - The linker writes a segment for every stretch between eight zeros, some
//     30,000 of them, whose headers compress badly; here a segment ends before
//     32 zeros.
//
// What the program finds in its memory is otherwise the same.
package slim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Stats counts what was left out.
type Stats struct {
	Functions        int // whose lines are not known any more
	Tables           int // bytes of their tables and names
	Segments, Before int // of the data section
}

// dataSection is the id of the section with the memory's contents (WebAssembly
// 2.0, section 5.5.14).
const dataSection = 11

// Rewrite returns module with less data.
func Rewrite(module []byte) (out []byte, s Stats, err error) {
	if !bytes.HasPrefix(module, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, s, errors.New("slim: not a WebAssembly module of version 1")
	}
	out = append(out, module[:8]...)
	found := false
	for rest := module[8:]; len(rest) > 0; {
		size, n := binary.Uvarint(rest[1:])
		if n <= 0 || size > uint64(len(rest)-1-n) {
			return nil, s, fmt.Errorf("slim: a section at byte %d is cut off",
				len(module)-len(rest))
		}
		head, end := 1+n, 1+n+int(size)
		if rest[0] != dataSection {
			out = append(out, rest[:end]...)
			rest = rest[end:]
			continue
		}
		found = true
		memory, segments, err := read(rest[head:end])
		if err != nil {
			return nil, s, err
		}
		s.Before = segments
		if s.Functions, s.Tables, err = dropLines(memory); err != nil {
			return nil, s, err
		}
		body, segments := write(memory)
		s.Segments = segments
		out = append(out, dataSection)
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
		rest = rest[end:]
	}
	if !found {
		return nil, s, errors.New("slim: the module has no data")
	}
	return out, s, nil
}
