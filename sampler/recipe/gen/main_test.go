//go:build !js

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestGeneratedPartsAreFresh: README's table, the package comment and the page's keys.json follow
// from the table of keys.
func TestGeneratedPartsAreFresh(t *testing.T) {
	for _, p := range parts {
		content, err := os.ReadFile(filepath.Join("..", "..", "..", p.path))
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := p.renew(string(content))
		if err != nil {
			t.Fatal(err)
		}
		if fresh != string(content) {
			t.Errorf("%s is stale; go generate ./sampler/recipe writes it again", p.path)
		}
	}
}
