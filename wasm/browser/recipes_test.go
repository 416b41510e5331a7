package browser

import (
	"strings"
	"testing"
)

// A recipe that cannot be run is refused in one sentence, at its control if it
// has one, and the page goes on working.
func TestRefusesRecipes(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	for _, c := range []struct {
		fragment string
		control  string // the key whose control complains, "" for the stage
		say      string // part of the sentence
	}{
		{"#m=digits&c=11", "c", "This model has no class “11”."},
		{"#m=digits&steps=0", "steps", "Steps must be 1 to 1,000; you wrote 0."},
		{"#m=digits&steps=1001", "steps", "Steps must be 1 to 1,000; you wrote 1001."},
		{"#m=digits&steps=1.5", "steps", "Steps must be a whole number from 1 to 1,000"},
		{"#m=digits&s=-1", "s", "Seed must be a whole number from 0 to"},
		{"#m=digits&n=65", "n", "Pictures must be 1 to 64; you wrote 65."},
		{"#m=digits&k=best", "k", "Sampler: there is no “best” to choose."},
		{"#m=digits&g=many", "g",
			"Guidance must be a number from 0 to 100; you wrote “many”."},
		{"#m=letters", "m", "There is no model “letters” in this page."},
		{"#m=..", "m", "Model cannot be “..”."},
		{"#m=digits&colour=red", "",
			"The recipe has a part “colour” that this page does not know."},
		{"#m=digits&eta=2", "eta", "Fresh noise η must be 0 to 1; you wrote 2."},
		{"#m=digits&variance=learned", "variance", "does not predict a variance"}, // as Go says it
		{"#m=digits-oracle&cache=2", "cache", "has no skip connections"},
		{"#nonsense", "", "The recipe cannot be read at “nonsense”."},
	} {
		where := "trouble"
		if c.control != "" {
			where = "error-" + c.control
		}
		w.forget()
		w.follow(c.fragment)
		w.wait(refused + ` && ` + has(where, c.say) + ` && ` + byID(where) + `.checkVisibility()`)
		if c.control != "" && c.control != "c" && !eval[bool](w, `document.querySelector(
			'[name="`+c.control+`"]').matches('[aria-invalid=true]')`) {
			t.Errorf("%s: the control is not marked", c.fragment)
		}
		if got := w.text(where) + w.text("status"); strings.Contains(got, "goroutine") ||
			strings.Contains(got, ".js:") {
			t.Errorf("%s: the page shows a stack trace: %s", c.fragment, got)
		}
		if c.control != "" && strings.Contains(w.text("status"), c.say) {
			t.Errorf("%s: it is said twice", c.fragment)
		}
		if got := eval[string](w, `heard.at(-1)?.name`); got != "error" {
			t.Errorf("%s: the page's event is %q", c.fragment, got)
		}
	}

	w.follow("#m=digits&c=3&steps=2")
	w.ended("m=digits&c=3&steps=2")
	const complaint = `.error:not([hidden]), [aria-invalid], #trouble:not([hidden])`
	if eval[bool](w, `document.querySelector('`+complaint+`') !== null`) {
		t.Error("complaints stay after a recipe that runs")
	}
}

// A wrong value in a control is told there, and the control gets the focus.
func TestRefusesValues(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.fill("spinbutton", "Steps", "5000")
	w.draw()
	w.waitState("failed")
	if got := eval[string](w, `document.activeElement.id`); got != "steps" {
		t.Errorf("the focus is on %q", got)
	}
	described := eval[string](w, byID("steps")+`.ariaDescribedByElements
		.filter((e) => !e.hidden).map((e) => e.textContent).join(' ')`)
	if !strings.Contains(described, "Steps must be 1 to 1,000; you wrote 5000.") {
		t.Errorf("the control is described as %q", described)
	}
	w.says("status", "The reason stands at “Steps”.")
	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
	w.says("error-steps", "步数须为 1 到 1,000；您写的是 5000。")
	w.says("status", "无法运行。原因见“步数”。")
	w.set("语言", "en")
	// A field for numbers does not tell what is seen in it.
	w.fill("spinbutton", "Steps", "1e309")
	w.draw()
	w.waitText("error-steps", "Steps must be a whole number from 1 to 1,000.")
	w.fill("spinbutton", "Steps", "3")
	w.toggle("More options")
	w.fill("spinbutton", "Fresh noise η", "1e309")
	w.waitText("error-eta", "Fresh noise η must be a number from 0 to 1.")
	w.fill("spinbutton", "Fresh noise η", "0.5")
	if w.visible("error-steps") {
		t.Error("the complaint stays while the value is changed")
	}
	w.draw()
	w.waitState("done")
}
