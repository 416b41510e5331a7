package protocol

import (
	"path/filepath"
	"slices"
	"testing"

	"tweedie/internal/fixture"
)

// TestCascadeInShares runs a small cascade on one worker and on three: a worker
// without the first stage says that it needs it, every step of both stages is
// shown in the size of the second, and the pixels are the same.
func TestCascadeInShares(t *testing.T) {
	const recipe = "m=large&c=all&n=4&steps=3&bsteps=5"
	worker := func() (*talk, *listen) {
		k, l := newTalk(t), &listen{}
		k.session = NewSession(relay{k, l}, Open, func() float64 { return 0 })
		load := func(name string, beside bool) {
			file := fixture.File(t, filepath.Join("..", "..", "sampler", "model", "testdata",
				name+".safetensors"))
			k.session.Receive(Load{Model: name, Bytes: Bytes(file), Beside: beside})
		}
		load("large", false)
		if m, ok := l.last.(Model); !ok || m.Height != 16 ||
			!slices.Equal(m.Classes, []string{"cat", "dog"}) {
			t.Fatalf("got %+v, want the model", l.last)
		}
		k.session.Receive(Run{ID: 1, Recipe: recipe})
		if failed, ok := l.last.(Failed); !ok || !slices.Equal(failed.Needs, []string{"small"}) {
			t.Fatalf("got %+v, want a failure that needs the first stage", l.last)
		}
		load("small", true)
		if c, ok := l.last.(Companion); !ok || c.Model != "small" {
			t.Fatalf("got %+v, want a companion", l.last)
		}
		return k, l
	}
	finish := func(k *talk, l *listen, r Request) Message {
		k.session.Receive(r)
		for k.session.Advance() {
		}
		return l.last
	}
	k, l := worker()
	whole, ok := finish(k, l, Run{ID: 2, Recipe: recipe}).(Done)
	if k.started.First != 5 || k.started.Steps != 8 {
		t.Errorf("%d of %d steps are of the first stage", k.started.First, k.started.Steps)
	}
	if !ok || len(k.steps) != 4*8 {
		t.Fatalf("got %+v after %d steps, want done after 32", l.last, len(k.steps))
	}
	for _, step := range k.steps {
		if step.Steps != 8 || len(step.Xt) != 256 {
			t.Fatalf("step %d of %d shows %d pixels, want 256", step.Step, step.Steps, len(step.Xt))
		}
		if step.Step <= 5 && (step.Xt[0] != step.Xt[1] || step.Xt[0] != step.Xt[17]) {
			t.Errorf("step %d of the first stage is not enlarged", step.Step)
		}
	}
	pixels := make([]byte, 4*256)
	for share := range 3 {
		k, l := worker()
		if _, ok := finish(k, l, Run{ID: 2, Recipe: recipe, Share: share, Of: 3}).(Part); !ok {
			t.Fatalf("share %d ends with %+v", share, l.last)
		}
		for _, step := range k.steps {
			copy(pixels[step.Image*256:], step.Xt)
		}
	}
	if done, ok := finish(k, l, Combine{ID: 3, Recipe: recipe, Bytes: pixels}).(Done); !ok ||
		done.Hash != whole.Hash || done.Recipe != whole.Recipe {
		t.Errorf("the shares come to %+v, want %+v", l.last, whole)
	}
}
