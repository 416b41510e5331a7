package browser

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tweedie/wasm/protocol"
)

// ringed is the picture that these tests begin with, and its right half the mask; testdata/ring.js
// draws the same.
func ringed() (image, mask []byte) {
	image, mask = make([]byte, 1024), make([]byte, 1024)
	for i := range image {
		x, y := i%32-16, i/32-16
		if square := x*x + y*y; square > 36 && square < 81 {
			image[i] = byte(255 - square)
		}
		if x >= 0 {
			mask[i] = 255
		}
	}
	return image, mask
}

// measured is what an estimate comes to natively.
type measured struct {
	conversation
	end protocol.Measured
}

func (m *measured) Send(message protocol.Message) {
	if end, ok := message.(protocol.Measured); ok {
		m.end = end
	}
	m.conversation.Send(message)
}

// natively acts on a request as a worker does.
func natively(t *testing.T, r protocol.Request) *measured {
	t.Helper()
	m := &measured{}
	session := protocol.NewSession(m, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: "digits",
		Bytes: pageFile(t, "weights/digits.safetensors")})
	session.Receive(r)
	for session.Advance() {
	}
	if m.failed != nil {
		t.Fatal(m.failed.Message)
	}
	return m
}

// TestPoolEdits deals a recipe that begins with a picture and a mask to one worker and to three,
// which do not get their names in it: both make what is made natively.
func TestPoolEdits(t *testing.T) {
	t.Parallel()
	image, mask := ringed()
	const recipe = "m=digits&c=all&n=5&steps=4&k=ddpm&resample=2&jump=1"
	want := natively(t, protocol.Run{ID: 1, Recipe: recipe, Image: image, Mask: mask})
	for _, count := range []int{1, 3} {
		w := newTab(t, newSite(t))
		w.before(events + processors(count) + "window.ringed = " + source("ring.js"))
		w.open("#m=digits&steps=2")
		w.waitState("done")
		got := eval[string](w, call("run-edit.js", recipe))
		bare, _, _ := strings.Cut(want.done.Recipe, "&by=")
		if text := fmt.Sprint(bare, " ", want.done.Recipe, " ", want.done.Hash, " ",
			len(want.steps)); got != text {
			t.Errorf("%d workers: %s, natively %s", count, got, text)
		}
	}
}

// TestEstimatesInThePage: an estimate ends once, by itself, by a cancel, by the next one, by a run,
// or with its worker; and it ends a run.
func TestEstimatesInThePage(t *testing.T) {
	t.Parallel()
	image, _ := ringed()
	want := natively(t, protocol.Measure{ID: 1, Recipe: "m=digits&c=0&steps=3",
		Image: image, Draws: 2})
	w := newTab(t, newSite(t))
	w.before(events + processors(1) + "window.ringed = " + source("ring.js"))
	w.open("#m=digits&steps=2")
	w.waitState("done")
	got := eval[[]any](w, call("estimates.js"))
	bits, _ := got[1].(float64)
	if got[0] != "measuring,term,term,term,measured" || math.Abs(bits-want.end.Bits) > 0 ||
		got[2] != want.end.Recipe ||
		got[3] != "measured cancelled cancelled measured cancelled measured failed failed" ||
		got[4] != "cancelled" || got[5] != "steps" {
		t.Errorf("got %v, natively %v", got, want.end)
	}
}
