// Compact shortens recorded evaluations of improved-diffusion to what the tests of sampler/bound
// compare:
//
//	go run sampler/bound/testdata/compact.go VECTORS
//
// The folder is the one that README.md beside this file describes. Run it from the repository's
// root; it writes sampler/bound/testdata/elbo.json.gz. Numbers are kept digit for digit.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run sampler/bound/testdata/compact.go VECTORS")
	}
	files, err := filepath.Glob(filepath.Join(os.Args[1], "elbo", "*.json"))
	check(err)
	all := map[string]any{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var v map[string]any
		check(d.Decode(&v))
		for _, key := range []string{"f32", "problem", "source", "order", "name"} {
			delete(v, key)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = v
	}
	text, err := json.Marshal(all)
	check(err)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	check(err)
	_, err = z.Write(text)
	check(err)
	check(z.Close())
	check(os.WriteFile("sampler/bound/testdata/elbo.json.gz", out.Bytes(), 0o644))
	fmt.Println(out.Len(), "bytes")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
