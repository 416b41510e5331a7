package checkpoint

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"tweedie/tools/convert/torch"
	"tweedie/weights/json"
)

// clause is an error that is the rest of a sentence, which begins with the file's name.
type clause string

func (c clause) Error() string { return string(c) }

// about is an error about a file.
func about(name string, err error) error {
	if c, ok := err.(clause); ok {
		return fmt.Errorf("%s %w", name, c)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// What stands in place of a file most often.
const (
	errPointer clause = ("is a pointer of Git LFS, and not the file itself: run git lfs pull " +
		"in the repository, or download the file")
	errPage clause = ("is a web page, and not the file itself: download the file, on the " +
		"Hugging Face hub with the address that has /resolve/ in it")
	errAnnex clause = ("is a pointer of git-annex, and not the file itself: run git annex get")
	errEmpty clause = ("is empty: download it again")
)

// standIn recognises what stands in place of a file, nil for something else.
func standIn(b []byte) error {
	head := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(b[:min(len(b), 512)],
		[]byte("\xef\xbb\xbf")), " \t\r\n"))
	begins := func(words ...string) bool {
		return slices.ContainsFunc(words,
			func(w string) bool { return bytes.HasPrefix(head, []byte(w)) })
	}
	switch {
	case len(b) == 0:
		return errEmpty
	case begins("version https://git-lfs", "version https://hawser"):
		return errPointer
	case begins("/annex/objects/") || begins("../") && bytes.Contains(head, []byte(".git/annex")):
		return errAnnex
	case begins("<!doctype", "<html", "<head", "<?xml", "<!--"):
		return errPage
	}
	return nil
}

// magics are the first bytes of files that people take for weights.
var magics = []struct{ begin, says string }{
	{"GGUF", "is a GGUF file of llama.cpp: want the weights as PyTorch or safetensors save them"},
	{"\x89HDF\r\n", "is an HDF5 file of Keras: want the weights as PyTorch or safetensors save " +
		"them"},
	{"\x93NUMPY", "is a NumPy array: want the weights as PyTorch or safetensors save them"},
	{"\x1f\x8b", "is compressed with gzip: unpack it first"},
	{"BZh", "is compressed with bzip2: unpack it first"},
	{"\xfd7zXZ", "is compressed with xz: unpack it first"},
	{"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it first"},
	{"7z\xbc\xaf", "is a 7z archive: unpack it first"},
	{"Rar!", "is a RAR archive: unpack it first"},
	{"\x89PNG", "is a picture: name the file with the weights"},
	{"\xff\xd8\xff", "is a picture: name the file with the weights"},
	{"GIF8", "is a picture: name the file with the weights"},
	{"RIFF", "is a picture or a sound: name the file with the weights"},
	{"%PDF", "is a PDF document: name the file with the weights"},
	{"\x7fELF", "is a program: name the file with the weights"},
	{"MZ", "is a program: name the file with the weights"},
}

// notWeights recognises files that hold no weights, nil if b may.
func notWeights(b []byte) error {
	if err := standIn(b); err != nil {
		return err
	}
	for _, m := range magics {
		if bytes.HasPrefix(b, []byte(m.begin)) {
			return clause(m.says)
		}
	}
	if head := bytes.TrimLeft(b[:min(len(b), 64)], " \t\r\n"); len(head) > 0 && head[0] == '{' {
		return clause("is a JSON text: name the file with the weights, and not the one that " +
			"describes them")
	}
	return plainText(b)
}

// plainText recognises a short text, such as the error that a host sent in place of a file.
func plainText(b []byte) error {
	const short = 4096
	if len(b) > short || !utf8.Valid(b) || bytes.ContainsFunc(b, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\r' && r != '\n'
	}) {
		return nil
	}
	text := strings.Join(strings.Fields(string(b)), " ")
	const shown = 60
	if r := []rune(text); len(r) > shown {
		text = string(r[:shown]) + "…"
	}
	return clause(fmt.Sprintf("is a text that begins with %q, and not the file itself: download "+
		"it again", text))
}

// notConfig recognises files that are no configuration, nil if b may be one.
func notConfig(b []byte) error {
	if err := standIn(b); err != nil {
		return err
	}
	if bytes.IndexByte(b[:min(len(b), 512)], 0) >= 0 {
		return clause("is no text: want a configuration in JSON")
	}
	return nil
}

// noWeights says what a folder without weights is.
func (s *Source) noWeights(folder string, others []string) error {
	base := path.Base(folder)
	for _, kind := range []struct{ pattern, says string }{
		{"adapter_config.json", "holds a LoRA, which is a change to another network: merge it " +
			"into that one and save the whole"},
		{"pytorch_lora_weights.*", "holds a LoRA, which is a change to another network: merge it " +
			"into that one and save the whole"},
		{"*.msgpack", "holds weights of Flax: load them in diffusers with from_flax=True and " +
			"save the model again"},
		{"*.onnx", "holds a network for ONNX: want the weights as PyTorch saves them"},
		{"saved_model.pb", "holds a network of TensorFlow: want the weights as PyTorch saves them"},
		{"*.h5", "holds a network of Keras: want the weights as PyTorch saves them"},
		{"*.keras", "holds a network of Keras: want the weights as PyTorch saves them"},
		{"*.index", "holds a network of TensorFlow: want the weights as PyTorch saves them"},
		{"*.gguf", "holds a network for llama.cpp: want the weights as PyTorch saves them"},
		{"*.distcp", "holds a distributed checkpoint: join it with python -m " +
			"torch.distributed.checkpoint.format_utils dcp_to_torch, and convert the result"},
		{"*.incomplete", "holds a download that is not finished: run it again"},
		{"*.part", "holds a download that is not finished: run it again"},
		{"*.crdownload", "holds a download that is not finished: run it again"},
		{"*.aria2", "holds a download that is not finished: run it again"},
		{"*.pkl", "holds a pickle: name that file itself"},
		{"optimizer.*", "holds the state of an optimiser and no network: name the folder above " +
			"it, or the file with the weights"},
	} {
		if slices.ContainsFunc(others, func(name string) bool {
			fits, _ := path.Match(kind.pattern, name)
			return fits
		}) {
			return fmt.Errorf("the folder %s %s", base, kind.says)
		}
	}
	if file := s.firstOf(folder, configFile); file != "" {
		root, err := s.readJSON(file)
		if err != nil {
			return err
		}
		if library := Library(root); library != "" {
			return fmt.Errorf("the folder %s holds %s, and no diffusion network", base, library)
		}
	}
	return fmt.Errorf("there is no diffusion_pytorch_model.safetensors or .bin and no "+
		"model.safetensors or .pt in %s: name the file with the weights itself", base)
}

// Library names the other library that a config.json belongs to, empty for diffusers'.
func Library(config json.Value) string {
	text := func(key string) string {
		v, _ := config.Get(key)
		if list := v.Array(); len(list) > 0 {
			v = list[0]
		}
		t, _ := v.Text()
		return torch.Printable(t)
	}
	switch {
	case text("architectures") != "":
		return "a " + text("architectures") + " of the library transformers"
	case text("model_type") != "":
		return "a model of type " + text("model_type") + " of the library transformers"
	case text("peft_type") != "":
		return "an adapter of the library peft"
	case text("architecture") != "":
		return "a " + text("architecture") + " of the library timm"
	}
	return ""
}
