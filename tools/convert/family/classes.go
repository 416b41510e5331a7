package family

import "tweedie/tools/convert/reason"

// CheckClasses refuses another number of class names than the network has classes.
func CheckClasses(given, has int) error {
	switch {
	case given == has:
		return nil
	case has == 0:
		return reason.New("classes.none", "-classes gives {given} names, and the network has no "+
			"classes: leave -classes out", "given", given)
	}
	return reason.New("classes", "-classes gives {given} names, and the network has {has} "+
		"classes: give {has}", "given", given, "has", has)
}

// CheckRows is CheckClasses for a network with a table, whose last row may stand for no class.
func CheckRows(given, rows int) error {
	if given == rows || given == rows-1 {
		return nil
	}
	return reason.New("classes.rows", "-classes gives {given} names, and the network's class "+
		"table has {rows} rows: give {less} where the last row stands for no class, else {rows}",
		"given", given, "rows", rows, "less", rows-1)
}
