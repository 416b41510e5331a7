package recipe

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/schedule"
	"tweedie/weights/json"
)

// Info is what a recipe is resolved against: what the weights file says of its model.
type Info struct {
	Name                    string   // m: the file's name without extension
	Title                   string   // for people; the name if the file has none
	Hash                    string   // first 16 hexadecimal digits of the file's SHA-256
	Classes                 []string // names of the classes without the null class; nil for an unconditional model
	Channels, Height, Width int      // shape of a picture
	OutChannels             int      // of the network: Channels, or 2·Channels with a predicted variance
	Scheduler               schedule.Config
	Defaults                Defaults

	Cascade *Cascade // nil unless the model is the second stage of one
	Stage   *Stage   // its first stage, see AccompanyBase; nil if it is not at hand
	Guide   *Guide   // the classifier of classifier guidance, see Accompany; nil if there is none at hand
}

// Defaults are the parts of a recipe that a model's file may choose and its scheduler config does not hold.
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

// NewInfo reads a weights file's metadata: `title`, `classes` (JSON array of names), `scheduler` (diffusers' scheduler config) and
// `sampling` (JSON object with any of sampler, steps, guidance, eta, use_clipped_model_output, classifier). All may be absent. Classes without
// names are called by their index. `cascade` makes the model the second stage of one, see Cascade. The scheduler's _class_name is the sampler where `sampling` names none, but for DDPMScheduler, with
// which networks are trained whatever they are sampled by.
func NewInfo(name string, metadata map[string]string, hash string, m network.Model) (Info, error) {
	if _, ok := modelName(name); !ok {
		return Info{}, errors.New("sampler: the model's name is " + strconv.Quote(shorten(name)) + " but must be " + fileName)
	}
	info := Info{Name: name, Title: metadata["title"], Hash: hash, OutChannels: m.OutChannels(), Scheduler: schedule.Default()}
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

// classNames reads the names of a model's classes; without any they are the indices. A count below 0 is not known.
func classNames(text string, count int) ([]string, error) {
	names := make([]string, 0, max(count, 0))
	if text == "" {
		for i := range count {
			names = append(names, strconv.Itoa(i))
		}
		return names, nil
	}
	v, err := json.Parse([]byte(text))
	if err != nil {
		return nil, errors.New("sampler: the file's classes are no JSON: " + err.Error())
	}
	for i, element := range v.Array() {
		name, ok := element.Text()
		if _, usable := className(name); !ok || !usable {
			return nil, errors.New("sampler: name " + strconv.Itoa(i) + " of the file's classes must be a text of up to 200 bytes")
		}
		names = append(names, name)
	}
	if v.Kind() != json.Array || len(names) != count && count >= 0 {
		return nil, errors.New("sampler: the file must name its network's " + strconv.Itoa(count) + " classes in an array, and has " +
			strconv.Itoa(len(names)) + " names in " + v.Kind().String())
	}
	return names, nil
}

// parseDefaults reads the metadata's `sampling` over what holds without it.
func parseDefaults(text string, d Defaults) (Defaults, error) {
	if text == "" {
		return d, nil
	}
	v, err := json.Parse([]byte(text))
	if err != nil {
		return d, errors.New("sampler: the file's sampling defaults are no JSON: " + err.Error())
	}
	if v.Kind() != json.Object {
		return d, errors.New("sampler: the file's sampling defaults must be an object, not " + v.Kind().String())
	}
	for _, member := range v.Members() {
		if err := d.set(member.Key, member.Value); err != nil {
			return d, err
		}
	}
	return d, nil
}

// set takes over one member of `sampling`.
func (d *Defaults) set(name string, v json.Value) error {
	ok, wanted := false, ""
	switch name {
	case "sampler":
		d.Sampler, ok = v.Text()
		_, known := keys[keySampler].shortest(d.Sampler)
		ok, wanted = ok && known, keys[keySampler].mustBe()
	case "steps":
		d.Steps, ok = v.Int()
		ok, wanted = ok && d.Steps >= 1 && d.Steps <= maxSteps, "a whole number, 1 or more"
	case "guidance":
		d.Guidance, ok = v.Float64()
		ok, wanted = ok && d.Guidance >= 0 && d.Guidance <= MaxGuidance, keys[keyGuidance].mustBe()
	case "eta":
		d.Eta, ok = v.Float64()
		ok, wanted = ok && d.Eta >= 0 && d.Eta <= 1, keys[keyEta].mustBe()
	case "use_clipped_model_output":
		d.Rederive, ok = v.Bool()
		wanted = "true or false"
	case "classifier":
		d.Classifier, ok = v.Text()
		_, named := modelName(d.Classifier)
		ok, wanted = ok && named, fileName
	default:
		return errors.New("sampler: the file's sampling defaults have an unknown key " + strconv.Quote(shorten(name)) +
			"; known are sampler, steps, guidance, eta, use_clipped_model_output, classifier")
	}
	if !ok {
		return errors.New("sampler: " + name + " in the file's sampling defaults must be " + wanted)
	}
	return nil
}
