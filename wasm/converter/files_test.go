package main

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// given makes the files of a page of texts by path.
func given(t *testing.T, texts map[string]string) *dropped {
	t.Helper()
	var paths []string
	for p := range texts {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	sizes := make([]int, len(paths))
	for i, p := range paths {
		sizes[i] = len(texts[p])
	}
	d, err := newDropped(paths, sizes, func(i int) ([]byte, error) {
		return []byte(texts[paths[i]]), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFileSystem(t *testing.T) {
	d := given(t, map[string]string{"run/unet/config.json": "{}", "run/unet/model.bin": "weights",
		"run/empty": "", "run/scheduler/scheduler_config.json": `{"a": 1}`})
	if err := fstest.TestFS(d, "run/unet/config.json", "run/unet/model.bin", "run/empty",
		"run/scheduler/scheduler_config.json"); err != nil {
		t.Error(err)
	}
}

func TestWhole(t *testing.T) {
	for _, c := range []struct{ paths, want string }{
		{"model.pt", "what was dropped/model.pt"},
		{"run/model.pt", "run"},
		{"run/unet/a run/b", "run"},
		{"run/a running/b", "what was dropped"},
		{"a.bin config.json", "what was dropped"},
		{"/run/a", "run"},
	} {
		texts := map[string]string{}
		for _, p := range strings.Fields(c.paths) {
			texts[p] = ""
		}
		if got := given(t, texts).whole(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.paths, got, c.want)
		}
	}
}

func TestBadPaths(t *testing.T) {
	for _, p := range []string{"../model.pt", "a/../../b", "", ".", "/"} {
		if _, err := newDropped([]string{p}, []int{0}, nil); err == nil {
			t.Errorf("%q was taken", p)
		}
	}
	if _, err := newDropped(nil, nil, nil); err == nil {
		t.Error("no files were taken")
	}
}

// What cannot be read is told by its name.
func TestUnreadable(t *testing.T) {
	gone := func(int) ([]byte, error) { return nil, errors.New("gone") }
	for _, c := range []struct {
		size int
		says string
	}{
		{10, "a.pt cannot be read (gone): has it been moved or changed?"},
		{3 << 30, "a.pt has 3.2 GB, and a page reads files of up to 1.1 GB: convert it with the " +
			"command line"},
	} {
		d, err := newDropped([]string{"x/a.pt"}, []int{c.size}, gone)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fs.ReadFile(d, "x/a.pt"); err == nil || err.Error() != c.says {
			t.Errorf("got %v, want %q", err, c.says)
		}
	}
}
