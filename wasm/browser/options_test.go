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
	for _, k := range solver.Menu() {
		group := k.Heading()
		if k.Traits.Distilled {
			group += ": this network is not one"
		}
		want = append(want, group+"|"+k.Name+"|"+k.Title)
		for _, text := range []string{k.Heading(), k.Description} {
			if chinese[text] == "" {
				t.Errorf("zh.js lacks %q", text)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the menu has %q, want %q", got, want)
	}
	offered := eval[[]string](w, `[...document.querySelectorAll('#sampler option:disabled')]
		.map(({value}) => value)`)
	if !slices.Equal(offered, []string{"lcm", "tcd", "consistency"}) {
		t.Errorf("these samplers are disabled: %q", offered)
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
	if got := w.property("spinbutton", "Fresh noise η", "value"); got != "0.5" {
		t.Errorf("eta is shown as %s", got)
	}
	w.choose("Timesteps spacing", "trailing")
	w.fill("spinbutton", "Fresh noise η", "0")
	// It runs by itself, and stays set though DDIM does the same without it.
	w.ended("m=digits&c=7&steps=3&spacing=trailing&clip=none&rederive=off&g=1")
	w.fill("spinbutton", "Deep features kept DeepCache", "2")
	w.draw()
	w.ended("m=digits&c=7&steps=3&spacing=trailing&clip=none&rederive=off&g=1&cache=2")
	w.fill("spinbutton", "Deep features kept DeepCache", "1")
	w.draw()
	w.ended("m=digits&c=7&steps=3&spacing=trailing&clip=none&rederive=off&g=1")

	// Another sampler has other options at once.
	if !w.disabled("combobox", "Noise levels") || w.disabled("combobox", "Timesteps spacing") {
		t.Error("DDIM is offered a choice of noise levels, or none of timesteps")
	}
	w.says("hint-sigmas", "DDIM has no such option.")
	w.choose("Sampler", "Euler ancestral")
	w.wait(byID("option-sigmas") + `.ariaDisabled === 'false'`)
	w.choose("Noise levels", "karras")
	w.choose("Reading of the network", "v, between the two")
	w.draw()
	w.ended("m=digits&c=7&steps=3&spacing=trailing&clip=none&rederive=off&g=1" +
		"&k=euler_a&eta=0&sigmas=karras&reading=v")
	w.fill("spinbutton", "Fresh noise η", "7")
	w.draw()
	w.waitState("failed")
	w.says("error-eta", "Fresh noise η must be 0 to 1; you wrote 7.")
	w.click("button", "Back to the defaults")
	w.ended("m=digits")
}

// What has no effect is disabled and says why, until it has one; it can be reached and
// not changed.
func TestIdleControls(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&steps=2")
	w.waitState("done")
	const none = "Without a class, guidance has no effect."
	w.says("hint-g", none)
	if !w.disabled("spinbutton", "Guidance, as a number") ||
		!eval[bool](w, byID("guidance-range")+`.disabled`) {
		t.Error("guidance can be turned without a class")
	}
	w.focus("spinbutton", "Guidance, as a number")
	before := w.value("guidance")
	w.press("7")
	if got := w.value("guidance"); got != before {
		t.Errorf("guidance without a class was turned from %s to %s", before, got)
	}
	w.toggle("More options")
	w.says("hint-rescale", none)
	w.says("hint-variance", "DDIM has no such option.")
	w.click("radio", "3")
	w.waitDone("#m=digits&c=3&")
	w.says("hint-g", "0 ignores the class")
	if w.disabled("spinbutton", "Guidance, as a number") || w.disabled("slider", "Guidance") {
		t.Error("guidance cannot be turned with a class")
	}
	w.choose("Sampler", "DPM-Solver++ (2M)")
	w.waitText("hint-eta", "leaves no choice of fresh noise")
	if !w.disabled("spinbutton", "Fresh noise η") || w.disabled("combobox", "Form of the solver") {
		t.Error("η can be changed for a sampler that adds no noise, or its form cannot")
	}
	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
	w.says("hint-eta", "DPM-Solver++ (2M) 的新噪声不可选择。")

	// A word has classes too.
	w.open("#m=glyphs&steps=1")
	w.waitState("done")
	w.says("hint-g", "未指定类别")
	eval[any](w, `document.getElementById('word').focus(); 0`)
	w.press("A")
	w.waitText("hint-g", "0 不理会类别")
}
