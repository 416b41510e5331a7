// Compact shortens a recorded run of predictor–corrector sampling to what the tests of
// sampler/langevin compare:
//
//	go run sampler/langevin/testdata/compact.go VECTORS
//
// The folder is the one that README.md beside this file describes. Run it from the repository's
// root; it writes sampler/langevin/testdata/score_sde_ve_pc.json.gz. Numbers are kept digit for
// digit.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run sampler/langevin/testdata/compact.go VECTORS")
	}
	text, err := os.ReadFile(filepath.Join(os.Args[1], "schedulers", "score_sde_ve_pc.json"))
	check(err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v map[string]any
	check(d.Decode(&v))
	delete(v, "name")
	text, err = json.Marshal(v)
	check(err)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	check(err)
	_, err = z.Write(text)
	check(err)
	check(z.Close())
	check(os.WriteFile("sampler/langevin/testdata/score_sde_ve_pc.json.gz", out.Bytes(), 0o644))
	fmt.Println(out.Len(), "bytes")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
