package conversion

import (
	"slices"
	"strings"

	"tweedie/sampler/graph"
	"tweedie/sampler/schedule"
	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/family"
	"tweedie/tools/convert/reason"
	"tweedie/weights/json"
)

// familyMarks are the tensors by which networks of package family are found in a checkpoint.
func familyMarks() (list []checkpoint.Mark) {
	for _, f := range family.Families {
		list = append(list, checkpoint.Mark{Family: graph.ClassName, Anchor: f.Anchor})
	}
	return list
}

// convertFamily writes the architecture of a network of one of package family's families.
func convertFamily(in *Input) (Draft, error) {
	if text := in.metadata["config"]; json.ClassName([]byte(text)) == graph.ClassName {
		return in.again(text)
	}
	state := family.NewState(in.state.Tensors)
	state.Beside(in.state.Beside())
	f := family.Recognise(state)
	if in.Options.Family != "" {
		var err error
		if f, err = family.Of(in.Options.Family); err != nil {
			return Draft{}, err
		}
	}
	if f == nil {
		return Draft{}, in.Wrong(reason.New("family.unknown", "no network of a known family in "+
			"it, although it has a tensor that some begin with; known are {names} (-family NAME)",
			"names", strings.Join(family.Names(), ", ")))
	}
	in.Family = f
	if err := in.unread(f); err != nil {
		return Draft{}, in.Wrong(err)
	}
	in.say("family", "a network of the family {family} ("+f.Of+")", "family", f.Name)
	names, err := ClassNames(in.Classes)
	if err != nil {
		return Draft{}, err
	}
	settings := in.Options.Settings
	if list, err := json.Texts([]byte(names), ""); names != "" && err == nil {
		settings.ClassCount = len(list)
	}
	if root, found, err := in.object(in.Config, in.source.Config, "config"); err != nil {
		return Draft{}, err
	} else if found {
		settings.Config = string(root.Append(nil))
	}
	n, err := f.Build(state, settings)
	if err != nil {
		return Draft{}, in.Wrong(err)
	}
	for _, note := range n.Notes {
		in.Say(Line{in.Name(), note})
	}
	if in.Explain != nil {
		for _, line := range n.Report() {
			in.Explain(line)
		}
	}
	settings.Raw = true
	plain, err := f.Build(state, settings)
	if err != nil {
		return Draft{}, in.Wrong(err)
	}
	d := Draft{config: n.Config, scheduler: n.Scheduler, sampling: n.Sampling, Tensors: n.Tensors}
	d.Graph, d.Raw, d.Tolerance = true, plain.Config, f.Tolerance
	d.Assumed = len(n.Notes) > 0
	if in.Scheduler != "" || in.source.Scheduler != "" {
		d.scheduler, err = in.readScheduler()
	} else {
		_, err = schedule.ParseConfig([]byte(d.scheduler))
	}
	return d, err
}

// again keeps the architecture of a weights file of this program.
func (in *Input) again(config string) (Draft, error) {
	for _, name := range in.given {
		if name == "family" || name == "config" || slices.Contains(familyFlags, name) {
			return Draft{}, in.Wrong(reason.New("unread.again", "-{flag} says nothing to a "+
				"weights file of this program, which says itself how its network is built: "+
				"convert the checkpoint that it comes from", "flag", name))
		}
	}
	d := Draft{config: config, Tensors: in.state.Tensors}
	d.Graph, d.Raw = true, config
	var err error
	d.scheduler, err = in.readScheduler()
	return d, err
}
