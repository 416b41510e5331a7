package protocol

import (
	"slices"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/weights"
)

// latents is a network of four channels that takes half of what it sees for noise.
func latents(t *testing.T) []byte {
	t.Helper()
	f := &weights.File{Metadata: map[string]string{"config": `{"_class_name": "Graph",
		"sample": [4, 2, 3],
		"nodes": [{"name": "x", "op": "scale", "of": ["sample"], "by": 0.5}]}`}}
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestLatents: the channels of a latent are one grey picture side by side, from the model's
// description to the hash, and a picture and a mask of it are taken in the same form.
func TestLatents(t *testing.T) {
	var out collector
	s := NewSession(&out, Open, func() float64 { return 0 })
	s.Receive(Load{Model: "four", Bytes: Bytes(latents(t))})
	m, ok := out.last().(Model)
	if !ok || m.Channels != 1 || m.Height != 2 || m.Width != 12 || m.Latents != 4 {
		t.Fatalf("the model is described as %+v", out.last())
	}
	s.Receive(Run{ID: 1, Recipe: "m=four&steps=2&clip=none"})
	for s.Advance() {
	}
	var pixels []byte
	for _, message := range out.all {
		switch message := message.(type) {
		case Started:
			if message.Channels != 1 || message.Width != 12 {
				t.Errorf("a run begins with pictures of %d channels, %d wide", message.Channels,
					message.Width)
			}
		case Step:
			pixels = slices.Clone(message.Xt)
		}
	}
	x := make([]float64, 24)
	picture.Values(x, pixels, 4, 2, 3)
	back := make([]byte, 24)
	picture.Pixels(back, x, 4, 2, 3)
	if done, ok := out.last().(Done); !ok || !slices.Equal(back, pixels) ||
		done.Hash[:16] != picture.Hash(pixels) {
		t.Errorf("the run ends with %+v", out.last())
	}
	mask := make([]byte, 24) // of the second channel
	for i := range mask {
		if i%12/3 == 1 {
			mask[i] = 255
		}
	}
	s.Receive(Run{ID: 2, Recipe: "m=four&steps=2&clip=none&s=9", Image: pixels, Mask: mask})
	for s.Advance() {
	}
	if _, ok := out.last().(Done); !ok {
		t.Fatalf("the run with a mask ends with %+v", out.last())
	}
	for _, message := range out.all {
		if step, ok := message.(Step); ok && step.ID == 2 && step.Step == 2 {
			for i, v := range step.Xt {
				if kept := v == pixels[i]; kept == (mask[i] != 0) {
					t.Errorf("pixel %d is %d, was %d, and its mask is %d", i, v, pixels[i], mask[i])
				}
			}
		}
	}
	s.Receive(Measure{ID: 3, Recipe: "m=four&steps=2", Image: pixels})
	if failed, ok := out.last().(Failed); !ok || failed.Key != "m" {
		t.Errorf("the likelihood of a latent is answered with %+v", out.last())
	}
}

// collector keeps all messages.
type collector struct{ all []Message }

func (c *collector) Send(m Message) {
	if step, ok := m.(Step); ok {
		step.Xt = slices.Clone(step.Xt)
		m = step
	}
	c.all = append(c.all, m)
}

func (c *collector) last() Message { return c.all[len(c.all)-1] }
