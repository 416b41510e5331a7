// Package pngtext puts a text into a PNG and takes it out again: a tEXt chunk
// after the header (PNG specification, 11.3.3.2). Saved pictures carry their
// recipe in one, and the page draws them again from it.
package pngtext

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// Recipe is the keyword of the recipe, and Pixels that of the picture and mask
// that it begins with (web/run/inputs.js, tools/sample).
const (
	Recipe = "tweedie"
	Pixels = "tweedie-pixels"
)

// signature begins every PNG; headerEnd is where its first chunk, IHDR with 13
// bytes, ends.
const (
	signature = "\x89PNG\r\n\x1a\n"
	headerEnd = len(signature) + 4 + 4 + 13 + 4
)

// Insert returns file with a text under a keyword. The text must be Latin-1;
// recipes are ASCII.
func Insert(file []byte, keyword, text string) ([]byte, error) {
	if len(file) < headerEnd || string(file[12:16]) != "IHDR" {
		return nil, errors.New("the PNG does not begin with its header")
	}
	body := append([]byte("tEXt"+keyword+"\x00"), text...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	out := append([]byte(nil), file[:headerEnd]...)
	return append(append(out, chunk...), file[headerEnd:]...), nil
}

// most is the largest text that is unpacked, in bytes.
const most = 4 << 20

// Find returns the text under a keyword, if the file is a PNG that holds it: in a tEXt chunk, as
// Insert writes it, or in a zTXt or iTXt chunk, as other programs save it again.
func Find(file []byte, keyword string) (string, bool) {
	rest, ok := bytes.CutPrefix(file, []byte(signature))
	for ok && len(rest) >= 12 {
		length := int(binary.BigEndian.Uint32(rest))
		if length > len(rest)-12 {
			return "", false
		}
		kind, body := string(rest[4:8]), rest[8:8+length]
		if after, is := bytes.CutPrefix(body, []byte(keyword+"\x00")); is &&
			crc32.ChecksumIEEE(rest[4:8+length]) == binary.BigEndian.Uint32(rest[8+length:]) {
			if text, ok := textOf(kind, after); ok {
				return text, true
			}
		}
		rest = rest[12+length:]
	}
	return "", false
}

// textOf returns the text of a chunk from behind its keyword on.
func textOf(kind string, b []byte) (string, bool) {
	switch {
	case kind == "tEXt":
		return string(b), true
	case kind == "zTXt" && len(b) > 0 && b[0] == 0:
		return unpacked(b[1:])
	case kind == "iTXt" && len(b) > 1 && b[1] == 0:
		packed := b[0] == 1
		_, b, _ = bytes.Cut(b[2:], []byte{0}) // the language
		_, b, ok := bytes.Cut(b, []byte{0})   // the keyword in it
		if packed {
			return unpacked(b)
		}
		return string(b), ok
	}
	return "", false
}

// unpacked is a text that zlib has packed, if it comes to no more than most bytes.
func unpacked(b []byte) (string, bool) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return "", false
	}
	text, err := io.ReadAll(io.LimitReader(z, most+1))
	return string(text), err == nil && len(text) <= most
}
