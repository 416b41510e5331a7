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

// shortener makes the text of a script or a style sheet shorter, without changing what it means.
type shortener func(name string, text []byte) ([]byte, error)

// asWritten leaves a script or a style sheet alone.
func asWritten(_ string, text []byte) ([]byte, error) { return text, nil }

// minified returns a script or a style sheet without comments, and with short names where no other file knows them. It means
// the same to every browser that understood it, and holds no end of the element that it may stand in.
func minified(name string, text []byte) ([]byte, error) {
	format, loader := api.FormatDefault, api.LoaderJS
	switch {
	case path.Ext(name) == ".css":
		loader = api.LoaderCSS
	case importForm.Match(text) || exportForm.Match(text):
		format = api.FormatESModule
	}
	result := api.Transform(string(text), api.TransformOptions{
		Sourcefile: name, Loader: loader, Format: format, Target: api.ESNext, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
	})
	if err := scriptError(append(result.Errors, result.Warnings...)); err != nil {
		return nil, err
	}
	return append(header.Find(text), result.Code...), nil
}

// bundle returns modules with all that they import as one module, minified. Only addresses inside the page may be made with
// import.meta.url.
func bundle(files map[string][]byte, entries ...string) (string, error) {
	var all strings.Builder
	for _, name := range entries {
		fmt.Fprintf(&all, "import './%s';\n", name)
	}
	const page = "page" // the modules' namespace: they are in memory
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: all.String(), Sourcefile: "index.html"},
		Bundle: true, Format: api.FormatESModule, Target: api.ESNext, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Plugins: []api.Plugin{{Name: page, Setup: func(b api.PluginBuild) {
			b.OnResolve(api.OnResolveOptions{Filter: "."}, func(a api.OnResolveArgs) (r api.OnResolveResult, err error) {
				target := path.Join(path.Dir(a.Importer), a.Path)
				if _, ok := files[target]; !ok || !strings.HasPrefix(a.Path, ".") {
					return r, fmt.Errorf("%s is no file of the page", target)
				}
				return api.OnResolveResult{Path: target, Namespace: page}, nil
			})
			b.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: page}, func(a api.OnLoadArgs) (r api.OnLoadResult, err error) {
				here := fmt.Sprintf("new URL(%q, document.baseURI).href", a.Path)
				text := strings.ReplaceAll(string(files[a.Path]), "import.meta.url", here)
				return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
			})
		}}},
	})
	if err := scriptError(append(result.Errors, result.Warnings...)); err != nil {
		return "", err
	}
	return string(result.OutputFiles[0].Contents), nil
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
	return fmt.Errorf("%s, line %d: %s", strings.TrimPrefix(m.Location.File, "page:"), m.Location.Line, m.Text)
}
