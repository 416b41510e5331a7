package recipe

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
	"tweedie/weights/json"
)

// Info is what a model's file says about the model. A recipe is resolved against it.
type Info struct {
	Name  string // m: the file's name without extension
	Title string // for people; the name if the file has none
	Hash  string // first 16 hexadecimal digits of the file's SHA-256
	// names of the classes without the null class; nil for an unconditional model
	Classes                 []string
	Channels, Height, Width int  // shape of a picture, or of a latent
	OutChannels             int  // of the network: Channels, or twice as many with a variance
	Deep                    bool // the network has deep features, see network.Deep
	Scheduler               schedule.Config
	Defaults                Defaults

	Cascade *Cascade // nil unless the model is the second stage of a cascade
	Stage   *Stage   // the cascade's first stage, see AccompanyBase; nil if not loaded
	// the classifier of classifier guidance, see Accompany; nil if not loaded
	Guide *Guide
}

// Drawn returns the shape of what a state of the model is drawn as; see picture.Drawn.
func (info *Info) Drawn() (channels, height, width int) {
	return picture.Drawn(info.Channels, info.Height, info.Width)
}

// Defaults are the defaults of a recipe that the model's file sets outside the scheduler config.
type Defaults struct {
	Sampler  string  // k
	Steps    int     // steps; limited to the model's T when a recipe is resolved
	Guidance float64 // g
	Eta      float64 // eta, with Sampler only; 0 for the sampler's default
	Rederive bool    // rederive

	Classifier string // classifier; "" for the model's name with -classifier
}

// StandardDefaults returns the defaults of a model whose file sets none.
func StandardDefaults() Defaults {
	return Defaults{Sampler: "ddim", Steps: 50, Guidance: 1.5}
}

// NewInfo returns what a weights file says about its model. name is the file's name without
// extension, hash the first 16 hexadecimal digits of its SHA-256. The metadata may have: `title`;
// `classes`, a JSON array of names, without which the classes are named by their index;
// `scheduler`, a scheduler config of diffusers; `sampling`, a JSON object with any of sampler,
// steps, guidance, eta, use_clipped_model_output and classifier; and `cascade`, which makes the
// model the second stage of a cascade, see Cascade.
//
// Without a sampler in `sampling`, the scheduler's _class_name gives the sampler. DDPMScheduler
// does not: it says how a network was trained, whichever sampler it is used with.
func NewInfo(name string, metadata map[string]string, hash string, m network.Model) (Info, error) {
	if _, ok := modelName(name); !ok {
		return Info{}, errors.New("recipe: the model's name is " + strconv.Quote(shorten(name)) +
			" but must be " + fileName)
	}
	info := Info{Name: name, Title: metadata["title"], Hash: hash, OutChannels: m.OutChannels(),
		Deep: network.DeepSize(m) > 0, Scheduler: schedule.Default()}
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
		classes = -1 // the first stage has them; their number is not known here
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

// classNames returns the names of a model's count classes: those of the JSON array text or, if text
// is "", the indices. A count below 0 means that the number is not known.
func classNames(text string, count int) ([]string, error) {
	if text == "" {
		names := make([]string, 0, max(count, 0))
		for i := range count {
			names = append(names, strconv.Itoa(i))
		}
		return names, nil
	}
	names, err := json.Texts([]byte(text), "recipe: the file's classes")
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		if _, usable := className(name); !usable {
			return nil, errors.New("recipe: name " + strconv.Itoa(i) +
				" of the file's classes must be a text of up to 200 bytes")
		}
	}
	if len(names) != count && count >= 0 {
		return nil, errors.New("recipe: the file must name its network's " + strconv.Itoa(count) +
			" classes in an array, and has " + strconv.Itoa(len(names)) + " names")
	}
	return names, nil
}

// parseDefaults returns d with the values of the metadata's `sampling`.
func parseDefaults(text string, d Defaults) (Defaults, error) {
	if text == "" {
		return d, nil
	}
	r := json.ReadObject([]byte(text), "recipe: the file's sampling defaults")
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
