package torch

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Limits of a pickle. A tensor takes about 45 opcodes and 180 bytes, so the limits allow about
// 20,000 tensors. Without them a million one-byte opcodes, each making a dictionary, would take
// gigabytes.
const (
	maxPickle    = 32 << 20
	maxOpcodes   = 1 << 20
	maxLine      = 1 << 16
	maxLongBytes = 1 << 10 // gopickle's conversion is quadratic
)

// Arguments of opcodes other than a fixed number of bytes.
const (
	counted1 = -1 - iota // a length of one byte, then as many bytes
	counted4
	counted8
	line1 // a text up to the newline
	line2 // two of them
	bad   // no opcode
)

// opcodes says what follows each opcode: pickletools in Python's library.
var opcodes = func() (table [256]int8) {
	for i := range table {
		table[i] = bad
	}
	set := func(argument int8, codes string) {
		for i := range len(codes) {
			table[codes[i]] = argument
		}
	}
	set(0, "(.012NQRabd}elo]st)u\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98")
	set(1, "Khq\x80\x82")
	set(2, "M\x83")
	set(4, "Jjr\x84")
	set(8, "G\x95")
	set(counted1, "CU\x8a\x8c")
	set(counted4, "BTX\x8b")
	set(counted8, "\x8d\x8e\x96")
	set(line1, "FILPSVgp")
	set(line2, "ci")
	return table
}()

// scan walks over the pickle at the beginning of b, without running it, and returns its length. It
// checks that every opcode exists and every argument lies inside b.
func scan(b []byte) (int, error) {
	b = b[:min(len(b), maxPickle)]
	at := 0
	for n := 0; at < len(b); n++ {
		if n == maxOpcodes {
			return 0, fmt.Errorf("torch: want a pickle of at most %d opcodes", maxOpcodes)
		}
		code := b[at]
		size, err := argument(code, b[at+1:])
		if err != nil {
			return 0, damaged("torch: pickle opcode %q at byte %d: %w", code, at, err)
		}
		at += 1 + size
		if code == '.' {
			return at, nil
		}
	}
	if len(b) == maxPickle {
		return 0, fmt.Errorf("torch: want a pickle of at most %d bytes", maxPickle)
	}
	return 0, damaged("torch: the file ends inside its pickle, at byte %d: it is cut off or "+
		"no torch file", at)
}

// argument returns the length of an opcode's argument, with which rest begins.
func argument(code byte, rest []byte) (int, error) {
	width := int(opcodes[code])
	switch width {
	case bad:
		return 0, fmt.Errorf("there is no such opcode")
	case line1:
		return lines(rest, 1)
	case line2:
		return lines(rest, 2)
	case counted1, counted4, counted8:
		return counted(code, rest, map[int]int{counted1: 1, counted4: 4, counted8: 8}[width])
	}
	if len(rest) < width {
		return 0, fmt.Errorf("want %d bytes behind it, got %d", width, len(rest))
	}
	if code == '\x95' { // FRAME: gopickle allocates its length
		if size := binary.LittleEndian.Uint64(rest); size > uint64(len(rest)-width) {
			return 0, fmt.Errorf("claims a frame of %d bytes, %d are left", size, len(rest)-width)
		}
	}
	return width, nil
}

func counted(code byte, rest []byte, width int) (int, error) {
	if len(rest) < width {
		return 0, fmt.Errorf("want a length of %d bytes behind it, got %d", width, len(rest))
	}
	var wide [8]byte
	copy(wide[:], rest[:width])
	size := binary.LittleEndian.Uint64(wide[:])
	if size > uint64(len(rest)-width) {
		return 0, fmt.Errorf("claims %d bytes, %d are left", size, len(rest)-width)
	}
	if code == '\x8b' && size > maxLongBytes {
		return 0, fmt.Errorf("want an integer of at most %d bytes, got %d", maxLongBytes, size)
	}
	return width + int(size), nil
}

func lines(rest []byte, count int) (int, error) {
	at := 0
	for range count {
		end := bytes.IndexByte(rest[at:min(len(rest), at+maxLine)], '\n')
		if end < 0 {
			return 0, fmt.Errorf("want a line of at most %d bytes behind it", maxLine)
		}
		at += end + 1
	}
	return at, nil
}
