package checkpoint

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"tweedie/tools/convert/reason"
)

// Extensions are those of files with weights, the safest first.
var Extensions = []string{".safetensors", ".bin", ".pt", ".pth", ".ckpt"}

// stems are the usual names of such files without variant and extension, the best first.
var stems = []string{"diffusion_pytorch_model", "model", "pytorch_model"}

// named takes a name of that kind apart: stem, variant (fp16), extension, and what an index has
// behind it.
var named = regexp.MustCompile(
	`^(.+?)(?:\.([a-z0-9_]+))?(\.(?:safetensors|bin|pth|pt|ckpt))` +
		`(\.index(?:\.([a-z0-9_]+))?\.json)?$`)

// training matches files of a training run that hold no network.
var training = regexp.MustCompile(
	`^(?:optimizer|scheduler|scaler|random_states|rng_state|training_args|sampler|dl_state)\b|` +
		`^(?:optimizer|random_states|rng_state|sampler)_|^pytorch_lora_weights|^adapter_model`)

// file is a file of a folder that holds weights, or the index of its shards.
type file struct {
	name  string
	index bool
	rank  [3]int // place in stems, whether it is a variant, place in Extensions
}

// fileNamed takes the name of such a file apart; false for another file.
func fileNamed(name string) (file, bool) {
	match := named.FindStringSubmatch(name)
	if match == nil || training.MatchString(name) || strings.HasPrefix(name, ".") {
		return file{}, false
	}
	f := file{name: name, index: match[4] != ""}
	stem, variant := match[1], cmp.Or(match[2], match[5])
	if !slices.Contains(stems, stem) && variant != "" && !f.index {
		stem, variant = stem+"."+variant, "" // a dot in somebody's name
	}
	f.rank[0] = slices.Index(stems, stem)
	if f.rank[0] < 0 {
		f.rank[0] = len(stems)
	}
	if variant != "" {
		f.rank[1] = 1
	}
	f.rank[2] = slices.Index(Extensions, match[3])
	return f, true
}

// weightsFiles lists the files of a folder that hold weights, the best first: by diffusers' names
// before other names, full precision before half, and without pickles before those with. shards
// are files that are parts, and others hold no weights.
func (s *Source) weightsFiles(folder string) (list []file, shards, others []string, err error) {
	entries, err := fs.ReadDir(s.Files, folder)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, e := range entries {
		name := e.Name()
		f, ok := fileNamed(name)
		switch {
		case !isFile(s.Files, path.Join(folder, name)):
		case !ok:
			others = append(others, name)
		case shard.MatchString(name):
			shards = append(shards, name)
		default:
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b file) int { return slices.Compare(a.rank[:], b.rank[:]) })
	return list, shards, others, nil
}

// takeWeights finds the weights in a folder.
func (s *Source) takeWeights(folder string) error {
	list, shards, others, err := s.weightsFiles(folder)
	switch {
	case err != nil:
		return err
	case len(list) == 0 && len(shards) > 0:
		return s.takeSiblings(path.Join(folder, shards[0]))
	case len(list) == 0:
		return s.noWeights(folder, others)
	}
	best, rest := list[0], list[1:]
	if best.rank[0] == len(stems) && len(rest) > 0 {
		return reason.New("several", "there are several files with weights in {folder}: name "+
			"one of {names}", "folder", path.Base(folder), "names", fileNames(list))
	}
	// An index beside the whole file of the same name is that file's.
	rest = slices.DeleteFunc(slices.Clone(rest), func(f file) bool {
		return f.index && strings.HasPrefix(f.name, best.name)
	})
	if len(rest) > 0 {
		s.note("left.files", "took {name}, and left {others} beside it", "name", best.name,
			"others", fileNames(rest))
	}
	if best.index {
		return s.takeIndex(path.Join(folder, best.name))
	}
	s.Weights = []string{path.Join(folder, best.name)}
	return nil
}

func fileNames(list []file) string {
	var names []string
	for _, f := range list {
		names = append(names, f.name)
	}
	return some(names)
}

// some joins names, the first few if they are many.
func some(names []string) string {
	const few = 8
	if len(names) > few {
		names = append(slices.Clone(names[:few]), "…")
	}
	return strings.Join(names, ", ")
}
