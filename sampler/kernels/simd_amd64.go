//go:build goexperiment.simd && !scalar

package kernels

import "simd/archsimd"

// vectors says whether the processor has the instructions that the compiler
// makes of 128-bit vectors.
func vectors() bool { return archsimd.X86.AVX() }

// clearUpper goes before vector code, and into its outer loops: with the upper
// halves of the registers in use, as any 256-bit instruction or a preempting
// signal leaves them, the processor runs mixed SSE and AVX code many times
// slower.
func clearUpper() { archsimd.ClearAVXUpperBits() }
