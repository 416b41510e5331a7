package torch

import (
	"bytes"
	"fmt"

	"github.com/nlpodyssey/gopickle/types"

	"tweedie/weights"
)

// Dict is a dictionary of a checkpoint, in the file's order. Entries that are neither tensors nor
// dictionaries, or whose key is not a text, are left out.
type Dict struct {
	Entries []Entry
}

// Entry is a member of a Dict: either Tensor or Dict is set. One Dict can be a member
// of several.
type Entry struct {
	Key    string
	Tensor *weights.Tensor // named Key; its data may alias the file
	Dict   *Dict
}

// Read returns the dictionary that torch.save stored in the file b. Tensors become dense and
// row-major; integers of any width and booleans become I64. A name outside the list of allowed ones
// gives a *RefusedError.
func Read(b []byte) (*Dict, error) {
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
		return nil, fmt.Errorf(
			"torch: want a dictionary of tensors, got %s: save the model's state_dict()",
			describe(root))
	}
	return d, nil
}

// Limits relative to the file's size: views can make a tensor larger than its
// storage, and bytes become I64.
const (
	copyFactor = 16
	copyFloor  = 1 << 20
	maxDepth   = 32
)

type reader struct {
	storages map[string]*storage // of the legacy format, by key
	records  map[string][]byte   // of the zip format, by record name
	bigEnd   bool                // the storages' byte order
	copyLeft int                 // bytes that may still be allocated for copies
	dicts    map[any]*Dict       // finished dictionaries; nil while one is being read
}

// dict turns an unpickled dictionary into a Dict, nil if v is not a dictionary.
func (r *reader) dict(v any, depth int) (*Dict, error) {
	type pair struct{ key, value any }
	var pairs []pair
	switch v := v.(type) {
	case *types.Dict:
		for _, e := range *v {
			pairs = append(pairs, pair{e.Key, e.Value})
		}
	case *types.OrderedDict:
		for e := v.List.Front(); e != nil; e = e.Next() {
			entry := e.Value.(*types.OrderedDictEntry)
			pairs = append(pairs, pair{entry.Key, entry.Value})
		}
	default:
		return nil, nil
	}
	if d, known := r.dicts[v]; known {
		if d == nil {
			return nil, fmt.Errorf(
				"torch: want a tree of dictionaries, got one that contains itself")
		}
		return d, nil
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("torch: want dictionaries nested at most %d deep", maxDepth)
	}
	r.dicts[v] = nil
	d := &Dict{}
	position := map[string]int{}
	for _, p := range pairs {
		key, ok := p.key.(string)
		if !ok {
			continue
		}
		e := Entry{Key: key}
		var err error
		if t, isTensor := p.value.(*view); isTensor {
			e.Tensor, err = r.tensor(key, t)
		} else {
			e.Dict, err = r.dict(p.value, depth+1)
		}
		if err != nil {
			return nil, err
		}
		if e.Tensor == nil && e.Dict == nil {
			continue
		}
		if i, again := position[key]; again { // the last one counts, as in Python
			d.Entries[i] = e
			continue
		}
		position[key] = len(d.Entries)
		d.Entries = append(d.Entries, e)
	}
	r.dicts[v] = d
	return d, nil
}

// describe names the type of a pickled value that is not a dictionary.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case *view:
		return "a single tensor"
	case *types.List, *types.Tuple, *types.Set, *types.FrozenSet:
		return "a list"
	case string, []byte:
		return "a text"
	case *storage:
		return "a storage"
	default:
		return fmt.Sprintf("a value of type %T", v)
	}
}
