//go:build goexperiment.simd && (wasm || arm64) && !scalar

package kernels

// vectors reports true: every arm64 has them, and a browser that compiled the
// wasm has them too.
func vectors() bool { return true }

func clearUpper() {}
