package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

const (
	identity = "testdata/class_embed_identity/"
	digits   = "../../weights/digits.safetensors"
)

// command runs the converter as the command line would.
func command(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = run(args, &out, &err)
	return status, out.String(), err.String()
}

// mustRun fails the test unless the converter succeeds.
func mustRun(t *testing.T, args ...string) (stdout string) {
	t.Helper()
	status, out, err := command(args...)
	if status != 0 {
		t.Fatalf("convert %s: status %d: %s", strings.Join(args, " "), status, err)
	}
	return out
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	return fixture.File(t, name)
}

func writeFile(t testing.TB, name string, b []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// Each format of one network gives the same bytes, and so does the network that
// PyTorch rounded to halfs: both roundings agree on every value.
func TestEveryFormatGivesTheSameBytes(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.safetensors")
	var want []byte
	for _, name := range []string{
		identity + "model.safetensors", identity + "model.pt", identity + "model_legacy.pt",
		identity + "checkpoint_nested.pt",
		"../../weights/testdata/class_embed_identity.f16.safetensors",
	} {
		mustRun(t, "-config", identity+"config.json", "-provenance", "a test", "-o", out, name)
		got := readFile(t, out)
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: the weights file differs from the first one's", name)
		}
	}
}

// The same network under the names of diffusers before 0.17, its projections stored as
// 1×1 convolutions, becomes the same bytes too.
func TestOldNamesGiveTheSameBytes(t *testing.T) {
	folder := t.TempDir()
	old := parse(t, identity+"model.safetensors")
	changed := 0
	former := map[string]string{
		"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0",
	}
	for i := range old.Tensors {
		w := &old.Tensors[i]
		for before, now := range former {
			if path, ok := strings.CutSuffix(w.Name, "."+now+".weight"); ok {
				w.Name, w.Shape = path+"."+before+".weight", append(w.Shape, 1, 1)
				changed++
			} else if path, ok := strings.CutSuffix(w.Name, "."+now+".bias"); ok {
				w.Name = path + "." + before + ".bias"
				changed++
			}
		}
	}
	b, err := old.Append(nil)
	if err != nil || changed != 8 {
		t.Fatalf("changed %d tensors, %v, want the 8 of one attention", changed, err)
	}
	writeFile(t, filepath.Join(folder, "old.safetensors"), b)
	var files [2][]byte
	for i, in := range []string{identity + "model.safetensors",
		filepath.Join(folder, "old.safetensors")} {
		out := filepath.Join(folder, "out.safetensors")
		stdout := mustRun(t, "-config", identity+"config.json", "-provenance",
			"a test", "-o", out, in)
		if says := strings.Contains(stdout, "brought 8 tensors of attention"); says != (i == 1) {
			t.Errorf("%s: the report says that tensors were renamed: %v", in, says)
		}
		files[i] = readFile(t, out)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the old names give another weights file")
	}
}

func TestBFloat16IsKeptByFloat32(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.safetensors")
	const in = "../../weights/testdata/class_embed_identity.bf16.safetensors"
	mustRun(t, "-config", identity+"config.json", "-dtype", "f32", "-o", out, in)
	got, want := parse(t, out), parse(t, in)
	for i := range want.Tensors {
		w := &want.Tensors[i]
		g, ok := got.Tensor(w.Name)
		if !ok || g.DType != weights.F32 {
			t.Fatalf("%s: got %v", w.Name, g)
		}
		x, y := g.Float32s(), w.Float32s()
		for j := range y {
			if x[j] != y[j] {
				t.Fatalf("%s[%d]: got %g, want %g", w.Name, j, x[j], y[j])
			}
		}
	}
}

