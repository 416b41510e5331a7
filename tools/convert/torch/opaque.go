package torch

import (
	"slices"
	"strings"

	"github.com/nlpodyssey/gopickle/types"

	"tweedie/tools/convert/reason"
)

// opaque is a name in a pickle that the reader does not know (a class, a function), or an object
// that the pickle makes with one. It takes whatever the pickle does to it and keeps nothing but the
// name: nothing is imported or called.
type opaque struct {
	name     string // as module.name
	instance bool
	tensor   bool // a tensor or a storage went into it, so that it may be one
	holds    bool // one went into it, or into what it is made of
}

var (
	_ types.Callable        = (*opaque)(nil)
	_ types.PyNewable       = (*opaque)(nil)
	_ types.PyStateSettable = (*opaque)(nil)
	_ types.DictSetter      = (*opaque)(nil)
	_ types.ListAppender    = (*opaque)(nil)
	_ types.SetAdder        = (*opaque)(nil)
)

// Call and the other methods implement what gopickle asks of values.
func (o *opaque) Call(args ...any) (any, error) {
	made := &opaque{name: o.name, instance: true, tensor: o.tensor, holds: o.holds}
	for _, a := range args {
		made.take(a)
	}
	return made, nil
}

func (o *opaque) PyNew(args ...any) (any, error) { return o.Call(args...) }

func (o *opaque) PySetState(state any) error {
	o.take(state)
	return nil
}

func (o *opaque) Set(_, value any) { o.take(value) }
func (o *opaque) Append(value any) { o.take(value) }
func (o *opaque) Add(value any)    { o.take(value) }

// take notes a value that becomes a part of o.
func (o *opaque) take(v any) {
	if tuple, ok := v.(*types.Tuple); ok {
		o.tensor = o.tensor || slices.ContainsFunc(*tuple, isTensor)
	} else {
		o.tensor = o.tensor || isTensor(v)
	}
	left := lookedAt
	o.holds = o.holds || o.tensor || holdsTensor(v, lookedInto, &left)
}

func isTensor(v any) bool {
	switch v := v.(type) {
	case *view, *storage:
		return true
	case *opaque:
		return v.tensor
	}
	return false
}

// The depth to which an object's values are looked at, and their number: a module of torch has its
// parameters in a dictionary of its state.
const lookedInto, lookedAt = 4, 1000

// holdsTensor reports whether a tensor is in a value, as far as it is looked at.
func holdsTensor(v any, depth int, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	if o, ok := v.(*opaque); ok {
		return o.holds
	}
	members, _, _ := pairs(v)
	return isTensor(v) || depth > 0 && slices.ContainsFunc(members, func(p pair) bool {
		return holdsTensor(p.value, depth-1, left)
	})
}

// RefusedError reports a name in a pickle that is there to run a program: unpickled in Python, the
// file would do so.
type RefusedError struct {
	Name string // as module.name
}

func (e *RefusedError) Error() string {
	return "torch: refuses to run " + Printable(e.Name) + ": no checkpoint needs that, and " +
		"opening the file in Python would do it; do not trust the file"
}

// Unwrap returns the same with an identifier.
func (e *RefusedError) Unwrap() error {
	return reason.New("program", "refuses to run {name}", "name", Printable(e.Name))
}

// attackModules are modules whose functions run programs or reach other files. Nothing that a
// checkpoint keeps beside its weights is built by them.
var attackModules = []string{"os", "posix", "nt", "subprocess", "sys", "importlib", "runpy",
	"shutil", "socket", "pty", "ctypes", "webbrowser", "urllib", "http", "requests", "commands",
	"asyncio", "multiprocessing", "threading", "code", "codeop", "pdb", "bdb", "timeit", "marshal",
	"imp", "pkgutil", "pip", "smtplib", "ftplib", "tempfile", "signal", "bash"}

// attackNames are single names of that kind.
var attackNames = []string{
	"eval", "exec", "execfile", "compile", "open", "__import__", "breakpoint", "input", "globals",
	"locals", "vars", "delattr", "file", "apply",
}

// attacks reports whether a name is there to run a program.
func attacks(module, name string) bool {
	top, _, _ := strings.Cut(module, ".")
	switch top {
	case "builtins", "__builtin__":
		return slices.Contains(attackNames, name)
	case "torch":
		return name == "load" || strings.HasPrefix(module, "torch.hub") ||
			strings.HasPrefix(module, "torch.utils.cpp_extension")
	case "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib":
		return name == "load" || name == "loads"
	}
	return slices.Contains(attackModules, top)
}

// Printable makes text of a file fit for a sentence of one line.
func Printable(s string) string {
	const limit = 200
	if len(s) > limit {
		s = s[:limit] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == 0xFFFD {
			return '?'
		}
		return r
	}, s)
}
