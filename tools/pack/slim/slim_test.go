package slim

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

func TestVarint(t *testing.T) {
	for value, want := range map[int64]string{
		0: "\x00", 1: "\x01", 63: "\x3f", 64: "\xc0\x00", -1: "\x7f", -64: "\x40", -65: "\xbf\x7f",
		8191: "\xff\x3f", 8192: "\x80\xc0\x00", 1 << 28: "\x80\x80\x80\x80\x01",
	} {
		got := appendVarint(nil, value)
		back, n := varint(append(got, 0x55))
		if string(got) != want || back != value || n != len(got) {
			t.Errorf("%d is written as % x and read as %d, want % x", value, got, back, want)
		}
	}
}

// TestDataComesBack writes memories with stretches of zeros of every length.
func TestDataComesBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var memory []byte
		for range random.IntN(20) {
			memory = append(memory, make([]byte, random.IntN(2*gap))...)
			for range random.IntN(4) {
				memory = append(memory, byte(random.Uint32()))
			}
		}
		section, segments := write(memory)
		got, count, err := read(section)
		if err != nil || count != segments {
			t.Fatalf("%d segments are read as %d: %v", segments, count, err)
		}
		if want := bytes.TrimRight(memory, "\x00"); !bytes.Equal(got, want) {
			t.Fatalf("got % x, want % x", got, want)
		}
	}
}

// FuzzRewrite holds that bytes that are no module of Go's give an error.
func FuzzRewrite(f *testing.F) {
	header := "\x00asm\x01\x00\x00\x00"
	for _, seed := range []string{
		"", "\x00asm\x02\x00\x00\x00", header, header + "\x0b\xff", header + "\x0b\x00", header +
			"\x0b\x01\x00", header + "\x0b\x01\x01",
		header + "\x0b\x06\x01\x00\x41\x00\x0b\x00", header + "\x0b\x07\x01\x00\x41\x7f\x0b\x01a",
		header + "\x0b\x0e\x01\x00\x41\x00\x0b\x08" + string(magic),
		header + "\x0b\x0b\x01\x00\x41\x00\x0b\xff\xff\xff\xff\xff",
		header + string(append(binary.AppendUvarint([]byte{11}, 86),
			append([]byte("\x01\x00\x41\x00\x0b\x50"), table(1, 72, 80, 80)...)...)),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, module []byte) {
		if out, s, err := Rewrite(module); err == nil && (s.Functions == 0 || len(out) == 0) {
			t.Errorf("%+v and %d bytes without an error", s, len(out))
		}
	})
}

// table is a pcHeader of 72 bytes and eight more.
func table(functions, filetab, pctab, pcln uint64) []byte {
	b := append([]byte(nil), magic...)
	for _, v := range []uint64{functions, 0, 0, 72, 72, filetab, pctab, pcln} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return append(b, make([]byte, 8)...)
}

// TestProgramRuns rewrites a program and runs both in Node: they say the same
// but for the lines.
func TestProgramRuns(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed, so the program cannot be run")
	}
	dir := t.TempDir()
	before, after := filepath.Join(dir, "before.wasm"), filepath.Join(dir, "after.wasm")
	build := exec.Command("go", "build", "-trimpath", "-o", before, ".")
	build.Dir = filepath.Join("testdata", "program")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOEXPERIMENT=nosimd")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	module := fixture.File(t, before)
	slim, s, err := Rewrite(module)
	if err != nil {
		t.Fatal(err)
	}
	if s.Functions < 500 || s.Tables < 10_000 || s.Segments > s.Before/4 {
		t.Errorf("got %+v, want less data", s)
	}
	for name, kept := range map[string]bool{"main.tree": true, "runtime.mallocgc": false} {
		if !bytes.Contains(module, []byte(name+"\x00")) {
			t.Errorf("the program has no function %s", name)
		}
		if bytes.Contains(slim, []byte(name+"\x00")) != kept {
			t.Errorf("the name %s is kept: %v, want %v", name, !kept, kept)
		}
	}
	if err := os.WriteFile(after, slim, 0o666); err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	run := func(file string) []string {
		command := exec.Command(node, filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm",
			"wasm_exec_node.js"), file)
		command.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, err := command.CombinedOutput()
		if err == nil {
			t.Errorf("%s does not end with its panic:\n%s", file, out)
		}
		return strings.Split(string(out), "\n")
	}
	want, got := run(before), run(after)
	if len(want) < 10 || len(want) != len(got) {
		t.Fatalf("got %q, want %q", got, want)
	}
	lost := 0
	for i := range want {
		switch {
		case got[i] == want[i]:
		case strings.Contains(want[i], ".go") && strings.Contains(got[i], "?"):
			lost++
		default:
			t.Errorf("line %d: got %q, want %q", i, got[i], want[i])
		}
	}
	if lost == 0 {
		t.Errorf("no line is lost: %q", got)
	}
}
