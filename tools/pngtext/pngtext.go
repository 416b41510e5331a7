// Package pngtext puts a text into a PNG and takes it out again: a tEXt chunk
// after the header (PNG specification, 11.3.3.2). Saved pictures carry their
// recipe in one, and the page draws them again from it.
package pngtext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
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

// Find returns the text under a keyword, if the file is a PNG that holds it.
func Find(file []byte, keyword string) (string, bool) {
	rest, ok := bytes.CutPrefix(file, []byte(signature))
	for ok && len(rest) >= 12 {
		length := int(binary.BigEndian.Uint32(rest))
		if length > len(rest)-12 {
			return "", false
		}
		body := rest[4 : 8+length]
		if text, is := bytes.CutPrefix(body, []byte("tEXt"+keyword+"\x00")); is &&
			crc32.ChecksumIEEE(body) == binary.BigEndian.Uint32(rest[8+length:]) {
			return string(text), true
		}
		rest = rest[12+length:]
	}
	return "", false
}
