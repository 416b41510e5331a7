package checkpoint

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
)

// shard matches a part of split weights: NAME-00001-of-00002.safetensors, with a variant before
// the number or behind it.
var shard = regexp.MustCompile(
	`^(.+)-([0-9]{5})-of-([0-9]{5})((?:\.[a-z0-9_]+)?)\.(safetensors|bin)$`)

func isIndex(name string) bool {
	match := named.FindStringSubmatch(name)
	return match != nil && match[4] != ""
}

// maxShards bounds the files of an index.
const maxShards = 10_000

// takeIndex takes the shards that an index names.
func (s *Source) takeIndex(file string) error {
	places, err := s.readIndex(file)
	if err != nil {
		return err
	}
	s.Index = file
	for _, p := range places {
		if !slices.Contains(s.Weights, p.file) {
			s.Weights = append(s.Weights, p.file)
		}
		if len(s.Weights) > maxShards {
			return fmt.Errorf("%s names more than %d files", path.Base(file), maxShards)
		}
	}
	slices.Sort(s.Weights)
	for _, w := range s.Weights {
		if !isFile(s.Files, w) {
			return reason.New("part", "{file} names a part {part}, which is not in the folder: "+
				"download it, too", "file", path.Base(file), "part", path.Base(w))
		}
	}
	return nil
}

// place says in which file a tensor lies.
type place struct{ tensor, file string }

// readIndex reads the weight_map of an index. Its files lie beside it: a path elsewhere is an
// error.
func (s *Source) readIndex(file string) ([]place, error) {
	base := path.Base(file)
	root, err := s.readJSON(file)
	if err != nil {
		return nil, err
	}
	list, ok := root.Get("weight_map")
	if !ok || len(list.Members()) == 0 {
		return nil, fmt.Errorf("%s: want a weight_map, which says where the tensors lie, got none",
			base)
	}
	var places []place
	for _, m := range list.Members() {
		name, ok := m.Value.Text()
		if !ok || !plainFile(name) {
			return nil, fmt.Errorf("%s: want the name of a file beside it for the tensor %q, "+
				"got %q", base, torch.Printable(m.Key), torch.Printable(name))
		}
		places = append(places, place{m.Key, path.Join(path.Dir(file), name)})
	}
	return places, nil
}

// plainFile reports whether a name is that of a file in the same folder.
func plainFile(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\\\x00")
}

// takeSiblings takes all parts of the weights that one part belongs to.
func (s *Source) takeSiblings(file string) error {
	folder, base := path.Dir(file), path.Base(file)
	m := shard.FindStringSubmatch(base)
	stem, variant, ext := m[1], m[4], "."+m[5]
	if index := s.firstOf(folder, stem+variant+ext+".index.json", stem+ext+".index"+variant+".json",
		withoutVariant(stem)+ext+".index"+variantOf(stem)+".json"); index != "" {
		s.note("parts.index", "took all parts that {index} names", "index", path.Base(index))
		return s.takeIndex(index)
	}
	count, _ := strconv.Atoi(m[3])
	if count < 1 || count > maxShards {
		return fmt.Errorf("%s: want from 1 to %d parts, got %d", base, maxShards, count)
	}
	for i := range count {
		name := fmt.Sprintf("%s-%05d-of-%s%s%s", stem, i+1, m[3], variant, ext)
		part := path.Join(folder, name)
		if !isFile(s.Files, part) {
			return reason.New("parts", "{file} is one of {n} parts, and {part} is not in the "+
				"folder: download it, too", "file", base, "n", count, "part", name)
		}
		s.Weights = append(s.Weights, part)
	}
	s.note("parts", "took all {n} parts; their index is missing", "n", count)
	return nil
}

func withoutVariant(stem string) string {
	before, _, _ := strings.Cut(stem, ".")
	return before
}

func variantOf(stem string) string { return stem[len(withoutVariant(stem)):] }

// checkIndex holds what the shards have against what their index says.
func (s *Source) checkIndex(home map[string]string) error {
	if s.Index == "" {
		return nil
	}
	places, err := s.readIndex(s.Index)
	if err != nil {
		return err
	}
	for _, p := range places {
		if home[p.tensor] != p.file {
			return fmt.Errorf("%s: the tensor %q should be in %s and is not: download the parts "+
				"again", path.Base(s.Index), torch.Printable(p.tensor), path.Base(p.file))
		}
	}
	return nil
}

// join puts the entries of a part into the whole.
func join(whole, part *torch.Dict, file string, home map[string]string) error {
	for _, e := range part.Entries {
		if other, twice := home[e.Key]; twice {
			return fmt.Errorf("the tensor %q is in two parts, %s and %s", torch.Printable(e.Key),
				path.Base(other), path.Base(file))
		}
		home[e.Key] = file
	}
	whole.Entries = append(whole.Entries, part.Entries...)
	return nil
}
