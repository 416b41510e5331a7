package weights

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/weights/json"
)

// Every model that is shipped in this folder is complete and written as Append writes.
func TestShippedFiles(t *testing.T) {
	files, err := filepath.Glob("*.safetensors")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, %v, want some", len(files), err)
	}
	for _, name := range files {
		f := readFile(t, name)
		for _, key := range []string{"config", "scheduler", "title", "classes", "licence", "data",
			"provenance", "sampling", "format"} {
			if key == "sampling" && guides(f) {
				continue // it is not sampled from
			}
			if f.Metadata[key] == "" {
				t.Errorf("%s: no %s in its metadata", name, key)
			}
		}
		for _, key := range []string{"config", "scheduler", "classes", "sampling"} {
			if _, err := json.Parse([]byte(f.Metadata[key])); err != nil && f.Metadata[key] != "" {
				t.Errorf("%s: %s: %v", name, key, err)
			}
		}
		if len(f.Tensors) == 0 {
			t.Errorf("%s holds no tensors", name)
		}
		for i := range f.Tensors {
			want := F16
			if stores(f) {
				want = U8
			}
			if x := &f.Tensors[i]; x.DType != want {
				t.Errorf("%s: %s is %v, want %v", name, x.Name, x.DType, want)
			}
		}
		original, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if written, err := f.Append(nil); err != nil || !bytes.Equal(written, original) {
			t.Errorf("%s: Append gives other bytes (%v)", name, err)
		}
	}
}

// guides says whether a file holds a classifier instead of a model.
func guides(f *File) bool {
	return strings.Contains(f.Metadata["config"], `"_class_name":"NoisyClassifier"`)
}

// stores says whether a file holds pictures instead of a network.
func stores(f *File) bool {
	return strings.Contains(f.Metadata["config"], `"_class_name":"ExactDenoiser"`)
}

// BenchmarkParse is what the worker does when a model arrives, without the network.
func BenchmarkParse(b *testing.B) {
	file, err := os.ReadFile("digits.safetensors")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(file); err != nil {
			b.Fatal(err)
		}
	}
}
