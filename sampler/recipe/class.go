package recipe

import (
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/solver"
)

// resolveClass returns the canonical text of a key whose value is a class, c or invert, and the
// labels that the pictures take in turn.
func resolveClass(key, text string, classes []string) (string, []int, error) {
	switch {
	case text == "" || text == classNone:
		return classNone, []int{network.NoClass}, nil
	case len(classes) == 0:
		return "", nil, solver.Refuse(key, key+" is "+strconv.Quote(text)+" but the model has no "+
			"classes, so it must be none")
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
		return "", nil, solver.Refuse(key, key+" is "+strconv.Quote(shorten(text))+
			" but must be none, "+all+"one of the names "+someNames(classes)+
			", or an index from 0 to "+strconv.Itoa(len(classes)-1))
	}
	// The name is canonical, then the index, unless they mean something else.
	name, number := classes[index], strconv.Itoa(index)
	switch {
	case name != classNone && name != classAll && classIndex(name, classes) == index:
		text = name
	case classIndex(number, classes) == index:
		text = number
	}
	return text, []int{index}, nil
}

// classIndex finds a class by its name and, if none is called so, by its index; −1 if there is
// none.
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

// someNames lists the first and the last of the classes' names.
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
