package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tweedie/sampler/oracle"
	"tweedie/tools/convert/torch"
	"tweedie/weights"
)

// anchor is a tensor that every UNet2DModel has. The text before its name is
// the prefix that a wrapper gave all tensors (DataParallel's module., for
// example). An exact denoiser has exactAnchor instead, without a prefix.
const (
	anchor      = "conv_in.weight"
	exactAnchor = oracle.PicturesTensor
)

// maxNesting is the depth to which a checkpoint's dictionaries are searched for a state dictionary.
const maxNesting = 4

// candidate is one state dictionary of a checkpoint.
type candidate struct {
	path    []string // keys that lead to its dictionary, then its prefix's parts
	prefix  string
	dict    *torch.Dict
	average int // parts of its path that say that it is a moving average
}

// name is the candidate's name for -key.
func (c candidate) name() string {
	if len(c.path) == 0 {
		return "(top)"
	}
	return strings.Join(c.path, "/")
}

// checkpoint is the content of a checkpoint file.
type checkpoint struct {
	tensors  []weights.Tensor  // under the names they have inside the network
	metadata map[string]string // of a safetensors file
	note     string            // says which of several state dictionaries was taken
}

// readCheckpoint reads a safetensors or torch file. key chooses among several state
// dictionaries; empty takes the moving average.
func readCheckpoint(b []byte, key string) (checkpoint, error) {
	var root *torch.Dict
	var cp checkpoint
	if isSafetensors(b) {
		f, err := weights.Parse(b)
		if err != nil {
			return cp, err
		}
		cp.metadata = f.Metadata
		root = &torch.Dict{}
		for i := range f.Tensors {
			root.Entries = append(root.Entries,
				torch.Entry{Key: f.Tensors[i].Name, Tensor: &f.Tensors[i]})
		}
	} else {
		f, err := torch.Read(b)
		if err != nil {
			return cp, err
		}
		root = f.Root
	}
	found := candidates(nil, root, map[*torch.Dict]bool{})
	c, err := choose(found, key)
	if err != nil {
		return cp, err
	}
	if len(found) > 1 {
		cp.note = fmt.Sprintf("took %s of the state dictionaries %s", c.name(), names(found))
		if key == "" {
			cp.note += ", because it is the moving average; -key NAME takes another"
		}
	}
	for _, e := range c.dict.Entries {
		if name, ok := strings.CutPrefix(e.Key, c.prefix); ok && e.Tensor != nil {
			t := *e.Tensor
			t.Name = name
			cp.tensors = append(cp.tensors, t)
		}
	}
	return cp, nil
}

// isSafetensors distinguishes the formats by content: a safetensors header begins with a brace
// behind its length, a zip file with PK and a pickle with its protocol.
func isSafetensors(b []byte) bool {
	return len(b) > 8 && b[8] == '{' && !bytes.HasPrefix(b, []byte("PK"))
}

// candidates lists every state dictionary in d, each dictionary once.
func candidates(path []string, d *torch.Dict, seen map[*torch.Dict]bool) []candidate {
	if seen[d] || len(path) > maxNesting {
		return nil
	}
	seen[d] = true
	var found []candidate
	for _, e := range d.Entries {
		if e.Dict != nil {
			found = append(found, candidates(append(slices.Clone(path), e.Key), e.Dict, seen)...)
			continue
		}
		prefix, ok := strings.CutSuffix(e.Key, anchor)
		if e.Key == exactAnchor {
			prefix, ok = "", true
		}
		if !ok || (prefix != "" && !strings.HasSuffix(prefix, ".")) {
			continue
		}
		c := candidate{path: slices.Clone(path), prefix: prefix, dict: d}
		for _, part := range strings.Split(strings.TrimSuffix(prefix, "."), ".") {
			// DataParallel and torch.compile add these.
			if part != "" && part != "module" && part != "_orig_mod" {
				c.path = append(c.path, part)
			}
		}
		for _, part := range c.path {
			if isAverage(part) {
				c.average++
			}
		}
		found = append(found, c)
	}
	return found
}

// isAverage reports whether a key names an exponential moving average: ema, model_ema,
// ema_state_dict, …
func isAverage(key string) bool {
	return slices.Contains(strings.FieldsFunc(strings.ToLower(key),
		func(r rune) bool { return r < 'a' || r > 'z' }), "ema")
}

// choose takes the candidate that key names, or else the one that is most
// likely a moving average, which samples better than the weights it averages.
func choose(found []candidate, key string) (candidate, error) {
	if len(found) == 0 {
		return candidate{}, fmt.Errorf(
			"no state dictionary of a UNet2DModel in it: want a tensor %s", anchor)
	}
	if key != "" {
		fits := slices.DeleteFunc(slices.Clone(found), func(c candidate) bool {
			return c.name() != key && !slices.Contains(c.path, key)
		})
		if len(fits) != 1 {
			return candidate{},
				fmt.Errorf("want a -key that names one of the state dictionaries %s, got %q",
					names(found), key)
		}
		return fits[0], nil
	}
	best := found[0]
	rivals := 0
	for _, c := range found[1:] {
		switch {
		case c.average > best.average:
			best, rivals = c, 0
		case c.average == best.average:
			rivals++
		}
	}
	if rivals > 0 {
		return candidate{}, fmt.Errorf("want one state dictionary, got %s: choose with -key NAME",
			names(found))
	}
	return best, nil
}

func names(found []candidate) string {
	const few = 8
	var list []string
	for i, c := range found {
		if i == few {
			list = append(list, "…")
			break
		}
		list = append(list, c.name())
	}
	return strings.Join(list, ", ")
}
