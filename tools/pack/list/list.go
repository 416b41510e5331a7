// Package list reads files.json, the list that tools/pack leaves in the built
// page: what each file is called there, what it was called in the repository,
// and what it weighs. Tools and tests that look into the built page share it.
package list

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
)

// File is the name of the list, itself not listed.
const File = "files.json"

// Entry describes one file of the built page.
type Entry struct {
	Path string `json:"path"` // in the built page, with slashes
	// in the repository; the path has a hash more unless others hold the address
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`  // unpacked
	Gzip   int    `json:"gzip"`   // under gzip -9
	Packed bool   `json:"packed"` // whether Path.gz and Path.br are there too
	SHA256 string `json:"sha256"`
}

// List is the content of files.json.
type List struct {
	Version string  `json:"version"` // of the page: it follows from the files
	Files   []Entry `json:"files"`
}

// Read reads the list of a built page.
func Read(dist fs.FS) (List, error) {
	text, err := fs.ReadFile(dist, File)
	if err != nil {
		return List{}, err
	}
	var l List
	if err := json.Unmarshal(text, &l); err != nil {
		return List{}, fmt.Errorf("%s: %w", File, err)
	}
	for _, e := range l.Files {
		if !fs.ValidPath(e.Path) {
			return List{}, fmt.Errorf("%s names %q, which is no path inside the page", File, e.Path)
		}
	}
	return l, nil
}

// mention is what may be the name of a file in the repository.
var mention = regexp.MustCompile(`\b(?:web|weights)/[\w./-]*\w`)

// Named returns text with every file's name in the repository replaced by its
// path in the built page.
func (l List) Named(text string) string {
	paths := make(map[string]string, len(l.Files))
	for _, e := range l.Files {
		paths[e.Name] = e.Path
	}
	return mention.ReplaceAllStringFunc(text, func(name string) string {
		if path, ok := paths[name]; ok {
			return path
		}
		return name
	})
}
