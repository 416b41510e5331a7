package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// The tags that sites read hold addresses that exist in the built page, and a player shows the same
// as its page.
func TestPreviewed(t *testing.T) {
	page := small()
	page["index.html"] = []byte(
		"<head>\n<title data-i18n=\"t\">A &amp; B</title><meta name=\"description\" " +
			"content=\"D\">\n" +
			"<script type=\"module\" src=\"web/main.js\"></script>\n  </head>")
	page["web/lab.html"] = []byte(
		"<head>\n<title>L</title><meta name=\"description\" content=\"E\">\n  </head>")
	page[playerName] = []byte("<head>\n<title>P</title>\n  </head>")
	page["web/lab-player.html"] = page[playerName]
	page[cardName] = []byte("png")
	var files []file
	for name, data := range page {
		files = append(files, file{Path: name, Data: data})
	}
	const site = "https://example.org/tweedie/"
	files, err := previewed(files, site, ownPreview)
	if err != nil {
		t.Fatal(err)
	}
	built, err := named(files, ownModel, api.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]file{}
	for _, f := range built {
		at[f.Name] = f
	}
	card := site + at[cardName].Path
	for _, c := range []struct{ name, address, title, description, oembed string }{
		{"index.html", site, "A &amp; B", "D", "web/oembed.json"},
		{"web/player.html", site + "web/player.html", "A &amp; B", "D", "web/oembed.json"},
		{"web/lab.html", site + "web/lab.html", "L", "E", "web/lab-oembed.json"},
		{"web/lab-player.html", site + "web/lab-player.html", "L", "E", "web/lab-oembed.json"},
	} {
		for _, want := range []string{
			`<meta property="og:image" content="` + card + `">`,
			`<meta property="og:url" content="` + c.address + `">`,
			`<meta property="og:title" content="` + c.title + `">`,
			`<meta property="og:description" content="` + c.description + `">`,
			`<meta name="twitter:card" content="summary_large_image">`,
			`<link rel="canonical" href="` + c.address + `">`,
			`<link rel="alternate" type="application/json+oembed" href="` + site + c.oembed + `"`,
			"\n  </head>",
		} {
			if !bytes.Contains(at[c.name].Data, []byte(want)) {
				t.Errorf("%s lacks %s:\n%s", c.name, want, at[c.name].Data)
			}
		}
	}
	for name, want := range map[string]struct{ title, frame string }{
		"web/oembed.json":     {"A & B", `src="` + site + `web/player.html#m=digits&amp;c=7"`},
		"web/lab-oembed.json": {"L", `src="` + site + `web/lab-player.html#d=moons"`},
	} {
		if at[name].Path != name {
			t.Errorf("the answer to oEmbed is at %s, want %s", at[name].Path, name)
		}
		var oembed map[string]any
		if err := json.Unmarshal(at[name].Data, &oembed); err != nil {
			t.Fatal(err)
		}
		if oembed["title"] != want.title || oembed["thumbnail_url"] != card ||
			oembed["version"] != "1.0" || oembed["type"] != "rich" ||
			!strings.Contains(oembed["html"].(string), want.frame) {
			t.Errorf("%s says %v", name, oembed)
		}
	}
}

func TestSiteAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.org/a":  "https://example.org/a/",
		"http://localhost:8080/": "http://localhost:8080/",
		"example.org":            "", "/tweedie/": "", "ftp://example.org/": "",
		"https://example.org/?a": "",
		"https://example.org/#a": "",
	} {
		if got, err := siteAddress(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// The committed card is what the network draws.
func TestCard(t *testing.T) {
	committed, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(cardName)))
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(committed))
	if err != nil || config.Width != cardWidth || config.Height != cardHeight {
		t.Fatalf("the card is %d × %d, %v", config.Width, config.Height, err)
	}
	if len(committed) > 100_000 {
		t.Errorf("the card has %d bytes", len(committed))
	}
	drawn, err := drawCard(weightsFile(t, openingModel).Data, cardRecipe)
	if err != nil {
		t.Fatal(err)
	}
	a, errA := png.Decode(bytes.NewReader(committed))
	b, errB := png.Decode(bytes.NewReader(drawn))
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	for y := range cardHeight {
		for x := range cardWidth {
			if a.At(x, y) != b.At(x, y) {
				t.Fatalf("pixel %d, %d is %v, the network draws %v; `go run ./tools/pack card` "+
					"draws the card again", x, y, a.At(x, y), b.At(x, y))
			}
		}
	}
}
