package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// quickBrotli costs seconds for the whole page, brotli.BestCompression minutes
// for 14 % less of the programs.
const quickBrotli = 9

// squeezer compresses files and keeps the results in a folder, by the hash of
// what was compressed, since compiling the page changes few of them.
type squeezer struct {
	cache string // folder, "" for none
	level int    // of brotli
}

// newSqueezer keeps its results in the repository's own cache.
func newSqueezer(root string, best bool) *squeezer {
	level := quickBrotli
	if best {
		level = brotli.BestCompression
	}
	return &squeezer{filepath.Join(root, ".cache", "packed"), level}
}

// squeeze compresses data; packing is .gz or .br.
func (s *squeezer) squeeze(data []byte, packing string) []byte {
	kept := ""
	if s.cache != "" {
		kept = filepath.Join(s.cache, fmt.Sprintf("%x-%d%s", sha256.Sum256(data), s.level, packing))
		// A result is written beside and renamed, so what is there is whole.
		if small, err := os.ReadFile(kept); err == nil {
			return small
		}
	}
	small := gzipped(data)
	if packing == ".br" {
		small = brotlied(data, s.level)
	}
	if kept != "" {
		s.keep(kept, small)
	}
	return small
}

// keep stores a result. A cache that cannot be written only costs time.
func (s *squeezer) keep(name string, small []byte) {
	if os.MkdirAll(s.cache, 0o777) != nil {
		return
	}
	half, err := os.CreateTemp(s.cache, "half-")
	if err != nil {
		return
	}
	defer os.Remove(half.Name())
	_, err = half.Write(small)
	if closed := half.Close(); err == nil && closed == nil {
		_ = os.Rename(half.Name(), name)
	}
}

// gzipped is data under gzip -9, without a name or a date.
func gzipped(data []byte) []byte {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic("pack: gzip refuses its own best level")
	}
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	return buf.Bytes()
}

// brotlied is data under brotli.
func brotlied(data []byte, level int) []byte {
	var buf bytes.Buffer
	b := brotli.NewWriterLevel(&buf, level)
	b.Write(data) // a bytes.Buffer takes everything
	b.Close()
	return buf.Bytes()
}
