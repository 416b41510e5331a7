package program

import (
	"bytes"
	"strings"
	"testing"
)

func TestGoSaysWhatWentWrong(t *testing.T) {
	if got, err := Go("", []string{"GOARCH=wasm"}, "env", "GOARCH"); err != nil || got != "wasm" {
		t.Errorf("got %q, %v, want the environment to be used", got, err)
	}
	_, err := Go("", nil, "build", "./nothing-here")
	if err == nil || !strings.Contains(err.Error(), "nothing-here") ||
		!strings.HasPrefix(err.Error(), "go build") {
		t.Errorf("got %v, want what the go command said", err)
	}
}

func TestBuildFails(t *testing.T) {
	p := Program{"web/none.wasm", "tweedie/wasm/none", "nosimd", ""}
	if _, err := p.Build("."); err == nil || !strings.Contains(err.Error(), "web/none.wasm") {
		t.Errorf("got %v, want an error that names the program", err)
	}
}

func TestLoader(t *testing.T) {
	script, err := Loader(".")
	if err != nil || !bytes.Contains(script, []byte("globalThis.Go = class")) {
		t.Errorf("got %d bytes, %v, want the script that defines Go", len(script), err)
	}
}

func TestAllPathsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range All() {
		if seen[p.Path] || !strings.HasPrefix(p.Path, "web/") {
			t.Errorf("%s is not a unique path under web/", p.Path)
		}
		seen[p.Path] = true
	}
}
