//go:build !js

package main

import (
	"strings"
	"testing"

	"tweedie/tools/pack/program"
)

// forbidden are packages, by the beginning of their path, that the worker must
// not need: each would make it larger by the kilobytes given (gzip), or cannot
// run in a worker at all.
var forbidden = map[string]string{
	"github.com/hajimehoshi/": "needs a document",
	"fmt":                     "125 KB",
	"encoding/json":           "626 KB",
	"image":                   "287 KB",
	"compress/":               "95 KB",
	"crypto/":                 "brings in fmt and more",
	"regexp":                  "has no use here",
	"text/":                   "has no use here",
	"net":                     "has no use here",
	"os":                      "has no use here",
	"log":                     "brings in fmt",
	"testing":                 "belongs to tests",
	"simd":                    "0.8 MB; kernels use simd/archsimd",
}

// allowed are exceptions to forbidden.
var allowed = map[string]bool{"simd/archsimd": true}

// TestDependencies holds the worker, the lab and what else is a library of samplers to it.
func TestDependencies(t *testing.T) {
	for _, experiment := range []string{"simd", "nosimd"} {
		env := []string{"GOOS=js", "GOARCH=wasm", "GOEXPERIMENT=" + experiment}
		out, err := program.Go("", env, "list", "-deps", ".", "tweedie/wasm/lab",
			"tweedie/sampler/langevin", "tweedie/sampler/mixture")
		if err != nil {
			t.Fatal(err)
		}
		packages := strings.Fields(out)
		if len(packages) < 10 {
			t.Fatalf("%s: go list names %d packages only", experiment, len(packages))
		}
		for _, p := range packages {
			for prefix, why := range forbidden {
				inside := strings.HasPrefix(p, strings.TrimSuffix(prefix, "/")+"/")
				if (p == prefix || inside) && !allowed[p] {
					t.Errorf("%s: the worker needs %s (%s)", experiment, p, why)
				}
			}
		}
	}
}
