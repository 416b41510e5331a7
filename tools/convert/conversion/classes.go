package conversion

import (
	"fmt"
	"strings"

	"tweedie/weights/json"
)

// ClassNames turns -classes into a JSON array.
func ClassNames(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var list []string
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		v, err := json.Parse([]byte(text))
		if err != nil {
			return "", fmt.Errorf("want -classes as a JSON array of names: %w", err)
		}
		for i, e := range v.Array() {
			name, ok := e.Text()
			if !ok {
				return "", fmt.Errorf("want -classes as a JSON array of names, got %v at index %d",
					e.Kind(), i)
			}
			list = append(list, name)
		}
	} else {
		for _, name := range strings.Split(text, ",") {
			list = append(list, strings.TrimSpace(name))
		}
	}
	b := []byte{'['}
	for i, name := range list {
		if name == "" {
			return "", fmt.Errorf("want a name for every class, got none at index %d", i)
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = json.AppendString(b, name)
	}
	return string(append(b, ']')), nil
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
			in.say("took the last of the %d rows of its class table for \"no class\", as a "+
				"network trained for guidance has it; if all %d are classes, name them all "+
				"with -classes", rows, rows)
		} else {
			in.say("its class is a number, and every picture is drawn with 0: -classes names more")
		}
		return
	}
	names, err := json.Texts([]byte(m["classes"]), "")
	if err != nil || !numbers && len(names) != rows { // an error where the file is opened
		return
	}
	before := m["sampling"]
	if m["sampling"] = completed(before, `{"guidance":1}`); m["sampling"] != before {
		in.say("no class was ever left out in training, because %s: the default guidance is 1",
			allNamed(rows))
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

// allNamed is the reason why a network has no row for "no class".
func allNamed(rows int) string {
	if rows == 0 {
		return "the class is a number"
	}
	return fmt.Sprintf("all %d rows of its class table have names", rows)
}
