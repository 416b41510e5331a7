// Package house holds what no single package can hold about all of them: which package may know
// which, and that the tests which texts name exist. There are only tests in it.
package house
