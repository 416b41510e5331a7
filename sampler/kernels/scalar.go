//go:build !goexperiment.simd || !(wasm || amd64 || arm64) || scalar

package kernels

// Best returns the fastest kernels that this build has: the reference. The
// build tag scalar chooses them where the vector kernels would be possible.
func Best() *Set { return Reference() }
