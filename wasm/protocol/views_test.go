package protocol

import (
	"math"
	"path/filepath"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
)

// watcher checks every step against the states that it was drawn from.
type watcher struct {
	t       *testing.T
	session *Session
	before  []float64
	steps   int
}

func (w *watcher) Send(message Message) {
	m, ok := message.(Step)
	if !ok {
		if _, ok := message.(Started); ok {
			w.before = append(w.before, w.session.active.X(0)...)
		}
		return
	}
	w.steps++
	trajectory := w.session.active.Picture(0)
	x, epsilon := trajectory.X(), trajectory.Epsilon()
	largest, square := 0.0, 0.0
	for i := range x {
		largest = max(largest, math.Abs(x[i]-w.before[i]))
		square += (x[i] - w.before[i]) * (x[i] - w.before[i]) / float64(len(x))
	}
	if d := m.RMS/math.Sqrt(square) - 1; !(math.Abs(d) < 1e-9) {
		w.t.Errorf("step %d: the root mean square of the change is %v, want %v", m.Step, m.RMS,
			math.Sqrt(square))
	}
	if m.Largest != largest || m.Largest == 0 {
		w.t.Errorf("step %d: the largest change is %v, want %v", m.Step, m.Largest, largest)
	}
	change, noise := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		change[i] = (x[i] - w.before[i]) / largest
		noise[i] = epsilon[i] / 3 // ε̂ is shown from −3 to 3
	}
	h, width := w.session.active.info.Height, w.session.active.info.Width
	for _, c := range []struct {
		name string
		got  []byte
		of   []float64
	}{{"x_t", m.Xt, x}, {"x̂0", m.X0, trajectory.X0()}, {"ε̂", m.Epsilon, noise}, {"change",
		m.Change, change}} {
		want := make([]byte, len(x))
		picture.Pixels(want, c.of, 1, h, width)
		for i := range want {
			if c.got[i] != want[i] {
				w.t.Errorf("step %d: pixel %d of %s is %d, want %d",
					m.Step, i, c.name, c.got[i], want[i])
				break
			}
		}
	}
	if want := w.session.active.Picture(0).AlphaBar(); m.AlphaBar != want ||
		want <= 0 || want >= 1 {
		w.t.Errorf("step %d: ᾱ of %d is %v, want %v", m.Step, m.T, m.AlphaBar, want)
	}
	copy(w.before, x)
}

func TestViews(t *testing.T) {
	file := fixture.File(t, filepath.Join("..", "..", "weights", "digits.safetensors"))
	w := &watcher{t: t}
	w.session = NewSession(w, Open, func() float64 { return 0 })
	w.session.Receive(Load{Model: "digits", Bytes: Bytes(file)})
	w.session.Receive(Run{ID: 1, Recipe: "m=digits&c=3&steps=3&k=ddpm"})
	for w.session.Advance() {
	}
	if w.steps != 3 {
		t.Errorf("%d steps were shown, want 3", w.steps)
	}
}

func TestAStepWithoutChangeIsGrey(t *testing.T) {
	v := views{c: 1, h: 1, w: 2}
	got := make([]byte, 2)
	v.draw(got, []float64{0, 0}, 0)
	if got[0] != 128 || got[1] != 128 {
		t.Errorf("nothing is drawn as %v, want 128", got)
	}
}
