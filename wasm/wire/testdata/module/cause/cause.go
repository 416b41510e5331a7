// Package cause has a string type with constants, and refers to what the loader does not
// read.
package cause

import "strings"

type Cause string

const (
	None Cause = ""
	B    Cause = "b" + half
	A          = Cause("a")
	half       = "half"
)

// Pair is a key and a value.
type Pair struct {
	Key   string // by which it is found
	Value float64
	Cause Cause
}

var Reader strings.Reader
