package torch

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"
)

// pickled is a zip file with nothing but a pickle.
func pickled(t testing.TB, object string) []byte {
	t.Helper()
	return zipFile(t, record{"m/data.pkl", proto(object)})
}

func TestReadRefusesToRun(t *testing.T) {
	shell := tuple(text("touch pwned"))
	tests := []struct{ object, name string }{
		{global("os", "system") + shell + "R", "os.system"},
		{global("posix", "system") + shell + "R", "posix.system"},
		{global("builtins", "eval") + shell + "R", "builtins.eval"},
		{"\x8c\x02os\x8c\x06system\x93" + shell + "R", "os.system"},
		{"(" + text("x") + "isubprocess\nPopen\n", "subprocess.Popen"},
		{dict(text("model"), dict(text("w"), global("torch", "load")+shell+"R")), "torch.load"},
		{tuple(global("os", "system"), text("x")) + "Q", "os.system"},
		{global("os.path", "join"), "os.path.join"},
		{global("torch.hub", "load"), "torch.hub.load"},
		{global("__builtin__", "eval"), "__builtin__.eval"},
		{global("dill", "loads"), "dill.loads"},
		{global("os", "sys\x1b[2Jtem\xff"), "os.sys?[2Jtem?"},
	}
	for _, test := range tests {
		for form, b := range map[string][]byte{"zip": pickled(t, test.object),
			"legacy": legacyFile(test.object, nil)} {
			_, err := Read(b)
			var refused *RefusedError
			if !errors.As(err, &refused) {
				t.Errorf("%s, %s: got %v, want a RefusedError", test.name, form, err)
				continue
			}
			if s := err.Error(); !strings.Contains(s, "refuses to run "+test.name+":") ||
				strings.ContainsAny(s, "\n\x1b") {
				t.Errorf("%s, %s: got %q", test.name, form, s)
			}
		}
	}
}

// w is a dictionary with one tensor over a storage of four floats, whose data the case sets.
func w(offset int, size, stride []int) string {
	return dict(text("w"), rebuild(storageID("FloatStorage", "0", 4, false), offset, size, stride))
}

