package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"tweedie/tools/convert/checkpoint"
	"tweedie/weights"
	"tweedie/weights/json"
)

// converter takes over the networks of one kind, which are known by any of the marks.
type converter struct {
	marks   []checkpoint.Mark
	convert func(in *input) (draft, error)
}

// converters are tried in this order.
var converters = []converter{
	{[]checkpoint.Mark{unetMark, exactMark}, convertDiffusers},
	{graphMarks(), convertGraph},
}

// draft is a network as the weights file will have it, its tensors not yet rounded.
type draft struct {
	settings
	// Texts for the metadata; scheduler and sampling may be empty.
	config, scheduler, sampling string
	tensors                     []weights.Tensor
}

// input is a checkpoint that has been read, with the state dictionary that was chosen.
type input struct {
	options
	source   checkpoint.Source
	state    checkpoint.State
	metadata map[string]string // of a weights file that is converted again
	origin   string

	stdout, stderr io.Writer
	table          io.Writer // takes the table of the tensors
}

// openInput finds and reads the checkpoint that the command line names, and chooses a state
// dictionary. It says what was chosen and what was passed over.
func openInput(o options, stdout, stderr io.Writer) (*input, error) {
	in := &input{options: o, stdout: stdout, stderr: stderr}
	files, name, err := onDisk(o.checkpoint)
	if err != nil {
		return nil, err
	}
	if in.source, err = checkpoint.Locate(files, name); err != nil {
		return nil, err
	}
	for _, note := range in.source.Notes {
		fmt.Fprintf(stdout, "%s: %s\n", path.Base(name), note)
	}
	content, err := in.source.Read()
	if err != nil {
		return nil, err
	}
	in.metadata, in.origin = content.Metadata, content.Origin
	for _, note := range content.Notes {
		in.say("%s", note)
	}
	var marks []checkpoint.Mark
	for _, f := range converters {
		marks = append(marks, f.marks...)
	}
	found, notes := checkpoint.Find(content.Root, marks)
	if len(found) == 0 {
		return nil, in.wrong(fmt.Errorf("no network that can be converted in it (a UNet2DModel "+
			"has a tensor conv_in.weight): %s", checkpoint.Strange(content.Root)))
	}
	state, note, err := checkpoint.Choose(found, o.key)
	if err != nil {
		return nil, in.wrong(err)
	}
	in.state = state
	for _, note := range append(notes, note) {
		if note != "" {
			in.say("%s", note)
		}
	}
	return in, nil
}

// onDisk returns a path of this machine as one in a file system.
func onDisk(name string) (fs.FS, string, error) {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return nil, "", err
	}
	root := filepath.VolumeName(absolute) + string(filepath.Separator)
	inside, err := filepath.Rel(root, absolute)
	return os.DirFS(root), filepath.ToSlash(inside), err
}

// say prints a line about the checkpoint.
func (in *input) say(format string, args ...any) {
	fmt.Fprintf(in.stdout, "%s: %s\n", in.source.Name(), fmt.Sprintf(format, args...))
}

// wrong is an error about the checkpoint.
func (in *input) wrong(err error) error { return fmt.Errorf("%s: %w", in.source.Name(), err) }

// convert turns the state dictionary into a draft, as its family does.
func (in *input) convert() (draft, error) {
	for _, f := range converters {
		if slices.ContainsFunc(f.marks, func(m checkpoint.Mark) bool {
			return m.Family == in.state.Family
		}) {
			return f.convert(in)
		}
	}
	return draft{}, errors.New("the state dictionary belongs to no family")
}

// object reads the JSON object of a flag's file, of a file found beside the checkpoint, or of the
// metadata of a weights file. It is false if none of the three is there.
func (in *input) object(flag, beside, metadata string) (json.Value, bool, error) {
	var name string
	var b []byte
	var err error
	switch {
	case flag != "":
		name = filepath.Base(flag)
		b, err = os.ReadFile(flag)
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
