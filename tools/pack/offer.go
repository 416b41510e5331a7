package main

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"tweedie/sampler/recipe"
)

// What index.html says of the model that it is written for, until another one is there.
var (
	classField  = regexp.MustCompile(`(<fieldset class="classes" id="classes")`)
	classChips  = regexp.MustCompile(`(<div class="chips" id="chips">).*(</div>)`)
	guidanceBar = regexp.MustCompile(`(<input id="guidance-range"[^>]* value=")[^"]*(")`)
	guidanceBox = regexp.MustCompile(`(<input id="guidance"[^>]* value=")[^"]*(")`)
	stepsBox    = regexp.MustCompile(`(<input id="steps"[^>]* value=")[^"]*(")`)
	imagesBox   = regexp.MustCompile(`(<input id="images"[^>]* value=")[^"]*(")`)
)

// offering makes the page among files that of another model, which opens with a recipe of it.
func offering(files []file, info recipe.Info, opens string) error {
	asked, err := recipe.Parse(opens)
	if err != nil {
		return err
	}
	settings, err := recipe.Resolve(asked, info)
	if err != nil {
		return err
	}
	for i, f := range files {
		if f.Path == "index.html" {
			page, err := offered(string(f.Data), info, settings)
			if err != nil {
				return err
			}
			files[i].Data = []byte(page)
		}
	}
	return nil
}

// offered is index.html with the classes of another model and what its first run is made with, so
// that a visitor does not see those of the digits before it has come.
func offered(text string, info recipe.Info, first recipe.Settings) (string, error) {
	var chips strings.Builder
	for _, name := range info.Classes {
		fmt.Fprintf(&chips, `<label class="chip"><input type="radio" name="c" value="%[1]s">`+
			`<span>%[1]s</span></label>`, html.EscapeString(name))
	}
	field := ""
	if len(info.Classes) == 0 {
		field = " hidden"
	}
	guidance := fmt.Sprint(info.Defaults.Guidance)
	for _, change := range []struct {
		at *regexp.Regexp
		to string
	}{{classField, field}, {classChips, chips.String()}, {guidanceBar, guidance},
		{guidanceBox, guidance}, {stepsBox, fmt.Sprint(first.Steps)},
		{imagesBox, fmt.Sprint(first.Images)}} {
		at := change.at.FindStringSubmatchIndex(text)
		if at == nil {
			return "", fmt.Errorf("index.html has changed: there is no %v", change.at)
		}
		text = text[:at[3]] + change.to + text[at[3]:][behind(at):]
	}
	return text, nil
}

// behind is the length of what stands between the two groups of a match, 0 for one group.
func behind(at []int) int {
	if len(at) < 6 {
		return 0
	}
	return at[4] - at[3]
}
