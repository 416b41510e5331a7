package conversion

import (
	"fmt"
	"strings"

	"tweedie/sampler/classifier"
	"tweedie/sampler/graph"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/family"
	"tweedie/tools/convert/reason"
	"tweedie/weights/json"
)

// ClassNames turns -classes into a JSON array.
func ClassNames(text string) (string, error) {
	list, err := classList(text)
	if err != nil || len(list) == 0 {
		return "", err
	}
	b := []byte{'['}
	for i, name := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = json.AppendString(b, name)
	}
	return string(append(b, ']')), nil
}

// classList are the names that -classes gives.
func classList(text string) (list []string, err error) {
	if text == "" {
		return nil, nil
	}
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		v, err := json.Parse([]byte(text))
		if err != nil {
			return nil, reason.Of("classes.json",
				fmt.Errorf("want -classes as a JSON array of names: %w", err), "fault", err.Error())
		}
		for i, e := range v.Array() {
			name, ok := e.Text()
			if !ok {
				return nil, reason.New("classes.text", "want -classes as a JSON array of names, "+
					"got "+e.Kind().String()+" as name {n}", "n", i+1)
			}
			list = append(list, name)
		}
	} else {
		for _, name := range strings.Split(text, ",") {
			list = append(list, strings.TrimSpace(name))
		}
	}
	for i, name := range list {
		if name == "" {
			return nil, reason.New("classes.empty", "-classes: want a name for every class, and "+
				"class {n} has none", "n", i+1)
		}
	}
	return list, nil
}

// checkClasses refuses -classes with another number of names than the network has classes. Those
// of a cascade's second stage are its first stage's.
func (in *Input) checkClasses(d Draft) error {
	list, err := classList(in.Classes)
	if err != nil || len(list) == 0 || in.Cascade != "" || in.metadata["cascade"] != "" {
		return err
	}
	given, rows := len(list), d.UNet.NumClassEmbeds
	switch {
	case d.Graph:
		g, err := graph.Parse([]byte(d.config))
		if err != nil {
			return err
		}
		return family.CheckClasses(given, g.Classes)
	case d.Classifier:
		c, err := classifier.ParseConfig([]byte(d.config))
		if err != nil {
			return err
		}
		return family.CheckClasses(given, c.Classes)
	case in.state.Family != unet.ClassName || d.UNet.ClassEmbedType != "":
		return nil
	case rows == 0:
		return family.CheckClasses(given, 0)
	}
	return family.CheckRows(given, rows)
}

// tellClasses says which row of a class table stands for no class, and sets the default guidance of
// a network that never learned to do without one: 1, because guidance compares with that.
func (in *Input) tellClasses(d Draft, m map[string]string) {
	if d.Graph {
		return
	}
	rows := d.UNet.NumClassEmbeds
	numbers := d.UNet.ClassEmbedType == "timestep"
	if d.UNet.ClassEmbedType == "identity" || m["cascade"] != "" || rows == 0 && !numbers {
		return
	}
	if m["classes"] == "" {
		if rows > 0 {
			in.say("rows", "took the last of the {n} rows of its class table for \"no class\", as "+
				"a network trained for guidance has it; if all {n} are classes, name them all "+
				"with -classes", "n", rows)
		} else {
			in.say("number", "its class is a number, and every picture is drawn with 0: -classes "+
				"names more")
		}
		return
	}
	names, err := json.Texts([]byte(m["classes"]), "")
	if err != nil || !numbers && len(names) != rows { // an error where the file is opened
		return
	}
	before := m["sampling"]
	m["sampling"] = completed(before, `{"guidance":1}`)
	switch {
	case m["sampling"] == before:
	case rows == 0:
		in.say("guidance.number", "no class was ever left out in training, because the class is "+
			"a number: the default guidance is 1")
	default:
		in.say("guidance.rows", "no class was ever left out in training, because all {n} rows of "+
			"its class table have names: the default guidance is 1", "n", rows)
	}
}

// completed returns a JSON object with the entries of another one that it lacks before its own.
// Either may be empty.
func completed(own, defaults string) string {
	have, wrong := json.Parse([]byte(own))
	if wrong != nil && own != "" { // an error where the file is opened
		return own
	}
	more, _ := json.Parse([]byte(defaults))
	var entries []json.Member
	for _, m := range more.Members() {
		if _, set := have.Get(m.Key); !set {
			entries = append(entries, m)
		}
	}
	if len(entries) == 0 {
		return own
	}
	b := []byte{'{'}
	for i, m := range append(entries, have.Members()...) {
		if i > 0 {
			b = append(b, ',')
		}
		b = m.Value.Append(append(json.AppendString(b, m.Key), ':'))
	}
	return string(append(b, '}'))
}
