package main

import (
	"strings"
	"testing"
)

// The service worker lies at the top and holds every other file's hash; a page
// that differs in anything has another version and another script.
func TestServiceWorker(t *testing.T) {
	page := small()
	page["web/load/service-worker.js"] = []byte(workerMark + "\n")
	page["weights/other.safetensors"] = []byte("other")
	built, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	worker := built[workerName]
	if worker.Path != "service-worker.js" {
		t.Errorf("the script is at %s", worker.Path)
	}
	script := string(built["web/main.js"].Data)
	if !strings.Contains(script, `"web/load/service-worker.js": ["service-worker.js", 0]`) {
		t.Errorf("scripts do not find it: %s", script)
	}
	text := string(worker.Data)
	for _, f := range built {
		key := "path"
		if strings.HasSuffix(f.Path, copyEnding) {
			key = "copy"
		}
		n := strings.Count(text, `"`+key+`":"`+f.Path+`"`)
		if (n == 1) == (f.Path == workerPath) {
			t.Errorf("%s is named %d times in %s", f.Path, n, text)
		}
	}
	for _, part := range []string{
		`"sha256":"A6xnQhbz4Vx2HuGl4lXwZ5U2I8iziLRFnhP5eNfIRvQ=","late":false`, // of the text 1234
		`"path":"` + built["weights/other.safetensors"].Path + `","sha256":"`, `"late":true`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the script lacks %s: %s", part, text)
		}
	}
	page["web/player.html"] = []byte("<p>Other</p>")
	again, err := nameAll(t, page)
	if err != nil {
		t.Fatal(err)
	}
	if string(again[workerName].Data) == text {
		t.Error("another page has the same script")
	}
	page[workerName] = []byte("no mark")
	if _, err := nameAll(t, page); err == nil || !strings.Contains(err.Error(), workerName) {
		t.Errorf("a script without its line: %v", err)
	}
}
