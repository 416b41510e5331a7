package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"tweedie/sampler/classifier"
	"tweedie/sampler/graph"
	"tweedie/sampler/model"
	"tweedie/sampler/oracle"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/checkpoint"
	"tweedie/weights"
)

// Facts are what is known of a weights file before it runs.
type facts struct {
	File         string
	Bytes        int
	SHA256       string
	Info         recipe.Info
	Kind         string // of the network
	Parameters   int
	MultiplyAdds int // of one evaluation
	Memory       int // bytes of packed weights and buffers
	Types        []string
	Metadata     map[string]string
}

// perSecond is how many multiply-adds a page does in a second on one core, measured in Chromium on
// the machine of tools/bench/README.md: two evaluations of the digits in 15.9 ms.
const perSecond = 30e9

// Milliseconds is what one evaluation takes in a page, by the number of its products.
func (f facts) Milliseconds() float64 { return 1e3 * float64(f.MultiplyAdds) / perSecond }

// factsOf reads a weights file.
func factsOf(name string, b []byte) (facts, error) {
	f, err := weights.Parse(b)
	if err != nil {
		return facts{}, err
	}
	out := facts{File: name, Bytes: len(b), SHA256: fmt.Sprintf("%x", sha256.Sum256(b)),
		Types: storedTypes(f), Metadata: f.Metadata}
	if model.IsClassifier(f) {
		m, err := classifier.Open(f)
		if err != nil {
			return out, err
		}
		out.Kind, out.Parameters = "a classifier, which guides other models", m.Parameters
		out.Info.Title = f.Metadata["title"]
		return out, nil
	}
	m, info, err := model.OpenFile("model", f, picture.Hash(b))
	if err != nil {
		return out, err
	}
	out.Info = info
	switch m := m.(type) {
	case *unet.Model:
		out.Kind, out.Parameters = networkClass, m.Parameters
		out.MultiplyAdds, out.Memory = m.MultiplyAdds(), m.Bytes
	case *graph.Model:
		out.Kind, out.Parameters = "a network of the family "+m.Family, m.Parameters
		out.MultiplyAdds, out.Memory = m.MultiplyAdds(), m.Bytes
	case *oracle.Model:
		out.Kind = fmt.Sprintf("the exact denoiser of %d stored pictures", m.Pictures())
	}
	return out, nil
}

// storedTypes counts the numbers that a file stores in each type.
func storedTypes(f *weights.File) (list []string) {
	counts := map[string]int{}
	for i := range f.Tensors {
		counts[f.Tensors[i].DType.String()] += f.Tensors[i].Len()
	}
	for name, n := range counts {
		list = append(list, fmt.Sprintf("%d %s", n, name))
	}
	slices.Sort(list)
	return list
}

// lines are the facts for people, each with its name.
func (f facts) lines() (list [][2]string) {
	add := func(name, format string, args ...any) {
		list = append(list, [2]string{name, fmt.Sprintf(format, args...)})
	}
	add("file", "%s, %d bytes", f.File, f.Bytes)
	add("SHA-256", "%s", f.SHA256)
	if f.Info.Title != "" {
		add("title", "%s", f.Info.Title)
	}
	add("network", "%s", f.Kind)
	if f.Parameters > 0 {
		add("parameters", "%d, stored as %s", f.Parameters, strings.Join(f.Types, ", "))
	}
	if i := f.Info; i.Channels > 0 {
		add("pictures", "%d×%d, %s", i.Height, i.Width, channelsText(i.Channels))
		if len(i.Classes) > 0 {
			add("classes", "%d: %s", len(i.Classes), some(i.Classes))
		}
		add("predicts", "%s, at %d timesteps", i.Scheduler.PredictionType,
			i.Scheduler.NumTrainTimesteps)
		add("recipe", "%s, %d steps, guidance %g", i.Defaults.Sampler, i.Defaults.Steps,
			i.Defaults.Guidance)
	}
	if f.MultiplyAdds > 0 {
		add("arithmetic", "%.0f million multiply-adds, about %.1f ms in a page on one core",
			float64(f.MultiplyAdds)/1e6, f.Milliseconds())
		add("memory", "%.1f MB", float64(f.Memory)/1e6)
	}
	for _, key := range []string{"licence", "data", "provenance"} {
		if text := f.Metadata[key]; text != "" {
			add(key, "%s", text)
		}
	}
	return list
}

func channelsText(n int) string {
	switch n {
	case 1:
		return "grey"
	case 3:
		return "in colour"
	}
	return fmt.Sprintf("%d channels of latents, which are drawn as they are", n)
}

// some joins the first few of many names.
func some(names []string) string {
	const few = 12
	if len(names) > few {
		return strings.Join(names[:few], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// inform prints what a file or folder is: a weights file's facts, or what a checkpoint holds.
func inform(o options, stdout, stderr io.Writer) error {
	if b, err := os.ReadFile(o.checkpoint); err == nil {
		if f, err := weights.Parse(b); err == nil && f.Metadata["config"] != "" {
			known, err := factsOf(o.checkpoint, b)
			if err != nil {
				return err
			}
			t := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
			for _, line := range known.lines() {
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
	var marks []checkpoint.Mark
	for _, f := range converters {
		marks = append(marks, f.marks...)
	}
	found, notes := checkpoint.Find(content.Root, marks)
	if len(found) == 0 {
		return errors.New("no network that can be converted in it: " +
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

// edit changes the metadata of a weights file, which is written anew.
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
			if text, err = classNames(text); err != nil {
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
	if _, err := factsOf(o.checkpoint, b); err != nil { // the sampler must still take it
		return err
	}
	out := o.output
	if out == "" {
		out = o.checkpoint
	}
	if err := write(out, b); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "wrote %s: %d bytes, SHA-256 %x\n", out, len(b), sha256.Sum256(b))
	return err
}
