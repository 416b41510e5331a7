package torch

import (
	"fmt"

	"github.com/nlpodyssey/gopickle/types"
)

// storage is a one-dimensional array of a file that tensors are views of.
type storage struct {
	key      string
	class    string
	element  element
	length   int    // elements, as the pickle claims
	data     []byte // length elements; nil until the legacy reader has read them
	complete bool   // data is there
}

// sizes in bytes of the element types.
var elementSize = [...]int{
	float32Element: 4, float64Element: 8, halfElement: 2, bfloat16Element: 2,
	int64Element: 8, int32Element: 4, int16Element: 2, int8Element: 1,
	uint8Element: 1, boolElement: 1,
	foreign1Element: 1, foreign2Element: 2, foreign4Element: 4, foreign8Element: 8,
	foreign16Element: 16,
}

// reference is a pickle's persistent id for a storage:
// ('storage', class, key, location, length[, view of it]).
type reference struct {
	class  storageClass
	key    string
	length int
	view   any // legacy format only
}

// storage returns the storage that is referred to, without its data.
func (r reference) storage() *storage {
	return &storage{key: r.key, class: r.class.name, element: r.class.element, length: r.length}
}

func parseReference(id any) (reference, error) {
	var ref reference
	tuple, ok := id.(*types.Tuple)
	if !ok || tuple.Len() == 0 {
		return ref, fmt.Errorf("torch: want a reference to a storage, got something else")
	}
	switch kind, _ := tuple.Get(0).(string); kind {
	case "storage":
	case "module":
		return ref, fmt.Errorf(
			"torch: the file holds a whole module with its program: save its state_dict() instead")
	default:
		return ref, fmt.Errorf("torch: want a reference to a storage, got one to %q",
			Printable(kind))
	}
	if tuple.Len() < 5 {
		return ref, fmt.Errorf(
			"torch: want class, key, location and length of a storage, got %d items", tuple.Len()-1)
	}
	class, classOK := tuple.Get(1).(storageClass)
	key, keyOK := tuple.Get(2).(string)
	length, lengthOK := tuple.Get(4).(int)
	if o, unknown := tuple.Get(1).(*opaque); unknown {
		return ref, fmt.Errorf("torch: a storage is of %s, whose elements are not known here",
			Printable(o.name))
	}
	if !classOK || !keyOK || !lengthOK || length < 0 {
		return ref, fmt.Errorf(
			"torch: want class, key, location and length of a storage, got something else")
	}
	ref = reference{class: class, key: key, length: length}
	if tuple.Len() > 5 {
		ref.view = tuple.Get(5)
	}
	return ref, nil
}

// bytes returns the bytes of `length` elements; false if they exceed `left`. Division avoids an
// overflow by a wrong length.
func (e element) bytes(length, left int) (int, bool) {
	size := elementSize[e]
	if length < 0 || length > left/size {
		return 0, false
	}
	return length * size, true
}
