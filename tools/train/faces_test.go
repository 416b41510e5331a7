package train

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// drawsFaces returns an interpreter for prepare_faces.py, which needs nothing beside DiceBear.
func drawsFaces(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join("faces", "node_modules")); err != nil {
		t.Skip("no faces are drawn: DiceBear is not installed; `npm --prefix tools/train/faces " +
			"ci` does that, and so does `make test-train`")
	}
	for _, name := range []string{os.Getenv("PYTHON"), "python3"} {
		if path, err := exec.LookPath(name); err == nil && name != "" {
			return path
		}
	}
	t.Skip("no faces are drawn: there is no python3")
	return ""
}

// arraysOf returns the arrays of an .npz file without their headers.
func arraysOf(t *testing.T, file string) map[string][]byte {
	t.Helper()
	b := fixture.File(t, file)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	arrays := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil || len(data) < 10 {
			t.Fatalf("%s: %d bytes, %v", f.Name, len(data), err)
		}
		header := 10 + int(binary.LittleEndian.Uint16(data[8:]))
		arrays[strings.TrimSuffix(f.Name, ".npy")] = data[header:]
	}
	return arrays
}

// TestFaces makes a small data set twice, and compares it with the one that was recorded.
func TestFaces(t *testing.T) {
	interpreter := drawsFaces(t)
	one, two := filepath.Join(t.TempDir(), "one.npz"), filepath.Join(t.TempDir(), "two.npz")
	for _, out := range []string{one, two} {
		runIn(t, ".", interpreter, "prepare_faces.py", "--train", "400", "--test", "80", "--out",
			out)
	}
	if !bytes.Equal(fixture.File(t, one), fixture.File(t, two)) {
		t.Error("the same command gives other bytes")
	}
	arrays := arraysOf(t, one)
	const face = 16 * 16 * 3
	x, held := arrays["x_train"], arrays["x_test"]
	if len(x) != 400*face || len(held) != 80*face {
		t.Fatalf("there are %d and %d bytes of faces", len(x), len(held))
	}
	// In turn: none, glasses, hat, both, and the same with long hair.
	for _, part := range []string{"y_train", "y_test"} {
		for i := 0; i < len(arrays[part])/8; i++ {
			if c := binary.LittleEndian.Uint64(arrays[part][8*i:]); c != uint64(i%8) {
				t.Fatalf("%s: face %d is of class %d, want %d", part, i, c, i%8)
			}
		}
	}
	trained := map[string]bool{}
	for i := range 400 {
		trained[string(x[i*face:(i+1)*face])] = true
	}
	for i := range 80 {
		if trained[string(held[i*face:(i+1)*face])] {
			t.Errorf("held-out face %d is among those for training", i)
		}
	}
	all := filepath.Join(t.TempDir(), "all.npz")
	runIn(t, ".", interpreter, "prepare_faces.py", "--parts", "all", "--train", "400", "--test",
		"80", "--out", all)
	// Of DiceBear 9.4.3. Another version draws other faces.
	for file, want := range map[string]string{
		one: "7f5da8d983afb9130b9b6d6f8618f0c3e5c510e5f21002f5aeab1cce62cc7e76",
		all: "9c721c877d825126093d5681948d1e34965c0bb433332b25e1d524195352475d",
	} {
		arrays := arraysOf(t, file)
		sum := sha256.Sum256(append(append([]byte{}, arrays["x_train"]...), arrays["x_test"]...))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: the faces' SHA-256 is %s, want %s", filepath.Base(file), got, want)
		}
	}
}

