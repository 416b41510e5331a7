//go:build !js

package main

import (
	"testing"

	"tweedie/internal/fixture"
)

// TestGeneratedFilesAreFresh: what is committed is what the generator writes.
func TestGeneratedFilesAreFresh(t *testing.T) {
	for _, part := range []string{"gemm", "winograd", "norm", "gradient", "train", "peak"} {
		path := "../simd_" + part + "_gen.go"
		if string(fixture.File(t, path)) != generated(part) {
			t.Errorf("%s is stale; go generate ./sampler/kernels writes it again", path)
		}
	}
}
