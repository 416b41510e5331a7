package progress

import (
	"bytes"
	"os"
	"testing"
)

// What is no terminal, a file or a pipe to another program, gets nothing.
func TestNoTerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var buffer bytes.Buffer
	for _, bar := range []interface {
		Add(int) error
		Clear() error
	}{New(file, 3), New(&buffer, 3)} {
		for range 3 {
			if err := bar.Add(1); err != nil {
				t.Error(err)
			}
		}
		if err := bar.Clear(); err != nil {
			t.Error(err)
		}
	}
	if info, err := file.Stat(); err != nil || info.Size() != 0 || buffer.Len() != 0 {
		t.Errorf("%d bytes in a file and %q, want nothing: %v", info.Size(), buffer.String(), err)
	}
}
