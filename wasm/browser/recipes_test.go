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
		{"#m=digits&c=11", "c", "0, 1, 2"},
		{"#m=digits&steps=0", "steps", "steps"},
		{"#m=digits&steps=1001", "steps", "1000 timesteps"},
		{"#m=digits&s=-1", "s", "18446744073709551615"},
		{"#m=digits&n=65", "n", "from 1 to 64"},
		{"#m=digits&k=best", "k", "ddim"},
		{"#m=digits&g=many", "g", "from 0 to 100"},
		{"#m=letters", "m", "no model “letters” in this page, only digits"},
		{"#m=..", "m", "a file name"},
		{"#m=digits&colour=red", "", "colour"},
		{"#m=digits&eta=2", "eta", "eta"},
		{"#nonsense", "", "nonsense"},
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
	if !strings.Contains(described, "1000 timesteps") {
		t.Errorf("the control is described as %q", described)
	}
	w.fill("spinbutton", "Steps", "3")
	if w.visible("error-steps") {
		t.Error("the complaint stays while the value is changed")
	}
	w.draw()
	w.waitState("done")
}
