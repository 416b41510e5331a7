package torch

import (
	"fmt"

	"github.com/nlpodyssey/gopickle/types"
)

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
	// Elements that no weights file has, by their width. Tensors of them are passed over.
	foreign1Element
	foreign2Element
	foreign4Element
	foreign8Element
	foreign16Element
)

// foreign reports whether no tensor of weights.Tensor can hold such elements.
func (e element) foreign() bool { return e >= foreign1Element }

// storageClass stands for torch.FloatStorage and the other storage classes.
type storageClass struct {
	name    string
	element element
}

// elementType stands for torch.float32 and the other values of torch.dtype.
type elementType struct{ element element }

// globals has all names that the reader understands; opaque.go says what becomes of others.
// (gopickle answers three names itself before asking: collections.OrderedDict, __builtin__.object
// and copy_reg._reconstructor, which build a dictionary, nothing and nothing.)
var globals = func() map[string]any {
	known := map[string]any{
		"torch._utils._rebuild_tensor":               function(rebuildTensor),
		"torch._utils._rebuild_tensor_v2":            function(rebuildTensor),
		"torch._utils._rebuild_tensor_v3":            function(rebuildTyped),
		"torch._utils._rebuild_parameter":            function(firstArgument),
		"torch._utils._rebuild_parameter_with_state": function(firstArgument),
		"torch._tensor._rebuild_from_type_v2":        function(rebuildSubclass),
		"torch.nn.parameter.Parameter":               function(firstArgument),
		"torch.nn.parameter.Buffer":                  function(firstArgument),
		"collections.defaultdict":                    function(emptyDict),
		"torch.storage.UntypedStorage":               storageClass{"UntypedStorage", uint8Element},
		"torch.UntypedStorage":                       storageClass{"UntypedStorage", uint8Element},
		"torch.Size":                                 function(firstArgument),
		"torch.device":                               function(nothing),
		"torch.serialization._get_layout":            function(nothing),
	}
	for _, plain := range []string{"set", "frozenset", "complex", "bytearray", "slice"} {
		known["builtins."+plain] = function(nothing)
		known["__builtin__."+plain] = function(nothing)
	}
	for name, e := range map[string]element{
		"Float": float32Element, "Double": float64Element, "Half": halfElement,
		"BFloat16": bfloat16Element, "Long": int64Element, "Int": int32Element,
		"Short": int16Element, "Char": int8Element, "Byte": uint8Element, "Bool": boolElement,
		"ComplexFloat": foreign8Element, "ComplexDouble": foreign16Element,
		"QInt8": foreign1Element, "QUInt8": foreign1Element, "QInt32": foreign4Element,
		"QUInt4x2": foreign1Element, "QUInt2x4": foreign1Element,
	} {
		for _, module := range []string{"torch.", "torch.cuda."} {
			known[module+name+"Storage"] = storageClass{name + "Storage", e}
		}
	}
	for name, e := range map[string]element{
		"float32": float32Element, "float64": float64Element, "float16": halfElement,
		"bfloat16": bfloat16Element, "int64": int64Element, "int32": int32Element,
		"int16": int16Element, "int8": int8Element, "uint8": uint8Element, "bool": boolElement,
		"uint16": foreign2Element, "uint32": foreign4Element, "uint64": foreign8Element,
		"float8_e4m3fn": foreign1Element, "float8_e5m2": foreign1Element,
		"float8_e4m3fnuz": foreign1Element, "float8_e5m2fnuz": foreign1Element,
		"complex32": foreign4Element, "complex64": foreign8Element, "complex128": foreign16Element,
	} {
		known["torch."+name] = elementType{e}
	}
	return known
}()

func findClass(module, name string) (any, error) {
	full := module + "." + name
	if g, ok := globals[full]; ok {
		return g, nil
	}
	if attacks(module, name) {
		return nil, &RefusedError{Name: full}
	}
	return &opaque{name: full}, nil
}

// function makes a Go function callable by a pickle.
type function func(args []any) (any, error)

// Call implements types.Callable.
func (f function) Call(args ...any) (any, error) { return f(args) }

// PyNew implements types.PyNewable.
func (f function) PyNew(args ...any) (any, error) { return f(args) }

var _ types.Callable = function(nil)

func nothing([]any) (any, error) { return nil, nil }

func emptyDict([]any) (any, error) { return types.NewDict(), nil }

// firstArgument is torch._utils._rebuild_parameter(data, requires_grad, hooks).
func firstArgument(args []any) (any, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("torch: want an argument to rebuild a parameter from, got none")
	}
	return args[0], nil
}

// rebuildSubclass is torch._tensor._rebuild_from_type_v2(function, type, arguments, state), for the
// functions of this file.
func rebuildSubclass(args []any) (any, error) {
	if len(args) < 3 {
		return nil, fmt.Errorf("torch: want function, type and arguments to rebuild a tensor, "+
			"got %d arguments", len(args))
	}
	inner, isTuple := args[2].(*types.Tuple)
	rebuild, known := args[0].(types.Callable)
	if !isTuple || !known {
		return nil, fmt.Errorf("torch: want function, type and arguments to rebuild a tensor, " +
			"got something else")
	}
	return rebuild.Call(*inner...)
}

// rebuildTensor is torch._utils._rebuild_tensor_v2(storage, storage_offset, size,
// stride, requires_grad, backward_hooks), and _rebuild_tensor without the last two.
func rebuildTensor(args []any) (any, error) {
	if len(args) < 4 {
		return nil, fmt.Errorf(
			"torch: want storage, offset, size and stride to rebuild a tensor, got %d arguments",
			len(args))
	}
	for _, a := range args[:4] {
		if o, ok := a.(*opaque); ok {
			return &opaque{name: o.name, instance: true, tensor: true}, nil
		}
	}
	s, isStorage := args[0].(*storage)
	offset, isInt := args[1].(int)
	size, sizeOK := ints(args[2])
	stride, strideOK := ints(args[3])
	if !isStorage || !isInt || !sizeOK || !strideOK {
		return nil, fmt.Errorf(
			"torch: want storage, offset, size and stride to rebuild a tensor, got something else")
	}
	return &view{storage: s, element: s.element, offset: offset, size: size, stride: stride}, nil
}

// rebuildTyped is torch._utils._rebuild_tensor_v3, which has the arguments of _v2 and then the
// dtype of the elements in a storage of bytes.
func rebuildTyped(args []any) (any, error) {
	v, err := rebuildTensor(args)
	t, isView := v.(*view)
	if err != nil || !isView {
		return v, err
	}
	if len(args) < 7 {
		return nil, fmt.Errorf("torch: want a dtype to rebuild a tensor, got none")
	}
	dtype, known := args[6].(elementType)
	if !known {
		return &opaque{name: describe(args[6]).String(), instance: true, tensor: true}, nil
	}
	t.element = dtype.element
	return t, nil
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
