package protocol

import (
	"slices"
	"testing"

	"tweedie/weights"
)

// watched is a file that is somewhere else, and is let go once.
type watched struct {
	weights.Bytes
	clock *float64
	takes float64 // milliseconds of a reading
	let   int
}

func (w *watched) Copy(dst []byte, offset int) {
	w.Bytes.Copy(dst, offset)
	*w.clock += w.takes
}

func (w *watched) Forgo() { w.let++ }

// reading is an Opener that reads a file of a hundred bytes in ten pieces.
func reading(r Load) (Opened, error) {
	for i := range 10 {
		if r.Hash == "" {
			r.Bytes.Copy(make([]byte, 10), 10*i)
		}
		r.Bytes.Copy(make([]byte, 10), 10*i)
	}
	return Opened{}, &weights.FormatError{Want: "a file", Got: "a test"}
}

// TestPreparing: a load that takes long says how far it is, a short one does not, and both let
// their file go.
func TestPreparing(t *testing.T) {
	for _, c := range []struct {
		takes float64
		hash  string
		want  []int
	}{
		{10, "0123456789abcdef", nil},
		{60, "0123456789abcdef", []int{50, 70, 90}},
		{200, "0123456789abcdef", []int{20, 30, 40, 50, 60, 70, 80, 90, 100}},
		{30, "", []int{50, 70, 90}},
	} {
		var clock float64
		var said []Message
		s := NewSession(collect{&said}, reading, func() float64 { return clock })
		file := &watched{Bytes: make([]byte, 100), clock: &clock, takes: c.takes}
		s.Receive(Load{Model: "slow", Bytes: file, Hash: c.hash})
		var got []int
		for _, m := range said {
			if p, ok := m.(Preparing); ok {
				if p.Model != "slow" || p.Total != 100 {
					t.Errorf("got %+v", p)
				}
				got = append(got, p.Done)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v ms a piece, hash %q: got %v, want %v", c.takes, c.hash, got, c.want)
		}
		if file.let != 1 {
			t.Errorf("the file was let go %d times", file.let)
		}
	}
}
