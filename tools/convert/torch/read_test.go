package torch

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

// The files of ../testdata hold one network, saved by torch 1.13 in each of its formats
// and by safetensors: Read must give safetensors' tensors.
func TestReadWhatTorchWrote(t *testing.T) {
	reference, err := weights.Parse(file(t, "../testdata/class_embed_identity/model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"model.pt": "", "model_legacy.pt": "",
		"checkpoint_nested.pt": "model"} {
		f, err := Read(file(t, "../testdata/class_embed_identity/"+name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := f.Root
		if path != "" {
			if len(d.Entries) != 1 || d.Entries[0].Key != path {
				t.Errorf("%s: got %d entries, want %s alone (step and lr are left out)",
					name, len(d.Entries), path)
				continue
			}
			d = d.Entries[0].Dict
		}
		if len(d.Entries) != len(reference.Tensors) {
			t.Errorf("%s: got %d tensors, want %d", name, len(d.Entries), len(reference.Tensors))
		}
		for _, e := range d.Entries {
			want, ok := reference.Tensor(e.Key)
			got := e.Tensor
			if !ok || got == nil || got.Name != e.Key || got.DType != want.DType ||
				!slices.Equal(got.Shape, want.Shape) || !bytes.Equal(got.Data, want.Data) {
				t.Errorf("%s: tensor %s differs from the one in model.safetensors", name, e.Key)
			}
		}
	}
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	return fixture.File(t, name)
}

// one reads a file with one tensor called w.
func one(t *testing.T, name string, b []byte) *weights.Tensor {
	t.Helper()
	f, err := Read(b)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	d := f.Root
	if len(d.Entries) != 1 || d.Entries[0].Tensor == nil {
		t.Errorf("%s: got %d entries, want one tensor", name, len(d.Entries))
		return nil
	}
	return d.Entries[0].Tensor
}

func TestReadStrides(t *testing.T) {
	const f32 = 4
	data := little(f32, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	tests := []struct {
		name         string
		offset       int
		size, stride []int
		want         []uint64
	}{
		{"dense", 0, []int{3, 4}, []int{4, 1}, []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
		{"offset", 5, []int{2, 2}, []int{2, 1}, []uint64{5, 6, 7, 8}},
		{"transposed", 0, []int{4, 3}, []int{1, 4}, []uint64{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}},
		{"channels last", 0, []int{1, 2, 3, 2}, []int{12, 1, 4, 2},
			[]uint64{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}},
		{"slice", 1, []int{3, 2}, []int{4, 2}, []uint64{1, 3, 5, 7, 9, 11}},
		{"expanded", 3, []int{2, 2}, []int{0, 1}, []uint64{3, 4, 3, 4}},
		{"scalar", 7, nil, nil, []uint64{7}},
		{"empty", 0, []int{0, 4}, []int{4, 1}, nil},
		{"empty far away", 12, []int{0}, []int{1}, nil},
		{"unit dimensions with odd strides",
			2, []int{1, 3, 1}, []int{77, 1, 99}, []uint64{2, 3, 4}},
	}
	for _, test := range tests {
		for _, order := range []string{"little", "big"} {
			stored := data
			if order == "big" {
				stored = reversed(data, f32)
			}
			w := one(t, test.name, zipFile(t,
				record{"m/data.pkl",
					proto(dict(text("w"), rebuild(storageID("FloatStorage", "0", 12, false),
						test.offset, test.size, test.stride)))},
				record{"m/byteorder", order},
				record{"m/data/0", stored}))
			if w == nil {
				continue
			}
			if want := little(f32, test.want...); string(w.Data) != want ||
				w.DType != weights.F32 || !slices.Equal(w.Shape, test.size) {
				t.Errorf("%s, %s endian: got %v %v % x, want % x",
					test.name, order, w.DType, w.Shape, w.Data, want)
			}
		}
		b := legacyFile(dict(text("w"),
			rebuild(storageID("FloatStorage", "9", 12, true), test.offset, test.size, test.stride)),
			[]string{"9"}, legacyStorageBytes(12, data))
		if w := one(t, test.name, b); w != nil && string(w.Data) != little(f32, test.want...) {
			t.Errorf("%s, legacy: got % x, want % x", test.name, w.Data, little(f32, test.want...))
		}
	}
}

// reversed swaps the bytes of every element.
func reversed(data string, width int) string {
	b := []byte(data)
	for i := 0; i < len(b); i += width {
		slices.Reverse(b[i : i+width])
	}
	return string(b)
}

func TestReadElementTypes(t *testing.T) {
	const minus1 = 1<<64 - 1
	tests := []struct {
		class string
		width int
		in    []uint64
		dtype weights.DType
		want  string
	}{
		{"FloatStorage", 4, []uint64{0x3F800000, 0xFF800001}, weights.F32,
			little(4, 0x3F800000, 0xFF800001)},
		{"DoubleStorage", 8, []uint64{1 << 62, 3}, weights.F64, little(8, 1<<62, 3)},
		{"HalfStorage", 2, []uint64{0x3C00, 0x8001}, weights.F16, little(2, 0x3C00, 0x8001)},
		{"BFloat16Storage", 2, []uint64{0x3F80, 0x8001}, weights.BF16, little(2, 0x3F80, 0x8001)},
		{"LongStorage", 8, []uint64{minus1, 1000}, weights.I64, little(8, minus1, 1000)},
		{"IntStorage", 4, []uint64{minus1, 1000}, weights.I64, little(8, minus1, 1000)},
		{"ShortStorage", 2, []uint64{minus1, 1000}, weights.I64, little(8, minus1, 1000)},
		{"CharStorage", 1, []uint64{minus1, 100}, weights.I64, little(8, minus1, 100)},
		{"ByteStorage", 1, []uint64{255, 100}, weights.I64, little(8, 255, 100)},
		{"BoolStorage", 1, []uint64{1, 0}, weights.I64, little(8, 1, 0)},
	}
	for _, test := range tests {
		data := little(test.width, test.in...)
		object := func(legacy bool) string {
			return dict(text("w"),
				rebuild(storageID(test.class, "0", 2, legacy), 0, []int{2}, []int{1}))
		}
		for form, b := range map[string][]byte{
			"zip": zipFile(t, record{"m/data.pkl", proto(object(false))},
				record{"m/data/0", data}),
			"big endian": zipFile(t, record{"m/data.pkl", proto(object(false))},
				record{"m/byteorder", "big"}, record{"m/data/0", reversed(data, test.width)}),
			"legacy": legacyFile(object(true), []string{"0"}, legacyStorageBytes(2, data)),
		} {
			if w := one(t, test.class+" "+form, b); w != nil &&
				(w.DType != test.dtype || string(w.Data) != test.want) {
				t.Errorf("%s, %s: got %v % x, want %v % x",
					test.class, form, w.DType, w.Data, test.dtype, test.want)
			}
		}
	}
}

func TestReadSharedAndNested(t *testing.T) {
	first := rebuild(storageID("FloatStorage", "0", 4, false), 0, []int{2}, []int{1})
	second := rebuild(storageID("FloatStorage", "0", 4, false), 2, []int{2}, []int{1})
	parameter := call(global("torch._utils", "_rebuild_parameter"), second, "\x88",
		call(global("collections", "OrderedDict")))
	ordered := global("collections", "OrderedDict") + ")R(" +
		text("a") + first + text("b") + parameter + "u" +
		dict(text("_metadata"), dict()) + "b"
	b := zipFile(t,
		record{"any name/data.pkl", proto(dict(
			text("model"), ordered+"q\x05",
			text("ema"), "h\x05",
			number(7), first,
			text("step"), number(100),
			text("size"), call(global("torch", "Size"), numbers(2, 2)),
			text("device"), call(global("torch", "device"), text("cuda"), number(0)),
			text("dtype"), global("torch", "float16"),
			text("shadow_params"), list(first, second),
		))},
		record{"any name/version", "3\n"},
		record{"any name/data/0", little(4, 10, 11, 12, 13)})
	f, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	d := f.Root
	if shadow := d.Entries[len(d.Entries)-1]; shadow.Key != "shadow_params" ||
		shadow.Dict == nil || !shadow.Dict.List || len(shadow.Dict.Entries) != 2 ||
		string(shadow.Dict.Entries[1].Tensor.Data) != little(4, 12, 13) {
		t.Errorf("got %+v last, want the list of two tensors", shadow)
	}
	d.Entries = d.Entries[:len(d.Entries)-1]
	if len(d.Entries) != 2 || d.Entries[0].Key != "model" || d.Entries[1].Key != "ema" {
		t.Fatalf("got %d entries, want model and ema", len(d.Entries))
	}
	if d.Entries[0].Dict != d.Entries[1].Dict {
		t.Error("one dictionary under two keys was read twice")
	}
	m := d.Entries[0].Dict
	if len(m.Entries) != 2 {
		t.Fatalf("model: got %d entries, want 2", len(m.Entries))
	}
	for i, want := range []string{little(4, 10, 11), little(4, 12, 13)} {
		if got := m.Entries[i].Tensor; got == nil || string(got.Data) != want {
			t.Errorf("model entry %d: got %v, want % x", i, got, want)
		}
	}
}

// What people keep beside the weights is passed over by name, and nothing of it is called.
func TestReadPassesOverObjects(t *testing.T) {
	w := rebuild(storageID("FloatStorage", "0", 2, false), 0, []int{2}, []int{1})
	scalar := call(global("numpy.core.multiarray", "scalar"),
		call(global("numpy", "dtype"), text("f8"), "\x89", "\x88"),
		call(global("_codecs", "encode"), text("x"), text("latin1")))
	namespace := global("argparse", "Namespace") + ")\x81" + dict(text("lr"), number(1)) + "b"
	attributes := global("lightning.fabric.utilities.data", "AttributeDict") + ")\x81" +
		text("lr") + number(1) + "s"
	tests := []struct{ name, value, passed string }{
		{"numpy scalar", scalar, "numpy.core.multiarray.scalar"},
		{"Namespace", namespace, "argparse.Namespace"},
		{"AttributeDict", attributes, "lightning.fabric.utilities.data.AttributeDict"},
		{"a class", global("__main__", "Config"), "__main__.Config"},
		{"an old instance", "(i__main__\nConfig\n", "__main__.Config"},
		{"an old instance with arguments", "(" + global("__main__", "Config") + number(1) + "o",
			"__main__.Config"},
		{"keyword arguments", global("__main__", "Config") + ")" + dict(text("a"), number(1)) +
			"\x92", "__main__.Config"},
		{"copy_reg", call(global("copy_reg", "_reconstructor"), global("__main__", "Config"),
			global("__builtin__", "object"), "N"), "__main__.Config"},
		{"a path", call(global("pathlib", "PosixPath"), text("a")), "pathlib.PosixPath"},
		{"a set", call(global("__builtin__", "set"), list(number(1))), ""},
		{"an appended list", global("omegaconf", "ListConfig") + ")\x81(" + number(1) + "e",
			"omegaconf.ListConfig"},
		{"objects in a list", list(namespace, number(1)), "argparse.Namespace"},
	}
	for _, test := range tests {
		f, err := Read(zipFile(t,
			record{"m/data.pkl", proto(dict(text("w"), w, text("other"), test.value))},
			record{"m/data/0", little(4, 1, 2)}))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := strings.Join(f.Passed, ","); got != test.passed {
			t.Errorf("%s: passed over %q, want %q", test.name, got, test.passed)
		}
		if e := f.Root.Entries[0]; e.Key != "w" || e.Tensor == nil {
			t.Errorf("%s: got %+v first, want the tensor", test.name, e)
		}
		for _, e := range f.Root.Entries[1:] {
			if e.Tensor != nil || e.IsTensor {
				t.Errorf("%s: got %+v, want no tensor", test.name, e)
			}
		}
	}
}

// A tensor that depends on such an object is none, and says so.
func TestReadMarksTensorsOfObjects(t *testing.T) {
	storage := storageID("FloatStorage", "0", 2, false)
	w := rebuild(storage, 0, []int{2}, []int{1})
	tests := []struct{ name, value, other string }{
		{"quantised", call(global("torch._utils", "_rebuild_qtensor"), storage, number(0)),
			"torch._utils._rebuild_qtensor"},
		{"of another library", call(global("lib", "wrap"), w), "lib.wrap"},
		{"a size from a function", call(global("torch._utils", "_rebuild_tensor_v2"), storage,
			number(0), call(global("lib", "size")), numbers(1)), "lib.size"},
		{"complex", rebuild(storageID("ComplexFloatStorage", "1", 1, false), 0, nil, nil),
			"torch.ComplexFloatStorage"},
		{"in its state", global("__main__", "Net") + ")\x81" + tuple(w, "N") + "b",
			"__main__.Net"},
		{"float8", call(global("torch._utils", "_rebuild_tensor_v3"),
			storageID("ByteStorage", "1", 8, false), number(0), numbers(8), numbers(1), "\x89",
			"N", global("torch", "float8_e4m3fn")), "torch.ByteStorage"},
	}
	for _, test := range tests {
		f, err := Read(zipFile(t, record{"m/data.pkl", proto(dict(text("w"), test.value))},
			record{"m/data/0", little(4, 1, 2)}, record{"m/data/1", little(4, 1, 2)}))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if e := f.Root.Entries[0]; e.Other != test.other || !e.IsTensor || e.Tensor != nil {
			t.Errorf("%s: got %+v, want %q", test.name, e, test.other)
		}
	}
}

// Tensors under the names that newer versions of torch give to the same thing.
func TestReadOtherRebuilds(t *testing.T) {
	storage := storageID("FloatStorage", "0", 2, false)
	w := rebuild(storage, 0, []int{2}, []int{1})
	untyped := tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"),
		text("cpu"), number(8)) + "Q"
	for name, value := range map[string]string{
		"with state": call(global("torch._utils", "_rebuild_parameter_with_state"), w, "\x88", "N",
			dict()),
		"subclass": call(global("torch._tensor", "_rebuild_from_type_v2"),
			global("torch._utils", "_rebuild_tensor_v2"), global("__main__", "Tensor"),
			tuple(storage, number(0), numbers(2), numbers(1), "\x89", "N"), dict()),
		"typed": call(global("torch._utils", "_rebuild_tensor_v3"), untyped, number(0), numbers(2),
			numbers(1), "\x89", "N", global("torch", "float32"), "N"),
		"on a GPU": rebuild(tuple(text("storage"), global("torch.cuda", "FloatStorage"), text("0"),
			text("cuda:0"), number(2))+"Q", 0, []int{2}, []int{1}),
		"in a defaultdict": w,
	} {
		object := dict(text("w"), value)
		if name == "in a defaultdict" {
			object = call(global("collections", "defaultdict"), "N") + text("w") + value + "s"
		}
		got := one(t, name, zipFile(t, record{"m/data.pkl", proto(object)},
			record{"m/data/0", little(4, 1, 2)}))
		if got != nil && (string(got.Data) != little(4, 1, 2) || got.DType != weights.F32) {
			t.Errorf("%s: got %v % x", name, got.DType, got.Data)
		}
	}
}

// Checksums that were never written are no damage; one wrong among right ones is.
func TestReadWithoutChecksums(t *testing.T) {
	good := zipFile(t, record{"m/data.pkl", proto(w(0, []int{4}, []int{1}))},
		record{"m/data/0", little(4, 1, 2, 3, 4)}, record{"m/version", "3\n"})
	unsummed := func(keep int) []byte {
		b := bytes.Clone(good)
		at := 0
		for i := range 3 {
			at += bytes.Index(b[at:], []byte("PK\x01\x02"))
			if i != keep {
				copy(b[at+16:at+20], "\x00\x00\x00\x00")
			}
			at += 4
		}
		return b
	}
	if got := one(t, "no checksums", unsummed(-1)); got != nil &&
		string(got.Data) != little(4, 1, 2, 3, 4) {
		t.Errorf("got % x", got.Data)
	}
	for keep := range 3 {
		if _, err := Read(unsummed(keep)); err == nil ||
			!strings.Contains(err.Error(), "is damaged") {
			t.Errorf("only checksum %d is right: got %v, want damage", keep, err)
		}
	}
}

func TestReadLastOfEqualKeysCounts(t *testing.T) {
	tensor := func(offset int) string {
		return rebuild(storageID("FloatStorage", "0", 2, false), offset, []int{1}, []int{1})
	}
	w := one(t, "twice", zipFile(t,
		record{"m/data.pkl", proto(dict(text("w"), tensor(0), text("w"), tensor(1)))},
		record{"m/data/0", little(4, 1, 2)}))
	if w != nil && string(w.Data) != little(4, 2) {
		t.Errorf("got % x, want the second", w.Data)
	}
}
