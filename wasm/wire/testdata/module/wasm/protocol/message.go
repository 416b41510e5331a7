package protocol

import "example/cause"

// Answer ends a request; its comment is so long that it does not fit into one line of the
// declarations.
type Answer struct {
	ID int `wire:",ends"`
	// Why it ends,
	// in two lines.
	Why              cause.Cause
	Milliseconds     float64 `wire:"ms"`
	X0MSE, Deviation float64 // of both
	First            Part
	Parts            []Part
	Words            []string `wire:",omitempty"`
	Pairs            []Pair   `wire:",record"`
	Pixels           []byte
	Count            int    `wire:",omitempty"`
	Note             string `wire:",omitempty"`
}

// Part is a part.
type Part struct{ SIMD bool }

type Pair = cause.Pair

type Begun struct{}
