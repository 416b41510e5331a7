package torch

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"
)

// The tests write pickles by hand: these are the few opcodes that they need.

func proto(body string) string { return "\x80\x02" + body + "." }

func text(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func number(n int) string {
	return "J" + string(binary.LittleEndian.AppendUint32(nil, uint32(int32(n))))
}

func number64(n int64) string {
	return "\x8a\x08" + string(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func tuple(items ...string) string {
	s := "("
	for _, i := range items {
		s += i
	}
	return s + "t"
}

func numbers(list ...int) string {
	var items []string
	for _, n := range list {
		items = append(items, number(n))
	}
	return tuple(items...)
}

func list(items ...string) string { return "](" + tuple(items...)[1:len(tuple(items...))-1] + "e" }

func global(module, name string) string { return "c" + module + "\n" + name + "\n" }

func call(function string, args ...string) string { return function + tuple(args...) + "R" }

// dict is a dictionary of alternating keys and values.
func dict(items ...string) string {
	s := "}("
	for _, i := range items {
		s += i
	}
	return s + "u"
}

// storageID refers to a storage; legacy adds the sixth item.
func storageID(class, key string, length int, legacy bool) string {
	items := []string{text("storage"), global("torch", class), text(key),
		text("cpu"), number(length)}
	if legacy {
		items = append(items, "N")
	}
	return tuple(items...) + "Q"
}

func rebuild(storage string, offset int, size, stride []int) string {
	return call(global("torch._utils", "_rebuild_tensor_v2"),
		storage, number(offset), numbers(size...), numbers(stride...), "\x89",
		call(global("collections", "OrderedDict")))
}

type record struct{ name, data string }

func zipFile(t testing.TB, records ...record) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, r := range records {
		f, err := w.CreateHeader(&zip.FileHeader{Name: r.name, Method: zip.Store})
		if err == nil {
			_, err = f.Write([]byte(r.data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func legacyFile(object string, keys []string, storages ...string) []byte {
	magic, _ := new(big.Int).SetString(legacyMagic, 16)
	le := magic.Bytes()
	slices.Reverse(le)
	s := proto("\x8a" + string(rune(len(le))) + string(le))
	s += proto(number(legacyProtocol))
	s += proto(dict(text("little_endian"), "\x88"))
	s += proto(object)
	var k []string
	for _, key := range keys {
		k = append(k, text(key))
	}
	s += proto(list(k...))
	for _, data := range storages {
		s += data
	}
	return []byte(s)
}

// legacyStorageBytes is a storage of the legacy format: its length and its elements.
func legacyStorageBytes(length uint64, data string) string {
	return string(binary.LittleEndian.AppendUint64(nil, length)) + data
}

// little are the bytes of unsigned integers of the given width, little endian.
func little(width int, values ...uint64) string {
	var b []byte
	for _, v := range values {
		var w [8]byte
		binary.LittleEndian.PutUint64(w[:], v)
		b = append(b, w[:width]...)
	}
	return string(b)
}
