package recipe

import (
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/solver"
)

// resolveClass returns the canonical text of c or invert, whose value is a class, and the labels
// that the pictures take in turn.
func resolveClass(key, text string, classes []string) (string, []int, error) {
	switch {
	case text == "" || text == classNone:
		return classNone, []int{network.NoClass}, nil
	case len(classes) == 0:
		return "", nil, solver.Because(key, solver.Classless,
			key+` is "{value}" but the model has no classes, so it must be none`, "value", text)
	case text == classAll && key == "c":
		labels := make([]int, len(classes))
		for i := range labels {
			labels[i] = i
		}
		return classAll, labels, nil
	}
	index := classIndex(text, classes)
	if index < 0 {
		all := ""
		if key == "c" {
			all = "all, "
		}
		return "", nil, solver.Because(key, solver.NoClass, key+` is "{value}" but must be none, `+
			all+"one of the names {names}, or an index from 0 to {last}", "value", shorten(text),
			"names", someNames(classes), "last", strconv.Itoa(len(classes)-1))
	}
	// The name is the canonical text, or else the index, unless it would be read as another class.
	name, number := classes[index], strconv.Itoa(index)
	switch {
	case name != classNone && name != classAll && classIndex(name, classes) == index:
		text = name
	case classIndex(number, classes) == index:
		text = number
	}
	return text, []int{index}, nil
}

// classIndex returns the index of a class that is given by its name or, if no class has that name,
// by its index. It returns −1 if there is no such class.
func classIndex(text string, classes []string) int {
	for i, name := range classes {
		if name == text {
			return i
		}
	}
	if i, err := strconv.ParseUint(text, 10, 31); err == nil && int(i) < len(classes) {
		return int(i)
	}
	return -1
}

// someNames lists the names of the classes; of a long list the first ones and the last.
func someNames(classes []string) string {
	text := ""
	for i, name := range classes {
		if i == 12 && len(classes) > 14 {
			return text + " … " + shorten(classes[len(classes)-1])
		}
		if i > 0 {
			text += ", "
		}
		text += shorten(name)
	}
	return text
}
