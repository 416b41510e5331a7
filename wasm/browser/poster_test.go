package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// The recorded run is the poster of its own recipe alone. Others have what they are given, or their
// name; nothing of another run is ever seen.
func TestRecordedPoster(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/weights/digits.safetensors",
		halves(pageFile(t, "weights/digits.safetensors"), more))
	w := newBlogTab(t, blog(t, s, embedScript+`<main>`+
		tag(`id="other" label="7" seed="3" steps="3"`)+
		tag(`id="given" steps="3"`, poster)+
		tag(`id="own"`)+`</main>`), s)
	w.must(chromedp.EmulateViewport(700, 1800))
	w.open("")
	w.wait(`own.shadowRoot?.querySelector('.live')`)
	w.shoot("-recorded")
	if n := eval[int](w, `of('own', 'step').length`); n != 0 {
		t.Errorf("%d steps were told before there were weights", n)
	}
	w.hasNoPicture("own")
	for id, name := range map[string]string{"other": "Diffusion sampler: 7", "given": ""} {
		w.wait(id + `.shadowRoot.querySelector('iframe')`)
		if eval[bool](w, id+`.shadowRoot.querySelector('.live') !== null`) {
			t.Errorf("%s: something is seen before its own run", id)
		}
		got := eval[string](w, `[...`+id+`.shadowRoot.querySelectorAll('.name')]
			.filter((e) => e.checkVisibility()).map((e) => e.textContent).join()`)
		if got != name {
			t.Errorf("%s: the poster is called %q, want %q", id, got, name)
		}
		if !eval[bool](w, id+`.shadowRoot.querySelector('progress').checkVisibility()`) {
			t.Errorf("%s: nothing says that it is loading", id)
		}
	}
	close(more)
	w.embedEnds("other", 1, "m=digits&c=7&s=3&steps=3")
	w.embedEnds("given", 1, "m=digits&steps=3")

	// A player alone, and the recording of its recipe.
	more = make(chan struct{})
	s.replace("/weights/digits.safetensors",
		halves(pageFile(t, "weights/digits.safetensors"), more))
	p := newTab(t, s)
	p.before(events)
	p.must(chromedp.Navigate(s.url + "/web/player.html#m=digits"))
	p.wait(byID("box") + `.hasAttribute('data-first')`)
	if got := eval[string](p, state); got != "loading" {
		t.Errorf("with half of the weights the player is %s", got)
	}
	close(more)
	p.waitState("done")
	heard := p.events()
	if got, want := heard[len(heard)-1].SHA256, native(t, "m=digits").done.Hash; got != want {
		t.Errorf("got %s, natively %s", got, want)
	}
	if eval[bool](p, byID("box")+`.hasAttribute('data-first')`) {
		t.Error("the recording is still there")
	}
}
