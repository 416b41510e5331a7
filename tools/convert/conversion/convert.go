package conversion

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/family"
	"tweedie/tools/convert/reason"
	"tweedie/weights"
	"tweedie/weights/json"
)

// Host is the program around a conversion.
type Host struct {
	// ReadFile reads a file that Options name. It is nil where they cannot, as in a page.
	ReadFile func(name string) ([]byte, error)
	// Say takes a line about the checkpoint: what was chosen, and what was passed over.
	Say func(line Line)
	// Warn takes a sentence about what is missing.
	Warn func(sentence reason.Note)
	// Explain takes a line about where a tensor goes. It is nil where that is not asked for.
	Explain func(line string)
	// Progress is told how many bytes of tensors are stored.
	Progress func(done, total int)
}

// Line is a note about a file or folder.
type Line struct {
	File string // its name
	reason.Note
}

func (l Line) String() string { return l.File + ": " + l.Note.String() }

// converter takes over the networks of one kind, which are known by any of the marks.
type converter struct {
	marks   []checkpoint.Mark
	convert func(in *Input) (Draft, error)
}

// converters are tried in this order.
var converters = []converter{
	{[]checkpoint.Mark{unetMark, exactMark}, convertDiffusers},
	{familyMarks(), convertFamily},
}

// Marks are the tensors by which networks are found in a checkpoint.
func Marks() (list []checkpoint.Mark) {
	for _, c := range converters {
		list = append(list, c.marks...)
	}
	return list
}

// Draft is a network as the weights file will have it, its tensors not yet rounded.
type Draft struct {
	Settings
	Tensors []weights.Tensor
	// Texts for the metadata; scheduler and sampling may be empty.
	config, scheduler, sampling string
}

// Input is a checkpoint that has been read, with the state dictionary that was chosen.
type Input struct {
	Options
	Host
	Family *family.Family // nil for diffusers' networks, and before Convert

	source   checkpoint.Source
	state    checkpoint.State
	metadata map[string]string // of a weights file that is converted again
	origin   string
}

// Result is a weights file, and how it came about.
type Result struct {
	File  *weights.File
	Draft Draft
	Rows  []Row // what happened to each tensor
}

// Open finds and reads the checkpoint that a path in files names, and chooses a state dictionary.
// It says what was chosen and what was passed over. Its errors are sentences.
func Open(files fs.FS, name string, o Options, h Host) (*Input, error) {
	in := &Input{Options: o, Host: h}
	var err error
	if in.source, err = checkpoint.Locate(files, name); err != nil {
		return nil, err
	}
	for _, note := range in.source.Notes {
		in.Say(Line{path.Base(name), note})
	}
	content, err := in.source.Read()
	if err != nil {
		return nil, err
	}
	in.metadata, in.origin = content.Metadata, content.Origin
	for _, note := range content.Notes {
		in.Say(Line{in.Name(), note})
	}
	found, notes := checkpoint.Find(content.Root, Marks())
	if len(found) == 0 {
		return nil, in.Wrong(fmt.Errorf("no network that can be converted in it (a UNet2DModel "+
			"has a tensor conv_in.weight): %w", checkpoint.Strange(content.Root)))
	}
	state, more, err := checkpoint.Choose(found, o.Key)
	if err != nil {
		return nil, in.Wrong(err)
	}
	if err := state.Whole(); err != nil {
		return nil, in.Wrong(err)
	}
	in.state = state
	for _, note := range append(notes, more...) {
		in.Say(Line{in.Name(), note})
	}
	return in, nil
}

// Convert makes the weights file.
func (in *Input) Convert() (*Result, error) {
	d, err := in.draft()
	if err != nil {
		return nil, err
	}
	if err := in.checkClasses(d); err != nil {
		return nil, in.Wrong(err)
	}
	r := &Result{File: &weights.File{}, Draft: d}
	if r.File.Metadata, err = in.describe(d); err != nil {
		return nil, err
	}
	if r.File.Tensors, r.Rows, err = in.store(d.Tensors); err != nil {
		return nil, in.Wrong(err)
	}
	return r, nil
}

// Name is what sentences call the checkpoint.
func (in *Input) Name() string { return in.source.Name() }

// Weights are the files that the weights were read from.
func (in *Input) Weights() []string { return in.source.Weights }

// Wrong is an error about the checkpoint.
func (in *Input) Wrong(err error) error { return fmt.Errorf("%s: %w", in.Name(), err) }

// say says a line about the checkpoint.
func (in *Input) say(id, text string, values ...any) {
	in.Say(Line{in.Name(), reason.NewNote(id, text, values...)})
}

// advice is the end of a sentence that speaks of naming files, empty where they cannot be named.
func (in *Input) advice(text string) string {
	if in.ReadFile == nil {
		return ""
	}
	return text
}

// draft maps the state dictionary, as its family does.
func (in *Input) draft() (Draft, error) {
	for _, c := range converters {
		if slices.ContainsFunc(c.marks, func(m checkpoint.Mark) bool {
			return m.Family == in.state.Family
		}) {
			return c.convert(in)
		}
	}
	return Draft{}, errors.New("the state dictionary belongs to no family")
}

// object reads the JSON object of a file that the options name, of a file found beside the
// checkpoint, or of the metadata of a weights file. It is false if none of the three is there.
func (in *Input) object(named, beside, metadata string) (json.Value, bool, error) {
	var name string
	var b []byte
	var err error
	switch {
	case named != "":
		name = path.Base(named)
		b, err = in.ReadFile(named)
	case beside != "":
		name = path.Base(beside)
		b, err = fs.ReadFile(in.source.Files, beside)
	case in.metadata[metadata] != "":
		name, b = "metadata", []byte(in.metadata[metadata])
	default:
		return json.Value{}, false, nil
	}
	if err != nil {
		return json.Value{}, false, err
	}
	root, err := checkpoint.ParseConfig(name, b)
	return root, true, err
}
