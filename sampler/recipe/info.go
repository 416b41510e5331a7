package recipe

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
	"tweedie/weights/json"
)

// Info is what a recipe is resolved against: what the weights file says of its model.
type Info struct {
	Name  string // m: the file's name without extension
	Title string // for people; the name if the file has none
	Hash  string // first 16 hexadecimal digits of the file's SHA-256
	// names of the classes without the null class; nil for an unconditional model
	Classes                 []string
	Channels, Height, Width int // shape of a picture
	OutChannels             int // of the network: Channels, or 2·Channels with a predicted variance
	Scheduler               schedule.Config
	Defaults                Defaults

	Cascade *Cascade // nil unless the model is the second stage of one
	Stage   *Stage   // its first stage, see AccompanyBase; nil if it is not at hand
	// the classifier of classifier guidance, see Accompany; nil if there is none at hand
	Guide *Guide
}

// Defaults are the parts of a recipe that a model's file may choose and its scheduler config does
// not hold.
type Defaults struct {
	Sampler  string  // k
	Steps    int     // steps; limited to the model's T when a recipe is resolved
	Guidance float64 // g
	Eta      float64 // eta with Sampler, and with no other; 0 for what the sampler does by itself
	Rederive bool    // rederive

	Classifier string // classifier; "" for the model's name with -classifier
}

// StandardDefaults returns what holds where a model's file says nothing.
func StandardDefaults() Defaults {
	return Defaults{Sampler: "ddim", Steps: 50, Guidance: 1.5}
}

// NewInfo reads a weights file's metadata: `title`, `classes` (JSON array of names), `scheduler`
// (diffusers' scheduler config) and `sampling` (JSON object with any of sampler, steps, guidance,
// eta, use_clipped_model_output, classifier). All may be absent. Classes without names are called
// by their index. `cascade` makes the model the second stage of one, see Cascade. The scheduler's
// _class_name is the sampler where `sampling` names none, but for DDPMScheduler, with which
// networks are trained whatever they are sampled by.
func NewInfo(name string, metadata map[string]string, hash string, m network.Model) (Info, error) {
	if _, ok := modelName(name); !ok {
		return Info{}, errors.New("sampler: the model's name is " + strconv.Quote(shorten(name)) +
			" but must be " + fileName)
	}
	info := Info{Name: name, Title: metadata["title"], Hash: hash, OutChannels: m.OutChannels(),
		Scheduler: schedule.Default()}
	info.Channels, info.Height, info.Width = m.Shape()
	if info.Title == "" {
		info.Title = name
	}
	var err error
	if text, ok := metadata["scheduler"]; ok {
		if info.Scheduler, err = schedule.ParseConfig([]byte(text)); err != nil {
			return Info{}, err
		}
	}
	if info.Cascade, err = parseCascade(metadata["cascade"]); err != nil {
		return Info{}, err
	}
	classes := m.Classes()
	if info.Cascade != nil {
		if err = info.Cascade.limit(m); err != nil {
			return Info{}, err
		}
		classes = -1 // they are the first stage's, and as many as it has
	}
	if info.Classes, err = classNames(metadata["classes"], classes); err != nil {
		return Info{}, err
	}
	standard := StandardDefaults()
	if k := info.Scheduler.Solver.Sampler; k != "" {
		standard.Sampler = k
	}
	info.Defaults, err = parseDefaults(metadata["sampling"], standard)
	return info, err
}

// classNames reads the names of a model's classes; without any they are the indices. A count below
// 0 is not known.
func classNames(text string, count int) ([]string, error) {
	if text == "" {
		names := make([]string, 0, max(count, 0))
		for i := range count {
			names = append(names, strconv.Itoa(i))
		}
		return names, nil
	}
	names, err := json.Texts([]byte(text), "sampler: the file's classes")
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		if _, usable := className(name); !usable {
			return nil, errors.New("sampler: name " + strconv.Itoa(i) +
				" of the file's classes must be a text of up to 200 bytes")
		}
	}
	if len(names) != count && count >= 0 {
		return nil, errors.New("sampler: the file must name its network's " + strconv.Itoa(count) +
			" classes in an array, and has " + strconv.Itoa(len(names)) + " names")
	}
	return names, nil
}

// parseDefaults reads the metadata's `sampling` over what holds without it.
func parseDefaults(text string, d Defaults) (Defaults, error) {
	if text == "" {
		return d, nil
	}
	r := json.ReadObject([]byte(text), "sampler: the file's sampling defaults")
	r.OneOf("sampler", &d.Sampler, solver.Names()...)
	r.IntIn("steps", &d.Steps, 1, maxSteps)
	r.FloatIn("guidance", &d.Guidance, keys[keyGuidance].min, keys[keyGuidance].max)
	r.FloatIn("eta", &d.Eta, keys[keyEta].min, keys[keyEta].max)
	r.Bool("use_clipped_model_output", &d.Rederive)
	fileNameIn(r, "classifier", &d.Classifier)
	return d, r.End()
}

// fileNameIn reads the name of a file of weights/, without its extension.
func fileNameIn(r *json.Reader, key string, dst *string) {
	if r.Text(key, dst); r.Err() == nil && *dst != "" {
		if _, ok := modelName(*dst); !ok {
			r.Wrong(key, fileName)
		}
	}
}
