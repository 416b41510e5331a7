package protocol

import (
	"path/filepath"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
)

// A page that knows a file's hash spares the session the work, of a model and of a classifier.
func TestOpenTakesTheHash(t *testing.T) {
	for _, name := range []string{"digits-learned", "digits-classifier"} {
		file := fixture.File(t, filepath.Join("..", "..", "weights", name+".safetensors"))
		for given, want := range map[string]string{"": picture.Hash(file),
			"0123456789abcdef": "0123456789abcdef"} {
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
