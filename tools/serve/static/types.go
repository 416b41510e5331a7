package static

import (
	"path"
	"strings"
)

// mediaTypes are the types of the files that the page is made of. The list is
// our own, since the table of the system that serves may lack application/wasm
// (without which WebAssembly.instantiateStreaming refuses) or disagree.
var mediaTypes = map[string]struct {
	name         string
	compressible bool
}{
	".css":         {"text/css; charset=utf-8", true},
	".gif":         {"image/gif", false},
	".gz":          {"application/gzip", false},
	".html":        {"text/html; charset=utf-8", true},
	".ico":         {"image/x-icon", false},
	".js":          {"text/javascript; charset=utf-8", true},
	".json":        {"application/json", true},
	".mjs":         {"text/javascript; charset=utf-8", true},
	".png":         {"image/png", false},
	".safetensors": {"application/octet-stream", false},
	".svg":         {"image/svg+xml", true},
	".txt":         {"text/plain; charset=utf-8", true},
	".wasm":        {"application/wasm", true},
	".webmanifest": {"application/manifest+json", true},
	".webp":        {"image/webp", false},
	".woff2":       {"font/woff2", false},
}

// typeOf returns the media type of a file by its name, and whether gzip makes
// it smaller by enough to be worth the reader's time. Weights are near to noise
// and usual hosts do not compress them either.
func typeOf(name string) (mediaType string, compressible bool) {
	if known, ok := mediaTypes[strings.ToLower(path.Ext(name))]; ok {
		return known.name, known.compressible
	}
	return "application/octet-stream", false
}
