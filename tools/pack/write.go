package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// listName is the list of the built page's files, itself not listed.
const listName = "files.json"

// entry describes one file in the list: what the page needs for honest progress
// (hosts that compress do not tell how long the file is) and what a reader needs
// to check a copy.
type entry struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	Gzip   int    `json:"gzip"` // size under gzip -9
	SHA256 string `json:"sha256"`
}

// list is the content of files.json.
type list struct {
	Files []entry `json:"files"`
}

// describe lists files, in their order.
func describe(files []file) list {
	entries := make([]entry, len(files))
	for i, f := range files {
		sum := sha256.Sum256(f.Data)
		entries[i] = entry{f.Path, len(f.Data), gzipSize(f.Data), hex.EncodeToString(sum[:])}
	}
	return list{entries}
}

// gzipSize returns how long data is under gzip -9.
func gzipSize(data []byte) int {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic("pack: gzip refuses its own best level")
	}
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	return buf.Len()
}

// write makes dist hold files and their list. Files of an earlier build that are
// no longer part of the page are removed; anything else in the folder is left.
func write(dist string, files []file) error {
	if err := os.MkdirAll(dist, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dist)
	if err != nil {
		return err
	}
	defer root.Close()
	earlier, err := readList(root.FS())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not a built page (remove the folder to build it anew): %w", dist, err)
	}
	wanted := make(map[string]bool, len(files))
	for _, f := range files {
		wanted[f.Path] = true
		if err := writeFile(root, f); err != nil {
			return err
		}
	}
	for _, e := range earlier.Files {
		if wanted[e.Path] {
			continue
		}
		if err := root.Remove(filepath.FromSlash(e.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	text, err := json.MarshalIndent(describe(files), "", "  ")
	if err != nil {
		return err
	}
	return writeFile(root, file{listName, append(text, '\n')})
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

// readList reads the list of a built page.
func readList(dist fs.FS) (list, error) {
	text, err := fs.ReadFile(dist, listName)
	if err != nil {
		return list{}, err
	}
	var l list
	if err := json.Unmarshal(text, &l); err != nil {
		return list{}, fmt.Errorf("%s: %w", listName, err)
	}
	for _, e := range l.Files {
		if !fs.ValidPath(e.Path) {
			return list{}, fmt.Errorf("%s names %q, which is no path inside the page", listName, e.Path)
		}
	}
	return l, nil
}
