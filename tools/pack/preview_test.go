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

// The tags that sites read hold addresses that exist in the built page.
func TestPreviewed(t *testing.T) {
	page := small()
	page["index.html"] = []byte(
		"<head>\n<title data-i18n=\"t\">A &amp; B</title><meta name=\"description\" " +
			"content=\"D\">\n" +
			"<script type=\"module\" src=\"web/main.js\"></script>\n  </head>")
	page[playerName] = []byte("<head>\n<title>P</title>\n</head>")
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
	for _, want := range []string{
		`<meta property="og:image" content="` + site + at[cardName].Path + `">`,
		`<meta property="og:title" content="A &amp; B">`,
		`<link rel="alternate" type="application/json+oembed" href="` +
			site + at[oembedName].Path + `"`,
		"\n  </head>",
	} {
		if !bytes.Contains(at["index.html"].Data, []byte(want)) {
			t.Errorf("index.html lacks %s:\n%s", want, at["index.html"].Data)
		}
		// A link to the player shows the same, under its own address.
		if !bytes.Contains(at[playerName].Data, []byte(strings.TrimPrefix(want, "\n  "))) {
			t.Errorf("the player lacks %s:\n%s", want, at[playerName].Data)
		}
	}
	for name, want := range map[string]string{"index.html": site, playerName: site + playerName} {
		tag := `<meta property="og:url" content="` + want + `">`
		if !bytes.Contains(at[name].Data, []byte(tag)) {
			t.Errorf("%s lacks %s", name, tag)
		}
	}
	if at[oembedName].Path != oembedName {
		t.Errorf("the answer to oEmbed is at %s", at[oembedName].Path)
	}
	var oembed map[string]any
	if err := json.Unmarshal(at[oembedName].Data, &oembed); err != nil {
		t.Fatal(err)
	}
	if oembed["title"] != "A & B" || oembed["thumbnail_url"] != site+at[cardName].Path ||
		oembed["version"] != "1.0" || oembed["type"] != "rich" ||
		!strings.Contains(oembed["html"].(string),
			`src="`+site+`web/player.html#m=digits&amp;c=7"`) {
		t.Errorf("oEmbed gets %v", oembed)
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
	drawn, err := drawCard(weightsFile(t, "digits").Data, cardRecipe)
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
