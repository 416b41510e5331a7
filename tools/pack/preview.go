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

// The player in a frame, as oEmbed gives it.
const frameWidth, frameHeight = 640, 520

var (
	titleText       = regexp.MustCompile(`<title[^>]*>([^<]+)</title>`)
	descriptionText = regexp.MustCompile(`<meta name="description" content="([^"]+)"`)
	headEnd         = regexp.MustCompile(`[ \t]*</head>`)
)

// siteAddress checks where the page is going to be, and ends it with a slash.
func siteAddress(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("-address %q is not the address of a site, such as https://example.org/tweedie/", text)
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// previewed adds what other sites show of a link to the page: title, picture
// and player. All of it has to say where the page is, so that a page of no
// known address goes without.
func previewed(files []file, address string) ([]file, error) {
	var card []byte
	for _, f := range files {
		if f.Path == cardName {
			card = f.Data
		}
	}
	if card == nil {
		return nil, fmt.Errorf("%s is missing; `go run ./tools/pack card` draws it", cardName)
	}
	picture := address + hashed(cardName, card)
	for i, f := range files {
		if f.Path != "index.html" {
			continue
		}
		title, description := titleText.FindSubmatch(f.Data), descriptionText.FindSubmatch(f.Data)
		if title == nil || description == nil || !headEnd.Match(f.Data) {
			return nil, fmt.Errorf("index.html has no title, description or end of its head")
		}
		oembed, err := json.MarshalIndent(map[string]any{
			"version": "1.0", "type": "rich", "title": html.UnescapeString(string(title[1])),
			"provider_name": "Tweedie", "provider_url": address,
			"width": frameWidth, "height": frameHeight, "html": frame(address),
			"thumbnail_url": picture, "thumbnail_width": cardWidth, "thumbnail_height": cardHeight,
		}, "", "  ")
		if err != nil {
			return nil, err
		}
		var tags bytes.Buffer
		for _, tag := range [][2]string{
			{`property="og:type"`, "website"}, {`property="og:url"`, address},
			{`property="og:title"`, string(title[1])}, {`property="og:description"`, string(description[1])},
			{`property="og:image"`, picture}, {`property="og:image:type"`, "image/png"},
			{`property="og:image:width"`, fmt.Sprint(cardWidth)}, {`property="og:image:height"`, fmt.Sprint(cardHeight)},
			{`property="og:image:alt"`, "Four digits, each drawn out of noise in eight steps."},
			{`name="twitter:card"`, "summary_large_image"},
		} {
			fmt.Fprintf(&tags, "    <meta %s content=\"%s\">\n", tag[0], tag[1])
		}
		fmt.Fprintf(&tags, "    <link rel=\"canonical\" href=\"%s\">\n", address)
		fmt.Fprintf(&tags, "    <link rel=\"alternate\" type=\"application/json+oembed\" href=\"%s\" title=\"Tweedie\">\n", address+oembedName)
		files[i].Data = headEnd.ReplaceAllFunc(f.Data, func(end []byte) []byte { return append(tags.Bytes(), end...) })
		return append(files, file{Path: oembedName, Data: append(oembed, '\n')}), nil
	}
	return nil, fmt.Errorf("index.html is no file of the page")
}

// frame is the player for a site that knows only frames.
func frame(address string) string {
	return fmt.Sprintf(`<iframe src="%sweb/player.html#m=digits&amp;c=7" width="%d" height="%d" style="border:0" loading="lazy" `+
		`sandbox="allow-scripts allow-same-origin allow-popups" title="Diffusion sampler"></iframe>`, html.EscapeString(address), frameWidth, frameHeight)
}
