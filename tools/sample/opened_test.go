package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
	"tweedie/sampler/picture/fit"
)

// raw is a PNG that is written sample by sample, in every form that the standard knows.
type raw struct {
	width, height, depth, kind int // kind: the type of colour
	interlaced                 bool
	chunks                     []string // before the samples: four letters and the body
	sample                     func(x, y, c int) int
}

// samplesOf is the number of samples of a pixel, by the type of colour.
var samplesOf = map[int]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

// chunk is a chunk of its four letters and its body.
func chunk(b string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(b)-4))
	return binary.BigEndian.AppendUint32(append(out, b...), crc32.ChecksumIEEE([]byte(b)))
}

// file is the PNG. Its lines have all filters, one after the other.
func (r *raw) file() []byte {
	header := binary.BigEndian.AppendUint32([]byte("IHDR"), uint32(r.width))
	header = binary.BigEndian.AppendUint32(header, uint32(r.height))
	header = append(header, byte(r.depth), byte(r.kind), 0, 0, 0)
	passes := [][4]int{{0, 0, 1, 1}}
	if r.interlaced {
		header[len(header)-1] = 1
		passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4},
			{1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk(string(header))...)
	for _, c := range r.chunks {
		out = append(out, chunk(c)...)
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for _, p := range passes {
		var above []byte
		filter := 0
		for y := p[1]; y < r.height; y += p[3] {
			var line []byte
			bits := 0
			for x := p[0]; x < r.width; x += p[2] {
				for c := range samplesOf[r.kind] {
					v := r.sample(x, y, c) & (1<<r.depth - 1)
					switch {
					case r.depth == 16:
						line = append(line, byte(v>>8), byte(v))
					case bits%8 == 0:
						line = append(line, byte(v<<(8-r.depth)))
					default:
						line[len(line)-1] |= byte(v << (8 - r.depth - bits%8))
					}
					bits += r.depth
				}
			}
			if len(line) > 0 {
				step := max(1, samplesOf[r.kind]*r.depth/8)
				z.Write(append([]byte{byte(filter)}, filtered(filter, line, above, step)...))
				above, filter = line, (filter+1)%5
			}
		}
	}
	z.Close()
	for part := range slices.Chunk(packed.Bytes(), 100) {
		out = append(out, chunk("IDAT"+string(part))...)
	}
	return append(out, chunk("IEND")...)
}

// filtered is a line behind one of the five filters (PNG specification, 9.2).
func filtered(filter int, line, above []byte, step int) []byte {
	if above == nil {
		above = make([]byte, len(line))
	}
	out := make([]byte, len(line))
	for i, v := range line {
		var a, c int
		if i >= step {
			a, c = int(line[i-step]), int(above[i-step])
		}
		b := int(above[i])
		distance := func(v int) int { return max(a+b-c-v, v-a-b+c) }
		paeth := c
		if distance(a) <= distance(b) && distance(a) <= distance(c) {
			paeth = a
		} else if distance(b) <= distance(c) {
			paeth = b
		}
		out[i] = v - byte([]int{0, a, b, (a + b) / 2, paeth}[filter])
	}
	return out
}

func shape(c, h, w int) fit.Shape { return fit.Shape{Channels: c, Height: h, Width: w} }

// openedCase is a PNG and what becomes of it for a model; Image is the image= of its recipes.
type openedCase struct {
	Name     string
	File     []byte
	Shape    fit.Shape
	Image    string
	Inverted bool
	Pixels   []byte // [H,W,C]
}

// mixed are samples without a pattern, the same on every call.
func mixed(x, y, c int) int {
	v := uint32(x*7919+y*104729+c*1299709+17) * 2654435761
	return int(v ^ v>>15)
}

// pictures are PNGs of every form, and of the kinds that people meet.
func pictures(t *testing.T) (all []openedCase, broken [][]byte) {
	t.Helper()
	add := func(name string, shape fit.Shape, file []byte) {
		all = append(all, openedCase{Name: name, File: file, Shape: shape})
	}
	grey, colour := shape(1, 8, 8), shape(3, 4, 6)
	palette := "PLTE"
	for i := range 3 * 14 {
		palette += string([]byte{byte(i * 37)})
	}
	for _, kind := range []int{0, 2, 3, 4, 6} {
		for _, depth := range []int{1, 2, 4, 8, 16} {
			if depth < 8 && kind != 0 && kind != 3 || depth == 16 && kind == 3 {
				continue
			}
			for _, interlaced := range []bool{false, true} {
				r := raw{width: 13, height: 9, depth: depth, kind: kind, interlaced: interlaced,
					sample: mixed}
				clear := ""
				switch kind {
				case 0:
					clear = "tRNS\x00\x01"
				case 2:
					clear = "tRNS\x00\x01\x00\x02\x00\x03"
					r.sample = func(x, y, c int) int { return (x+y)%4*(c+1) + mixed(x, y, c)>>9&1 }
				case 3:
					r.chunks = []string{palette[:4+3*min(14, 1<<depth)]}
					r.sample = func(x, y, c int) int { return mixed(x, y, c) % 16 } // two beyond it
					clear = "tRNS\x00\x80\xff\x40"
				}
				name := fmt.Sprintf("type %d, %d bits, interlaced %v", kind, depth, interlaced)
				add(name, grey, r.file())
				add(name, colour, r.file())
				if clear != "" {
					r.chunks = append(r.chunks, clear)
					add(name+", with tRNS", colour, r.file())
				}
			}
		}
	}
	ramp := raw{width: 32, height: 32, depth: 8, kind: 6, sample: func(x, _, c int) int {
		return []int{8 * x, 8 * x, 8 * x, 255}[c]
	}}
	for name, c := range map[string]string{
		"gAMA": "gAMA\x00\x01\x86\xa0", "sRGB": "sRGB\x00", "cICP": "cICP\x09\x10\x00\x01",
		"iCCP": "iCCPx\x00\x00" + "\x78\x9c\x03\x00\x00\x00\x00\x01",
		"cHRM": "cHRM" + strings.Repeat("\x00\x00\x7a\x26", 8),
		"an orientation": "eXIfMM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03" +
			"\x00\x00\x00\x01\x00\x06\x00\x00",
	} {
		with := ramp
		with.chunks = []string{c}
		add(name, shape(1, 32, 32), with.file())
	}
	one := raw{width: 32, height: 32, depth: 8, kind: 6, sample: func(x, y, c int) int {
		if min(x, y, 31-x, 31-y) < 4 {
			return c / 3 * 255
		}
		return []int{199, 221, 1, 255}[c]
	}}
	add("a colour between two greys", shape(1, 32, 32), one.file())
	for _, size := range [][2]int{{1, 1}, {1, 40}, {40, 1}, {31, 33}, {64, 64}, {640, 480}} {
		r := raw{width: size[0], height: size[1], depth: 8, kind: 2,
			sample: func(x, y, c int) int { return x/37*40 + y/29*30 + x%3*y%2 + c*20 }}
		for _, to := range []fit.Shape{shape(1, 32, 32), shape(3, 28, 28), shape(1, 4, 16)} {
			add(fmt.Sprintf("%d×%d", size[0], size[1]), to, r.file())
		}
	}
	light := raw{width: 20, height: 20, depth: 1, sample: func(x, y, _ int) int {
		return 1 - max(0, min(1, (x-6)*(13-x)*(y-3)*(16-y)))
	}}
	add("dark on light", grey, light.file())
	add("dark on light, in colours", colour, light.file())
	light.chunks = []string{"tEXttweedie\x00m=digits"}
	add("dark on light, saved by this program", grey, light.file())

	whole := ramp.file()
	for _, n := range []int{8, 20, 33, 40, len(whole) / 2, len(whole) - 12, len(whole) - 1} {
		broken = append(broken, whole[:n])
	}
	for _, at := range []int{17, 30, 60, len(whole) - 6} {
		changed := slices.Clone(whole)
		changed[at] ^= 1
		broken = append(broken, changed)
	}
	no := ramp
	no.kind, no.chunks = 3, nil // without a palette
	broken = append(broken, no.file())
	no = ramp
	no.chunks = []string{"tRNS\x00\x01"} // which this type must not have
	return all, append(broken, no.file())
}

// TestOpened: what becomes of a picture is what the page makes of it: web/opened is held to this
// file, in Node and in browsers.
func TestOpened(t *testing.T) {
	var golden struct {
		Cases  []openedCase
		Broken [][]byte // none of these is opened
	}
	golden.Cases, golden.Broken = pictures(t)
	slices.SortStableFunc(golden.Cases, func(a, b openedCase) int {
		return strings.Compare(a.Name, b.Name)
	})
	path := filepath.Join(t.TempDir(), "picture.png")
	read := func(file []byte, shape fit.Shape) ([]byte, string, error) {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		p, err := readPicture(path, auto, shape.Channels, shape.Height, shape.Width, &log)
		return p, log.String(), err
	}
	for i := range golden.Cases {
		c := &golden.Cases[i]
		pixels, log, err := read(c.File, c.Shape)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		c.Pixels, c.Image = pixels, picture.Hash(pixels)
		c.Inverted = strings.Contains(log, "is dark on light")
		if strings.HasPrefix(c.Name, "dark") && c.Inverted != (c.Name == "dark on light") {
			t.Errorf("%s: inverted %v, said %q", c.Name, c.Inverted, log)
		}
		for j, v := range pixels {
			if c.Name == "gAMA" && int(v) != 8*(j%32) ||
				c.Name == "a colour between two greys" && v != 189 && v != 0 {
				t.Fatalf("%s: pixel %d is %d", c.Name, j, v)
			}
		}
	}
	for i, file := range golden.Broken {
		if _, _, err := read(file, shape(1, 8, 8)); err == nil ||
			!strings.Contains(err.Error(), "picture.png is no PNG that can be read") {
			t.Errorf("broken file %d: error %v", i, err)
		}
	}
	text, err := json.MarshalIndent(golden, "", "")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("..", "..", "web", "opened", "testdata", "opened.json")
	if fixture.Updates() {
		if err := os.WriteFile(name, append(text, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := os.ReadFile(name); err != nil || string(held) != string(text)+"\n" {
		t.Errorf("%s is not what this package says; go test ./tools/sample -update writes it (%v)",
			name, err)
	}
}

// TestOtherSizes: what is done to a picture of another size is said, and done to both alike.
func TestOtherSizes(t *testing.T) {
	r := raw{width: 30, height: 20, depth: 8, sample: func(x, _, _ int) int { return x * 8 }}
	path := filepath.Join(t.TempDir(), "wide.png")
	if err := os.WriteFile(path, r.file(), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, messages := call(t, "-weights", small, "-steps", "2", "-image", path, "-strength",
		"0.5")
	if status != 0 || !strings.Contains(messages,
		"wide.png has 30×20 pixels: the middle of it is brought to 28×28") {
		t.Errorf("status %d, messages %q", status, messages)
	}
	// What is light in the file is dark, and the other way round, if that is asked for.
	plain, err := readPicture(path, no, 1, 2, 2, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for inverted, want := range map[string][]byte{yes: {^plain[0], ^plain[1], ^plain[2], ^plain[3]},
		no: plain, auto: plain} {
		if got, err := readPicture(path, inverted, 1, 2, 2, io.Discard); err != nil ||
			!bytes.Equal(got, want) {
			t.Errorf("-inverted %s: %v, %v, want %v", inverted, got, err, want)
		}
	}
	if status, _, messages := call(t, "-inverted", "perhaps"); status != 2 ||
		!strings.Contains(messages, `-inverted is "perhaps" but must be auto, yes or no`) {
		t.Errorf("status %d, messages %q", status, messages)
	}
}

// TestPixelsChannels: a model of other channels takes no picture.
func TestPixelsChannels(t *testing.T) {
	if _, err := readPicture(half(t), no, 2, 28, 28, io.Discard); err == nil ||
		!strings.Contains(err.Error(), "have 2 channels, and") {
		t.Errorf("error %v", err)
	}
}
