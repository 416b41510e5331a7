package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/saved"
	"tweedie/weights"
)

// odd is a checkpoint that cannot be converted, with a part of the sentence that says why.
type odd struct {
	name string
	folder
	argument string
	says     string
}

// TestOddFiles: whatever people take for a checkpoint, and whatever an attacker makes of one, gives
// one sentence that names it, and no output.
func TestOddFiles(t *testing.T) {
	var cases []odd
	for _, list := range [][]odd{standIns(t), oddArchives(t), oddPickles(t), oddLegacy(t),
		oddSafetensors(t), oddContents(t), oddConfigs(t), oddFolders(t)} {
		cases = append(cases, list...)
	}
	if len(cases) < 80 {
		t.Errorf("%d cases, want at least 80", len(cases))
	}
	for _, c := range cases {
		out := filepath.Join(t.TempDir(), "out.safetensors")
		status, _, stderr := command("-o", out, filepath.Join(c.write(t), c.argument))
		sentence := lastLine(stderr)
		if status != 1 || !strings.HasPrefix(sentence, "convert: ") ||
			!strings.Contains(sentence, c.says) {
			t.Errorf("%s: status %d, %q, want 1 and %q", c.name, status, stderr, c.says)
		}
		if n := len([]rune(sentence)); n > 900 || strings.ContainsAny(sentence, "\x1b\x00\r") {
			t.Errorf("%s: %d characters: %q", c.name, n, sentence)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: the output was written", c.name)
		}
	}
}

