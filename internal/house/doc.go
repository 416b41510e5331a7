// Package house holds the direction of imports: which package may know which. Its test is the
// only thing in it.
package house
