package main

// Told tells.
type Told struct {
	Parts  []Part
	Pixels []byte
	Named  map[string]any
}

// Part has parts of its own.
type Part struct {
	Names  []string
	Leaves []Leaf
}

type Leaf struct{ N int }
