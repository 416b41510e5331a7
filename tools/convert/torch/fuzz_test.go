package torch

import "testing"

func FuzzRead(f *testing.F) {
	f.Add(zipFile(f, record{"m/data.pkl", proto(w(1, []int{2}, []int{1}))},
		record{"m/data/0", little(4, 1, 2, 3, 4)}))
	f.Add(legacyFile(dict(text("w"),
		rebuild(storageID("HalfStorage", "7", 2, true), 0, []int{2}, []int{1})),
		[]string{"7"}, legacyStorageBytes(2, "abcd")))
	f.Add(pickled(f, global("os", "system")+tuple(text("x"))+"R"))
	unsummed := zipFile(f, record{"m/data.pkl", proto(dict(text("w"), rebuild(storageID(
		"ComplexFloatStorage", "0", 2, false), 0, []int{2}, []int{1}), text("o"),
		list(global("a", "B")+")\x81"+dict(text("lr"), "N")+"b")))},
		record{"m/data/0", little(8, 1, 2)})
	for at := range len(unsummed) - 20 { // whose content a fuzzer can change
		if string(unsummed[at:at+4]) == "PK\x01\x02" {
			clear(unsummed[at+16 : at+20])
		}
	}
	f.Add(unsummed)
	f.Fuzz(func(t *testing.T, b []byte) {
		f, err := Read(b)
		if err == nil {
			checkDict(t, f.Root, map[*Dict]bool{})
		}
	})
}

// FuzzPickle changes only the pickle, because the checksums of the container
// would stop a fuzzer.
func FuzzPickle(f *testing.F) {
	f.Add([]byte(proto(w(1, []int{2}, []int{1}))))
	f.Add([]byte(proto(global("collections", "OrderedDict") + ")R(" + text("a") + "Nu" +
		dict(text("_metadata"), dict()) + "b")))
	f.Add([]byte("\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x8c\x01x\x93."))
	f.Fuzz(func(t *testing.T, pickle []byte) {
		r := &reader{copyLeft: 1 << 20, dicts: map[any]*Dict{},
			records: map[string][]byte{"data/0": make([]byte, 16)}}
		root, _, err := unpickle(pickle, r.zipStorage)
		if err != nil {
			return
		}
		if d, err := r.dict(root, 0); err == nil && d != nil {
			checkDict(t, d, map[*Dict]bool{})
		}
	})
}

func checkDict(t *testing.T, d *Dict, seen map[*Dict]bool) {
	if seen[d] {
		return
	}
	seen[d] = true
	for _, e := range d.Entries {
		set := 0
		for _, is := range []bool{e.Tensor != nil, e.Dict != nil, e.Other != ""} {
			if is {
				set++
			}
		}
		if set != 1 {
			t.Fatalf("%q is %d of tensor, dictionary and another object, want one", e.Key, set)
		}
		if e.Dict != nil {
			checkDict(t, e.Dict, seen)
		}
		if e.Tensor == nil {
			continue
		}
		if got, want := len(e.Tensor.Data), e.Tensor.Len()*e.Tensor.DType.Size(); got != want {
			t.Fatalf("%q: %d bytes for %v, want %d", e.Key, got, e.Tensor.Shape, want)
		}
	}
}
