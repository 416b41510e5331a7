package browser

import (
	"slices"
	"sync"
	"testing"

	"tweedie/sampler/recipe"
	"tweedie/wasm/protocol"
)

// conversation is what the sampler says when the same code runs natively.
type conversation struct {
	started protocol.Started
	steps   []protocol.Step // pixels are copies
	done    protocol.Done
	end     protocol.Measured
	plotted protocol.Plotted
	failed  *protocol.Failed
}

// Send notes one message.
func (c *conversation) Send(m protocol.Message) {
	switch m := m.(type) {
	case protocol.Started:
		c.started = m
	case protocol.Step:
		m.Xt, m.X0 = slices.Clone(m.Xt), slices.Clone(m.X0)
		m.Epsilon, m.Change = slices.Clone(m.Epsilon), slices.Clone(m.Change)
		c.steps = append(c.steps, m)
	case protocol.Done:
		c.done = m
	case protocol.Measured:
		c.end = m
	case protocol.Plotted:
		c.plotted = m
	case protocol.Failed:
		c.failed = &m
	}
}

// natives are the recipes that were run already; their conversations are only read.
var natives sync.Map

// native runs a recipe without a browser, with the weights that the page has.
func native(t *testing.T, text string) *conversation {
	t.Helper()
	if c, ok := natives.Load(text); ok {
		return c.(*conversation)
	}
	c := runNatively(t, text)
	natives.Store(text, c)
	return c
}

func runNatively(t *testing.T, text string) *conversation {
	t.Helper()
	return runWith(t, text, false)
}

// runWith runs a recipe natively, with all of the weights or eight bits of each.
func runWith(t *testing.T, text string, eight bool) *conversation {
	t.Helper()
	asked, err := recipe.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	name := asked.Get("m")
	weights := pageFile(t, "weights/"+name+".safetensors")
	c := &conversation{}
	session := protocol.NewSession(c, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: name, Bytes: protocol.Bytes(weights), Eight: eight})
	session.Receive(protocol.Run{ID: 1, Recipe: text})
	if c.failed != nil && c.failed.Needs != nil {
		for _, name := range c.failed.Needs {
			session.Receive(protocol.Load{Model: name,
				Bytes: protocol.Bytes(pageFile(t, "weights/"+name+".safetensors")), Beside: true})
		}
		c.failed = nil
		session.Receive(protocol.Run{ID: 1, Recipe: text})
	}
	for session.Advance() {
	}
	if c.failed != nil {
		t.Fatalf("%s: %s", text, c.failed.Message)
	}
	return c
}

// asked has one request answered without a browser, as a worker with the digits does.
func asked(t *testing.T, r protocol.Request) *conversation {
	t.Helper()
	c := &conversation{}
	session := protocol.NewSession(c, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: "digits",
		Bytes: protocol.Bytes(pageFile(t, "weights/digits.safetensors"))})
	session.Receive(r)
	for session.Advance() {
	}
	if c.failed != nil {
		t.Fatalf("%+v: %s", r, c.failed.Message)
	}
	return c
}

// picture is the last message about a picture at a step.
func (c *conversation) picture(t *testing.T, step, image int) protocol.Step {
	t.Helper()
	for _, m := range c.steps {
		if m.Step == step && m.Image == image {
			return m
		}
	}
	t.Fatalf("natively there is no picture %d at step %d", image, step)
	return protocol.Step{}
}
