package torch

import (
	"bytes"
	"slices"
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
		d, err := Read(file(t, "../testdata/class_embed_identity/"+name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
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
	d, err := Read(b)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
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
	d, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
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
