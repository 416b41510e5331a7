// Thumbnails draws the small pictures of the page's menu of models: four
// pictures of each model, one of each of its first classes, by its own default
// recipe. They are kept in weights/thumbnails, as PNG files of few colours that
// carry their recipe, with what they were made with; tools/pack puts them into
// the page. A model whose picture is there and was made with the same weights is
// passed over.
//
//	go run ./tools/pack/thumbnails [-again] [-weights weights] [NAME…]
//
// Vector instructions (GOEXPERIMENT=simd) change no pixel and take a tenth of
// the time.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tweedie/sampler/picture"
	"tweedie/tools/pngtext"
	"tweedie/wasm/protocol"
	"tweedie/weights"
)

// wanted is what each model draws, one of each class where it has any.
const wanted = "&s=4&n=4"

// side is the width and height of a thumbnail, and largest how many bytes it
// may have.
const (
	side    = 64
	largest = 3072
)

func main() {
	folder := flag.String("weights", "weights",
		"`folder` of the models; the pictures are kept in its folder thumbnails")
	again := flag.Bool("again", false, "draw also what is there already")
	flag.Parse()
	if err := run(*folder, flag.Args(), *again); err != nil {
		fmt.Fprintln(os.Stderr, "thumbnails:", err)
		os.Exit(1)
	}
}

// run draws the thumbnails of the named models, or of all.
func run(folder string, names []string, again bool) error {
	if len(names) == 0 {
		files, err := filepath.Glob(filepath.Join(folder, "*.safetensors"))
		if err != nil {
			return err
		}
		for _, file := range files {
			names = append(names, strings.TrimSuffix(filepath.Base(file), ".safetensors"))
		}
	}
	for _, name := range names {
		file, err := os.ReadFile(filepath.Join(folder, name+".safetensors"))
		if err != nil {
			return err
		}
		out := filepath.Join(folder, "thumbnails", name+".png")
		if old, err := os.ReadFile(out); err == nil && !again && isOf(old, file) {
			continue
		}
		data, err := draw(folder, name, file)
		if errors.Is(err, errGuide) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(out, data, 0o666); err != nil {
			return err
		}
		fmt.Printf("%s: %d bytes\n", filepath.ToSlash(out), len(data))
	}
	return nil
}

// isOf reports whether a thumbnail was made with the weights of a file.
func isOf(thumbnail, file []byte) bool {
	recipe, ok := pngtext.Find(thumbnail, pngtext.Recipe)
	return ok && strings.Contains(recipe, "&by="+picture.Hash(file)[:8]+".")
}

// errGuide is the error of a file that draws nothing.
var errGuide = errors.New("it only guides other models")

// made is what a model drew.
type made struct {
	recipe   string // with the key h
	pictures [][]byte
	c, h, w  int
}

// draw makes the thumbnail of a weights file.
func draw(folder, name string, file []byte) ([]byte, error) {
	parsed, err := weights.Parse(file)
	if err != nil {
		return nil, err
	}
	recipe := "m=" + name + wanted
	if classes := parsed.Metadata["classes"]; classes != "" && classes != "[]" {
		recipe += "&c=all"
	}
	m, err := sample(folder, name, file, recipe)
	if err != nil {
		return nil, err
	}
	var data []byte
	for _, colours := range colourings {
		if data, err = encode(m, colours); err != nil {
			return nil, err
		}
		if data, err = pngtext.Insert(data, pngtext.Recipe, m.recipe); err != nil {
			return nil, err
		}
		if len(data) <= largest {
			break
		}
	}
	return data, nil
}

// sample runs a recipe, with the networks that it needs beside its model's.
func sample(folder, name string, file []byte, recipe string) (made, error) {
	r := &recorder{}
	session := protocol.NewSession(r, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: name, Bytes: protocol.Bytes(file)})
	if r.guide {
		return made{}, errGuide
	}
	for id := 1; ; id++ {
		r.failed = nil
		session.Receive(protocol.Run{ID: id, Recipe: recipe})
		for r.failed == nil && session.Advance() {
		}
		switch {
		case r.failed == nil && r.recipe != "":
			return r.made, nil
		case r.failed == nil:
			return made{}, errors.New("the run did not come to its end")
		case len(r.failed.Needs) == 0 || id > 9:
			return made{}, errors.New(r.failed.Message)
		}
		for _, other := range r.failed.Needs {
			data, err := os.ReadFile(filepath.Join(folder, other+".safetensors"))
			if err != nil {
				return made{}, err
			}
			session.Receive(protocol.Load{Model: other, Bytes: protocol.Bytes(data), Beside: true})
		}
	}
}

// recorder takes what a session says.
type recorder struct {
	made
	guide  bool
	failed *protocol.Failed
}

// Send notes one message.
func (r *recorder) Send(m protocol.Message) {
	switch m := m.(type) {
	case protocol.Companion:
		r.guide = r.pictures == nil
	case protocol.Started:
		r.pictures, r.c, r.h, r.w = make([][]byte, m.Images), m.Channels, m.Height, m.Width
	case protocol.Step:
		r.pictures[m.Image] = append(r.pictures[m.Image][:0], m.Xt...)
	case protocol.Done:
		r.recipe = m.Recipe
	case protocol.Failed:
		r.failed = &m
	}
}
