package torch

import (
	"fmt"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// RefusedError reports a name in a pickle that is not on the list of names that
// a state dictionary needs. Unpickling it in Python would import it, and
// perhaps call it.
type RefusedError struct {
	Name string // as module.name
}

func (e *RefusedError) Error() string {
	return "torch: refuses to run " + printable(e.Name) +
		": a state dictionary needs no such thing; in PyTorch save model.state_dict() alone"
}

// printable makes text of a file fit for an error of one line.
func printable(s string) string {
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

// element is a torch element type.
type element uint8

const (
	float32Element element = iota
	float64Element
	halfElement
	bfloat16Element
	int64Element
	int32Element
	int16Element
	int8Element
	uint8Element
	boolElement
)

// storageClass stands for torch.FloatStorage and the other storage classes.
type storageClass struct{ element element }

// globals has all names that a pickle may use. (gopickle answers three names itself before asking:
// collections.OrderedDict, __builtin__.object and copy_reg._reconstructor, which build a
// dictionary, nothing and nothing.)
var globals = map[string]any{
	"torch.FloatStorage":    storageClass{float32Element},
	"torch.DoubleStorage":   storageClass{float64Element},
	"torch.HalfStorage":     storageClass{halfElement},
	"torch.BFloat16Storage": storageClass{bfloat16Element},
	"torch.LongStorage":     storageClass{int64Element},
	"torch.IntStorage":      storageClass{int32Element},
	"torch.ShortStorage":    storageClass{int16Element},
	"torch.CharStorage":     storageClass{int8Element},
	"torch.ByteStorage":     storageClass{uint8Element},
	"torch.BoolStorage":     storageClass{boolElement},

	"torch._utils._rebuild_tensor":    function(rebuildTensor),
	"torch._utils._rebuild_tensor_v2": function(rebuildTensor),
	"torch._utils._rebuild_parameter": function(firstArgument),

	// Settings beside the weights: accepted, and then left out.
	"torch.Size":     function(firstArgument),
	"torch.device":   function(nothing),
	"torch.float16":  inert{},
	"torch.float32":  inert{},
	"torch.float64":  inert{},
	"torch.bfloat16": inert{},
	"torch.int64":    inert{},
}

type inert struct{}

func findClass(module, name string) (any, error) {
	full := module + "." + name
	if g, ok := globals[full]; ok {
		return g, nil
	}
	return nil, &RefusedError{Name: full}
}

// function makes a Go function callable by a pickle.
type function func(args []any) (any, error)

// Call implements types.Callable.
func (f function) Call(args ...any) (any, error) { return f(args) }

var _ types.Callable = function(nil)

func nothing([]any) (any, error) { return nil, nil }

// firstArgument is torch._utils._rebuild_parameter(data, requires_grad, hooks).
func firstArgument(args []any) (any, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("torch: want an argument to rebuild a parameter from, got none")
	}
	return args[0], nil
}

// rebuildTensor is torch._utils._rebuild_tensor_v2(storage, storage_offset, size,
// stride, requires_grad, backward_hooks), and _rebuild_tensor without the last two.
func rebuildTensor(args []any) (any, error) {
	if len(args) < 4 {
		return nil, fmt.Errorf(
			"torch: want storage, offset, size and stride to rebuild a tensor, got %d arguments",
			len(args))
	}
	s, isStorage := args[0].(*storage)
	offset, isInt := args[1].(int)
	size, sizeOK := ints(args[2])
	stride, strideOK := ints(args[3])
	if !isStorage || !isInt || !sizeOK || !strideOK {
		return nil, fmt.Errorf(
			"torch: want storage, offset, size and stride to rebuild a tensor, got something else")
	}
	return &view{storage: s, offset: offset, size: size, stride: stride}, nil
}

// ints reads a tuple of at most maxRank integers.
func ints(v any) ([]int, bool) {
	tuple, ok := v.(*types.Tuple)
	if !ok || tuple.Len() > maxRank {
		return nil, false
	}
	list := make([]int, tuple.Len())
	for i := range list {
		if list[i], ok = tuple.Get(i).(int); !ok {
			return nil, false
		}
	}
	return list, true
}
