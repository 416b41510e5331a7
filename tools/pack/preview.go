package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// oembedName is what a site that shows links asks for; others hold its address.
const oembedName = "web/oembed.json"

const playerName = "web/player.html"

// The player in a frame, as oEmbed gives it.
const frameWidth, frameHeight = 640, 380

var (
	titleText       = regexp.MustCompile(`<title[^>]*>([^<]+)</title>`)
	descriptionText = regexp.MustCompile(`<meta name="description" content="([^"]+)"`)
	headEnd         = regexp.MustCompile(`[ \t]*</head>`)
)

// siteAddress checks where the page is going to be, and ends it with a slash.
func siteAddress(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" ||
		u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf(
			"-address %q is not the address of a site, such as https://example.org/tweedie/", text)
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// previewedPages are the documents whose links people paste, and their paths
// behind the address of the site.
var previewedPages = map[string]string{"index.html": "", playerName: playerName}

// preview is what other sites show of a link, beside the picture.
type preview struct {
	title  string // "" for that of the page
	alt    string // what the picture shows
	recipe string // of the player in a frame
}

// ownPreview is that of the repository's page.
var ownPreview = preview{
	alt:    "Four digits, each drawn out of noise in eight steps.",
	recipe: "m=" + ownModel + "&c=7",
}

// previewed adds what other sites show of a link to the page and to the player:
// title, picture and player. All of it has to say where the page is, so that a
// page of no known address goes without.
func previewed(files []file, address string, p preview) ([]file, error) {
	at := make(map[string]int)
	for i, f := range files {
		at[f.Path] = i
	}
	for _, name := range []string{cardName, "index.html", playerName} {
		if _, ok := at[name]; !ok && name == cardName {
			return nil, fmt.Errorf("%s is missing; `go run ./tools/pack card` draws it", cardName)
		} else if !ok {
			return nil, fmt.Errorf("%s is no file of the page", name)
		}
	}
	picture := address + hashed(cardName, files[at[cardName]].Data)
	index := files[at["index.html"]].Data
	title, description := titleText.FindSubmatch(index), descriptionText.FindSubmatch(index)
	if title == nil || description == nil {
		return nil, fmt.Errorf("index.html has no title or description")
	}
	called := string(title[1])
	if p.title != "" {
		called = html.EscapeString(p.title)
	}
	for name, path := range previewedPages {
		page := &files[at[name]]
		if !headEnd.Match(page.Data) {
			return nil, fmt.Errorf("%s has no end of its head", name)
		}
		tags := previewTags(address+path, address+oembedName, picture, called,
			string(description[1]), p.alt)
		page.Data = headEnd.ReplaceAllFunc(page.Data,
			func(end []byte) []byte { return append(tags, end...) })
	}
	oembed, err := json.MarshalIndent(map[string]any{
		"version": "1.0", "type": "rich", "title": html.UnescapeString(called),
		"provider_name": "Tweedie", "provider_url": address,
		"width": frameWidth, "height": frameHeight, "html": frame(address, p.recipe),
		"thumbnail_url": picture, "thumbnail_width": cardWidth, "thumbnail_height": cardHeight,
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(files, file{Path: oembedName, Data: append(oembed, '\n')}), nil
}

// previewTags is what sites read in the document at an address.
func previewTags(address, oembed, picture, title, description, alt string) []byte {
	var tags bytes.Buffer
	for _, tag := range [][2]string{
		{`property="og:type"`, "website"}, {`property="og:url"`, address},
		{`property="og:title"`, title}, {`property="og:description"`, description},
		{`property="og:image"`, picture}, {`property="og:image:type"`, "image/png"},
		{`property="og:image:width"`, fmt.Sprint(cardWidth)}, {`property="og:image:height"`,
			fmt.Sprint(cardHeight)},
		{`property="og:image:alt"`, html.EscapeString(alt)},
		{`name="twitter:card"`, "summary_large_image"},
	} {
		fmt.Fprintf(&tags, "    <meta %s content=\"%s\">\n", tag[0], tag[1])
	}
	fmt.Fprintf(&tags, "    <link rel=\"canonical\" href=\"%s\">\n", address)
	fmt.Fprintf(&tags, "    <link rel=\"alternate\" type=\"application/json+oembed\" "+
		"href=\"%s\" title=\"Tweedie\">\n", oembed)
	return tags.Bytes()
}

// What the player's frame may do. The page that its link opens is not to be in its sandbox, where
// no form works and nothing is saved.
const frameAllows = "allow-scripts allow-same-origin allow-popups " +
	"allow-popups-to-escape-sandbox"

// frame is the player for a site that knows only frames.
func frame(address, recipe string) string {
	return fmt.Sprintf(`<iframe src="%s#%s" width="%d" height="%d" style="border:0" `+
		`loading="lazy" sandbox="%s" title="Diffusion sampler"></iframe>`,
		html.EscapeString(address+playerName), html.EscapeString(recipe), frameWidth, frameHeight,
		frameAllows)
}
