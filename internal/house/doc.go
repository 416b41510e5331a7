// Package house has the tests about all packages: which package may import which, and that the
// tests that texts name exist. It holds nothing but tests.
package house
