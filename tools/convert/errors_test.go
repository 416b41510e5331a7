package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/weights"
)

// changed writes the test network after a change.
func changed(t *testing.T, change func(f *weights.File)) string {
	t.Helper()
	f := parse(t, identity+"model.safetensors")
	change(f)
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "config.json"), readFile(t, identity+"config.json"))
	return writeFile(t, filepath.Join(folder, "model.safetensors"), b)
}

// setFirst puts a float32 into the first element of a tensor.
func setFirst(name string, v float32) func(f *weights.File) {
	return func(f *weights.File) {
		t, _ := f.Tensor(name)
		bits := math.Float32bits(v)
		t.Data[0], t.Data[1], t.Data[2], t.Data[3] = byte(bits), byte(bits>>8),
			byte(bits>>16), byte(bits>>24)
	}
}

func TestBadInputIsOneSentence(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) string {
		return writeFile(t,
			filepath.Join(folder, name), []byte(text))
	}
	config := string(readFile(t, identity+"config.json"))
	conditional := put("conditional.json",
		strings.Replace(config, "UNet2DModel", "UNet2DConditionModel", 1))
	unknown := put("unknown.json",
		strings.Replace(config, `"sample_size"`, `"resnet_skip":true,"sample_size"`, 1))
	split := filepath.Dir(put("split/diffusion_pytorch_model.safetensors.index.json", "{}"))
	empty := filepath.Dir(put("empty/config.json", config))
	evil := put("evil.pt", "\x80\x02cos\nsystem\n(X\x0b\x00\x00\x00touch pwnedtR.")
	whole := string(readFile(t, identity+"model.pt"))
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"no such file", []string{"absent.pt"}, "there is no file or folder absent.pt"},
		{"folder without weights",
			[]string{empty}, "there is no diffusion_pytorch_model.safetensors or .bin"},
		{"split weights", []string{split}, "want a weight_map"},
		{"no config", []string{put("alone.pt", whole)},
			"there is no config.json beside alone.pt; it says how the network is built: put"},
		{"config is absent", []string{"-config", "absent.json",
			identity + "model.pt"}, "absent.json"},
		{"config is no JSON", []string{"-config", put("broken.json", "{"), identity + "model.pt"},
			"broken.json: json: at byte 1"},
		{"config is a list", []string{"-config", put("list.json", "[]"), identity + "model.pt"},
			"list.json: want a JSON object, got an array"},
		{"another class of network", []string{"-config", conditional, identity + "model.pt"},
			`"UNet2DConditionModel", the network of a text-to-image pipeline`},
		{"unknown option", []string{"-config", unknown, identity + "model.pt"},
			"config: resnet_skip is not a key"},
		{"unknown schedule", []string{"-scheduler",
			put("s.json", `{"beta_schedule":"odd"}`), identity + "model.pt"}, "beta_schedule"},
		{"code in the pickle", []string{"-config", identity + "config.json", evil},
			"evil.pt: torch: refuses to run os.system"},
		{"cut-off torch file", []string{"-config", identity + "config.json",
			put("cut.pt", whole[:len(whole)/2])}, "cut.pt: torch: the zip archive is cut off"},
		{"cut-off safetensors",
			[]string{"-config", identity + "config.json",
				put("cut.safetensors", string(readFile(t, identity+"model.safetensors")[:9000]))},
			"weights: want a safetensors file, which begins with the length of its header"},
		{"empty file", []string{"-config", identity + "config.json", put("nothing.bin", "")},
			"nothing.bin is empty: download it again"},
		{"a picture", []string{"-config", identity + "config.json",
			put("p.pt", "\x89PNG\r\n\x1a\n")}, "p.pt is a picture"},
		{"no network inside", []string{"-config", identity + "config.json",
			identity + "io.safetensors"}, "has a tensor conv_in.weight): its tensors are sample, "},
		{"missing tensor", []string{changed(t, func(f *weights.File) {
			f.Tensors = f.Tensors[:len(f.Tensors)-1]
		})}, "model.safetensors: unet: "},
		{"tensor too many", []string{changed(t, func(f *weights.File) {
			f.Tensors[len(f.Tensors)-1].Name = "extra.weight"
		})}, "unet: "},
		{"wrong shape", []string{changed(t, func(f *weights.File) {
			f.Tensors[0].Shape = append([]int{1}, f.Tensors[0].Shape...)
		})}, "unet: "},
		{"overflow", []string{changed(t, setFirst("conv_in.bias", 70000))},
			`tensor "conv_in.bias": 1 of its 16 values are beyond the range of F16: ` +
				"store the model with -dtype f32"},
		{"NaN", []string{changed(t, setFirst("conv_in.bias", float32(math.NaN())))},
			`tensor "conv_in.bias": 1 of its 16 values are NaN or infinite`},
		{"infinity", []string{"-dtype", "f32",
			changed(t, setFirst("conv_in.bias", float32(math.Inf(-1))))}, "NaN or infinite"},
		{"no such key", []string{"-key", "ema", identity + "checkpoint_nested.pt"},
			`want a -key that names one of the state dictionaries model, got "ema"`},
		{"too few classes", []string{"-classes", "a,b", digits}, "-classes gives 2 names, and " +
			"the network's class table has 11 rows: give 10 where the last row stands for no " +
			"class, else 11"},
		{"classes of a classifier", []string{"-classes", "a,b", "../../weights/" +
			"digits-classifier.safetensors"}, "-classes gives 2 names, and the network has 10 " +
			"classes: give 10"},
		{"class without a name", []string{"-classes", "a,,b", digits},
			"want a name for every class, and class 2 has none"},
		{"classes are no names", []string{"-classes", "[1]", digits}, "got a number as name 1"},
		{"classes are no JSON", []string{"-classes", "[", digits}, "JSON array"},
		{"sampling is no JSON", []string{"-sampling", "guidance=2", digits}, "JSON object"},
		{"sampling is a list", []string{"-sampling", "[]", digits}, "got an array"},
		{"cascade is a list", []string{"-cascade", "[]", digits},
			"-cascade as a JSON object, got an array"},
		{"a cascade of a network that sees no small picture",
			[]string{"-cascade", `{"base":"small"}`, digits}, "in_channels"},
		{"unknown sampling option",
			[]string{"-sampling", `{"quality":11}`, digits}, "quality is not a key"},
		{"output into nowhere",
			[]string{"-o", filepath.Join(folder, "absent", "out.safetensors"),
				identity + "model.pt"}, "there is no folder"},
	}
	for _, test := range tests {
		out := filepath.Join(folder, "out.safetensors")
		status, _, stderr := command(append([]string{"-o", out}, test.args...)...)
		sentence := lastLine(stderr)
		if status != 1 || !strings.HasPrefix(sentence, "convert: ") ||
			!strings.Contains(sentence, test.says) {
			t.Errorf("%s: status %d, %q, want 1 and %q", test.name, status, stderr, test.says)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s: the output was written", test.name)
		}
	}
}

