// First records the run that the page shows before the sampler is there: the
// pictures of every step of the page's own recipe, as the sampler sends them.
// It writes
//
//	4 bytes   length of the text, big-endian
//	text      JSON: recipe, steps, images, channels, height, width, and of each
//	          step t and alphaBar
//	pictures  xt of all pictures and then x0, 8 bits: of each pixel its value at
//	          every step, as the difference from where the two steps before lead,
//	          modulo 256: of xt by all that it changed last, of x0 by half of it
//
// all of it as gzip, which every browser can unpack. tools/pack runs it with
// vector instructions, which change no byte.
//
//	go run ./tools/pack/first [-o first.bin] WEIGHTS RECIPE
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tweedie/wasm/protocol"
)

func main() {
	out := flag.String("o", "first.bin", "`file` to write")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: first [-o FILE] WEIGHTS RECIPE")
		os.Exit(2)
	}
	var packed bytes.Buffer
	err := record(&packed, flag.Arg(0), flag.Arg(1))
	if err == nil {
		err = os.WriteFile(*out, packed.Bytes(), 0o666)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "first:", err)
		os.Exit(1)
	}
}

// film is what the text says.
type film struct {
	Recipe   string    `json:"recipe"`
	Steps    int       `json:"steps"`
	Images   int       `json:"images"`
	Channels int       `json:"channels"`
	Height   int       `json:"height"`
	Width    int       `json:"width"`
	T        []int     `json:"t"`
	AlphaBar []float64 `json:"alphaBar"`
}

// recorder takes what a session says.
type recorder struct {
	film
	xt, x0 [][]byte // of every step, all pictures one after the other
	done   bool
	err    error
}

// Send notes one message.
func (r *recorder) Send(m protocol.Message) {
	switch m := m.(type) {
	case protocol.Started:
		r.Recipe, r.Steps, r.Images, r.Channels, r.Height, r.Width = m.Recipe, m.Steps, m.Images,
			m.Channels, m.Height, m.Width
	case protocol.Step:
		if m.Image == 0 {
			r.T, r.AlphaBar = append(r.T, m.T), append(r.AlphaBar, m.AlphaBar)
			r.xt, r.x0 = append(r.xt, nil), append(r.x0, nil)
		}
		i := len(r.T) - 1
		r.xt[i], r.x0[i] = append(r.xt[i], m.Xt...), append(r.x0[i], m.X0...)
	case protocol.Done:
		r.done = true
	case protocol.Failed:
		r.err = errors.New(m.Message)
	}
}

// record runs a recipe and writes its recording.
func record(w io.Writer, weights, recipe string) error {
	data, err := os.ReadFile(weights)
	if err != nil {
		return err
	}
	r := &recorder{}
	session := protocol.NewSession(r, protocol.Open, func() float64 { return 0 })
	name := strings.TrimSuffix(filepath.Base(weights), filepath.Ext(weights))
	session.Receive(protocol.Load{Model: name, Bytes: data})
	session.Receive(protocol.Run{ID: 1, Recipe: recipe})
	for r.err == nil && session.Advance() {
	}
	switch {
	case r.err != nil:
		return r.err
	case !r.done:
		return errors.New("the run did not come to its end")
	}
	text, err := json.Marshal(r.film)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	out = append(out, text...)
	for k, plane := range [][][]byte{r.xt, r.x0} {
		halves := 2 - k // of the last change
		for j := range plane[0] {
			before, change := 0, 0
			for i := range plane {
				value := int(plane[i][j])
				out = append(out, byte(value-min(255, max(0, before+change*halves>>1))))
				change = value - before
				if i == 0 {
					change = 0
				}
				before = value
			}
		}
	}
	if _, err := z.Write(out); err != nil {
		return err
	}
	return z.Close()
}
