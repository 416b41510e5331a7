// First records the run that the page shows before the sampler is there: the
// pictures of every step of the page's own recipe, as the sampler sends them.
// It writes
//
//	4 bytes   length of the text, big-endian
//	text      JSON: recipe, seed (its lower and upper 32 bits), steps, images,
//	          channels, height, width, and of each step t, alphaBar and fresh,
//	          the standard deviation of the noise that it adds
//	pictures  of each step, picture and pixel its x̂0 and its xt, 8 bits, as
//	          numbers that a coder packs
//
// A number is the difference from the byte that was expected, modulo 256, −128…127,
// in the order 0, −1, 1, −2, …; its kind is which of the two it is, for x̂0 how unsure
// the expectation is, and whether 0 or 255 was expected. Of x̂0 half of its last
// change is expected again; that is as unsure as the change was large and as the
// pixels before and above, and the channel before, were far from what was expected.
// Of xt that is expected which DDIM makes of the noise of the seed and of x̂0, since
// the reader has both by then; another sampler, or noise of several seeds, is recorded
// as truly, in more bytes. tools/pack runs it with vector instructions, which change no
// byte.
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
	"math/bits"
	"os"
	"path/filepath"
	"strings"

	"tweedie/sampler/model"
	"tweedie/sampler/noise"
	"tweedie/sampler/recipe"
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
	Seed     [2]uint32 `json:"seed"`
	Steps    int       `json:"steps"`
	Images   int       `json:"images"`
	Channels int       `json:"channels"`
	Height   int       `json:"height"`
	Width    int       `json:"width"`
	T        []int     `json:"t"`
	AlphaBar []float64 `json:"alphaBar"`
	Fresh    []float64 `json:"fresh"`

	seed uint64
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
func record(w io.Writer, weights, text string) error {
	data, err := os.ReadFile(weights)
	if err != nil {
		return err
	}
	r := &recorder{}
	session := protocol.NewSession(r, protocol.Open, func() float64 { return 0 })
	name := strings.TrimSuffix(filepath.Base(weights), filepath.Ext(weights))
	session.Receive(protocol.Load{Model: name, Bytes: protocol.Bytes(data)})
	session.Receive(protocol.Run{ID: 1, Recipe: text})
	for r.err == nil && session.Advance() {
	}
	switch {
	case r.err != nil:
		return r.err
	case !r.done:
		return errors.New("the run did not come to its end")
	}
	if err := r.takeNoise(name, data); err != nil {
		return err
	}
	head, err := json.Marshal(r.film)
	if err != nil {
		return err
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	_, err = w.Write(append(append(out, head...), r.pictures()...))
	return err
}

// takeNoise notes the noise of the run: its seed, and how much of it each step of DDIM adds (Song
// et al., arXiv:2010.02502, equation 16).
func (r *recorder) takeNoise(name string, weights []byte) error {
	_, info, err := model.Open(name, weights)
	if err != nil {
		return err
	}
	parsed, err := recipe.Parse(r.Recipe)
	if err != nil {
		return err
	}
	settings, err := recipe.Resolve(parsed, info)
	if err != nil {
		return err
	}
	r.seed, r.Seed = settings.Seed, [2]uint32{uint32(settings.Seed), uint32(settings.Seed >> 32)}
	for i, now := range r.AlphaBar {
		then := r.after(i)
		r.Fresh = append(r.Fresh, settings.Eta*math.Sqrt((1-then)/max(1-now, least)*(1-now/then)))
	}
	return nil
}

// after returns ᾱ after a step.
func (r *recorder) after(step int) float64 {
	if step+1 < len(r.AlphaBar) {
		return r.AlphaBar[step+1]
	}
	return 1
}

// pictures packs the bytes of all pictures.
func (r *recorder) pictures() []byte {
	c := newCoder()
	n := len(r.xt[0])
	last, changes := bytes.Repeat([]byte{128}, n), make([]int, n)
	states := r.noise(0)
	for i, xt := range r.xt {
		keep, add, fresh, off := r.keep(i), r.add(i), r.noise(uint32(i+1)), make([]int, n)
		for j, x0 := range r.x0[i] {
			expected := min(255, max(0, int(last[j])+changes[j]>>1))
			c.difference(r.unsure(j, off, changes[j]), expected, x0)
			off[j] = int(x0) - expected
			if i > 0 {
				changes[j] = int(x0) - int(last[j])
			}
			states[j] = float64(keep*states[j]) + float64(add*(float64(x0)-127.5)) +
				float64(r.Fresh[i]*fresh[j])
			leads := int(min(255, max(0, math.Floor(states[j]+128))))
			c.difference(state, leads, xt[j])
			if int(xt[j]) != leads {
				states[j] = stateOf(int(xt[j]), leads)
			}
		}
		last = r.x0[i]
	}
	return c.end()
}

// unsure returns the kind of an x̂0 by its last change and by how far off those before it are.
func (r *recorder) unsure(j int, off []int, change int) int {
	size := func(v int) int { return max(v, -v) }
	sum, row := size(change), r.Channels*r.Width
	place := j % (row * r.Height) // in its picture
	if place%r.Channels > 0 {
		sum += 2 * size(off[j-1])
	}
	if place >= r.Channels {
		sum += size(off[j-r.Channels])
	}
	if place >= row {
		sum += size(off[j-row])
	}
	return 2 * min(bits.Len(uint(sum)), degrees-1)
}

// noise returns a draw of all pictures, in steps of a byte and in the order of their bytes: the
// channels of a pixel together.
func (r *recorder) noise(draw uint32) []float64 {
	pixels := r.Height * r.Width
	z := make([]float64, r.Channels*pixels)
	var out []float64
	for i := range r.Images {
		noise.Normal(z, r.seed, uint32(i), draw)
		for j := range z {
			out = append(out, float64(127.5*z[j%r.Channels*pixels+j/r.Channels]))
		}
	}
	return out
}

// least is the least 1 − ᾱ that is divided by.
const least = 1e-9

// keep returns how much of the state a step takes into the next (Song et al., arXiv:2010.02502,
// equation 12).
func (r *recorder) keep(step int) float64 {
	rest := 1 - r.after(step) - float64(r.Fresh[step]*r.Fresh[step])
	return math.Sqrt(max(rest, 0) / max(1-r.AlphaBar[step], least))
}

// add returns how much of x̂0 a step takes into the next state.
func (r *recorder) add(step int) float64 {
	return math.Sqrt(r.after(step)) - float64(math.Sqrt(r.AlphaBar[step])*r.keep(step))
}

// stateOf is the state, in steps of a byte from the middle, of a pixel that is not what was
// expected: the nearest of those that are drawn as that byte.
func stateOf(xt, leads int) float64 {
	if xt > leads {
		return float64(xt - 128)
	}
	return float64(xt - 127)
}