func parse(t testing.TB, name string) *weights.File {
	t.Helper()
	f, err := weights.Parse(readFile(t, name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

func TestConversionIsDeterministic(t *testing.T) {
	folder := t.TempDir()
	config := bytes.Replace(readFile(t, identity+"config.json"), []byte("{"),
		[]byte(`{"_name_or_path":"`+filepath.ToSlash(folder)+`",`), 1)
	for _, sub := range []string{"a", "b"} {
		writeFile(t, filepath.Join(folder, sub, "config.json"), config)
		writeFile(t, filepath.Join(folder, sub, "model.pt"), readFile(t, identity+"model.pt"))
		mustRun(t, "-o", filepath.Join(folder, sub+".safetensors"),
			filepath.Join(folder, sub, "model.pt"))
	}
	a, b := readFile(t, filepath.Join(folder, "a.safetensors")),
		readFile(t, filepath.Join(folder, "b.safetensors"))
	if !bytes.Equal(a, b) {
		t.Error("the same checkpoint in two folders gives two weights files")
	}
	if bytes.Contains(a, []byte(folder)) || bytes.Contains(a, []byte("_name_or_path")) {
		t.Error("the weights file tells where the checkpoint lay")
	}
	want := fmt.Sprintf("Converted from model.pt (SHA-256 %x).",
		sha256.Sum256(readFile(t, identity+"model.pt")))
	if got := parse(t, filepath.Join(folder, "a.safetensors")).Metadata["provenance"]; got != want {
		t.Errorf("provenance: got %q, want %q", got, want)
	}
}

// The layouts in which diffusers keeps a model's files.
func TestFolders(t *testing.T) {
	const schedulerJSON = `{"_class_name":"DDPMScheduler",` +
		`"beta_schedule":"squaredcos_cap_v2","num_train_timesteps":1000}`
	model, half := readFile(t, identity+"model.safetensors"),
		readFile(t, "../../weights/testdata/class_embed_identity.f16.safetensors")
	pickle := readFile(t, identity+"model.pt")
	tests := []struct {
		name, argument string
		files          map[string][]byte
		scheduler      bool
		origin         string
	}{
		{"model folder", "m", map[string][]byte{"m/diffusion_pytorch_model.safetensors": model,
			"m/scheduler_config.json": []byte(schedulerJSON)}, true,
			"diffusion_pytorch_model.safetensors"},
		{"scheduler beside the folder", "m",
			map[string][]byte{"m/diffusion_pytorch_model.bin": pickle,
				"scheduler/scheduler_config.json": []byte(schedulerJSON)}, true,
			"diffusion_pytorch_model.bin"},
		{"half precision variant", "m",
			map[string][]byte{"m/diffusion_pytorch_model.fp16.safetensors": half}, false,
			"diffusion_pytorch_model.fp16.safetensors"},
		{"half precision pickle", "m",
			map[string][]byte{"m/diffusion_pytorch_model.fp16.bin": pickle}, false,
			"diffusion_pytorch_model.fp16.bin"},
		{"full precision first", "m",
			map[string][]byte{"m/diffusion_pytorch_model.fp16.safetensors": half,
				"m/diffusion_pytorch_model.bin":         pickle,
				"m/diffusion_pytorch_model.safetensors": model}, false,
			"diffusion_pytorch_model.safetensors"},
		{"folder of one's own", "m", map[string][]byte{"m/model.pt": pickle}, false, "model.pt"},
		{"file with its config", "m/any.pth",
			map[string][]byte{"m/any.pth": pickle,
				"m/scheduler_config.json": []byte(schedulerJSON)}, true, "any.pth"},
	}
	for _, test := range tests {
		root := t.TempDir()
		writeFile(t, filepath.Join(root, "m/config.json"), readFile(t, identity+"config.json"))
		for name, b := range test.files {
			writeFile(t, filepath.Join(root, name), b)
		}
		out := filepath.Join(root, "out.safetensors")
		mustRun(t, "-o", out, filepath.Join(root, test.argument))
		got := parse(t, out).Metadata
		if _, ok := got["scheduler"]; ok != test.scheduler {
			t.Errorf("%s: scheduler in the metadata: got %v, want %v",
				test.name, ok, test.scheduler)
		}
		if test.scheduler && got["scheduler"] != schedulerJSON {
			t.Errorf("%s: scheduler: got %s, want %s", test.name, got["scheduler"], schedulerJSON)
		}
		if !strings.Contains(got["provenance"], "from "+test.origin+" (SHA-256 ") {
			t.Errorf("%s: provenance: got %q, want %s", test.name, got["provenance"], test.origin)
		}
	}
}

func TestWholePipelineFolder(t *testing.T) {
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "unet/config.json"), readFile(t, identity+"config.json"))
	writeFile(t, filepath.Join(root, "unet/diffusion_pytorch_model.safetensors"),
		readFile(t, identity+"model.safetensors"))
	writeFile(t, filepath.Join(root, "scheduler/scheduler_config.json"),
		[]byte(`{"num_train_timesteps":500}`))
	out := filepath.Join(root, "out.safetensors")
	mustRun(t, "-o", out, root)
	if got := parse(t, out).Metadata["scheduler"]; got != `{"num_train_timesteps":500}` {
		t.Errorf("scheduler: got %q", got)
	}
}

// A weights file is a checkpoint, too: converted again it keeps its bytes, and flags replace its
// metadata.
func TestConvertAgain(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.safetensors")
	mustRun(t, "-o", out, digits)
	if !bytes.Equal(readFile(t, out), readFile(t, digits)) {
		t.Error("the digits model converted again is another file")
	}
	mustRun(t, "-title", "Ziffern", "-classes",
		`["null","eins","zwei","drei","vier","fünf","sechs","sieben","acht","neun"]`,
		"-licence", "a licence", "-data", "some data", "-provenance", "a place", "-sampling",
		` { "guidance" : 2 } `, "-o", out, digits)
	got, want := parse(t, out).Metadata, parse(t, digits).Metadata
	for key, value := range map[string]string{
		"title": "Ziffern",
		"classes": `["null","eins","zwei","drei","vier",` +
			`"fünf","sechs","sieben","acht","neun"]`,
		"licence": "a licence", "data": "some data", "provenance": "a place",
		"sampling": `{"guidance":2}`,
		"config":   want["config"], "scheduler": want["scheduler"], "format": "pt",
	} {
		if got[key] != value {
			t.Errorf("%s: got %q, want %q", key, got[key], value)
		}
	}
}

func TestDerivedOutput(t *testing.T) {
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "cats/config.json"), readFile(t, identity+"config.json"))
	writeFile(t, filepath.Join(root, "cats/diffusion_pytorch_model.safetensors"),
		readFile(t, identity+"model.safetensors"))
	t.Chdir(root)
	mustRun(t, "cats")
	if !exists("cats.safetensors") {
		t.Error("no cats.safetensors was written")
	}
	if status, _, stderr := command("cats"); status != 1 ||
		!strings.Contains(stderr, "there already is a file cats.safetensors") {
		t.Errorf("a second time: status %d, %q", status, stderr)
	}
	for checkpoint, want := range map[string]string{
		"a/b.pt": "b.safetensors", "x.safetensors": "x.safetensors",
		"folder/":   "folder.safetensors",
		"model.bin": "model.safetensors", ".": filepath.Base(root) + ".safetensors",
		"v1.5": "v1.5.safetensors",
	} {
		if got := derivedName(checkpoint); got != want {
			t.Errorf("derivedName(%q): got %q, want %q", checkpoint, got, want)
		}
	}
	if files, err := filepath.Glob(".convert-*"); err != nil || len(files) != 0 {
		t.Errorf("temporary files are left: %v %v", files, err)
	}
}