func TestReadRefusesBrokenZips(t *testing.T) {
	four := record{"m/data/0", little(4, 1, 2, 3, 4)}
	object := func(o string, more ...record) []byte {
		return zipFile(t, append([]record{{"m/data.pkl", proto(o)}}, more...)...)
	}
	good := object(w(0, []int{4}, []int{1}), four)
	if _, err := Read(good); err != nil {
		t.Fatal(err)
	}
	storage := func(key string, length int) string {
		return storageID("FloatStorage",
			key, length, false)
	}
	deep := "N"
	for range maxDepth + 2 {
		deep = dict(text("d"), deep)
	}
	tests := []struct {
		name string
		file []byte
		says string
	}{
		{"cut off", good[:len(good)-30], "cut off or damaged"},
		{"no data.pkl", zipFile(t, record{"m/data/0", "x"}), "without a record data.pkl"},
		{"a packed file", zipFile(t, record{"__MACOSX/._net.pt", "x"}, record{"m/net.pt", "x"}),
			"a zip archive with net.pt in it: unpack it"},
		{"empty archive", zipFile(t), "unpack it, and name the file with the weights"},
		{"TorchScript", zipFile(t, record{"m/data.pkl", proto("N")}, record{"m/constants.pkl", ""}),
			"TorchScript"},
		{"record twice", object(w(0, []int{4}, []int{1}), four, four), "stands twice"},
		{"byte order", object(w(0, []int{4}, []int{1}), four, record{"m/byteorder", "middle"}),
			`got "middle"`},
		{"compressed record", compressed(t), "uncompressed"},
		{"flipped bit", flipped(good), "damaged: want checksum"},
		{"no storage", object(w(0, []int{4}, []int{1})), "want a record data/0"},
		{"storage longer than its record",
			object(dict(text("w"), rebuild(storage("0", 5), 0, []int{5}, []int{1})), four),
			"claims 5 elements of 4 bytes, its record has 16"},
		{"storage shorter than its record",
			object(dict(text("w"), rebuild(storage("0", 3), 0, []int{3}, []int{1})), four),
			"claims 3 elements"},
		{"storage of 2³¹-1", object(dict(text("w"),
			rebuild(storage("0", 1<<31-1), 0, []int{4}, []int{1})), four), "claims 2147483647"},
		{"negative storage", object(dict(text("w"),
			rebuild(storage("0", -4), 0, []int{4}, []int{1})), four), "length of a storage"},
		{"window beyond the storage",
			object(w(1, []int{4}, []int{1}), four), "inside a storage of 4"},
		{"stride beyond the storage",
			object(w(0, []int{2, 2}, []int{3, 1}), four), "inside a storage of 4"},
		{"negative offset", object(w(-1, []int{1}, []int{1}), four), "offset -1"},
		{"negative size", object(w(0, []int{-4}, []int{1}), four), "size [-4]"},
		{"negative stride", object(w(3, []int{4}, []int{-1}), four), "stride [-1]"},
		{"more sizes than strides",
			object(w(0, []int{2, 2}, []int{1}), four), "size [2 2], stride [1]"},
		{"sizes that overflow",
			object(w(0, []int{1 << 30, 1 << 30, 1 << 30}, []int{0, 0, 0}), four),
			"inside a storage"},
		{"reach that overflows",
			object(dict(text("w"),
				call(global("torch._utils", "_rebuild_tensor_v2"), storage("0", 4), number(0),
					tuple(number64(1<<33), number64(2)), tuple(number64(1<<31), number64(1<<62)),
					"\x89",
					"N")), four), "inside a storage"},
		{"expanded beyond reason", object(w(0, []int{1 << 20, 1 << 20}, []int{0, 0}), four),
			"more than a file of this size can mean"},
		{"65 dimensions", object(dict(text("w"), rebuild(storage("0", 4), 0, make([]int, 65),
			make([]int, 65))), four), "got something else"},
		{"tensor of too few arguments",
			object(dict(text("w"), call(global("torch._utils", "_rebuild_tensor_v2"),
				storage("0", 4))), four), "got 1 arguments"},
		{"tensor of the wrong arguments",
			object(dict(text("w"), rebuild("N", 0, nil, nil)), four), "got something else"},
		{"parameter of nothing",
			object(global("torch._utils", "_rebuild_parameter") + ")R"), "got none"},
		{"reference to nothing", object(")Q"), "reference to a storage, got something else"},
		{"reference to a module", object(tuple(text("module"), "N") + "Q"), "whole module"},
		{"reference to what?", object(tuple(text("thing")) + "Q"), `got one to "thing"`},
		{"short reference", object(tuple(text("storage")) + "Q"), "got 0 items"},
		{"reference without class",
			object(tuple(text("storage"), "N", "N", "N", "N") + "Q"), "got something else"},
		{"textual reference", object("P0\n"), "reference to a storage"},
		{"a tensor alone", object(rebuild(storage("0", 4), 0, []int{4}, []int{1}), four),
			"got a single tensor"},
		{"a list", object(list("N")), "got a list"},
		{"a list that contains itself", object("]q\x00h\x00a"), "contains itself"},
		{"a whole module", object(global("__main__", "UNet") + ")\x81" +
			dict(text("_modules"), dict()) + "b"), "got an object of __main__.UNet"},
		{"a storage of an unknown class", object(tuple(text("storage"),
			global("torch", "FooStorage"), text("0"), text("cpu"), number(1)) + "Q"),
			"a storage is of torch.FooStorage, whose elements are not known here"},
		{"a tensor without its dtype", object(dict(text("w"),
			call(global("torch._utils", "_rebuild_tensor_v3"), storage("0", 4), number(0),
				numbers(4), numbers(1), "\x89", "N"))), "want a record data/0"},
		{"a tensor of a known function without dtype", object(dict(text("w"),
			call(global("torch._utils", "_rebuild_tensor_v3"), storage("0", 4), number(0),
				numbers(4), numbers(1), "\x89", "N")), four), "want a dtype"},
		{"a subclass of nothing", object(call(global("torch._tensor", "_rebuild_from_type_v2"))),
			"got 0 arguments"},
		{"a subclass of a number", object(call(global("torch._tensor", "_rebuild_from_type_v2"),
			number(1), "N", "N")), "got something else"},
		{"nothing", object("N"), "got None"},
		{"contains itself", object("}q\x00" + text("self") + "h\x00s"), "contains itself"},
		{"nested too deep", object(deep), "at most 32 deep"},
	}
	for _, test := range tests {
		expectError(t, test.name, test.file, test.says)
	}
}

func expectError(t *testing.T, name string, file []byte, says string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(file)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: got %v, want an error with %q", name, err, says)
		return
	}
	if s := err.Error(); !strings.HasPrefix(s, "torch: ") ||
		strings.Contains(s, "\n") || len(s) > 1000 {
		t.Errorf("%s: got %q, want one sentence", name, s)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > uint64(1<<20+64*len(file)) {
		t.Errorf("%s: %d bytes allocated for a file of %d", name, got, len(file))
	}
}

