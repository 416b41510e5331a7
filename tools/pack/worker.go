package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// The service worker's script lies above all that it governs, and its line
// workerMark holds the version that it keeps.
const (
	workerName = "web/load/service-worker.js"
	workerPath = "service-worker.js"
	workerMark = "const page = { version: '', files: [] };"
)

// keptFile is one file in the service worker's script.
type keptFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"` // base64
	Late   bool   `json:"late"`   // kept only once the page has used it
	Copy   string `json:"copy,omitempty"`
}

// copyOf is the path of a document's copy in plain text, "" for other files. Some hosts write
// scripts of their own into the documents that they serve, which then have not the hash that the
// service worker knows; the copy has it.
func copyOf(f file) string {
	if path.Ext(f.Path) != ".html" || isSkeleton(f.Name) {
		return ""
	}
	return hashed(strings.TrimSuffix(f.Name, ".html")+copyEnding, f.Data)
}

const copyEnding = ".txt"

// copies are those of all documents.
func copies(files []file) (all []file) {
	for _, f := range files {
		if to := copyOf(f); to != "" {
			all = append(all, file{Path: to, Name: f.Name + copyEnding, Data: f.Data})
		}
	}
	return all
}

// serviceWorker writes the version that files make into the script of a page that
// opens with a model.
func serviceWorker(script []byte, files []file, model string) (file, error) {
	kept := make([]keptFile, len(files))
	for i, f := range files {
		sum := sha256.Sum256(f.Data)
		kept[i] = keptFile{f.Path, base64.StdEncoding.EncodeToString(sum[:]), late(f.Name, model),
			copyOf(f)}
	}
	text, err := json.Marshal(struct {
		Version string     `json:"version"`
		Files   []keptFile `json:"files"`
	}{version(files), kept})
	if err != nil {
		return file{}, err
	}
	if bytes.Count(script, []byte(workerMark)) != 1 {
		return file{}, fmt.Errorf("%s has no line %q for the version", workerName, workerMark)
	}
	data := bytes.Replace(script, []byte(workerMark), fmt.Appendf(nil, "const page = %s;", text), 1)
	return file{Path: workerPath, Name: workerName, Data: data}, nil
}

// late reports whether a file is not fetched in advance: models that the page
// does not open with, the program for engines without vectors, the benchmark,
// the lab, the pages for teachers, what few people bring a model with or write an embed's tag with,
// and what only other programs look at.
func late(name, model string) bool {
	base := path.Base(name)
	switch {
	case path.Dir(name) == "weights":
		return base != model+".safetensors"
	case strings.HasPrefix(name, "web/bench"), strings.HasPrefix(name, "web/lab"),
		base == "worker-scalar.wasm",
		base == "converter.wasm", strings.HasPrefix(name, "web/own/"),
		strings.HasPrefix(name, "web/lessons."), // for teachers
		strings.HasPrefix(name, "web/embed/builder"), strings.HasPrefix(base, "embed-builder."),
		strings.HasPrefix(base, "builder-"), // what modules of the builder share
		strings.HasPrefix(base, "lab-"),     // and those of the lab
		name == "web/embed.js":              // pages elsewhere have it, past the service worker
		return true
	}
	return path.Ext(name) == ".png"
}
