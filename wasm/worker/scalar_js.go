//go:build !goexperiment.simd || scalar

package main

// vectors says whether this build has the kernels made of vector instructions.
const vectors = false
