package checkpoint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
	"tweedie/weights/json"
)

// networkFolders are the folders of a pipeline that can have the network, the best first: a moving
// average samples better than the weights it averages.
var networkFolders = []string{"unet_ema", "unet", "transformer"}

// inner returns the folder in which to look on: empty if it is this one.
func (s *Source) inner(folder string) (string, error) {
	if isFolder(s.Files, path.Join(folder, "snapshots")) {
		return s.snapshot(folder)
	}
	if err := s.checkPipeline(folder); err != nil {
		return "", err
	}
	if s.firstOf(folder, configFile) != "" {
		return "", nil
	}
	var found []string
	for _, name := range networkFolders {
		if s.firstOf(path.Join(folder, name), configFile) != "" {
			found = append(found, name)
		}
	}
	if len(found) > 1 {
		s.note("left.folder", "took {name}, and left what lies beside it in {others}: name that "+
			"folder to convert it", "name", found[0], "others", strings.Join(found[1:], ", "))
	}
	if len(found) > 0 {
		return path.Join(folder, found[0]), nil
	}
	return s.lastStep(folder), nil
}

// lastStep returns the folder of a training run's last checkpoint, empty if it has none.
func (s *Source) lastStep(folder string) string {
	entries, err := fs.ReadDir(s.Files, folder)
	if err != nil {
		return ""
	}
	last, step, count := "", -1, 0
	for _, e := range entries {
		match := numbered.FindStringSubmatch(e.Name())
		if match == nil || !isFolder(s.Files, path.Join(folder, e.Name())) {
			continue
		}
		count++
		if n, err := strconv.Atoi(match[1]); err == nil && n > step {
			last, step = e.Name(), n
		}
	}
	if last == "" {
		return ""
	}
	if count > 1 {
		s.note("step.last", "took {name}, the last of {n} checkpoints: name another folder to "+
			"convert that", "name", last, "n", count)
	} else {
		s.note("step", "took {name}", "name", last)
	}
	return path.Join(folder, last)
}

// snapshot returns the folder of a model in the cache of the Hugging Face hub.
func (s *Source) snapshot(folder string) (string, error) {
	if b, err := fs.ReadFile(s.Files, path.Join(folder, "refs/main")); err == nil {
		name := strings.TrimSpace(string(b))
		if inner := path.Join(folder, "snapshots", name); fs.ValidPath(name) &&
			isFolder(s.Files, inner) {
			return inner, nil
		}
	}
	entries, err := fs.ReadDir(s.Files, path.Join(folder, "snapshots"))
	if err != nil {
		return "", err
	}
	if len(entries) != 1 {
		return "", reason.New("snapshots", "there are {n} snapshots in {folder}: name the folder "+
			"of one of them", "n", len(entries), "folder", path.Base(folder))
	}
	return path.Join(folder, "snapshots", entries[0].Name()), nil
}

// checkPipeline refuses pipelines whose network cannot be drawn alone, and says what else of one
// is not used.
func (s *Source) checkPipeline(folder string) error {
	file := s.firstOf(folder, pipelineFile)
	if file == "" {
		return nil
	}
	root, err := s.readJSON(file)
	if err != nil {
		return err
	}
	text := func(v json.Value) string { t, _ := v.Text(); return t }
	class, _ := root.Get("_class_name")
	var parts []string // that are there
	for _, m := range root.Members() {
		if list := m.Value.Array(); len(list) == 2 && text(list[1]) != "" {
			parts = append(parts, m.Key)
		}
	}
	for _, part := range []string{"text_encoder", "tokenizer", "image_encoder", "bert", "prior"} {
		if slices.Contains(parts, part) {
			return reason.New("pipeline", "{folder} is a text-to-image pipeline ({class} with a "+
				"{part}): its network needs what an encoder makes of a prompt, and only networks "+
				"without a prompt can be converted", "folder", path.Base(folder), "class",
				torch.Printable(text(class)), "part", part)
		}
	}
	for _, part := range []string{"vae", "vqvae", "movq"} {
		if slices.Contains(parts, part) {
			s.note("latents", "the network draws latents, which the pipeline's {part} turns into "+
				"pictures; it is not converted, so the latents themselves are shown", "part", part)
		}
	}
	return nil
}

// readJSON reads the JSON object of a file, as Python writes it.
func (s *Source) readJSON(file string) (json.Value, error) {
	b, err := fs.ReadFile(s.Files, file)
	if err != nil {
		return json.Value{}, err
	}
	return ParseConfig(path.Base(file), b)
}

// ParseConfig reads the JSON object of a configuration file called name.
func ParseConfig(name string, b []byte) (json.Value, error) {
	if err := notConfig(b); err != nil {
		return json.Value{}, about(name, err)
	}
	root, err := json.ParsePython(b)
	if err != nil {
		return root, about(name, err)
	}
	if root.Kind() != json.Object {
		return root, fmt.Errorf("%s: want a JSON object, got %v", name, root.Kind())
	}
	return root, nil
}
