package pngtext

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"flag"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the page's scripts are held to")

// The page writes and reads the same files: web/files/png.js is held to this one.
func TestGoldenFile(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	golden := struct {
		Recipe, Pixels   string
		Plain, One, Both []byte   // without a text, with the recipe, with its pixels as well
		Others, Wrong    [][]byte // the recipe as others save it; texts that do not count
	}{Recipe: "m=digits&c=7&by=01234567.1&h=0123456789abcdef", Pixels: "Y2CgPQAA.Y2Cg_-QAA",
		Plain: plain.Bytes()}
	var err error
	if golden.One, err = Insert(golden.Plain, Recipe, golden.Recipe); err != nil {
		t.Fatal(err)
	}
	if golden.Both, err = Insert(golden.Plain, Pixels, golden.Pixels); err != nil {
		t.Fatal(err)
	}
	if golden.Both, err = Insert(golden.Both, Recipe, golden.Recipe); err != nil {
		t.Fatal(err)
	}
	golden.Others, golden.Wrong = others(golden.Plain, golden.Recipe)
	text, err := json.MarshalIndent(golden, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("..", "..", "web", "files", "testdata", "png.json")
	if *update {
		err = os.WriteFile(file, append(text, '\n'), 0o666)
	}
	if held, failed := os.ReadFile(file); err != nil || failed != nil ||
		!bytes.Equal(held, append(text, '\n')) {
		t.Errorf("%s is not what this package writes; go test ./tools/pngtext -update writes it "+
			"(%v, %v)", file, err, failed)
	}
}

func TestText(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	const recipe = "m=digits&c=7&by=01234567.1&h=0123456789abcdef"
	file, err := Insert(plain.Bytes(), Recipe, recipe)
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := Find(file, Recipe); !ok || text != recipe {
		t.Errorf("the text is %q, %v", text, ok)
	}
	if img, err := png.Decode(bytes.NewReader(file)); err != nil || img.Bounds().Dx() != 3 {
		t.Errorf("the picture is %v (%v)", img, err)
	}
	if text, ok := Find(plain.Bytes(), Recipe); ok {
		t.Errorf("a plain picture has the text %q", text)
	}
	if text, ok := Find(file, "other"); ok {
		t.Errorf("under another keyword there is %q", text)
	}
	// A text that is not complete does not count, wherever the file was cut or changed.
	for i := range len(file) {
		if _, ok := Find(file[:i], Recipe); ok && i < headerEnd+len(recipe) {
			t.Errorf("the first %d bytes have a text", i)
		}
	}
	changed := bytes.Replace(file, []byte("c=7"), []byte("c=8"), 1)
	if text, ok := Find(changed, Recipe); ok {
		t.Errorf("a text that was changed is %q", text)
	}
	for _, bad := range [][]byte{nil, []byte("no PNG"), plain.Bytes()[:20],
		bytes.Repeat([]byte("GIF89a"), 20)} {
		if _, err := Insert(bad, Recipe, recipe); err == nil {
			t.Errorf("%q takes a text", bad)
		}
	}
}

// withChunk is a PNG with a chunk behind its header.
func withChunk(plain []byte, kind, body string) []byte {
	all := []byte(kind + body)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = binary.BigEndian.AppendUint32(append(chunk, all...), crc32.ChecksumIEEE(all))
	return slices.Concat(plain[:headerEnd], chunk, plain[headerEnd:])
}

// behind is a PNG with the same chunk behind its samples.
func behind(plain []byte, kind, body string) []byte {
	with := withChunk(plain, kind, body)
	chunk := with[headerEnd : len(with)-len(plain)+headerEnd]
	end := len(plain) - 12 // of IEND
	return slices.Concat(plain[:end], chunk, plain[end:])
}

func zipped(text string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	z.Close()
	return b.String()
}

// others are the chunks in which other programs save a text again, and broken ones.
func others(plain []byte, text string) (good, wrong [][]byte) {
	packed := zipped(text)
	for _, c := range [][2]string{
		{"zTXt", "\x00\x00" + packed}, {"iTXt", "\x00\x00\x00\x00\x00" + text},
		{"iTXt", "\x00\x01\x00en\x00rezept\x00" + packed},
	} {
		good = append(good, withChunk(plain, c[0], Recipe+c[1]), behind(plain, c[0], Recipe+c[1]))
	}
	for _, c := range [][2]string{
		{"zTXt", "\x00\x01" + packed}, {"zTXt", "\x00\x00" + packed[:len(packed)/2]},
		{"zTXt", "\x00"}, {"zTXt", "\x00\x00cats"}, {"iTXt", "\x00\x00\x00en" + text},
		{"iTXt", "\x00\x00\x01\x00\x00" + text}, {"iTXt", "\x00\x00"},
		{"zTXt", "\x00\x00" + zipped(strings.Repeat("0", most+1))},
		{"eXIf", "\x00" + text}, {"tEXt", "s\x00" + text},
	} {
		wrong = append(wrong, withChunk(plain, c[0], Recipe+c[1]))
	}
	return good, wrong
}

func TestTextsOfOthers(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	good, wrong := others(plain.Bytes(), "m=digits&c=7")
	for i, file := range good {
		if text, ok := Find(file, Recipe); !ok || text != "m=digits&c=7" {
			t.Errorf("file %d has the text %q, %v", i, text, ok)
		}
	}
	for i, file := range wrong {
		if text, ok := Find(file, Recipe); ok {
			t.Errorf("file %d has the text %.40q", i, text)
		}
	}
}

// FuzzFind: whatever a file holds, a text that is found is no larger than allowed, and a text that
// is put into a file is found there, whatever stands behind it.
func FuzzFind(f *testing.F) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		f.Fatal(err)
	}
	good, wrong := others(plain.Bytes(), "m=digits&c=7")
	for _, file := range append(append(good, wrong...), plain.Bytes()) {
		if len(file) < 1<<16 {
			f.Add(file)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if text, ok := Find(file, Recipe); len(text) > max(most, len(file)) || !ok && text != "" {
			t.Errorf("a text of %d bytes, %v", len(text), ok)
		}
		written, err := Insert(file, Recipe, "m=digits")
		if err != nil || !bytes.HasPrefix(file, []byte(signature)) ||
			binary.BigEndian.Uint32(file[8:]) != 13 {
			return
		}
		if text, ok := Find(written, Recipe); !ok || text != "m=digits" {
			t.Errorf("of what was written %q is found, %v", text, ok)
		}
	})
}
