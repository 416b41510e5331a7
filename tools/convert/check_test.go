package main

import (
	"encoding/binary"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/weights"
)

// The recorded outputs are PyTorch's, with float32 weights.
func TestCheckPasses(t *testing.T) {
	const config = identity + "config.json"
	tests := []struct {
		args  []string
		lines []string
	}{
		{[]string{"-dtype", "f32", "-check", identity + "io.safetensors", "-config",
			config, identity + "model.safetensors"},
			[]string{"output[0]  max|Δ| ", "output[1]  max|Δ| ", "in all     max|Δ| ",
				"tolerance 2e-05"}},
		{[]string{"-check", identity + "io.safetensors", identity + "model_legacy.pt"},
			[]string{"tolerance 0.01"}},
		{[]string{"-dtype", "f32", "-check", identity + "io.safetensors", "-config",
			config, "../../weights/testdata/class_embed_identity.f16.safetensors"},
			[]string{"tolerance 0.01"}},
		{[]string{"-check", identity + "io.safetensors", "-config",
			config, "../../weights/testdata/class_embed_identity.bf16.safetensors"},
			[]string{"tolerance 0.04"}},
		{[]string{"-check", "testdata/digits/golden.safetensors", digits},
			[]string{"eps[0]  max|Δ| ", "eps[3]  max|Δ| ", "in all     max|Δ| ", "tolerance 0.01"}},
		{[]string{"-check", "testdata/digits-classifier/golden.safetensors",
			"../../weights/digits-classifier.safetensors"},
			[]string{"output[0]  max|Δ| ", "gradient[3]  max|Δ| ", "tolerance 0.01"}},
		{[]string{"-check", "testdata/glyphs/golden.safetensors",
			"../../weights/glyphs.safetensors"},
			[]string{"eps[0]  max|Δ| ", "eps[3]  max|Δ| ", "tolerance 0.01"}},
		{[]string{"-tol", "1e-7", "-check", "testdata/digits-oracle/golden.safetensors",
			"../../weights/digits-oracle.safetensors"},
			[]string{"output[0]  max|Δ| ", "output[5]  max|Δ| ", "t 800  class 3",
				"tolerance 1e-07"}},
	}
	for _, test := range tests {
		out := mustRun(t, test.args...)
		for _, line := range test.lines {
			if !strings.Contains(out, line) {
				t.Errorf("%v: the report has no %q:\n%s", test.args, line, out)
			}
		}
		if strings.Contains(out, "wrote") {
			t.Errorf("%v: wrote a file without -o", test.args)
		}
	}
}

func TestCheckFails(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.safetensors")
	status, stdout, stderr := command("-tol", "1e-6", "-check", identity+"io.safetensors", "-o",
		out, identity+"model.pt")
	if status != 1 || !strings.Contains(stderr, "differs by") ||
		!strings.Contains(stderr, "1e-06 is allowed") {
		t.Errorf("status %d, %q", status, stderr)
	}
	if !strings.Contains(stdout, "in all     max|Δ|") {
		t.Error("a failed check does not print its figures")
	}
	if exists(out) {
		t.Error("a failed check wrote the weights")
	}
}

func TestCheckRefusesBadRecordings(t *testing.T) {
	good := parse(t, "testdata/digits/golden.safetensors")
	with := func(change func(f *weights.File)) string {
		f := &weights.File{}
		for _, name := range []string{"x", "t", "y", "eps"} {
			tensor, _ := good.Tensor(name)
			copied := *tensor
			if ints, err := tensor.Int64s(); err == nil { // as float: a class need not be whole
				copied.DType, copied.Data = weights.F32, nil
				for _, v := range ints {
					copied.Data = binary.LittleEndian.AppendUint32(copied.Data,
						math.Float32bits(float32(v)))
				}
			}
			f.Tensors = append(f.Tensors, copied)
		}
		change(f)
		b, err := f.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		return writeFile(t, filepath.Join(t.TempDir(), "io.safetensors"), b)
	}
	set := func(name string, data ...byte) func(f *weights.File) {
		return func(f *weights.File) {
			tensor, _ := f.Tensor(name)
			tensor.Data = append(append([]byte(nil), data...), tensor.Data[len(data):]...)
		}
	}
	mustRun(t, "-check", with(func(*weights.File) {}), digits)
	tests := []struct{ name, file, says string }{
		{"no file", "absent.safetensors", "absent.safetensors"},
		{"no safetensors", identity + "config.json", "config.json: weights: want"},
		{"nothing recorded", with(func(f *weights.File) { f.Tensors = f.Tensors[:3] }),
			"want recorded inputs and outputs"},
		{"no labels", with(func(f *weights.File) { f.Tensors[2].Name = "labels" }),
			"want y, because the network has classes"},
		{"other times", with(func(f *weights.File) {
			f.Tensors[1].Shape,
				f.Tensors[1].Data = []int{3}, f.Tensors[1].Data[:12]
		}), "want 3 inputs [1,32,32]"},
		{"other labels", with(func(f *weights.File) {
			f.Tensors[2].Shape,
				f.Tensors[2].Data = []int{3}, f.Tensors[2].Data[:12]
		}), "want 4 numbers in y, got 3"},
		{"class 11", with(set("y", 0, 0, 0x30, 0x41)),
			"want classes from 0 to 10 in y, got 11 at index 0"},
		{"class 0.5", with(set("y", 0, 0, 0, 0x3F)), "got 0.5 at index 0"},
		{"class NaN", with(set("y", 0, 0, 0xC0, 0x7F)), "got NaN at index 0"},
		{"integers as inputs", with(func(f *weights.File) {
			f.Tensors[0].DType, f.Tensors[0].Shape = weights.I64, []int{4, 1, 16, 32}
		}), "want"},
		{"NaN in the output", with(set("eps", 0, 0, 0xC0, 0x7F)), "differs by +Inf"},
		{"wrong output", with(set("eps", 0, 0, 0, 0x41)), "is allowed (-tol)"},
	}
	for _, test := range tests {
		status, _, stderr := command("-check", test.file, digits)
		if status != 1 || !strings.Contains(stderr, test.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q, want 1 and %q", test.name, status, stderr, test.says)
		}
	}
}
