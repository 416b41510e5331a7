package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Where nothing can be written, one sentence says so, nothing is left behind, and nothing that was
// there is lost.
func TestOutputs(t *testing.T) {
	folder := described(t, "m/").with("m/"+modelName, readFile(t, field+modelName)).
		with("there/x", nil).write(t)
	checkpoint := filepath.Join(folder, "m")
	weights := filepath.Join(checkpoint, modelName)
	scheduler := filepath.Join(checkpoint, schedulerName)
	linked := filepath.Join(folder, "linked.safetensors")
	if err := os.Symlink(weights, linked); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ out, says string }{
		{filepath.Join(folder, "absent", "o.safetensors"), "there is no folder " +
			filepath.Join(folder, "absent") + ", make it first"},
		{filepath.Join(weights, "o.safetensors"), "there is no folder " + weights},
		{filepath.Join(folder, "there"), "there is a folder: name a file in it"},
		{os.DevNull, os.DevNull + " is no file that can be replaced: name another one"},
		{weights, "is the checkpoint itself, which would be lost: name another file"},
		{linked, "is the checkpoint itself"},
		{scheduler, "is what -scheduler reads, which would be lost"},
	} {
		for _, flag := range []string{"-o", "-report"} {
			args := []string{flag, c.out, "-o", filepath.Join(folder, "fine.safetensors")}
			if flag == "-o" {
				args = args[:2]
			}
			args = append(args, "-scheduler", scheduler, checkpoint)
			status, _, stderr := command(args...)
			if status != 1 || !strings.Contains(stderr, c.says) ||
				strings.Count(stderr, "\n") != 1 {
				t.Errorf("%s %s: status %d, %q, want 1 and %q", flag, c.out, status, stderr, c.says)
			}
		}
	}
	both := filepath.Join(folder, "both")
	if _, _, stderr := command("-o", both, "-report", both, checkpoint); !strings.Contains(stderr,
		"-o and -report both name") {
		t.Errorf("one file for both: %q", stderr)
	}
	if !bytes.Equal(readFile(t, weights), readFile(t, field+modelName)) {
		t.Error("the checkpoint has changed")
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != 3 {
		t.Errorf("%q lie in the folder (%v), want m, there and linked.safetensors", left, err)
	}
	if name := write(filepath.Join(folder, "there"), nil); name == nil ||
		!strings.HasPrefix(name.Error(), "cannot write "+filepath.Join(folder, "there")+": ") ||
		strings.Contains(name.Error(), ".convert-") {
		t.Errorf("the error is %v", name)
	}
}

// There is a report of every network that is converted, also of one that draws nothing, and in
// eight bits.
func TestReportOfEveryKind(t *testing.T) {
	for name, says := range map[string]string{
		identity + "model.safetensors": "whose condition is a vector, which no recipe can name",
		"../../weights/digits-classifier.safetensors": "No pictures: it is a classifier, which " +
			"guides other models",
		"../../weights/digits-learned.safetensors": "as stored",
	} {
		folder := t.TempDir()
		page, out := filepath.Join(folder, "r.html"), filepath.Join(folder, "o.safetensors")
		mustRun(t, "-brief", "-dtype", "int8", "-report", page, "-o", out, name)
		if text := string(readFile(t, page)); !strings.Contains(text, says) ||
			strings.Contains(text, "<h1></h1>") {
			t.Errorf("%s: the report does not say %q, or has no title", name, says)
		}
		if said := mustRun(t, "-info", out); !strings.Contains(said, "network ") {
			t.Errorf("%s: -info says\n%s", name, said)
		}
	}
}

// A name that begins with a dash is no flag.
func TestNameWithADash(t *testing.T) {
	t.Chdir(described(t, "-run/").with("-run/"+modelName, readFile(t, field+modelName)).write(t))
	status, _, stderr := command("-run")
	if status != 2 || !strings.Contains(stderr, "reads as a flag: write ./-run") {
		t.Errorf("status %d, %q", status, stderr)
	}
	mustRun(t, "-o", "o.safetensors", "./-run")
	mustRun(t, "-o", "o.safetensors", "--", "-run")
}

// What is being written when the process is interrupted is taken away.
func TestInterrupted(t *testing.T) {
	const variable = "CONVERT_TEST_INTERRUPTED"
	if name := os.Getenv(variable); name != "" {
		whenInterrupted(func() { _ = os.Remove(name) })
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			t.Fatal(err)
		}
		select {} // the interrupt ends it
	}
	name := writeFile(t, filepath.Join(t.TempDir(), "half"), []byte("x"))
	c := exec.Command(os.Args[0], "-test.run=^TestInterrupted$")
	c.Env = append(os.Environ(), variable+"="+name)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != statusInterrupted {
		t.Errorf("%v, want status %d:\n%s", err, statusInterrupted, out)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("the half of a file is left")
	}
}

// The files of a model in the hub's cache are links, which a copy of the folder breaks.
func TestBrokenLink(t *testing.T) {
	folder := described(t, "").write(t)
	if err := os.Symlink("../../blobs/0123", filepath.Join(folder, modelName)); err != nil {
		t.Skip(err)
	}
	_, _, stderr := command("-o", filepath.Join(t.TempDir(), "o.safetensors"), folder)
	if want := modelName + " is a link to a file that is not there: copy the file itself"; !strings.
		Contains(stderr, want) {
		t.Errorf("got %q, want %q", stderr, want)
	}
}

// A network whose configuration leaves the size of the pictures open is asked for it, and any other
// is not.
func TestOpenSize(t *testing.T) {
	config := string(readFile(t, field+"config.json"))
	out := filepath.Join(t.TempDir(), "o.safetensors")
	for _, open := range []string{strings.Replace(config, `"sample_size": 28`,
		`"sample_size": null`, 1), strings.Replace(config, `"sample_size": 28`,
		`"_was": 28`, 1)} {
		folder := described(t, "").with(modelName, readFile(t, field+modelName)).
			with("config.json", []byte(open)).write(t)
		if _, _, stderr := command("-o", out, folder); !strings.Contains(stderr,
			"does not say how large the pictures are: name their side with -size") {
			t.Errorf("without a size: %q", stderr)
		}
		mustRun(t, "-size", "32x28", "-o", out, folder)
		if said := mustRun(t, "-info", out); !strings.Contains(said, "32×28, grey") {
			t.Errorf("the file is of other pictures:\n%s", said)
		}
		if _, _, stderr := command("-size", "27", "-o", out, folder); !strings.Contains(stderr,
			"sample_size must be a multiple of 2") {
			t.Errorf("with an odd size: %q", stderr)
		}
		if _, _, stderr := command("-size", "32", "-heads", "4", "-o", out, folder); !strings.
			Contains(stderr, "-heads says nothing to a network of UNet2DModel") {
			t.Errorf("with heads: %q", stderr)
		}
	}
	if _, _, stderr := command("-size", "32", "-o", out, field+modelName); !strings.Contains(stderr,
		"-size says nothing to a network of UNet2DModel") {
		t.Errorf("with a size that is known: %q", stderr)
	}
}
