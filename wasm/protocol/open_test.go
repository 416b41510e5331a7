package protocol

import (
	"os"
	"path/filepath"
	"testing"

	"tweedie/sampler/picture"
)

// A page that knows a file's hash spares the session the work, of a model and of a classifier.
func TestOpenTakesTheHash(t *testing.T) {
	for _, name := range []string{"digits-learned", "digits-classifier"} {
		file, err := os.ReadFile(filepath.Join("..", "..", "weights", name+".safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		for given, want := range map[string]string{"": picture.Hash(file), "0123456789abcdef": "0123456789abcdef"} {
			o, err := Open(name, file, given)
			if err != nil {
				t.Fatal(err)
			}
			got := o.Info.Hash
			if o.Guide != nil {
				got = o.Guide.Hash
			}
			if got != want {
				t.Errorf("%s opened with the hash %q has %q, want %q", name, given, got, want)
			}
		}
	}
}
