package torch

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/nlpodyssey/gopickle/types"

	"tweedie/tools/convert/reason"
	"tweedie/weights"
)

// File is the content of a file of torch.save.
type File struct {
	Root *Dict
	// Passed are the names of the classes and functions whose objects were passed over, sorted.
	Passed []string
	// Held are the names of those whose objects have tensors inside, which were passed over too.
	Held []string
}

// Dict is a dictionary of a checkpoint, in the file's order, or a list. Entries whose key is not a
// text are left out, unless all are numbers of tensors, and so are texts, numbers and other plain
// values.
type Dict struct {
	Entries []Entry
	List    bool // the keys are 0, 1, …
}

// Entry is a member of a Dict: one of Tensor, Dict and Other is set. One Dict can be a member of
// several.
type Entry struct {
	Key    string
	Tensor *weights.Tensor // named Key; its data may alias the file
	Dict   *Dict
	// Other is the class of the object that stands there if it is not read: argparse.Namespace, or
	// that of the storage of a tensor. IsTensor says that it is a tensor that could be a network's,
	// or made of one, and HasTensor that there are tensors somewhere inside.
	Other               string
	IsTensor, HasTensor bool
}

// Read returns the dictionary that torch.save stored in the file b. Tensors become dense and
// row-major; integers of any width and booleans become I64. Objects of unknown classes are passed
// over. A name that is there to run a program gives a *RefusedError.
func Read(b []byte) (*File, error) {
	r := &reader{copyLeft: copyFactor*len(b) + copyFloor, dicts: map[any]*Dict{}}
	var root any
	var err error
	switch {
	case bytes.HasPrefix(b, []byte("PK")):
		root, err = r.readZip(b)
	case len(b) > 262 && string(b[257:262]) == "ustar":
		err = fmt.Errorf("torch: this is a tar archive of torch 0.1: load it there and save its " +
			"state_dict() again")
	default:
		root, err = r.readLegacy(b)
	}
	if err != nil {
		return nil, err
	}
	d, err := r.dict(root, 0)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, reason.New("nodict", "torch: want a dictionary of tensors, got {what}: in "+
			"PyTorch save the model's state_dict()", "what", describe(root))
	}
	f := &File{Root: d}
	for _, name := range slices.Sorted(maps.Keys(r.passed)) {
		if r.passed[name] {
			f.Held = append(f.Held, name)
		} else {
			f.Passed = append(f.Passed, name)
		}
	}
	return f, nil
}

// Limits relative to the file's size: views can make a tensor larger than its
// storage, many tensors can lie in one storage, and bytes become I64.
const (
	copyFactor = 16
	copyFloor  = 1 << 20
	maxDepth   = 32
)

type reader struct {
	storages map[string]*storage // of the legacy format, by key
	records  map[string][]byte   // of the zip format, by record name
	bigEnd   bool                // the storages' byte order
	copyLeft int                 // bytes that the tensors still to be read may have
	dicts    map[any]*Dict       // finished dictionaries, or unfinished while one is being read
	passed   map[string]bool     // names of objects that were passed over; true: with tensors
}

// pair is one member of an unpickled dictionary or list.
type pair struct{ key, value any }

// pairs returns the members of a dictionary, or of a list under their indices; false for other
// values.
func pairs(v any) (list []pair, isList, ok bool) {
	items := func(values []any) ([]pair, bool, bool) {
		for i, value := range values {
			list = append(list, pair{strconv.Itoa(i), value})
		}
		return list, true, true
	}
	switch v := v.(type) {
	case *types.Dict:
		for _, e := range *v {
			list = append(list, pair{e.Key, e.Value})
		}
	case *types.OrderedDict:
		for e := v.List.Front(); e != nil; e = e.Next() {
			entry := e.Value.(*types.OrderedDictEntry)
			list = append(list, pair{entry.Key, entry.Value})
		}
	case *types.List:
		return items(*v)
	case *types.Tuple:
		return items(*v)
	default:
		return nil, false, false
	}
	return list, false, true
}

// dict turns an unpickled dictionary or list into a Dict, nil if v is neither, or a list without
// tensors and dictionaries.
func (r *reader) dict(v any, depth int) (*Dict, error) {
	members, isList, ok := pairs(v)
	if !ok {
		return nil, nil
	}
	if d, known := r.dicts[v]; known {
		if d == unfinished {
			return nil, fmt.Errorf(
				"torch: want a tree of dictionaries, got one that contains itself")
		}
		return d, nil
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("torch: want dictionaries nested at most %d deep", maxDepth)
	}
	r.dicts[v] = unfinished
	d := &Dict{List: isList || numberedTensors(members)}
	position := map[string]int{}
	for _, p := range members {
		key, ok := p.key.(string)
		if n, isInt := p.key.(int); isInt && d.List {
			key, ok = strconv.Itoa(n), true
		}
		if !ok {
			continue
		}
		e, ok, err := r.entry(key, p.value, depth)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if i, again := position[key]; again { // the last one counts, as in Python
			d.Entries[i] = e
			continue
		}
		position[key] = len(d.Entries)
		d.Entries = append(d.Entries, e)
	}
	if isList && len(d.Entries) == 0 {
		d = nil
	}
	r.dicts[v] = d
	return d, nil
}

// numberedTensors reports whether a dictionary is a list of tensors, its keys their numbers.
func numberedTensors(members []pair) bool {
	return len(members) > 0 && !slices.ContainsFunc(members, func(p pair) bool {
		_, isInt := p.key.(int)
		return !isInt || !isTensor(p.value)
	})
}

// unfinished marks a dictionary that is being read.
var unfinished = &Dict{}

// entry turns an unpickled value into the entry of a Dict; false for a plain value.
func (r *reader) entry(key string, v any, depth int) (Entry, bool, error) {
	e := Entry{Key: key}
	var err error
	switch v := v.(type) {
	case *opaque:
		r.pass(v)
		e.Other, e.IsTensor = Printable(v.name), v.tensor
		e.HasTensor = v.holds
	case *view:
		if v.element.foreign() {
			e.Other, e.IsTensor = "torch."+v.storage.class, true
			break
		}
		e.Tensor, err = r.tensor(key, v)
	default:
		e.Dict, err = r.dict(v, depth+1)
	}
	return e, e.Tensor != nil || e.Dict != nil || e.Other != "", err
}

// pass notes an object that is passed over.
func (r *reader) pass(o *opaque) {
	if r.passed == nil {
		r.passed = map[string]bool{}
	}
	r.passed[o.name] = r.passed[o.name] || o.holds
}

// describe names the type of a pickled value that is not a dictionary.
func describe(v any) reason.Note {
	switch v := v.(type) {
	case nil:
		return reason.NewNote("what.none", "None")
	case *view:
		return reason.NewNote("what.tensor", "a single tensor")
	case *types.List, *types.Tuple, *types.Set, *types.FrozenSet:
		return reason.NewNote("what.list", "a list")
	case string, []byte:
		return reason.NewNote("what.text", "a text")
	case *storage:
		return reason.NewNote("what.storage", "a storage")
	case *opaque:
		return reason.NewNote("what.object", "an object of {class}", "class", Printable(v.name))
	default:
		return reason.NewNote("what.value", "a single value")
	}
}