// lastLine leaves out the note about a missing scheduler.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	return lines[len(lines)-1]
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"a", "b"}, {"-dtype", "f8", "x"}, {"-tol", "-1", "x"}, {"-tol", "NaN", "x"}, {"-tol",
			"x", "x"}, {"-quality", "x"}, {"x", "-o", "y"}, {"-families", "x"},
		{"-info", "-report", "r", "x"},
		{"-info", "-set", "title=a", "x"}, {"-set", "title=a", "-dtype", "f32", "x"},
		{"-blocks", "b", "x"}, {"-tol", "1", "x"},
		{"-mantissa", "7", "-dtype", "bf16", "x"}, {"-mantissa", "11", "x"},
	} {
		status, stdout, stderr := command(args...)
		if status != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 ||
			!strings.HasPrefix(stderr, "convert: ") {
			t.Errorf("%v: status %d, %q %q, want 2 and one sentence", args, status, stdout, stderr)
		}
	}
	status, _, stderr := command("-h")
	for _, flag := range []string{"CHECKPOINT", "-o ", "-dtype ", "-check ", "-tol ",
		"-config ", "-sampling "} {
		if status != 0 || !strings.Contains(stderr, flag) {
			t.Errorf("-h: status %d, no word of %q", status, flag)
		}
	}
}