// standIns stand where the weights should be.
func standIns(t *testing.T) []odd {
	var cases []odd
	for _, c := range []struct{ name, begin, says string }{
		{"nothing", "", "m.pt is empty: download it again"},
		{"a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
			"m.pt is a pointer of Git LFS, and not the file itself: run git lfs pull"},
		{"an old Git LFS pointer", "version https://hawser.github.com/spec/v1\noid sha256:00\n",
			"is a pointer of Git LFS"},
		{"a git-annex pointer", "/annex/objects/SHA256E-s9--00.pt\n", "run git annex get"},
		{"a web page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "is a web page"},
		{"a web page with a mark", "\xef\xbb\xbf\n<HTML lang=en>", "is a web page"},
		{"an XML error", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
			"is a web page"},
		{"a host's error", "Entry not found", `is a text that begins with "Entry not found"`},
		{"another error", "Invalid username or password.\n", "and not the file itself"},
		{"Python", "import torch\n\nmodel = torch.load('x')\n", `begins with "import torch model`},
		{"a configuration", `{"_class_name": "UNet2DModel"}`, "m.pt is a JSON text: name the file"},
		{"llama.cpp", "GGUF\x03\x00\x00\x00", "is a GGUF file"},
		{"Keras", "\x89HDF\r\n\x1a\n\x00", "is an HDF5 file of Keras"},
		{"NumPy", "\x93NUMPY\x01\x00v\x00", "is a NumPy array"},
		{"gzip", "\x1f\x8b\x08\x00\x00", "is compressed with gzip: unpack it first"},
		{"bzip2", "BZh91AY&SY\x00", "compressed with bzip2"},
		{"xz", "\xfd7zXZ\x00", "compressed with xz"},
		{"zstd", "\x28\xb5\x2f\xfd\x00", "compressed with zstd"},
		{"7z", "7z\xbc\xaf\x27\x1c", "is compressed with 7z: unpack it first"},
		{"RAR", "Rar!\x1a\x07\x00", "is compressed with RAR"},
		{"a PNG", "\x89PNG\r\n\x1a\n", "is a picture"},
		{"a JPEG", "\xff\xd8\xff\xe0\x00", "is a picture"},
		{"a GIF", "GIF89a\x01\x00", "is a picture"},
		{"a PDF", "%PDF-1.7\n\x00", "is a PDF document"},
		{"a program", "\x7fELF\x02\x01\x01\x00", "is a program"},
		{"a tar archive", strings.Repeat("\x00", 257) + "ustar\x0000", "is a tar archive"},
		{"noise", "\x00\x01\x02\x03\xfe\xff", "want a file of torch.save"},
	} {
		cases = append(cases, odd{c.name, described(t, "").with("m.pt", []byte(c.begin)), "m.pt",
			c.says})
	}
	return cases
}

// asFile is cases that differ in the bytes of one file.
func asFile(t *testing.T, name string, list ...any) []odd {
	var cases []odd
	for i := 0; i < len(list); i += 3 {
		cases = append(cases, odd{list[i].(string),
			described(t, "").with(name, list[i+1].([]byte)), name, list[i+2].(string)})
	}
	return cases
}

func oddArchives(t *testing.T) []odd {
	list := tensors(t, "")
	good := saved.Zip(state(list))
	archive := func(records ...saved.Record) []byte { return saved.Archive(records...) }
	pickle := saved.Record{Name: "m/data.pkl", Data: "\x80\x02N."}
	flipped := bytes.Clone(good)
	flipped[bytes.Index(good, list[0].Data)+7] ^= 1
	lies := bytes.Clone(good)
	binary.LittleEndian.PutUint32(lies[bytes.LastIndex(good, []byte("PK\x01\x02"))+24:],
		0x7000_0000)
	return asFile(t, "m.pt",
		"cut off", good[:len(good)/2], "the zip archive is cut off or damaged",
		"a flipped bit", flipped, "is damaged: want checksum",
		"a lying directory", lies, "claims 1879048192 bytes",
		"NumPy arrays", archive(saved.Record{Name: "x.npy", Data: "\x93NUMPY"}),
		"is a zip archive without a record data.pkl, so torch.save did not write it: unpack it",
		"nothing in it", archive(), "torch.save did not write it",
		"a packed checkpoint", archive(saved.Record{Name: "net.pt", Data: string(good)}),
		"is a zip archive with net.pt in it: unpack it, and name that file",
		"TorchScript", archive(pickle, saved.Record{Name: "m/constants.pkl"}),
		"is a TorchScript program: save the model's state_dict() instead",
		"a record twice", archive(pickle, pickle), `"data.pkl" stands twice`,
		"a byte order", archive(pickle, saved.Record{Name: "m/byteorder", Data: "middle"}),
		`want byte order little or big, got "middle"`,
		"a bomb", bomb(t), "uncompressed, as torch.save writes it",
		"no storage", archive(saved.Record{Name: "m/data.pkl", Data: objectOf(state(list[:1]))}),
		"want a record data/0 in the zip archive, got none",
		"a storage too short", archive(saved.Record{Name: "m/data.pkl",
			Data: objectOf(state(list[:1]))}, saved.Record{Name: "m/data/0", Data: "abcd"}),
		"claims 144 elements of 2 bytes, its record has 4 bytes",
		"a path of its own", archive(saved.Record{Name: "../../etc/passwd", Data: "x"}),
		"torch.save did not write it",
	)
}

// bomb is an archive whose record grows a thousandfold.
func bomb(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("m/data.pkl")
	if err == nil {
		_, err = f.Write(make([]byte, 1<<20))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// objectOf is the pickle of a torch file.
func objectOf(value any) string {
	b := saved.Zip(value)
	begin := bytes.Index(b, []byte("\x80\x02"))
	return string(b[begin : begin+bytes.Index(b[begin:], []byte("PK"))])
}

// buried is a value in nested dictionaries.
func buried(depth int, v any) any {
	for range depth {
		v = saved.Dict{{Key: "x", Value: v}}
	}
	return v
}

func oddPickles(t *testing.T) []odd {
	call := func(module, name string) saved.Object {
		return saved.Object{New: saved.Global{module, name}, Args: saved.List{"touch pwned"}}
	}
	weight := tensors(t, "")[:1]
	module := func(has string, v any) saved.Object {
		return saved.Object{New: saved.Global{"__main__", "UNet"},
			State: saved.Dict{{Key: has, Value: v}}}
	}
	view := func(offset, size, stride int) []byte {
		rebuild := strings.NewReplacer(numbers4(16, 1, 3, 3), numbers4(size),
			numbers4(9, 9, 3, 1), numbers4(stride), "QJ"+four(0), "QJ"+four(offset))
		return saved.Archive(
			saved.Record{Name: "m/data.pkl", Data: rebuild.Replace(objectOf(state(weight)))},
			saved.Record{Name: "m/data/0", Data: string(weight[0].Data)})
	}
	raw := func(pickle string) []byte {
		return saved.Archive(saved.Record{Name: "m/data.pkl", Data: pickle})
	}
	return asFile(t, "m.pt",
		"a command", saved.Zip(saved.Dict{{Key: "w", Value: call("os", "system")}}),
		"refuses to run os.system: no checkpoint needs that",
		"an expression", saved.Zip(call("builtins", "eval")), "refuses to run builtins.eval",
		"a process", saved.Zip(saved.List{call("subprocess", "Popen")}),
		"refuses to run subprocess.Popen",
		"another file", saved.Zip(call("torch", "load")), "refuses to run torch.load",
		"a whole module", saved.Zip(saved.Object{New: saved.Global{"__main__", "UNet"},
			State: saved.Dict{{Key: "_modules", Value: saved.Ordered{}}}}),
		"got an object of __main__.UNet: in PyTorch save the model's state_dict()",
		"a module in a dictionary", saved.Zip(saved.Dict{{Key: "model", Value: saved.Object{
			New: saved.Global{"__main__", "UNet"}, Args: saved.List{&weight[0]}}}}),
		"its tensors belong to objects with a program (model, an object of __main__.UNet)",
		"a module as it is saved", saved.Zip(saved.Dict{{Key: "model", Value: module("_modules",
			saved.Ordered{{Key: "conv_in", Value: module("_parameters",
				saved.Ordered{{Key: "weight", Value: &weight[0]}})}})}}),
		"its tensors belong to objects with a program (model, an object of __main__.UNet)",
		"a network with a LoRA", saved.Zip(state(append(tensors(t, ""),
			buffer("mid_block.attentions.0.to_q.lora_A.weight", weights.F32, 4)))),
		"it holds a LoRA, which is a change to another network: merge it into that one",
		"a buried one", saved.Zip(buried(6, state(weight))), "nested more than 4 deep",
		"a tensor alone", saved.Zip(&weight[0]), "got a single tensor",
		"numbers", saved.Zip(saved.List{1, 2, 3}), "want a dictionary of tensors, got a list",
		"a text", saved.Zip("weights"), "got a text",
		"nothing", saved.Zip(nil), "got None",
		"a circle", raw("\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s."), "contains itself",
		"a list in a circle", raw("\x80\x02]q\x00h\x00a."), "contains itself",
		"a deep one", raw("\x80\x02"+strings.Repeat("}X\x01\x00\x00\x00a", 40)+"N"+
			strings.Repeat("s", 40)+"."), "nested at most 32 deep",
		"a cut-off pickle", raw("\x80\x02}X\x09\x00\x00\x00a"), "claims 9 bytes, 1 are left",
		"an unknown opcode", raw("\x80\x02\xff."), "there is no such opcode",
		"a text of 4 GB", raw("\x80\x02X\xff\xff\xff\xff."), "claims 4294967295 bytes",
		"too many opcodes", raw("\x80\x02"+strings.Repeat("}0", 1<<20)+"N."),
		"at most 1048576 opcodes",
		"a negative stride", view(0, 4, -1), "stride [-1]",
		"a negative size", view(0, -4, 1), "size [-4]",
		"a negative offset", view(-1, 4, 1), "offset -1",
		"a window beyond the storage", view(1, 144, 1), "inside a storage of 144 elements",
		"an expanded tensor", view(0, math.MaxInt32, 0), "more than a file of this size can mean",
		"a storage of strangers", raw(strings.ReplaceAll(objectOf(state(weight)), "HalfStorage",
			"ElseStorage")), "a storage is of torch.ElseStorage, whose elements are not known here",
	)
}

// numbers4 is a tuple of numbers as package saved writes it.
func numbers4(list ...int) string {
	s := "("
	for _, n := range list {
		s += "J" + four(n)
	}
	return s + "t"
}

func four(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(int32(n)))) }

func oddLegacy(t *testing.T) []odd {
	list := tensors(t, "")
	good := saved.Legacy(state(list))
	length := bytes.LastIndex(good, binary.LittleEndian.AppendUint64(nil, 144))
	if length < 0 {
		t.Fatal("the length of the first storage is not found")
	}
	lies := bytes.Clone(good)
	binary.LittleEndian.PutUint64(lies[length:], 1<<62)
	return asFile(t, "m.pth",
		"cut off", good[:len(good)-1], "bytes are left: the file is cut off",
		"cut in its pickle", good[:900], "bytes behind it",
		"another pickle", []byte("\x80\x02}X\x03\x00\x00\x00emac__main__\nNet\n)\x81s."),
		"got another pickle: in Python load it, and save torch.save(net.state_dict()",
		"a pickle of EDM", []byte("\x80\x02}X\x03\x00\x00\x00emactorch_utils.persistence\n"+
			"_reconstruct_persistent_obj\n}\x85Rs."),
		"it contains code, which is not run here",
		"a command", []byte("cos\nsystem\n(X\x01\x00\x00\x00xtR."), "refuses to run os.system",
		"a lying length", lies, "want 144 elements in storage",
		"the end of a storage", good[:length+12], "the file is cut off",
	)
}

func oddSafetensors(t *testing.T) []odd {
	raw := func(header string, data int) []byte {
		return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...),
			make([]byte, data)...)
	}
	entry := func(dtype, shape, offsets string) string {
		return fmt.Sprintf(`{"dtype":"%s","shape":%s,"data_offsets":%s}`, dtype, shape, offsets)
	}
	f32 := entry("F32", "[1]", "[0,4]")
	good := safetensors(t, tensors(t, "")...)
	return asFile(t, "m.safetensors",
		"cut off", good[:20_000],
		"m.safetensors is cut off: its tensors end at byte 367906, and it "+
			"has 20000: download it again",
		"cut in its header", good[:900], "begins with the length of its header",
		"a header of 2⁶³ bytes", append(binary.LittleEndian.AppendUint64(nil, 1<<63), "{}"...),
		"begins with the length of its header",
		"no header", raw(`{"w" 1}`, 0), `want a header in JSON, got broken text`,
		"a tensor twice", raw(`{"w":`+f32+`,"w":`+f32+`}`, 4), `the key "w" stands twice`,
		"overlapping tensors", raw(`{"v":`+f32+`,"w":`+entry("F32", "[1]", "[2,6]")+`}`, 6),
		"want bytes from offset 4",
		"a gap", raw(`{"v":`+f32+`,"w":`+entry("F32", "[1]", "[6,10]")+`}`, 10),
		"want bytes from offset 4",
		"bytes behind the last", raw(`{"v":`+f32+`}`, 9), "tensors that cover all 9 bytes",
		"a shape of other bytes", raw(`{"v":`+entry("F32", "[3]", "[0,4]")+`}`, 4),
		"want 12 bytes for F32 [3], got 4 bytes",
		"a negative shape", raw(`{"v":`+entry("F32", "[-1]", "[0,4]")+`}`, 4),
		"must be a whole number",
		"a huge shape", raw(`{"v":`+entry("F32", "[4294967296,4294967296]", "[0,4]")+`}`, 4),
		"want a shape of countable size",
		"offsets turned round", raw(`{"v":`+entry("F32", "[1]", "[4,0]")+`}`, 4),
		"data_offsets [begin,end] with begin ≤ end",
		"offsets beyond the file", raw(`{"v":`+entry("F32", "[1]", "[0,400]")+`}`, 4),
		"is cut off: its tensors end at byte 464, and it has 68: download it again",
		"metadata of numbers", raw(`{"__metadata__":{"a":1},"v":`+f32+`}`, 4),
		`want __metadata__ entry "a" as a string`,
		"a deep header", raw(`{"v":`+strings.Repeat("[", 80)+strings.Repeat("]", 80)+`}`, 0),
		"nested deeper than 64 levels",
		"no entry", raw(`{"v":7}`, 0), "must be a JSON object, not 7",
	)
}

// changedTensors writes the network after a change.
func changedTensors(t *testing.T, change func(list []weights.Tensor) []weights.Tensor) []byte {
	return safetensors(t, change(tensors(t, ""))...)
}
