package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// sheetLinks are the style sheets of a document that it names one after the other.
var (
	sheetLinks = regexp.MustCompile(`[ \t]*<link rel="stylesheet" href="[^"]+">` +
		`(?:\n[ \t]*<link rel="stylesheet" href="[^"]+">)+`)
	sheetLink = regexp.MustCompile(`([ \t]*)<link rel="stylesheet" href="([^"]+)">`)
)

// joinSheets has each document name one style sheet that imports those which it named: one file is
// asked for once, and compresses better.
func (n *namer) joinSheets() {
	for name, data := range n.held {
		if path.Ext(name) != ".html" || isSkeleton(name) {
			continue
		}
		joined := strings.TrimSuffix(name, ".html") + ".css"
		n.held[name] = sheetLinks.ReplaceAllFunc(data, func(links []byte) []byte {
			var margin string
			for _, link := range sheetLink.FindAllStringSubmatch(string(links), -1) {
				margin = link[1]
				n.bundled[path.Join(path.Dir(name), link[2])] = true
				n.held[joined] = fmt.Appendf(n.held[joined], "@import %q;\n", specifier(link[2]))
			}
			return fmt.Appendf(nil, "%s<link rel=\"stylesheet\" href=%q>", margin,
				path.Base(joined))
		})
	}
}

// sheet is a style sheet with all that it imports, and with the names that others have now.
func (n *namer) sheet(name string) ([]byte, error) {
	texts, apart := map[string]string{}, map[string]string{}
	if err := n.gatherSheets(name, path.Dir(name), texts, apart); err != nil {
		return nil, err
	}
	result, _, err := esbuild(name, texts, apart, n.options)
	if err != nil {
		return nil, err
	}
	return result.OutputFiles[0].Contents, nil
}

// gatherSheets puts a style sheet and all that it imports into texts, for a file in folder, and
// finishes what they show.
func (n *namer) gatherSheets(name, folder string, texts, apart map[string]string) error {
	if _, ok := texts[name]; ok {
		return nil
	}
	s, err := n.scan(name)
	if err != nil {
		return err
	}
	texts[name] = string(n.held[name])
	for _, other := range s.names {
		if path.Ext(other) == ".css" {
			err = n.gatherSheets(other, folder, texts, apart)
		} else if apart[other], err = n.finish(other); err == nil {
			apart[other] = relative(folder, apart[other])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
