// Package portable has the transcendental functions of the reverse process. They give the same bits
// on every platform.
//
// The functions of package math differ between architectures: some have assembly versions, and the
// compiler may contract a*b + c in the pure Go ones into a fused multiply-add, which it does on
// arm64 and not on amd64 (GOAMD64=v1) and wasm. A recipe promises identical pixels, so everything
// on its path from the beta schedule to the Gaussian noise uses this package. Every product that
// feeds a sum is written float64(a*b), which the language specification defines as a rounding
// point. math.Sqrt, math.Floor, math.Abs, math.FMA and the bit conversions are exactly specified
// and are used freely.
//
// The functions are Taylor and atanh series after an argument reduction, long enough that the
// truncated part is far below half a unit in the last place. Measured errors are in the tests; all
// stay below two units in the last place. Special values follow package math, and every NaN that
// comes out is the canonical one of math.NaN.
package portable
