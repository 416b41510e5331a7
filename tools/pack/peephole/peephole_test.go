package peephole

import (
	"bytes"
	"strings"
	"testing"
)

// section frames a section's body.
func section(id byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(appendUnsigned([]byte{id}, uint64(len(body))), body...)
}

// module has one function called name with the given instructions.
func module(name string, code []byte) []byte {
	f := append([]byte{1, 1, 0x7b}, code...) // one local, v128
	names := append([]byte{1, 0, byte(len(name))}, name...)
	return bytes.Join([][]byte{
		[]byte("\x00asm\x01\x00\x00\x00"),
		section(1, []byte{1, 0x60, 1, 0x7e, 0}),
		section(3, []byte{1, 0}),
		section(codeSection, []byte{1}, appendUnsigned(nil, uint64(len(f))), f),
		section(customSection, []byte{4}, []byte("name"), section(1, names)),
		section(customSection, []byte{4}, []byte("note"), []byte("gone")),
	}, nil)
}

func TestRewrite(t *testing.T) {
	for _, c := range []struct {
		what     string
		in, want []byte
	}{
		{"splat", []byte{0xa7, 0x2a, 2, 4, 0xfd, 0x13, 0x0b}, []byte{0xa7, 0xfd, 9, 2, 4, 0x0b}},
		{"offset", []byte{0x20, 0, 0x42, 0x90, 1, 0x7c, 0xa7, 0xfd, 0, 0, 0, 0x0b},
			[]byte{0x20, 0, 0xa7, 0xfd, 0, 0, 0x90, 1, 0x0b}},
		{"both", []byte{0x42, 16, 0x7c, 0xa7, 0x2a, 2, 0, 0xfd, 0x13, 0x0b},
			[]byte{0xa7, 0xfd, 9, 2, 16, 0x0b}},
		{"nop", []byte{1, 0x20, 0, 1, 1, 0x1a, 0x0b}, []byte{0x20, 0, 0x1a, 0x0b}},
		{"negative", []byte{0x42, 0x70, 0x7c, 0xa7, 0x2a, 2, 0, 0x0b},
			[]byte{0x42, 0x70, 0x7c, 0xa7, 0x2a, 2, 0, 0x0b}},
		{"large", []byte{0x42, 0x80, 0x80, 0x04, 0x7c, 0xa7, 0x2a, 2, 0, 0x0b},
			[]byte{0x42, 0x80, 0x80, 0x04, 0x7c, 0xa7, 0x2a, 2, 0, 0x0b}},
		{"other load", []byte{0x2b, 3, 0, 0xfd, 0x14, 0x0b}, []byte{0x2b, 3, 0, 0xfd, 0x14, 0x0b}},
		{"larger", []byte{0x20, 0, 0x20, 0, 0xfd, 0xe9, 1, 0x0b},
			[]byte{0x20, 0, 0x20, 0, 0xfd, 0xeb, 1, 0x0b}},
		{"constant bytes", []byte{0xfd, 12, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x0b},
			[]byte{0xfd, 12, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x0b}},
	} {
		got, s, err := Rewrite(module("kernels.f", c.in), "kernels.")
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		want := module("kernels.f", c.want)
		want = want[:bytes.Index(want, []byte("\x04name"))-2]
		if !bytes.Equal(got, want) || s.Functions != 1 {
			t.Errorf("%s: got % x, want % x", c.what, got, want)
		}
	}
}

func TestRewriteLeavesOthers(t *testing.T) {
	in := []byte{1, 0xa7, 0x2a, 2, 0, 0xfd, 0x13, 0x0b}
	if _, _, err := Rewrite(module("runtime.f", in), "kernels."); err == nil ||
		!strings.Contains(err.Error(), "kernels.") {
		t.Errorf("a module without the functions: got error %v", err)
	}
}

// TestMalformed cuts a module at every byte and changes every byte: an error
// or a result, never a crash.
func TestMalformed(t *testing.T) {
	good := module("kernels.f", []byte{0x42, 16, 0x7c, 0xa7, 0x2a, 2, 0, 0xfd, 0x13, 0x0b})
	for i := range good {
		Rewrite(good[:i], "kernels.")
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			bad := bytes.Clone(good)
			bad[i] = b
			Rewrite(bad, "kernels.")
		}
	}
}
