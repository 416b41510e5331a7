package lessons

import (
	"fmt"
	"slices"
	"strings"

	"tweedie/sampler/lab/keys"
)

// labFormulas are those that web/lab/lesson-formulas.js shows with the values of the lab's stage. A
// test there holds the two lists to each other.
var labFormulas = []string{"langevin", "fisher", "modes", "annealed", "flow", "evidence", "chain"}

// labChecks are the questions that web/lab/lesson-checks.js answers from the lab's stage, as checks
// are on the page.
var labChecks = map[string][]string{
	"far":    {"few", "many"},
	"times":  nil,
	"share":  {"fifth", "half"},
	"longer": {"first", "second"},
	"higher": {"first", "second"},
}

// labViews are what the lab's address may ask for beside a recipe, with a form of the value. A test
// of web/lab holds the layers to those that there are.
var labViews = map[string]string{
	"against": `[a-z]+:.+`,
	"layers":  layerForm + "(," + layerForm + ")*",
}

const layerForm = "(data|points|trails|density|score|exact|guess|posterior|ways|digits|courses)"

// formulas are those that a card may show.
func (c *Card) formulas() []string {
	if c.Lab {
		return labFormulas
	}
	return formulas
}

// checks are the questions that a card may ask.
func (c *Card) checks() map[string][]string {
	if c.Lab {
		return labChecks
	}
	return checks
}

// complete holds a card to the fields that it needs.
func (c *Card) complete(b block) error {
	ofPage := map[string]bool{"recipe": true, "view": true, "step": true}
	for _, field := range cardFields[0] {
		switch has := b.fields[field] != ""; {
		case field == labField:
		case c.Lab && ofPage[field]:
			if has {
				return fmt.Errorf("%s is for the page, and the card has an address of the lab",
					field)
			}
		case !has:
			return fmt.Errorf("%s is missing", field)
		}
	}
	return nil
}

// inLab takes what a card sets of the lab: an address of it, such as "?layers=score#d=moons".
func (r *reader) inLab(c *Card, b block) error {
	query, text, _ := strings.Cut(b.fields[labField], "#")
	settings, err := keys.Parse(text)
	if err != nil {
		return fmt.Errorf("the lab's recipe %s: %w", text, err)
	}
	c.Recipe, c.View = settings.String(), strings.TrimPrefix(query, "?")
	view, err := checkView(c.View, labViews)
	if err != nil {
		return err
	}
	if key, value, beside := strings.Cut(view.Get("against"), ":"); beside {
		text = with(c.Recipe, key, value)
		if _, err := keys.Parse(text); err != nil {
			return fmt.Errorf("the lab's recipe beside it, %s: %w", text, err)
		}
	}
	return nil
}

// with returns a recipe of the lab with another value of a key.
func with(recipe, key, value string) string {
	parts := slices.DeleteFunc(strings.Split(recipe, "&"),
		func(part string) bool { return strings.HasPrefix(part, key+"=") })
	return strings.Join(append(parts, key+"="+value), "&")
}
