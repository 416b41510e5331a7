package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Where no poster is given, the recorded run is what is seen while the player
// loads, until its own run takes over; a poster that is given stays until then.
func TestRecordedPoster(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/weights/digits.safetensors",
		halves(pageFile(t, "weights/digits.safetensors"), more))
	w := newBlogTab(t, blog(t, s, `<script src="SITE/web/embed.js" async></script>
		<main><tweedie-sampler id="bare" label="7" seed="3" steps="3"></tweedie-sampler>
		<tweedie-sampler id="given" label="2" steps="3"><img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==" alt="A two"></tweedie-sampler>
		<tweedie-sampler id="other" model="glyphs" label="Q" steps="1" loading="click"></tweedie-sampler></main>`), s)
	w.must(chromedp.EmulateViewport(700, 1800))
	w.open("")
	w.wait(`bare.shadowRoot?.querySelector('.live')`)
	w.shoot("-recorded")
	if n := eval[int](w, `of('bare', 'step').length`); n != 0 {
		t.Errorf("%d steps were told before there were weights", n)
	}
	if got := eval[string](w, `bare.toPNG().catch((error) => error.message)`); got != "there is no picture yet" {
		t.Errorf("a PNG of the recorded run: %s", got)
	}
	w.wait(`given.shadowRoot.querySelector('iframe')`)
	if eval[bool](w, `given.shadowRoot.querySelector('iframe').src.includes('first=') || given.shadowRoot.querySelector('.live') !== null`) {
		t.Error("the recorded run takes the place of a poster that was given")
	}
	close(more)
	for id, recipe := range map[string]string{"bare": "m=digits&c=7&s=3&steps=3",
		"given": "m=digits&c=2&steps=3"} {
		w.wait(`of('` + id + `', 'done').length === 1`)
		if got, want := eval[string](w, `of('`+id+`', 'done')[0].sha256`),
			native(t, recipe).done.Hash; got != want {
			t.Errorf("%s: got %s, natively %s", id, got, want)
		}
	}

	// A player by itself, and the recording of its own recipe.
	more = make(chan struct{})
	s.replace("/weights/digits.safetensors",
		halves(pageFile(t, "weights/digits.safetensors"), more))
	p := newTab(t, s)
	p.before(events)
	p.must(chromedp.Navigate(s.url + "/web/player.html#m=digits"))
	p.wait(`document.getElementById('box').hasAttribute('data-first')`)
	if got := eval[string](p, `document.documentElement.dataset.state`); got != "loading" {
		t.Errorf("with half of the weights the player is %s", got)
	}
	close(more)
	p.waitState("done")
	heard := p.events()
	if got, want := heard[len(heard)-1].SHA256, native(t, "m=digits").done.Hash; got != want {
		t.Errorf("got %s, natively %s", got, want)
	}
	if eval[bool](p, `document.getElementById('box').hasAttribute('data-first')`) {
		t.Error("the recording is still there")
	}
}
