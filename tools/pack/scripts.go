package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// header is the notice that a script of others begins with. It stays.
var header = regexp.MustCompile(`^(?:// .*\n)*// .*\b[Cc]opyright\b.*\n(?:// .*\n)*`)

// minified returns a plain script or a style sheet without comments, and with
// short names where no other file knows them. It means the same to every browser
// that understood it, and holds no end of the element that it may stand in.
func minified(name string, text []byte) ([]byte, error) {
	loader := api.LoaderJS
	if path.Ext(name) == ".css" {
		loader = api.LoaderCSS
	}
	result := api.Transform(string(text), api.TransformOptions{
		Sourcefile: name, Loader: loader,
		Target: api.ESNext, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
	})
	if err := scriptError(append(result.Errors, result.Warnings...)); err != nil {
		return nil, err
	}
	return append(header.Find(text), result.Code...), nil
}

// scriptError is the first thing that is wrong with a script.
func scriptError(messages []api.Message) error {
	if len(messages) == 0 {
		return nil
	}
	m := messages[0]
	if m.Location == nil {
		return fmt.Errorf("a script: %s", m.Text)
	}
	name := strings.TrimPrefix(m.Location.File, space+":")
	return fmt.Errorf("%s, line %d: %s", name, m.Location.Line, m.Text)
}