func compressed(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("m/data.pkl")
	if err == nil {
		_, err = f.Write([]byte(proto("N")))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// flipped changes one bit of the last storage's data.
func flipped(b []byte) []byte {
	b = bytes.Clone(b)
	b[bytes.Index(b, []byte(little(4, 1, 2, 3, 4)))] ^= 0x40
	return b
}

// Many tensors in one storage, and many records in the same bytes, cost what one does.
func TestReadRefusesOverlaps(t *testing.T) {
	const floats = 1 << 16
	var members []string
	for i := range 2000 {
		members = append(members, text(strings.Repeat("w", 1+i%50)+strings.Repeat("v", i/50)),
			rebuild(storageID("FloatStorage", "0", floats, false), 0, []int{floats}, []int{1}))
	}
	data := string(make([]byte, 4*floats))
	expectError(t, "tensors of one storage", zipFile(t,
		record{"m/data.pkl", proto(dict(members...))}, record{"m/data/0", data}),
		"more than a file of this size can mean")
	good := zipFile(t, record{"m/data.pkl", proto("N")}, record{"m/data/0", data},
		record{"m/data/1", "abcd"}, record{"m/data/2", "abcd"})
	first := bytes.Index(good, []byte("PK\x01\x02"))
	first += bytes.Index(good[first+1:], []byte("PK\x01\x02")) + 1
	second := first + bytes.Index(good[first+1:], []byte("PK\x01\x02")) + 1
	copy(good[second+16:second+28], good[first+16:first+28]) // checksum and sizes
	copy(good[second+42:second+46], good[first+42:first+46]) // offset
	expectError(t, "records of the same bytes", good, "they overlap, or it is cut off")
}

// The lengths that a zip directory claims are checked against the file.
func TestReadRefusesLyingZipDirectory(t *testing.T) {
	good := zipFile(t, record{"m/data.pkl", proto(w(0, []int{4}, []int{1}))}, record{"m/data/0",
		little(4, 1, 2, 3, 4)})
	directory := bytes.LastIndex(good, []byte("PK\x01\x02"))
	for _, field := range []struct {
		name string
		at   int
		says string
	}{
		{"size", 24, "claims 1879048192 bytes, and with"},
		{"offset", 42, "damaged"},
	} {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[directory+field.at:], 0x70000000)
		expectError(t, field.name, b, field.says)
	}
}

func TestReadRefusesBrokenLegacyFiles(t *testing.T) {
	object := func(length int) string {
		return dict(text("w"),
			rebuild(storageID("FloatStorage", "7", length, true), 0, []int{4}, []int{1}))
	}
	data := legacyStorageBytes(4, little(4, 1, 2, 3, 4))
	good := legacyFile(object(4), []string{"7"}, data)
	if _, err := Read(good); err != nil {
		t.Fatal(err)
	}
	sliced := tuple(text("storage"), global("torch", "FloatStorage"), text("7"),
		text("cpu"), number(4),
		tuple(text("8"), number(0), number(2))) + "Q"
	twoTypes := dict(text("a"), storageID("FloatStorage", "7", 4, true), text("b"),
		storageID("HalfStorage", "7", 4, true))
	tests := []struct {
		name string
		file []byte
		says string
	}{
		{"nothing", nil, "begins with no pickle"},
		{"a text", []byte("hello"), "begins with no pickle"},
		{"a pickle of another kind", []byte(proto(number(7))), "got another pickle: in Python"},
		{"a pickle of EDM", []byte(proto(dict(text("ema"), call(global("torch_utils.persistence",
			"_reconstruct_persistent_obj"), dict(text("module_src"), text("import torch")))))),
			"it contains code, which is not run here; load it in PyTorch"},
		{"a tar archive", append(make([]byte, 257), "ustar\x00..."...), "tar archive"},
		{"another protocol", append(bytes.Clone(good[:bytes.IndexByte(good, '.')+1]),
			proto(number(1002))...), "protocol version 1001"},
		{"cut in the pickle", good[:100], "are left"},
		{"cut in a storage", good[:len(good)-1], "claims 4 elements of 4 bytes, 15 bytes are left"},
		{"cut in a length", good[:len(good)-17], "ends before the storage 7"},
		{"length of 2⁶⁴-1", legacyFile(object(4), []string{"7"}, legacyStorageBytes(1<<64-1, "")),
			"want 4 elements in storage 7"},
		{"both lengths lie", legacyFile(object(1<<31-1), []string{"7"},
			legacyStorageBytes(1<<31-1, "abcd")), "claims 2147483647"},
		{"key twice", legacyFile(object(4), []string{"7", "7"}, data, data),
			"each storage key once"},
		{"unknown key", legacyFile(object(4), []string{"7", "8"}, data, data), `once, got "8"`},
		{"key missing", legacyFile(object(4), nil), "its storage 7 is not in the file"},
		{"keys are no list", []byte(strings.TrimSuffix(string(legacyFile(object(4), nil)),
			proto(list())) + proto("N")), "list of storage keys"},
		{"slice of torch 0.4", legacyFile(sliced, []string{"7"}, data), "torch 0.4"},
		{"two types", legacyFile(twoTypes, []string{"7"}, data), "two types"},
	}
	for _, test := range tests {
		expectError(t, test.name, test.file, test.says)
	}
}

func TestReadRefusesBrokenPickles(t *testing.T) {
	long := func(code string, size uint64, width int) string {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], size)
		return code + string(b[:width])
	}
	tests := []struct{ name, pickle, says string }{
		{"text of 2³² bytes", long("X", 1<<32-1, 4), "claims 4294967295 bytes"},
		{"text of 2⁴⁰ bytes", long("\x8d", 1<<40, 8), "claims 1099511627776 bytes"},
		{"bytes of 2⁶³", long("\x8e", 1<<63, 8), "claims 9223372036854775808 bytes"},
		{"bytearray of 2⁴⁰", long("\x96", 1<<40, 8), "claims"},
		{"frame of 2⁴⁰", long("\x95", 1<<40, 8), "claims a frame"},
		{"integer of 2³¹ bytes", long("\x8b", 1<<31, 4), "claims"},
		{"integer too long to convert",
			long("\x8b", 5000, 4) + strings.Repeat("x", 5000), "integer of at most"},
		{"unknown opcode", "\xff", "no such opcode"},
		{"cut in an argument", "J\x00", "want 4 bytes behind it"},
		{"cut in a length", "X\x00", "want a length of 4 bytes"},
		{"endless line", "S" + strings.Repeat("x", maxLine+10), "want a line"},
		{"cut in a name", "cos\nsystem", "want a line"},
		{"too many opcodes", strings.Repeat("}0", maxOpcodes/2+1), "at most 1048576 opcodes"},
		{"integer of no bytes", "\x8a\x00.", "damaged"},
		{"empty stack", "R.", "damaged"},
		{"stop alone", ".", "damaged"},
		{"mark alone", "t.", "damaged"},
		{"odd pairs", "}(Nu.", "damaged"},
		{"bytes as a key", global("collections", "OrderedDict") + ")R(C\x01aNu.", "damaged"},
		{"call of a number", number(7) + ")R.", "damaged"},
		{"extension", "\x82\x01.", "damaged"},
		{"buffer out of band", "\x97.", "damaged"},
		{"unknown protocol", "\x80\x09.", "damaged"},
	}
	for _, test := range tests {
		expectError(t, test.name, zipFile(t, record{"m/data.pkl", test.pickle}), test.says)
	}
}

