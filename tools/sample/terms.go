package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"tweedie/sampler/bound"
	"tweedie/sampler/likelihood"
)

// terms is a file that keeps the terms of an estimate: a line that says of what, and one for each
// term, with all digits of its numbers and, of a flow, the state that it has reached: float64,
// little endian, in base64.
type terms struct {
	file  *os.File // nil without -terms
	known map[string][]bound.Term
	state []float64 // of the flow after its last term
}

// openTerms opens a file of terms or begins one. The empty path keeps nothing.
func openTerms(path, recipe, weights string, draws int) (*terms, error) {
	t := &terms{known: make(map[string][]bound.Term)}
	if path == "" {
		return t, nil
	}
	head := fmt.Sprintf("terms of %s weights=%s draws=%d\n", recipe, weights, draws)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	// a line that was cut off is done again
	whole := content[:strings.LastIndexByte(string(content), '\n')+1]
	if len(whole) > 0 {
		if err := t.read(string(whole), head); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	if t.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if err = t.file.Truncate(int64(len(whole))); err == nil {
		_, err = t.file.Seek(int64(len(whole)), 0)
	}
	if err == nil && len(whole) == 0 {
		_, err = t.file.WriteString(head)
	}
	if err != nil {
		t.file.Close()
		return nil, fmt.Errorf("the terms cannot be kept: %w", err)
	}
	return t, nil
}

// read takes over the lines of a file.
func (t *terms) read(content, head string) error {
	first, rest, _ := strings.Cut(content, "\n")
	if first+"\n" != head {
		return fmt.Errorf("it keeps %q, and these are the %q; name another file",
			first, strings.TrimSuffix(head, "\n"))
	}
	for line := range strings.Lines(rest) {
		words := strings.Fields(line)
		var term bound.Term
		ok := len(words) == 6 || len(words) == 7 && words[0] == likelihood.Flow
		if ok {
			var err error
			term.T, err = strconv.Atoi(words[1])
			ok = err == nil
			for i, value := range []*float64{&term.Bits, &term.Variance,
				&term.X0MSE, &term.EpsilonMSE} {
				*value, err = strconv.ParseFloat(words[2+i], 64)
				ok = ok && err == nil
			}
		}
		if ok && len(words) == 7 {
			t.state, ok = unpack(words[6])
		}
		if !ok {
			return fmt.Errorf("%q is no term: form, timestep, bits, variance and two mean squares",
				strings.TrimSuffix(line, "\n"))
		}
		t.known[words[0]] = append(t.known[words[0]], term)
	}
	return nil
}

// of is what is known of a form.
func (t *terms) of(form string) []bound.Term { return t.known[form] }

// add keeps a term, and the state after it if there is one.
func (t *terms) add(form string, term bound.Term, state []float64) error {
	if t.file == nil {
		return nil
	}
	line := form + " " + strconv.Itoa(term.T)
	for _, v := range []float64{term.Bits, term.Variance, term.X0MSE, term.EpsilonMSE} {
		line += " " + strconv.FormatFloat(v, 'g', -1, 64)
	}
	if state != nil {
		line += " " + pack(state)
	}
	if _, err := t.file.WriteString(line + "\n"); err != nil {
		return fmt.Errorf("the terms cannot be kept: %w", err)
	}
	return nil
}

// pack writes numbers as base64, and unpack reads them.
func pack(x []float64) string {
	var b []byte
	for _, v := range x {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return base64.StdEncoding.EncodeToString(b)
}

func unpack(text string) ([]float64, bool) {
	b, err := base64.StdEncoding.DecodeString(text)
	x := make([]float64, len(b)/8)
	for i := range x {
		x[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return x, err == nil && len(b)%8 == 0
}

// hint says how to go on after an interruption.
func (t *terms) hint() string {
	if t.file == nil {
		return "; with -terms FILE one can go on later"
	}
	return "; the same command goes on from there"
}

// close closes the file, once.
func (t *terms) close() error {
	if t.file == nil {
		return nil
	}
	file := t.file
	t.file = nil
	return file.Close()
}
