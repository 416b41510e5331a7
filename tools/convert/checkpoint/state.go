package checkpoint

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
	"tweedie/weights"
)

// Mark says how the networks of a family are known. The text before the anchor's name is the
// prefix that a wrapper gave all tensors (module. of DataParallel, for example).
type Mark struct {
	Family string
	Anchor string   // a tensor that every network of the family has
	With   []string // others that every one has, too
}

// maxNesting is the depth to which a checkpoint's dictionaries are searched for a state dictionary.
const maxNesting = 4

// maxStates bounds the state dictionaries, and the lists of tensors, that are looked at.
const maxStates = 100

// State is one state dictionary of a checkpoint.
type State struct {
	Family string
	// Tensors are those of the network, under the names they have in it and in the order of the
	// file, and Others what stands there and is not read.
	Tensors []weights.Tensor
	Others  []torch.Entry

	path    []string // keys that lead to its dictionary, then its prefix's parts
	prefix  string
	dict    *torch.Dict
	anchor  string
	average int // parts of its path that say that it is a moving average
}

// Name is the state's name for -key.
func (s *State) Name() string {
	if len(s.path) == 0 {
		return "(top)"
	}
	return strings.Join(s.path, "/")
}

// IsAverage reports whether the state is a moving average.
func (s *State) IsAverage() bool { return s.average > 0 }

// Beside returns the tensors that stand beside the network in its dictionary, where the network has
// a name in it, as buffers of a diffusion do: those of no other state, under their names in the
// dictionary.
func (s *State) Beside() (list []weights.Tensor) {
	if s.prefix == "" {
		return nil
	}
	around := s.prefix[:strings.LastIndexByte(strings.TrimSuffix(s.prefix, "."), '.')+1]
	for _, e := range s.dict.Entries {
		name, ok := strings.CutPrefix(e.Key, around)
		if ok && e.Tensor != nil && !strings.Contains(name, ".") {
			t := *e.Tensor
			t.Name = name
			list = append(list, t)
		}
	}
	return list
}

// Find lists the state dictionaries of a checkpoint, each once, and the moving averages of their
// parameters. notes tell of averages that fit no state dictionary.
func Find(root *torch.Dict, marks []Mark) (found []State, notes []reason.Note) {
	find := finder{marks: marks, seen: map[*torch.Dict]bool{}}
	find.search(nil, root)
	for i := range find.found {
		find.found[i].fill(find.found)
	}
	averages, notes := find.averages()
	return append(find.found, averages...), notes
}

type finder struct {
	marks []Mark
	seen  map[*torch.Dict]bool
	found []State
	lists []list // of tensors
}

// search looks for state dictionaries in d.
func (f *finder) search(path []string, d *torch.Dict) {
	if f.seen[d] || len(path) > maxNesting {
		return
	}
	f.seen[d] = true
	names := map[string]bool{}
	tensors := 0
	for _, e := range d.Entries {
		if e.Dict == nil {
			names[plainName(e.Key)] = true
		}
		if e.Tensor != nil {
			tensors++
		}
	}
	if d.List && tensors > 1 && len(f.lists) < maxStates {
		f.lists = append(f.lists, list{path, d})
	}
	for _, e := range d.Entries {
		if e.Dict != nil {
			f.search(append(slices.Clone(path), e.Key), e.Dict)
			continue
		}
		if s, ok := f.recognise(path, d, e.Key, names); ok && len(f.found) < maxStates {
			f.found = append(f.found, s)
		}
	}
}

