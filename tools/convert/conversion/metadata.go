package conversion

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tweedie/sampler/classifier"
	"tweedie/sampler/oracle"
	"tweedie/sampler/schedule"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/reason"
	"tweedie/weights/json"
)

// Settings is a network's configuration.
type Settings struct {
	UNet       unet.Config // zero for the others
	Classifier bool
	Graph      bool    // the architecture is data
	Assumed    bool    // a part of it is not in the checkpoint
	Tolerance  float64 // that its check allows even in float32, 0 for the usual one
	Raw        string  // its config as the authors' code has it, to compare with their numbers
}

// readConfig reads and checks the network's configuration, from a file or from the metadata of a
// converted checkpoint. text is the configuration for the metadata.
func (in *Input) readConfig() (text string, cfg Settings, err error) {
	root, found, err := in.object(in.Config, in.source.Config, "config")
	if err != nil {
		return "", cfg, err
	}
	if !found {
		return "", cfg, reason.New("noconfig.beside", "there is no config.json beside {file}; it "+
			"says how the network is built: put the one of the diffusers model there"+
			in.advice(", or name a file with -config"), "file", in.source.Name())
	}
	class := unet.ClassName
	if v, ok := root.Get("_class_name"); ok {
		class, _ = v.Text()
	} else if library, what, other := checkpoint.Library(root); other {
		return "", cfg, reason.New("library.config", "its config.json describes {what} of the "+
			"library {library}, and no diffusion network", "what", what, "library", library)
	}
	text = withoutNotes(root, class == unet.ClassName)
	if class == unet.ClassName {
		text, err = in.sized(text)
	}
	if err != nil {
		return "", cfg, err
	}
	switch class {
	case unet.ClassName:
		cfg.UNet, err = unet.ParseConfig([]byte(text))
	case classifier.ClassName:
		cfg.Classifier = true
		_, err = classifier.ParseConfig([]byte(text))
	case oracle.ClassName:
	default:
		err = otherClass(class)
	}
	return text, cfg, inConfig("config.json", err)
}

// sized adds the pictures' size to the configuration of a network that leaves it open, as diffusers
// allows.
func (in *Input) sized(config string) (string, error) {
	root, err := json.Parse([]byte(config))
	if err != nil {
		return "", err
	}
	if v, ok := root.Get("sample_size"); ok && v.Kind() != json.Null {
		return config, in.unread(nil)
	}
	s := in.Settings
	if s.Height == 0 {
		return "", reason.New("size.needed", "its config.json does not say how large the pictures "+
			"are: name their side with -size")
	}
	b := []byte{'{'}
	for _, m := range root.Members() {
		if m.Key != "sample_size" {
			b = append(m.Value.Append(append(json.AppendString(b, m.Key), ':')), ',')
		}
	}
	config = fmt.Sprintf(`%s"sample_size":[%d,%d]}`, b, s.Height, s.Width)
	return config, in.unread(nil, "size")
}

// readScheduler is readConfig for the noise schedule; text is empty if there is no schedule.
func (in *Input) readScheduler() (text string, err error) {
	root, found, err := in.object(in.Options.Scheduler, in.source.Scheduler, "scheduler")
	if err != nil {
		return "", err
	}
	if !found {
		in.Warn(reason.NewNote("noschedule", "there is no scheduler_config.json, so the sampler "+
			"will take diffusers' defaults"+in.advice("; -scheduler names one")))
		return "", nil
	}
	text = withoutNotes(root, false)
	c, err := schedule.ParseConfig([]byte(text))
	if err != nil {
		return "", inConfig("scheduler_config.json", err)
	}
	if _, old := root.Get("predict_epsilon"); old {
		in.say("predict", "the network predicts {prediction}, as the old option predict_epsilon "+
			"says", "prediction", string(c.PredictionType))
	}
	return text, nil
}

// inConfig gives the errors about a configuration that people meet most a reason.
func inConfig(name string, err error) error {
	var m *json.MemberError
	switch {
	case !errors.As(err, &m):
		return err
	case m.Unknown():
		return reason.Of("option", fmt.Errorf("%w, so the network could not be drawn as it was "+
			"trained: take it out of %s if it cannot change a picture", err, name), "key", m.Key,
			"file", name)
	case m.Key != "":
		return reason.Of("member", err, "key", m.Key, "file", name, "fault", m.Reason)
	}
	return err
}

// averageOptions are what diffusers' EMAModel.save_pretrained adds to the configuration of a
// network: how the moving average was taken. They say nothing about how the network is built.
var averageOptions = []string{"decay", "inv_gamma", "min_decay", "optimization_step", "power",
	"update_after_step", "use_ema_warmup"}

// withoutNotes writes an object without white space, without the keys in which diffusers notes
// its folder (_name_or_path and similar ones), and, of a network, without averageOptions. Class and
// version stay.
func withoutNotes(root json.Value, ofNetwork bool) string {
	b := []byte{'{'}
	for _, m := range root.Members() {
		if strings.HasPrefix(m.Key, "_") && m.Key != "_class_name" &&
			m.Key != "_diffusers_version" || ofNetwork && slices.Contains(averageOptions, m.Key) {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = json.AppendString(b, m.Key)
		b = append(b, ':')
		b = m.Value.Append(b)
	}
	return string(append(b, '}'))
}

// describe builds the file's metadata from the command line and, where a flag
// is missing, from the checkpoint's metadata. Unknown entries are left out.
func (in *Input) describe(d Draft) (map[string]string, error) {
	o, own := in.Options, in.metadata
	classes, err := ClassNames(o.Classes)
	if err != nil {
		return nil, err
	}
	sampling, err := flagObject("-sampling", o.Sampling)
	if err != nil {
		return nil, err
	}
	cascade, err := flagObject("-cascade", o.Cascade)
	if err != nil {
		return nil, err
	}
	provenance := o.Provenance
	if provenance == "" && own["provenance"] == "" {
		provenance = "Converted from " + in.origin + "."
	}
	m := map[string]string{"format": "pt"}
	for key, text := range map[string]string{
		"config": d.config, "scheduler": d.scheduler, "title": o.Title, "classes": classes,
		"licence": o.Licence, "data": o.Data, "provenance": provenance,
		"sampling": sampling, "cascade": cascade,
	} {
		if text == "" {
			text = own[key]
		}
		if text != "" {
			m[key] = text
		}
	}
	if text := completed(m["sampling"], d.sampling); text != "" {
		m["sampling"] = text
	}
	in.tellClasses(d, m)
	return m, nil
}

// flagObject checks that a flag is a JSON object; the sampler checks its keys.
func flagObject(flag, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	v, err := json.Parse([]byte(text))
	if err != nil {
		return "", fmt.Errorf("want %s as a JSON object: %w", flag, err)
	}
	if v.Kind() != json.Object {
		return "", errors.New("want " + flag + " as a JSON object, got " + v.Kind().String())
	}
	return string(v.Append(nil)), nil
}