// Dictionaries that share their members are read once each: 2³⁰ paths, 30 dictionaries.
func TestReadSharedDictionariesOnce(t *testing.T) {
	object := dict()
	for range 30 {
		object += "q\x000" + dict(text("a"), "h\x00", text("b"), "h\x00")
	}
	if _, err := Read(pickled(t, object)); err != nil {
		t.Error(err)
	}
}

// Every prefix of a good file gives an error, and no byte changed gives a crash.
func TestReadSurvivesDamage(t *testing.T) {
	const object = 0
	small := zipFile(t, record{"m/data.pkl", proto(w(object, []int{4}, []int{1}))},
		record{"m/data/0", little(4, 1, 2, 3, 4)})
	legacy := legacyFile(dict(text("w"),
		rebuild(storageID("HalfStorage", "7", 2, true), 0, []int{2}, []int{1})),
		[]string{"7"}, legacyStorageBytes(2, "abcd"))
	for _, good := range [][]byte{small, legacy} {
		for n := range good {
			if _, err := Read(good[:n]); err == nil {
				t.Errorf("the first %d of %d bytes are read without an error", n, len(good))
			}
		}
		for i := range good {
			for _, bit := range []byte{1, 0x20, 0x80} {
				damaged := bytes.Clone(good)
				damaged[i] ^= bit
				Read(damaged)
			}
		}
	}
}
