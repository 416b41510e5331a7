// First records the run that the page shows before the sampler is there: the
// pictures of every step of the page's own recipe, as the sampler sends them.
// It writes
//
//	4 bytes   length of the text, big-endian
//	text      JSON: recipe, steps, images, channels, height, width, and of each
//	          step t and alphaBar
//	pictures  of each step, picture and pixel its x̂0 and its xt, 8 bits, as
//	          numbers that a coder packs
//
// A number is the difference from the byte that was expected, modulo 256, −128…127,
// in the order 0, −1, 1, −2, …; its kind is which of the two it is, whether the
// step is the first, and whether 0 or 255 was expected. Of x̂0 half of its last
// change is expected again. Of xt that is expected which DDIM makes of what is known of
// the state and of x̂0, since the reader has both by then; another sampler is
// recorded as truly, in more bytes. tools/pack runs it with vector
// instructions, which change no byte.
//
//	go run ./tools/pack/first [-o first.bin] WEIGHTS RECIPE
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
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
	session.Receive(protocol.Load{Model: name, Bytes: protocol.Bytes(data)})
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
	out := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	_, err = w.Write(append(append(out, text...), r.pictures()...))
	return err
}

// pictures packs the bytes of all pictures.
func (r *recorder) pictures() []byte {
	c := newCoder()
	n := len(r.xt[0])
	last, changes, states := bytes.Repeat([]byte{128}, n), make([]int, n), make([]float64, n)
	keeps, adds := r.ddim()
	for i, xt := range r.xt {
		first := i == 0
		for j, x0 := range r.x0[i] {
			c.difference(guess, first, min(255, max(0, int(last[j])+changes[j]>>1)), x0)
			if !first {
				changes[j] = int(x0) - int(last[j])
			}
			states[j] = float64(keeps[i]*states[j]) + float64(adds[i]*(float64(x0)-127.5))
			leads := int(min(255, max(0, math.Floor(states[j]+128))))
			c.difference(state, first, leads, xt[j])
			if int(xt[j]) != leads {
				states[j] = stateOf(int(xt[j]), leads, first)
			}
		}
		last = r.x0[i]
	}
	return c.end()
}

// ddim returns how much of the state and how much of x̂0 each of DDIM's steps takes into the next
// state (Song et al., arXiv:2010.02502, equation 12 without noise).
func (r *recorder) ddim() (keeps, adds []float64) {
	for i, now := range r.AlphaBar {
		then := 1.0
		if i+1 < len(r.AlphaBar) {
			then = r.AlphaBar[i+1]
		}
		keep := math.Sqrt((1 - then) / max(1-now, 1e-9))
		keeps = append(keeps, keep)
		adds = append(adds, math.Sqrt(then)-float64(math.Sqrt(now)*keep))
	}
	return keeps, adds
}

// stateOf is the state, in steps of a byte from the middle, of a pixel that is not what was
// expected: the nearest of those that are drawn as that byte, at first the one in their middle.
// Noise that is cut at an end is taken to be twice as far from the middle: that costs fewer bytes
// than the mean of what lies beyond one standard deviation, 1.53.
func stateOf(xt, leads int, first bool) float64 {
	state := float64(xt) - 127
	switch {
	case first:
		state -= 0.5
	case xt > leads:
		state--
	}
	switch xt {
	case 0:
		state -= 128
	case 255:
		state += 128
	}
	return state
}
