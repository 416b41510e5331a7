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

const playerName = "web/player.html"

// previewedRoom is a document whose links people paste, and the player that shows it elsewhere.
type previewedRoom struct {
	page   string
	path   string // of the page, behind the address of the site
	player string
	oembed string // what a site that shows links asks for; others hold its address
}

var (
	pageRoom = previewedRoom{"index.html", "", playerName, "web/oembed.json"}
	labsRoom = previewedRoom{"web/lab.html", "web/lab.html", "web/lab-player.html",
		"web/lab-oembed.json"}
)

// labShown is the recipe that the lab's player shows in a frame.
const labShown = "d=moons"

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

// preview is what other sites show of a link, beside the picture.
type preview struct {
	title  string // "" for that of the page
	alt    string // what the picture shows
	recipe string // of the player in a frame
}

// ownPreview is that of the repository's page.
var ownPreview = preview{
	alt:    "Four faces, each drawn out of noise in eight steps.",
	recipe: "m=" + ownModel + "&c=7",
}

// previewed adds what other sites show of a link to the page, to the lab and to their players:
// title, picture and player. All of it has to say where the page is, so that a page of no known
// address goes without. The lab is the same on every site, and has the page's picture.
func previewed(files []file, address string, p preview) ([]file, error) {
	at := make(map[string]int)
	for i, f := range files {
		at[f.Path] = i
	}
	if _, ok := at[cardName]; !ok {
		return nil, fmt.Errorf("%s is missing; `go run ./tools/pack card` draws it", cardName)
	}
	picture := address + hashed(cardName, files[at[cardName]].Data)
	for _, shown := range []struct {
		previewedRoom
		p preview
	}{{pageRoom, p}, {labsRoom, preview{alt: p.alt, recipe: labShown}}} {
		oembed, err := shown.preview(files, at, address, picture, shown.p)
		if err != nil {
			return nil, err
		}
		files = append(files, file{Path: shown.oembed, Data: oembed})
	}
	return files, nil
}

// preview adds to a room's documents what other sites show of a link to it, and returns what its
// oEmbed says. at has the documents' places in files.
func (r previewedRoom) preview(files []file, at map[string]int, address, picture string,
	p preview) ([]byte, error) {
	for _, name := range []string{r.page, r.player} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("%s is no file of the page", name)
		}
	}
	page := files[at[r.page]].Data
	title, description := titleText.FindSubmatch(page), descriptionText.FindSubmatch(page)
	if title == nil || description == nil {
		return nil, fmt.Errorf("%s has no title or description", r.page)
	}
	called := string(title[1])
	if p.title != "" {
		called = html.EscapeString(p.title)
	}
	for name, path := range map[string]string{r.page: r.path, r.player: r.player} {
		page := &files[at[name]]
		if !headEnd.Match(page.Data) {
			return nil, fmt.Errorf("%s has no end of its head", name)
		}
		tags := previewTags(address+path, address+r.oembed, picture, called,
			string(description[1]), p.alt)
		page.Data = headEnd.ReplaceAllFunc(page.Data,
			func(end []byte) []byte { return append(tags, end...) })
	}
	oembed, err := json.MarshalIndent(map[string]any{
		"version": "1.0", "type": "rich", "title": html.UnescapeString(called),
		"provider_name": "Tweedie", "provider_url": address,
		"width": frameWidth, "height": frameHeight,
		"html":          frame(address+r.player, p.recipe),
		"thumbnail_url": picture, "thumbnail_width": cardWidth, "thumbnail_height": cardHeight,
	}, "", "  ")
	return append(oembed, '\n'), err
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

// frame is the player at an address for a site that knows only frames.
func frame(player, recipe string) string {
	return fmt.Sprintf(`<iframe src="%s#%s" width="%d" height="%d" style="border:0" `+
		`loading="lazy" sandbox="%s" title="Diffusion sampler"></iframe>`,
		html.EscapeString(player), html.EscapeString(recipe), frameWidth, frameHeight,
		frameAllows)
}
