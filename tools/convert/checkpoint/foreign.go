package checkpoint

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
	"tweedie/weights/json"
)

// about is an error about a file.
func about(name string, err error) error {
	if r, ok := err.(*reason.Reason); ok {
		return r.About(name)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// What stands in place of a file most often.
var (
	errPointer = reason.New("pointer", "{file} is a pointer of Git LFS, and not the file itself: "+
		"run git lfs pull in the repository, or download the file")
	errPage = reason.New("page", "{file} is a web page, and not the file itself: download the "+
		"file, on the Hugging Face hub with the address that has /resolve/ in it")
	errAnnex = reason.New("annex", "{file} is a pointer of git-annex, and not the file itself: "+
		"run git annex get")
	errEmpty = reason.New("empty", "{file} is empty: download it again")
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
var magics = []struct {
	begin string
	is    error
}{
	{"GGUF", weightsOf(reason.NewNote("what.gguf", "a GGUF file of llama.cpp"))},
	{"\x89HDF\r\n", weightsOf(reason.NewNote("what.hdf5", "an HDF5 file of Keras"))},
	{"\x93NUMPY", weightsOf(reason.NewNote("what.numpy", "a NumPy array"))},
	{"\x1f\x8b", packed("gzip")},
	{"BZh", packed("bzip2")},
	{"\xfd7zXZ", packed("xz")},
	{"\x28\xb5\x2f\xfd", packed("zstd")},
	{"7z\xbc\xaf", packed("7z")},
	{"Rar!", packed("RAR")},
	{"\x89PNG", something(aPicture)},
	{"\xff\xd8\xff", something(aPicture)},
	{"GIF8", something(aPicture)},
	{"RIFF", something(reason.NewNote("what.riff", "a picture or a sound"))},
	{"%PDF", something(reason.NewNote("what.pdf", "a PDF document"))},
	{"\x7fELF", something(aProgram)},
	{"MZ", something(aProgram)},
}

var (
	aPicture = reason.NewNote("what.picture", "a picture")
	aProgram = reason.NewNote("what.program", "a program")
)

// weightsOf refuses weights that another program saves.
func weightsOf(what reason.Note) error {
	return reason.New("foreign", "{file} is {what}: want the weights as PyTorch or safetensors "+
		"save them", "what", what)
}

func packed(by string) error {
	return reason.New("packed", "{file} is compressed with {by}: unpack it first", "by", by)
}

func something(what reason.Note) error {
	return reason.New("something", "{file} is {what}: name the file with the weights", "what", what)
}

// notWeights recognises files that hold no weights, nil if b may.
func notWeights(b []byte) error {
	if err := standIn(b); err != nil {
		return err
	}
	for _, m := range magics {
		if bytes.HasPrefix(b, []byte(m.begin)) {
			return m.is
		}
	}
	if head := bytes.TrimLeft(b[:min(len(b), 64)], " \t\r\n"); len(head) > 0 && head[0] == '{' {
		return reason.New("json", "{file} is a JSON text: name the file with the weights, and not "+
			"the one that describes them")
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
	return reason.New("text", "{file} is a text that begins with {text}, and not the file "+
		"itself: download it again", "text", strconv.Quote(text))
}

// notConfig recognises files that are no configuration, nil if b may be one.
func notConfig(b []byte) error {
	if err := standIn(b); err != nil {
		return err
	}
	if bytes.IndexByte(b[:min(len(b), 512)], 0) >= 0 {
		return reason.New("noconfig", "{file} is no text: want a configuration in JSON")
	}
	return nil
}

// noWeights says what a folder without weights is.
func (s *Source) noWeights(folder string, others []string) error {
	base := path.Base(folder)
	if name := s.brokenLink(folder); name != "" {
		return reason.New("link", "{file} is a link to a file that is not there: copy the file "+
			"itself", "file", name)
	}
	for _, kind := range strangeFolders {
		if slices.ContainsFunc(others, func(name string) bool {
			fits, _ := path.Match(kind.pattern, name)
			return fits
		}) {
			return kind.is(base, kind.what)
		}
	}
	if file := s.firstOf(folder, configFile); file != "" {
		root, err := s.readJSON(file)
		if err != nil {
			return err
		}
		if library, what, other := Library(root); other {
			return reason.New("library", "the folder {folder} holds {what} of the library "+
				"{library}, and no diffusion network", "folder", base, "library", library,
				"what", what)
		}
	}
	return reason.New("noweights", "there is no diffusion_pytorch_model.safetensors or .bin and "+
		"no model.safetensors or .pt in {folder}: name the file with the weights itself",
		"folder", base)
}

// brokenLink returns a file with weights that is only a link and leads nowhere, empty if none does:
// in the cache of the Hugging Face hub all files are links.
func (s *Source) brokenLink(folder string) string {
	entries, _ := fs.ReadDir(s.Files, folder) // it has been read before
	for _, e := range entries {
		_, weights := fileNamed(e.Name())
		if _, err := fs.Stat(s.Files, path.Join(folder, e.Name())); weights && err != nil &&
			e.Type()&fs.ModeSymlink != 0 {
			return e.Name()
		}
	}
	return ""
}

// strangeFolders are folders without weights that a file tells apart.
var strangeFolders = []struct {
	pattern string
	is      func(folder, what string) error
	what    string
}{
	{"adapter_config.json", holdsLoRA, ""},
	{"pytorch_lora_weights.*", holdsLoRA, ""},
	{"*.msgpack", holdsFlax, ""},
	{"*.onnx", holdsNetwork, "ONNX"},
	{"saved_model.pb", holdsNetwork, "TensorFlow"},
	{"*.h5", holdsNetwork, "Keras"},
	{"*.keras", holdsNetwork, "Keras"},
	{"*.index", holdsNetwork, "TensorFlow"},
	{"*.gguf", holdsNetwork, "llama.cpp"},
	{"*.distcp", holdsDistributed, ""},
	{"*.incomplete", holdsDownload, ""},
	{"*.part", holdsDownload, ""},
	{"*.crdownload", holdsDownload, ""},
	{"*.aria2", holdsDownload, ""},
	{"*.pkl", holdsPickle, ""},
	{"optimizer.*", holdsOptimiser, ""},
}

func holdsLoRA(folder, _ string) error {
	return reason.New("folder.lora", "the folder {folder} holds a LoRA, which is a change to "+
		"another network: merge it into that one and save the whole", "folder", folder)
}

func holdsFlax(folder, _ string) error {
	return reason.New("folder.flax", "the folder {folder} holds weights of Flax: load them in "+
		"diffusers with from_flax=True and save the model again", "folder", folder)
}

func holdsNetwork(folder, of string) error {
	return reason.New("folder.network", "the folder {folder} holds a network of {of}: want the "+
		"weights as PyTorch saves them", "folder", folder, "of", of)
}

func holdsDistributed(folder, _ string) error {
	return reason.New("folder.distributed", "the folder {folder} holds a distributed checkpoint: "+
		"join it with python -m torch.distributed.checkpoint.format_utils dcp_to_torch, and "+
		"convert the result", "folder", folder)
}

func holdsDownload(folder, _ string) error {
	return reason.New("folder.download", "the folder {folder} holds a download that is not "+
		"finished: run it again", "folder", folder)
}

func holdsPickle(folder, _ string) error {
	return reason.New("folder.pickle", "the folder {folder} holds a pickle: name that file itself",
		"folder", folder)
}

func holdsOptimiser(folder, _ string) error {
	return reason.New("folder.optimiser", "the folder {folder} holds the state of an optimiser "+
		"and no network: name the folder above it, or the file with the weights",
		"folder", folder)
}

// Library names the other library that a config.json belongs to, and what of it the config
// describes; other is false for diffusers.
func Library(config json.Value) (library string, what reason.Note, other bool) {
	text := func(key string) string {
		v, _ := config.Get(key)
		if list := v.Array(); len(list) > 0 {
			v = list[0]
		}
		t, _ := v.Text()
		return torch.Printable(t)
	}
	class := func(name string) reason.Note {
		return reason.NewNote("what.class", "a {class}", "class", name)
	}
	switch {
	case text("architectures") != "":
		return "transformers", class(text("architectures")), true
	case text("model_type") != "":
		return "transformers", reason.NewNote("what.type", "a model of type {type}", "type",
			text("model_type")), true
	case text("peft_type") != "":
		return "peft", reason.NewNote("what.peft", "an adapter"), true
	case text("architecture") != "":
		return "timm", class(text("architecture")), true
	}
	return "", reason.Note{}, false
}
