package checkpoint

import (
	"slices"
	"strings"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
	"tweedie/weights"
)

// list is a list of tensors in a checkpoint.
type list struct {
	path []string
	dict *torch.Dict
}

// averages finds the moving averages that are saved without the names of their tensors, or with
// them in another form.
func (f *finder) averages() (found []State, notes []reason.Note) {
	for _, l := range f.lists {
		if averages(l.path) == 0 || slices.Contains(l.path, "collected_params") {
			continue
		}
		name := strings.Join(l.path, "/")
		var fits []State
		for i := range f.found {
			if s, ok := inOrder(&f.found[i], l); ok {
				fits = append(fits, s)
			}
		}
		if len(fits) == 1 {
			found = append(found, fits[0])
			continue
		}
		notes = append(notes, reason.NewNote("averages", "did not take the moving averages in "+
			"{name}: their {n} tensors have no names, and their shapes are those of {fits} of "+
			"the state dictionaries, not of one", "name", torch.Printable(name), "n",
			len(l.dict.Entries), "fits", len(fits)))
	}
	for i := range f.found {
		found = append(found, dotless(&f.found[i])...)
	}
	return found, notes
}

// notAveraged are tensors of networks that are parameters without a gradient, or buffers: some
// averages leave them out.
var notAveraged = []string{"time_proj.weight"}

// inOrder returns the average of s that a list holds in the order of s's parameters, as pytorch_ema
// and diffusers' EMAModel keep it; false unless number and shapes agree.
func inOrder(s *State, l list) (State, bool) {
	average := State{Family: s.Family, Others: s.Others, path: l.path, prefix: s.prefix,
		dict: l.dict, average: averages(l.path)}
	for _, skip := range []bool{false, true} {
		average.Tensors = nil
		at := 0
		for _, t := range s.Tensors {
			if !t.DType.Float() ||
				skip && slices.Contains(notAveraged, t.Name) {
				average.Tensors = append(average.Tensors, t)
				continue
			}
			if at == len(l.dict.Entries) {
				at++
				break
			}
			e := l.dict.Entries[at]
			if e.Tensor == nil || !slices.Equal(e.Tensor.Shape, t.Shape) {
				at = len(l.dict.Entries) + 1
				break
			}
			at++
			a := *e.Tensor
			a.Name = t.Name
			average.Tensors = append(average.Tensors, a)
		}
		if at == len(l.dict.Entries) {
			return average, true
		}
	}
	return average, false
}

// dotless returns the averages of s that lie in its dictionary under names without dots, as the
// LitEma of latent diffusion keeps them: model_ema.conv_inweight beside model.conv_in.weight. What
// has no average there is taken from s, as LitEma does.
func dotless(s *State) (found []State) {
	if !strings.Contains(s.anchor, ".") {
		return nil
	}
	bare := func(name string) string { return strings.ReplaceAll(name, ".", "") }
	tensors := map[string]*weights.Tensor{}
	for _, e := range s.dict.Entries {
		if e.Tensor != nil {
			tensors[e.Key] = e.Tensor
		}
	}
	for _, e := range s.dict.Entries {
		at := strings.LastIndex(e.Key, ".") + 1
		holder, tail := e.Key[:at], e.Key[at:]
		inner, ok := innerPrefix(s.prefix, tail, bare(s.anchor))
		if e.Tensor == nil || !ok || holder+tail == s.prefix+s.anchor {
			continue
		}
		average := State{Family: s.Family, Others: s.Others, dict: s.dict, prefix: holder,
			path: append(slices.Clone(s.path[:len(s.path)-prefixParts(s)]),
				strings.Split(strings.TrimSuffix(holder, "."), ".")...)}
		average.average = averages(average.path)
		fits := average.average > 0
		for _, t := range s.Tensors {
			if a, ok := tensors[holder+bare(inner+t.Name)]; ok {
				fits = fits && slices.Equal(a.Shape, t.Shape)
				name := t.Name
				t = *a
				t.Name = name
			}
			average.Tensors = append(average.Tensors, t)
		}
		if fits {
			found = append(found, average)
		}
	}
	return found
}

// prefixParts is the number of parts of a state's path that come from its prefix.
func prefixParts(s *State) int {
	n := 0
	for _, part := range strings.Split(strings.TrimSuffix(s.prefix, "."), ".") {
		if part != "" && !slices.Contains(wrappers, part) {
			n++
		}
	}
	return n
}

// innerPrefix returns the end of a prefix, from a dot on, that stands without dots before the
// anchor in tail; false if none does.
func innerPrefix(prefix, tail, anchor string) (string, bool) {
	before, ok := strings.CutSuffix(tail, anchor)
	if !ok {
		return "", false
	}
	for inner := prefix; ; {
		if strings.ReplaceAll(inner, ".", "") == before {
			return inner, true
		}
		if inner == "" {
			return "", false
		}
		_, inner, _ = strings.Cut(inner, ".")
	}
}