// recognise returns the state dictionary in d that has key as its anchor.
func (f *finder) recognise(
	path []string, d *torch.Dict, key string, names map[string]bool,
) (State, bool) {
	for _, m := range f.marks {
		prefix, ok := strings.CutSuffix(key, m.Anchor)
		if !ok || prefix != "" && !strings.HasSuffix(prefix, ".") ||
			slices.ContainsFunc(m.With, func(n string) bool {
				return !names[plainName(prefix+n)]
			}) {
			continue
		}
		s := State{Family: m.Family, path: slices.Clone(path), prefix: prefix, dict: d,
			anchor: m.Anchor}
		for _, part := range strings.Split(strings.TrimSuffix(prefix, "."), ".") {
			if part != "" && !slices.Contains(wrappers, part) {
				s.path = append(s.path, part)
			}
		}
		s.average = averages(s.path)
		return s, true
	}
	return State{}, false
}

// wrappers are the parts of a prefix that DataParallel, torch.compile and FSDP add.
var wrappers = []string{"module", "_orig_mod", "_fsdp_wrapped_module"}

// fill collects the tensors under the prefix, without those of other states inside it.
func (s *State) fill(all []State) {
	var inside []string
	for i := range all {
		if o := &all[i]; o.dict == s.dict && len(o.prefix) > len(s.prefix) &&
			strings.HasPrefix(o.prefix, s.prefix) {
			inside = append(inside, o.prefix)
		}
	}
	for _, e := range s.dict.Entries {
		name, ok := strings.CutPrefix(e.Key, s.prefix)
		if !ok || slices.ContainsFunc(inside,
			func(p string) bool { return strings.HasPrefix(e.Key, p) }) {
			continue
		}
		name = plainName(name)
		switch {
		case e.Tensor != nil:
			t := *e.Tensor
			t.Name = name
			s.Tensors = append(s.Tensors, t)
		case e.Other != "":
			e.Key = name
			s.Others = append(s.Others, e)
		}
	}
}

// plainName takes out what torch.compile and FSDP put into a name where they wrap a part of a
// network.
func plainName(name string) string {
	for _, w := range wrappers[1:] {
		name = strings.ReplaceAll(name, "."+w+".", ".")
		name = strings.TrimPrefix(name, w+".")
	}
	return name
}

// averages counts the keys that name a moving average: ema, model_ema, modelEMA, shadow_params, …
func averages(keys []string) int {
	n := 0
	for _, key := range keys {
		if slices.ContainsFunc(words(key), func(w string) bool {
			switch w {
			case "ema", "shadow", "averaged", "swa", "polyak":
				return true
			}
			return false
		}) {
			n++
		}
	}
	return n
}

// words cuts a name at everything that is no letter, and where capitals begin.
func words(name string) []string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if !unicode.IsLetter(r) || unicode.IsUpper(r) && small {
			b.WriteByte(' ')
		}
		if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		}
		small = unicode.IsLower(r)
	}
	return strings.Fields(b.String())
}

// Choose takes the state that key names, or else the one that is most likely a moving average,
// which samples better than the weights it averages. notes say what was taken of several.
func Choose(found []State, key string) (s State, notes []reason.Note, err error) {
	if key != "" {
		fits := slices.DeleteFunc(slices.Clone(found), func(s State) bool {
			return s.Name() != key && !slices.Contains(s.path, key)
		})
		if len(fits) != 1 {
			return s, nil, reason.New("key", "want a -key that names one of the state "+
				"dictionaries {names}, got {key}", "names", names(found), "key",
				strconv.Quote(key))
		}
		s = fits[0]
		if len(found) > 1 {
			notes = append(notes, reason.NewNote("state", "took {name} of the state dictionaries "+
				"{names}", "name", s.Name(), "names", names(found)))
		}
		return s, notes, nil
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
		return s, nil, reason.New("keys", "want one state dictionary, got {names}: choose with "+
			"-key NAME", "names", names(found))
	}
	if len(found) > 1 {
		notes = append(notes, reason.NewNote("state.average", "took {name} of the state "+
			"dictionaries {names}, because it is the moving average; -key NAME takes another",
			"name", best.Name(), "names", names(found)))
	}
	return best, notes, nil
}

func names(found []State) string {
	var list []string
	for i := range found {
		list = append(list, found[i].Name())
	}
	return torch.Printable(some(list))
}
