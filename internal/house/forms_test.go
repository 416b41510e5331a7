//go:build !js

package house

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tweedie/sampler/model"
	"tweedie/sampler/recipe"
)

// control matches an input of a form, and attribute one of its attributes.
var (
	control   = regexp.MustCompile(`<input ([^>]*)>`)
	attribute = regexp.MustCompile(`([\w-]+)="([^"]*)"`)
)

// builderKeys are the keys of the builder's inputs that are called as the attributes of an embed.
var builderKeys = map[string]string{"label": "c", "seed": "s", "sampler": "k", "guidance": "g"}

// TestFormsRepeatTheLimits: what the pages' forms say of a key before the worker does, or instead
// of it, is what the table of keys and the first model say. The worker's answer replaces it where
// one comes.
func TestFormsRepeatTheLimits(t *testing.T) {
	root := filepath.Join("..", "..")
	// Every key that a control of the page has: with a picture, a mask and rounds.
	given := fields(t, root, "m=digits&image=0123456789abcdef&mask=0123456789abcdef&resample=2")
	plain := fields(t, root, "m=digits")
	compared := map[string]bool{}
	for _, page := range []string{"index.html", "web/embed-builder.html"} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		for _, input := range control.FindAllStringSubmatch(string(text), -1) {
			has := map[string]string{}
			for _, a := range attribute.FindAllStringSubmatch(input[1], -1) {
				has[a[1]] = a[2]
			}
			key := has["name"]
			if of, ok := builderKeys[key]; ok {
				key = of
			}
			slider := has["id"] == "guidance-range" // of the values that most want
			if slider {
				key = "g"
			}
			f, ok := given[key]
			if !ok {
				continue
			}
			for name, value := range has {
				said, ok := true, false
				switch name {
				case "min":
					ok = slider || value == decimal(f.Min) || f.Open && number(t, value) > f.Min
				case "max":
					ok = slider || value == decimal(f.Max)
				case "maxlength":
					ok = value == longest[key]
				case "placeholder": // a value, or words that leave it to the model
					said = value != "" && value[0] >= '0' && value[0] <= '9'
					ok = value == plain[key].Value
				case "value":
					// The builder begins with an example, and the panels with a mode of theirs.
					said = page == "index.html" && f.Group != recipe.GroupGiven && key != "to" &&
						(has["type"] != "radio" || strings.HasSuffix(input[1], " checked"))
					ok = value == plain[key].Value
				default:
					said = false
				}
				if said && !ok {
					t.Errorf("%s: %s of %s is %s, and the key's field is %+v", page, name, key,
						value, f)
				}
				if said {
					compared[page+" "+key+" "+name] = true
				}
			}
		}
	}
	for _, want := range []string{"index.html w maxlength", "index.html s maxlength",
		"index.html g value", "index.html c value", "index.html steps value",
		"index.html strength max", "index.html strength min", "index.html resample max",
		"index.html jump max",
		"web/embed-builder.html n max", "web/embed-builder.html steps max"} {
		if !compared[want] {
			t.Errorf("%s was not compared", want)
		}
	}
}

// longest are the lengths of the longest texts of keys that have one: a letter for each picture,
// and a number of 64 bits.
var longest = map[string]string{
	"w": strconv.Itoa(recipe.MaxImages), "s": digits64, "to": digits64,
}

var digits64 = strconv.Itoa(len(strconv.FormatUint(math.MaxUint64, 10)))

// fields returns what a recipe of the page's first model comes to, by key.
func fields(t *testing.T, root, text string) map[string]recipe.Field {
	t.Helper()
	bytes, err := os.ReadFile(filepath.Join(root, "weights", "digits.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	_, info, err := model.Open("digits", bytes)
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := recipe.Resolve(r, info)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]recipe.Field{}
	for _, f := range s.Fields(info) {
		all[f.Key] = f
	}
	return all
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
