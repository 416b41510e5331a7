package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/conversion"
	"tweedie/weights"
)

// inform prints what a file or folder is: a weights file's facts, or what a checkpoint holds.
func inform(o options, stdout, stderr io.Writer) error {
	if b, err := os.ReadFile(o.checkpoint); err == nil {
		if f, err := weights.Parse(b); err == nil && f.Metadata["config"] != "" {
			known, err := conversion.FactsOf(o.checkpoint, b)
			if err != nil {
				return err
			}
			t := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
			for _, line := range known.Lines() {
				fmt.Fprintf(t, "%s\t%s\n", line[0], line[1])
			}
			return t.Flush()
		}
	}
	return informCheckpoint(o, stdout)
}

// informCheckpoint lists the state dictionaries of a checkpoint, and what is beside them.
func informCheckpoint(o options, stdout io.Writer) error {
	files, name, err := onDisk(o.checkpoint)
	if err != nil {
		return err
	}
	source, err := checkpoint.Locate(files, name)
	if err != nil {
		return err
	}
	for _, note := range source.Notes {
		fmt.Fprintln(stdout, note)
	}
	content, err := source.Read()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "weights\t%s\n", content.Origin)
	for _, beside := range [][2]string{{"config", source.Config}, {"scheduler", source.Scheduler}} {
		if beside[1] != "" {
			fmt.Fprintf(stdout, "%s\t%s\n", beside[0], beside[1])
		}
	}
	found, notes := checkpoint.Find(content.Root, conversion.Marks())
	if len(found) == 0 {
		return fmt.Errorf("no network that can be converted in it: %w",
			checkpoint.Strange(content.Root))
	}
	for _, s := range found {
		n := 0
		for i := range s.Tensors {
			n += s.Tensors[i].Len()
		}
		kind := ""
		if s.IsAverage() {
			kind = ", a moving average"
		}
		fmt.Fprintf(stdout, "state %s: %d tensors, %d numbers%s\n",
			s.Name(), len(s.Tensors), n, kind)
		for i := range s.Tensors {
			t := &s.Tensors[i]
			fmt.Fprintf(stdout, "  %s %v %v\n", t.Name, t.DType, t.Shape)
		}
	}
	for _, note := range append(content.Notes, notes...) {
		fmt.Fprintln(stdout, note)
	}
	return nil
}

// settable are the entries of the metadata that -set can change.
var settable = []string{"title", "classes", "licence", "data", "provenance",
	"sampling", "scheduler"}

// edit changes the metadata of a weights file and writes the file again.
func edit(o options, stdout io.Writer) error {
	b, err := os.ReadFile(o.checkpoint)
	if err != nil {
		return err
	}
	f, err := weights.Parse(b)
	if err != nil || f.Metadata["config"] == "" {
		return fmt.Errorf("%s is no weights file of this program: -set edits those, and convert "+
			"writes them", o.checkpoint)
	}
	for _, change := range o.set {
		key, text, ok := strings.Cut(change, "=")
		if !ok || !slices.Contains(settable, key) {
			return fmt.Errorf("want -set KEY=TEXT with a key among %s, got %q",
				strings.Join(settable, ", "), change)
		}
		if key == "classes" {
			if text, err = conversion.ClassNames(text); err != nil {
				return err
			}
		}
		if f.Metadata[key] = text; text == "" {
			delete(f.Metadata, key)
		}
	}
	if b, err = f.Append(nil); err != nil {
		return err
	}
	if _, err := conversion.FactsOf(o.checkpoint, b); err != nil { // the sampler must still take it
		return err
	}
	out := cmp.Or(o.output, o.checkpoint)
	if err := checkOutput(out); err != nil {
		return err
	}
	if err := write(out, b); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "wrote %s: %d bytes, SHA-256 %x\n", out, len(b), sha256.Sum256(b))
	return err
}
