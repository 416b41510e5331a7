package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// iconName is the page's icon: paths of whole pixels in a square of iconSide,
// the first of which covers it all.
const (
	iconName = "web/icon.svg"
	iconSide = 16
)

// icons draws the icon for systems that want pictures. One that may be masked
// to any shape keeps what matters inside the circle of four fifths of its width
// that every mask leaves.
func icons(files []file) ([]file, error) {
	for _, f := range files {
		if f.Path != iconName {
			continue
		}
		shapes, err := parseIcon(string(f.Data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", iconName, err)
		}
		var out []file
		for _, kind := range []struct {
			name  string
			side  int
			scale float64
		}{{"icon-180.png", 180, 1}, {"icon-192.png", 192, 1}, {"icon-512.png",
			512, 1}, {"icon-maskable-512.png", 512, 0.75}} {
			var buf bytes.Buffer
			encoder := png.Encoder{CompressionLevel: png.BestCompression}
			if err := encoder.Encode(&buf, drawIcon(shapes, kind.side, kind.scale)); err != nil {
				return nil, err
			}
			out = append(out, file{Path: path.Join("web", kind.name), Data: buf.Bytes()})
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s is no file of the page", iconName)
}

// shape is one path of the icon: which of the iconSide² pixels it fills.
type shape struct {
	colour color.RGBA
	filled [iconSide][iconSide]bool
}

var (
	iconPath = regexp.MustCompile(`<path fill="#([0-9a-f]+)" d="([^"]*)"/>`)
	iconStep = regexp.MustCompile(`([MhHvVz])([-0-9 ]*)`)
)

// parseIcon reads the paths of the icon, which go along whole pixels.
func parseIcon(svg string) ([]shape, error) {
	var shapes []shape
	for _, found := range iconPath.FindAllStringSubmatch(svg, -1) {
		digits := found[1]
		if len(digits) == 3 {
			digits = strings.NewReplacer("0", "00", "f", "ff").Replace(digits)
		}
		rgb, err := strconv.ParseUint(digits, 16, 24)
		if err != nil || len(digits) != 6 {
			return nil, fmt.Errorf("the colour #%s is not understood", found[1])
		}
		s := shape{colour: color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}}
		if err := s.follow(found[2]); err != nil {
			return nil, err
		}
		shapes = append(shapes, s)
	}
	if len(shapes) == 0 {
		return nil, fmt.Errorf("there are no paths")
	}
	return shapes, nil
}

// follow fills what a path goes around. A pixel is inside if an odd number of
// upright lines are to its left.
func (s *shape) follow(d string) error {
	var x, y, startX, startY int
	down := func(to int) {
		for row := min(y, to); row < max(y, to); row++ {
			for column := x; column < iconSide; column++ {
				s.filled[row][column] = !s.filled[row][column]
			}
		}
		y = to
	}
	rest := d
	for _, step := range iconStep.FindAllStringSubmatch(d, -1) {
		rest = strings.Replace(rest, step[0], "", 1)
		var n []int
		for word := range strings.FieldsSeq(step[2]) {
			value, err := strconv.Atoi(word)
			if err != nil || value < -iconSide || value > iconSide {
				return fmt.Errorf("the step %q is not understood", step[0])
			}
			n = append(n, value)
		}
		if len(n) != map[string]int{"M": 2, "h": 1, "H": 1, "v": 1, "V": 1}[step[1]] {
			return fmt.Errorf("the step %q is not understood", step[0])
		}
		switch step[1] {
		case "M":
			x, y = n[0], n[1]
			startX, startY = x, y
		case "h":
			x += n[0]
		case "H":
			x = n[0]
		case "v":
			n[0] += y
			fallthrough
		case "V":
			if n[0] < 0 || n[0] > iconSide {
				return fmt.Errorf("the step %q leaves the icon", step[0])
			}
			down(n[0])
		case "z":
			down(startY)
			x = startX
		}
		if x < 0 || x > iconSide || y < 0 || y > iconSide {
			return fmt.Errorf("the step %q leaves the icon", step[0])
		}
	}
	if rest != "" {
		return fmt.Errorf("the path %q is not understood", d)
	}
	return nil
}

// drawIcon draws the shapes, all but the first scaled about the middle.
func drawIcon(shapes []shape, side int, scale float64) image.Image {
	palette := color.Palette{}
	for _, s := range shapes {
		palette = append(palette, s.colour)
	}
	img := image.NewPaletted(image.Rect(0, 0, side, side), palette)
	at := func(i int) int {
		return int(math.Floor(((float64(i)+0.5)/float64(side)-0.5)/scale*iconSide + iconSide/2))
	}
	for y := range side {
		for x := range side {
			column, row := at(x), at(y)
			for i, s := range shapes {
				if i > 0 && column >= 0 && row >= 0 && column < iconSide && row < iconSide &&
					s.filled[row][column] {
					img.SetColorIndex(x, y, uint8(i))
				}
			}
		}
	}
	return img
}
