package main

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// pictures are of one part of a data set.
type pictures struct {
	x    [][]byte // [N][H·W·C]
	y    []int    // [N]
	h, w int
	c    int
}

// dataset is an .npz file of tools/train/prepare_*.py.
type dataset struct {
	train, test pictures
	classes     int
}

// read reads a data set. What is wrong with the file is said in a sentence.
func read(path string) (dataset, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return dataset{}, fmt.Errorf("the data set %s cannot be read: %w", path, err)
	}
	defer z.Close()
	var d dataset
	for part, to := range map[string]*pictures{"train": &d.train, "test": &d.test} {
		if err := to.read(&z.Reader, part); err != nil {
			return dataset{}, fmt.Errorf("the data set %s: %w; prepare_*.py make such files", path,
				err)
		}
		for _, y := range to.y {
			d.classes = max(d.classes, y+1)
		}
	}
	if d.train.h != d.test.h || d.train.w != d.test.w || d.train.c != d.test.c {
		return dataset{}, fmt.Errorf("the data set %s: its two parts have pictures of other sizes",
			path)
	}
	return d, nil
}

func (p *pictures) read(z *zip.Reader, part string) error {
	x, shape, kind, err := array(z, "x_"+part)
	if err != nil {
		return err
	}
	if kind != "|u1" || len(shape) != 4 || len(x) == 0 || shape[0]*shape[1]*shape[2]*shape[3] !=
		len(x) {
		return fmt.Errorf("x_%s is %s %v and must be bytes [N, H, W, C]", part, kind, shape)
	}
	p.h, p.w, p.c = shape[1], shape[2], shape[3]
	each := len(x) / shape[0]
	for i := range shape[0] {
		p.x = append(p.x, x[i*each:(i+1)*each])
	}
	y, shape, kind, err := array(z, "y_"+part)
	if err != nil {
		return err
	}
	size := map[string]int{"<i8": 8, "|u1": 1}[kind]
	if size == 0 || len(shape) != 1 || shape[0] != len(p.x) || len(y) != size*len(p.x) {
		return fmt.Errorf("y_%s is %s %v and must be a class for each of %d pictures", part, kind,
			shape, len(p.x))
	}
	for i := range p.x {
		class := uint64(y[i*size])
		if size == 8 {
			class = binary.LittleEndian.Uint64(y[8*i:])
		}
		if class >= 1000 {
			return fmt.Errorf("y_%s: picture %d is of class %d", part, i, class)
		}
		p.y = append(p.y, int(class))
	}
	return nil
}

var header = regexp.MustCompile(
	`^\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([\d, ]*)\), \}\s*$`)

// array returns the bytes of an array, its shape and its kind as numpy writes it.
func array(z *zip.Reader, name string) (data []byte, shape []int, kind string, err error) {
	f, err := z.Open(name + ".npy")
	if err != nil {
		return nil, nil, "", fmt.Errorf("there is no %s in it", name)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, nil, "", fmt.Errorf("%s: %w", name, err)
	}
	if len(b) < 10 || string(b[:8]) != "\x93NUMPY\x01\x00" ||
		len(b) < 10+int(binary.LittleEndian.Uint16(b[8:])) {
		return nil, nil, "", fmt.Errorf("%s is no array of numpy's format 1.0", name)
	}
	end := 10 + int(binary.LittleEndian.Uint16(b[8:]))
	m := header.FindStringSubmatch(string(b[10:end]))
	if m == nil {
		return nil, nil, "", fmt.Errorf("%s has a header that is not understood: %q", name,
			b[10:end])
	}
	for _, side := range strings.Fields(strings.ReplaceAll(m[2], ",", " ")) {
		n, err := strconv.Atoi(side)
		if err != nil || n < 0 || n > len(b) {
			return nil, nil, "", fmt.Errorf("%s has a side of %s, and %d bytes", name, side, len(b))
		}
		shape = append(shape, n)
	}
	return b[end:], shape, m[1], nil
}
