package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"tweedie/tools/pack/list"
)

// packings are what hosts that serve compressed files look for beside a file.
var packings = []string{".gz", ".br"}

// describe lists files, in their order.
func describe(files []file, s *squeezer) list.List {
	l := list.List{Version: version(files), Files: make([]list.Entry, len(files))}
	for i, f := range files {
		sum := sha256.Sum256(f.Data)
		small := len(s.squeeze(f.Data, ".gz"))
		l.Files[i] = list.Entry{
			Path: f.Path, Name: f.Name, Bytes: len(f.Data), Gzip: small,
			Packed: worthPacking(len(f.Data), small), SHA256: hex.EncodeToString(sum[:]),
		}
	}
	return l
}

// version is what a built page is told from others by; the service worker's
// script holds it.
func version(files []file) string {
	all := sha256.New()
	for _, f := range files {
		if f.Path == workerPath {
			continue
		}
		fmt.Fprintf(all, "%s %x\n", f.Path, sha256.Sum256(f.Data))
	}
	return hex.EncodeToString(all.Sum(nil)[:6])
}

// worthPacking reports whether a file is to have compressed siblings. Pictures
// do not get smaller by enough to unpack them.
func worthPacking(bytes, small int) bool { return small < bytes-bytes/20 }

// write makes dist hold files, their compressed siblings and their list. Files
// of an earlier build that are no longer part of the page are removed; anything
// else in the folder is left.
func write(dist string, files []file, s *squeezer) error {
	if err := os.MkdirAll(dist, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dist)
	if err != nil {
		return err
	}
	defer root.Close()
	earlier, err := list.Read(root.FS())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not a built page (remove the folder to build it again): %w",
			dist, err)
	}
	l := describe(files, s)
	// What ends before its time is known as a page of this program, and can be built again.
	begun := l
	begun.Files = slices.Concat(l.Files, earlier.Files)
	if err := writeList(root, begun); err != nil {
		return err
	}
	wanted := make(map[string]bool, len(files))
	for i, f := range files {
		beside := []file{f}
		if l.Files[i].Packed {
			for _, packing := range packings {
				beside = append(beside,
					file{Path: f.Path + packing, Data: s.squeeze(f.Data, packing)})
			}
		}
		for _, f := range beside {
			wanted[f.Path] = true
			if err := writeFile(root, f); err != nil {
				return err
			}
		}
	}
	for _, e := range earlier.Files {
		for _, packing := range append([]string{""}, packings...) {
			if old := e.Path + packing; !wanted[old] {
				if err := root.Remove(filepath.FromSlash(old)); err != nil &&
					!errors.Is(err, fs.ErrNotExist) {
					return err
				}
			}
		}
	}
	return writeList(root, l)
}

func writeList(root *os.Root, l list.List) error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(root, file{Path: list.File, Data: append(text, '\n')})
}

// writeFile writes one file unless it holds these bytes already.
func writeFile(root *os.Root, f file) error {
	name := filepath.FromSlash(f.Path)
	if old, err := root.ReadFile(name); err == nil && bytes.Equal(old, f.Data) {
		return nil
	}
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(f.Path)), 0o777); err != nil {
		return err
	}
	return root.WriteFile(name, f.Data, 0o666)
}
