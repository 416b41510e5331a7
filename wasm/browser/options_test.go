package browser

import (
	"slices"
	"testing"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// The menu has every sampler in its group, and Chinese has all that is said of
// them.
func TestSamplerMenu(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&steps=1&k=euler") // which has noise levels to choose from
	w.waitState("done")
	got := eval[[]string](w, `[...document.querySelectorAll('#sampler option')]
		.map(({parentElement, value, text}) => parentElement.label + '|' + value + '|' + text)`)
	var want []string
	chinese := eval[map[string]string](w, `import('/web/text/zh.js').then((m) => m.ofWorker)`)
	for _, k := range solver.Samplers() {
		want = append(want, k.Group+"|"+k.Name+"|"+k.Title)
		for _, text := range []string{k.Group, k.Description} {
			if chinese[text] == "" {
				t.Errorf("zh.js lacks %q", text)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the menu has %q, want %q", got, want)
	}
	for id, values := range map[string][]string{
		"option-spacing": schedule.Spacings(), "option-sigmas": schedule.SigmaKinds(),
	} {
		got := eval[[]string](w, `[...`+byID(id)+`.options].map(({value}) => value)`)
		if !slices.Equal(got, values) {
			t.Errorf("%s offers %q, want %q", id, got, values)
		}
	}
}

// Options show what holds, and are written only where they were set.
func TestOptions(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&steps=3&eta=0.5&clip=none&rederive=off&g=1")
	w.ended("m=digits&c=7&steps=3&eta=0.5&clip=none&rederive=off&g=1")
	if got := w.text("options-count"); got != "3 set" {
		t.Errorf("of the options the page says %q", got)
	}
	w.toggle("More options 3 set")
	if got := w.property("spinbutton", "Fresh noise", "value"); got != "0.5" {
		t.Errorf("eta is shown as %s", got)
	}
	w.choose("Timesteps", "trailing")
	w.fill("spinbutton", "Fresh noise", "0")
	w.draw()
	w.ended("m=digits&c=7&steps=3&spacing=trailing&clip=none&rederive=off&g=1")

	// Another sampler has other options, which are shown at once.
	if len(w.findAll("combobox", "Noise levels")) != 0 {
		t.Error("DDIM is offered a choice of noise levels")
	}
	w.choose("Sampler", "Euler ancestral")
	w.wait(byID("option-sigmas") + `?.checkVisibility()`)
	w.choose("Noise levels", "karras")
	w.choose("Reading of the network", "v, between the two")
	w.draw()
	w.ended("m=digits&c=7&steps=3&spacing=trailing&clip=none&rederive=off&g=1" +
		"&k=euler_a&eta=0&sigmas=karras&reading=v")
	w.fill("spinbutton", "Fresh noise", "7")
	w.draw()
	w.waitState("failed")
	w.says("error-eta", "from 0 to 1")
	w.click("button", "Back to the defaults")
	w.ended("m=digits")
}
