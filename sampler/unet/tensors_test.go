package unet

import (
	"path/filepath"
	"slices"
	"testing"

	"tweedie/internal/fixture"
)

// TestTensors: a config asks for just the tensors that its file has.
func TestTensors(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("testdata", "*", "model.safetensors"))
	if err != nil || len(folders) < 5 {
		t.Fatalf("found %d networks: %v", len(folders), err)
	}
	for _, path := range folders {
		name := filepath.Base(filepath.Dir(path))
		cfg, err := ParseConfig(fixture.File(t, filepath.Join("testdata", name, "config.json")))
		if err != nil {
			t.Fatal(err)
		}
		file := read(t, name, "model.safetensors")
		all, err := Tensors(cfg)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, asked := range all {
			if has, ok := file.Tensor(asked.Name); !ok || !slices.Equal(has.Shape, asked.Shape) {
				t.Errorf("%s asks for %s of %v, which its file has not", name, asked.Name,
					asked.Shape)
			}
		}
		if len(all) != len(file.Tensors) {
			t.Errorf("%s asks for %d tensors, and its file has %d", name, len(all),
				len(file.Tensors))
		}
	}
}
