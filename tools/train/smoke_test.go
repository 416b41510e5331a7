// Package train tests the trainer, which is Python, together with the converter and the reader of
// its models.
package train

import (
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// python returns an interpreter that has what the trainer needs.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("PYTHON"), "python3", "/usr/bin/python3"} {
		if name == "" {
			continue
		}
		if exec.Command(name, "-c", "import torch, numpy, PIL").Run() == nil {
			return name
		}
	}
	t.Skip("the trainer is not tested: no python3 here has torch, numpy and PIL (Debian: " +
		"apt-get install python3-torch python3-numpy " +
		"python3-pil; or set PYTHON to one that has)")
	return ""
}

// runIn runs a command and returns what it printed.
func runIn(t *testing.T, folder, name string, arguments ...string) string {
	t.Helper()
	c := exec.Command(name, arguments...)
	c.Dir = folder
	out, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

// TestSmoke trains three tiny networks, which takes seconds, and converts them. The converter
// compares the answers of its network with PyTorch's, and the file is opened as the sampler does:
// its noise levels must be those of training.
func TestSmoke(t *testing.T) {
	interpreter := python(t)
	out := t.TempDir()
	runIn(t, ".", interpreter, "smoke.py", out)
	for _, name := range []string{"fixed", "learned", "second"} {
		run, file := filepath.Join(out, name), filepath.Join(out, name+".safetensors")
		arguments := []string{"run", "./tools/convert", "-o", file, "-check",
			filepath.Join(run, "golden.safetensors")}
		if name == "second" {
			arguments = append(arguments, "-cascade", `{"base": "first"}`)
		}
		report := runIn(t, "../..", "go", append(arguments, run)...)
		if !strings.Contains(report, "in all") {
			t.Errorf("%s: the converter compared nothing:\n%s", name, report)
		}
		b := fixture.File(t, file)
		_, info, err := model.Open(name, b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s, err := schedule.New(info.Scheduler)
		if err != nil {
			t.Fatal(err)
		}
		compareLevels(t, name, s.AlphaBar,
			recorded(t, filepath.Join(run, "golden.safetensors"), "alphas_cumprod"))
		if learned := len(info.Scheduler.TrainedBetas) > 0; learned != (name == "learned") {
			t.Errorf("%s: has a learned schedule: %v", name, learned)
		}
	}
}

// TestStoredSmoke lets the converter compare the exact denoiser of stored pictures with the mean
// that PyTorch computed.
func TestStoredSmoke(t *testing.T) {
	interpreter := python(t)
	out := t.TempDir()
	runIn(t, ".", interpreter, "smoke.py", out, "Stored")
	run, file := filepath.Join(out, "stored"), filepath.Join(out, "stored.safetensors")
	report := runIn(t, "../..", "go", "run", "./tools/convert", "-o", file, "-tol", "1e-7",
		"-check", filepath.Join(run, "golden.safetensors"), run)
	if !strings.Contains(report, "output[5]") || !strings.Contains(report, "10 pictures") {
		t.Errorf("the converter compared nothing:\n%s", report)
	}
}

// TestClassifierSmoke trains the classifier on a few shapes, and lets the converter compare logits
// and input gradients.
func TestClassifierSmoke(t *testing.T) {
	interpreter := python(t)
	out := t.TempDir()
	data, run, file := filepath.Join(out, "data.npz"), filepath.Join(out, "run"),
		filepath.Join(out, "guide.safetensors")
	runIn(t, ".", interpreter, "-c", `
import sys, numpy as np
x, y = np.zeros((60, 32, 32, 1), np.uint8), np.arange(60) % 10
for i in range(60):
    x[i, 3 * y[i]:3 * y[i] + 3, 4:28] = 255
np.savez(sys.argv[1], x_train=x, y_train=y, x_test=x[:20], y_test=y[:20])`, data)
	report := runIn(t, ".", interpreter, "classifier.py", "-data", data, "-o", run, "-pictures",
		"1600", "-batch", "16")
	if !strings.Contains(report, "loss") || !strings.Contains(report, "accuracy") {
		t.Errorf("the training reports nothing:\n%s", report)
	}
	report = runIn(t, "../..", "go", "run", "./tools/convert", "-o", file, "-check",
		filepath.Join(run, "golden.safetensors"), run)
	if !strings.Contains(report, "gradient[3]") {
		t.Errorf("the converter compared no gradients:\n%s", report)
	}
	b := fixture.File(t, file)
	f, err := weights.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if g, _, err := model.OpenClassifier("guide", f, picture.Hash(b)); err != nil ||
		g.Classes() != 10 {
		t.Errorf("%d classes, %v", g.Classes(), err)
	}
}

func recorded(t *testing.T, file, tensor string) []float64 {
	t.Helper()
	f := fixture.Weights(t, file)
	x, ok := f.Tensor(tensor)
	if !ok {
		t.Fatalf("%s has no %s", file, tensor)
	}
	return x.Float64s()
}

// compareLevels compares ᾱ; half precision changes that of a learned schedule by up to some
// thousandths.
func compareLevels(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d timesteps, want %d", name, len(got), len(want))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= 5e-3) {
			t.Errorf("%s: ᾱ of timestep %d is %v, want %v", name, i, got[i], want[i])
		}
	}
}
