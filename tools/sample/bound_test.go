package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// TestBound estimates the likelihood of a picture, and goes on from the terms of an estimate that
// was cut off.
func TestBound(t *testing.T) {
	folder := t.TempDir()
	first, kept := filepath.Join(folder, "first.png"), filepath.Join(folder, "terms")
	_, sum := must(t, "-weights", small, "-steps", "2", "-o", first)
	args := []string{"-weights", small, "-steps", "2", "-bound", first, "-terms", kept}
	status, whole, stderr := call(t, args...)
	if status != 0 || stderr != "" ||
		!strings.HasPrefix(whole, "m=mnist28&steps=2&image="+sum[:16]+"\n") {
		t.Fatalf("status %d, output %q, messages %q", status, whole, stderr)
	}
	for _, text := range []string{
		"denoising: prior 0.", ", then 2 timesteps\n", "  t=999  denoising ",
		"  t=999  consistency ", "  t=0    reconstruction ", " ± ", "flow: ",
		", then 2 steps\n", "  t=999  flow ",
		"\ndenoising   ", "\nconsistency ", "\nflow        ", " bits per dimension\n",
	} {
		if !strings.Contains(whole, text) {
			t.Errorf("the output has no %q:\n%s", text, whole)
		}
	}
	if n := strings.Count(whole, "\n"); n != 1+3+3*2+3 {
		t.Errorf("%d lines:\n%s", n, whole)
	}
	content := fixture.File(t, kept)
	lines := strings.SplitAfter(string(content), "\n")
	if len(lines) != 1+3*2+1 {
		t.Fatalf("%d lines are kept: %q", len(lines), content)
	}
	for _, cut := range []string{lines[0], lines[0] + lines[1] + lines[2][:20],
		strings.Join(lines[:4], ""), strings.Join(lines[:6], ""), strings.Join(lines[:6], "") +
			lines[6][:900], strings.Join(lines[:7], "")} {
		if err := os.WriteFile(kept, []byte(cut), 0o644); err != nil {
			t.Fatal(err)
		}
		if status, again, stderr := call(t, args...); status != 0 || again != whole {
			t.Errorf("gone on after %d bytes: status %d, messages %q, output\n%s, want\n%s",
				len(cut), status, stderr, again, whole)
		}
		if after, err := os.ReadFile(kept); err != nil || !bytes.Equal(after, content) {
			t.Errorf("gone on after %d bytes the file has %q, %v, want %q",
				len(cut), after, err, content)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, messages bytes.Buffer
	if status := run(ctx, args[:6], &stdout, &messages); status != 1 ||
		!strings.Contains(messages.String(),
			"interrupted after 0 of 2 terms of the form denoising; with -terms FILE") {
		t.Errorf("status %d, messages %q", status, &messages)
	}
	for says, c := range map[string][]string{
		"and these are the": append(args, "-draws", "3"), "is no term": args,
		"-form is \"best\"": append(args, "-form", "best"), "-draws is 0": append(args, "-draws",
			"0"), "-bound makes no picture": append(args, "-o", first),
		"-terms keeps what -bound computes": {"-weights", small, "-terms",
			kept}, "there is no picture nowhere.png": {"-weights", small, "-bound", "nowhere.png"},
		"there is no folder": append(args, "-terms", filepath.Join(folder, "no", "terms")),
	} {
		if says == "is no term" {
			text := []byte(lines[0] + "denoising 999 much\n")
			if err := os.WriteFile(kept, text, 0o644); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(kept, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if status, _, stderr := call(t, c...); status == 0 || !strings.Contains(stderr, says) ||
			strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: status %d, messages %q, want one sentence with %q",
				c, status, stderr, says)
		}
	}
}
