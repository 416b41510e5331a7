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
	w := newBlogTab(t, blog(t, s, embedScript+`<main>`+
		tag(`id="bare" label="7" seed="3" steps="3"`)+
		tag(`id="given" label="2" steps="3"`, poster)+
		tag(`id="other" model="glyphs" label="Q" steps="1" loading="click"`)+`</main>`), s)
	w.must(chromedp.EmulateViewport(700, 1800))
	w.open("")
	w.wait(`bare.shadowRoot?.querySelector('.live')`)
	w.shoot("-recorded")
	if n := eval[int](w, `of('bare', 'step').length`); n != 0 {
		t.Errorf("%d steps were told before there were weights", n)
	}
	w.hasNoPicture("bare")
	w.wait(`given.shadowRoot.querySelector('iframe')`)
	if eval[bool](w, `given.shadowRoot.querySelector('iframe').src.includes('first=') ||
		given.shadowRoot.querySelector('.live') !== null`) {
		t.Error("the recorded run takes the place of a poster that was given")
	}
	close(more)
	w.embedEnds("bare", 1, "m=digits&c=7&s=3&steps=3")
	w.embedEnds("given", 1, "m=digits&c=2&steps=3")

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
