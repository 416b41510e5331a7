package checkpoint

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"tweedie/tools/convert/reason"
)

// Source has the files of a checkpoint, as paths in Files.
type Source struct {
	Files     fs.FS
	Weights   []string      // the file with the tensors, or its shards in their order
	Index     string        // of the shards; empty for one file, and if it is missing
	Config    string        // config.json, or empty
	Scheduler string        // scheduler_config.json, or empty
	Notes     []reason.Note // what was chosen among alternatives
}

// Name is what a report calls the weights.
func (s *Source) Name() string {
	if s.Index != "" {
		return path.Base(s.Index)
	}
	return path.Base(s.Weights[0])
}

func (s *Source) note(id, text string, values ...any) {
	s.Notes = append(s.Notes, reason.NewNote(id, text, values...))
}

// Names of files in folders of diffusers.
const (
	configFile    = "config.json"
	schedulerFile = "scheduler_config.json"
	pipelineFile  = "model_index.json"
)

// Locate finds the files of the checkpoint that a path in files names: a folder or a file.
func Locate(files fs.FS, name string) (Source, error) {
	s := Source{Files: files}
	info, err := fs.Stat(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, reason.New("nothing", "there is no file or folder {file}", "file",
			path.Base(name))
	} else if err != nil {
		return s, err
	}
	folder := path.Dir(name)
	switch base := path.Base(name); {
	case info.IsDir():
		folder, err = s.takeFolder(name)
	case base == configFile || base == pipelineFile: // someone means its folder
		folder, err = s.takeFolder(folder)
	case isIndex(base):
		err = s.takeIndex(name)
	case shard.MatchString(base):
		err = s.takeSiblings(name)
	default:
		s.Weights = []string{name}
	}
	if err != nil {
		return s, err
	}
	s.Config = s.firstOf(folder, configFile)
	s.findScheduler(folder)
	return s, nil
}

// takeFolder finds the model's folder, which it returns, in or below a folder, and the weights in
// it.
func (s *Source) takeFolder(folder string) (string, error) {
	const steps = 4 // cache, snapshot, run, unet
	for range steps {
		inner, err := s.inner(folder)
		if err != nil {
			return "", err
		}
		if inner == "" {
			break
		}
		folder = inner
	}
	return folder, s.takeWeights(folder)
}

// firstOf returns the first of some files that exists, empty if none does.
func (s *Source) firstOf(folder string, names ...string) string {
	for _, name := range names {
		if name = path.Join(folder, name); isFile(s.Files, name) {
			return name
		}
	}
	return ""
}

// findScheduler looks beside the weights and above them: a pipeline keeps the schedule in its own
// folder, and a training run above its checkpoints.
func (s *Source) findScheduler(folder string) {
	if s.Scheduler = s.firstOf(folder, schedulerFile); s.Scheduler != "" {
		if s.firstOf(folder, "scheduler/"+schedulerFile) != "" {
			s.note("schedule.left", "took the noise schedule from {name}, and left {other}", "name",
				schedulerFile, "other", "scheduler/"+schedulerFile)
		}
		return
	}
	up := []string{"scheduler/" + schedulerFile, "../scheduler/" + schedulerFile}
	base, above := path.Base(folder), path.Base(path.Dir(folder))
	if strings.HasPrefix(base, "unet") || numbered.MatchString(base) {
		up = append(up, "../"+schedulerFile)
	}
	if numbered.MatchString(above) {
		up = append(up, "../../scheduler/"+schedulerFile, "../../"+schedulerFile)
	}
	for _, name := range up {
		if s.Scheduler = s.firstOf(folder, name); s.Scheduler != "" {
			s.note("schedule.from", "took the noise schedule from {name}", "name", name)
			return
		}
	}
}

// numbered matches the folders in which training scripts keep a step: checkpoint-500, epoch_3.
var numbered = regexp.MustCompile(
	`^(?:checkpoint|ckpt|epoch|step|iter|global_step)[-_]?([0-9]{1,9})$`)

func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && !info.IsDir()
}

func isFolder(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && info.IsDir()
}