// TestFacesAreBalanced counts what 800 faces are made of, with few parts and with all: everything
// is about as frequent as what could stand in its place.
func TestFacesAreBalanced(t *testing.T) {
	got := runIn(t, ".", drawsFaces(t), "-c", `
import collections
import prepare_faces
things = ["glasses", "hat", "long hair"]
names = ("skinColor", "hairColor", "eyesColor", "eyes", "clothingColor", "clothing", "mouthColor",
         "mouth")
for wardrobe in ("few", "all"):
    wanted = [(f"f{1_000_000 + i}", prepare_faces.options(prepare_faces.PARTS[wardrobe], things,
              i % 8, None)) for i in range(800)]
    parts = [a["parts"] for a in prepare_faces.avatars(wanted)]
    for name in names:
        seen = collections.Counter(p[name] for p in parts).values()
        equal = len(parts) / len(seen)
        print(wardrobe, name, len(seen), 0.5 * equal < min(seen) and max(seen) < 1.5 * equal)
    print(wardrobe, "beard", any(p.get("beard") for p in parts))
`)
	const want = `few skinColor 5 True
few hairColor 6 True
few eyesColor 3 True
few eyes 4 True
few clothingColor 6 True
few clothing 6 True
few mouthColor 3 True
few mouth 6 True
few beard False
all skinColor 8 True
all hairColor 11 True
all eyesColor 6 True
all eyes 12 True
all clothingColor 12 True
all clothing 23 True
all mouthColor 4 True
all mouth 23 True
all beard True
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestFacesAreDrawn compares the picture of a small drawing with one that was made by hand: paths
// in both fill rules, half opacity, and a mask.
func TestFacesAreDrawn(t *testing.T) {
	got := runIn(t, ".", drawsFaces(t), "-c", `
import prepare_faces
svg = '''<svg xmlns="http://www.w3.org/2000/svg"><mask id="half"><path d="M0 8h16v8H0z" fill="#fff"
opacity=".5"/></mask><g><rect width="16" height="16" fill="#fff"/>
<path d="M1 1h3v3H1zM2 2h1v1H2z" fill="#ff0000" fill-rule="evenodd"/>
<path d="M5 1h3v3H5zM6 2h1v1H6z" fill="#00ff00"/>
<path d="M9 1v3h3V1H9Z" fill-opacity=".5"/>
<g mask="url(#half)"><path d="M0 6h4v4H0z" fill="#0000ff"/></g></g></svg>'''
x = prepare_faces.draw(svg)
for row, column in ((0, 0), (1, 1), (2, 2), (2, 6), (3, 7), (1, 9), (3, 12), (6, 0), (8, 0),
                    (10, 0)):
    print(row, column, x[(row * 16 + column) * 3:][:3].hex())
for bad in ("M0 0L1 1", "M0.5 0h1v1z", "M0 0h1v1l-1 -1"):
    try:
        prepare_faces.inside(bad, False)
        print("drew", bad)
    except ValueError:
        pass
`)
	const want = `0 0 ffffff
1 1 ff0000
2 2 ffffff
2 6 00ff00
3 7 00ff00
1 9 7f7f7f
3 12 ffffff
6 0 ffffff
8 0 7f7fff
10 0 ffffff
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestFacesRefused gives sentences for command lines that cannot be carried out.
func TestFacesRefused(t *testing.T) {
	interpreter := drawsFaces(t)
	for want, arguments := range map[string][]string{
		"must be some of glasses, hat, beard, long hair": {"--with", "glasses,shoes"},
		"each once":               {"--with", "hat,hat"},
		"a number from 0 to 100":  {"--with", "hat,beard", "--chances", "20"},
		"must be whole numbers":   {"--with", "hat", "--chances", "many"},
		"none of these may be":    {"--chances", "1,2,3"},
		"--train must be 1 or":    {"--train", "0"},
		"cannot be written: Is a": {"--train", "8", "--test", "8", "--out", "."},
	} {
		out := filepath.Join(t.TempDir(), "faces.npz")
		c := exec.Command(interpreter, append([]string{"prepare_faces.py", "--out", out},
			arguments...)...)
		said, err := c.CombinedOutput()
		if text := strings.Join(strings.Fields(string(said)), " "); err == nil ||
			!strings.Contains(text, want) || strings.Contains(text, "Traceback") {
			t.Errorf("%v: %v\n%s", arguments, err, said)
		}
	}
}
