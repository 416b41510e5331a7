package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// metafile is what esbuild tells of a build.
type metafile struct {
	Inputs map[string]struct {
		Format string // esm where something is imported or exported
	}
	Outputs map[string]struct {
		EntryPoint string
		Imports    []imported
		Inputs     map[string]struct{} // the modules in it
	}
}

// imported is what an output imports.
type imported struct {
	Path, Kind string
	External   bool
}

// space is esbuild's name for the page's files, which are in memory.
const space = "page"

// esbuild makes what o says of one of the texts, which are scripts and style
// sheets by their names in the repository. Files that are apart are not put into
// it; the map has what they are called there.
func esbuild(entry string, texts, apart map[string]string, o api.BuildOptions) (
	api.BuildResult, metafile, error) {
	resolve := func(a api.OnResolveArgs) (r api.OnResolveResult, err error) {
		shown := a.Kind == api.ResolveCSSURLToken
		if shown && strings.Contains(a.Path, ":") { // data, or another host's
			return api.OnResolveResult{Path: a.Path, External: true}, nil
		}
		target := path.Join(path.Dir(a.Importer), a.Path)
		named := shown || a.Kind == api.ResolveEntryPoint || strings.HasPrefix(a.Path, ".")
		if to, ok := apart[target]; ok && named {
			return api.OnResolveResult{Path: to, External: true}, nil
		}
		if _, ok := texts[target]; ok && named {
			return api.OnResolveResult{Path: target, Namespace: space}, nil
		}
		return r, fmt.Errorf("%s is no file of the page", target)
	}
	load := func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		text, loader := texts[a.Path], api.LoaderJS
		if path.Ext(a.Path) == ".css" {
			loader = api.LoaderCSS
		}
		return api.OnLoadResult{Contents: &text, Loader: loader}, nil
	}
	o.EntryPoints, o.Outdir = []string{entry}, path.Dir(entry)
	o.Bundle, o.Format, o.Metafile = true, api.FormatESModule, true
	o.Target, o.Charset, o.LegalComments = api.ESNext, api.CharsetUTF8, api.LegalCommentsNone
	o.Plugins = []api.Plugin{{Name: space, Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: "."}, resolve)
		b.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: space}, load)
	}}}
	result := api.Build(o)
	var m metafile
	err := scriptError(append(result.Errors, result.Warnings...))
	if err == nil {
		err = json.Unmarshal([]byte(result.Metafile), &m)
	}
	return result, m, err
}

// bundle returns modules with all that they import as one module, minified. Only
// addresses inside the page may be made with import.meta.url.
func bundle(held map[string][]byte, entries ...string) (string, error) {
	const all = "index.js"
	texts := map[string]string{}
	for name, data := range held {
		here := fmt.Sprintf("new URL(%q, document.baseURI).href", name)
		texts[name] = strings.ReplaceAll(string(data), "import.meta.url", here)
	}
	for _, name := range entries {
		texts[all] += fmt.Sprintf("import './%s';\n", name)
	}
	result, _, err := esbuild(all, texts, nil, minify)
	if err != nil {
		return "", err
	}
	return string(result.OutputFiles[0].Contents), nil
}

// minify makes what is built short.
var minify = api.BuildOptions{MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true}

// scan is what a script or a style sheet says by itself.
type scan struct {
	names  []string // files that it imports or shows
	later  []string // those among them that it imports while it runs
	module bool     // whether it imports or exports anything
}

// scan reads a script or a style sheet.
func (n *namer) scan(name string) (*scan, error) {
	if s, ok := n.scans[name]; ok {
		return s, nil
	}
	if _, ok := n.held[name]; !ok {
		return nil, fmt.Errorf("%s is no file of the page", name)
	}
	apart := make(map[string]string, len(n.held))
	for other := range n.held {
		apart[other] = other
	}
	delete(apart, name)
	alone := map[string]string{name: string(n.held[name])}
	_, m, err := esbuild(name, alone, apart, api.BuildOptions{})
	if err != nil {
		return nil, err
	}
	s := &scan{module: m.Inputs[space+":"+name].Format == "esm"}
	for _, output := range m.Outputs {
		for _, i := range output.Imports {
			if _, ok := apart[i.Path]; !ok {
				continue
			}
			s.names = append(s.names, i.Path)
			if i.Kind == "dynamic-import" {
				s.later = append(s.later, i.Path)
			}
		}
	}
	n.scans[name] = s
	return s, nil
}

// isModule reports whether a script is a module: a document starts it as one, or
// it imports or exports something.
func (n *namer) isModule(name string) (bool, error) {
	if path.Ext(name) != ".js" || n.started[name] {
		return n.started[name], nil
	}
	s, err := n.scan(name)
	return err == nil && s.module, err
}

// gather puts a module and all that it imports into texts, for a file in folder,
// and finishes the scripts among them that are no modules: they stay apart.
func (n *namer) gather(name, folder string, texts, apart map[string]string) error {
	if _, ok := texts[name]; ok {
		return nil
	}
	text, err := n.source(name, folder)
	if err != nil {
		return err
	}
	texts[name] = text
	s, err := n.scan(name)
	if err != nil {
		return err
	}
	for _, other := range s.names {
		module, err := n.isModule(other)
		if err == nil && module {
			err = n.gather(other, folder, texts, apart)
		} else if err == nil {
			apart[other], err = n.finish(other)
			apart[other] = specifier(relative(folder, apart[other]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// specifier is a relative path as imports have it.
func specifier(way string) string {
	if strings.HasPrefix(way, ".") {
		return way
	}
	return "./" + way
}

// module builds a module with all that it imports into a few files of its folder:
// what it needs, what it imports later, and what these share.
func (n *namer) module(entry string) error {
	texts, apart := map[string]string{}, map[string]string{}
	if err := n.gather(entry, path.Dir(entry), texts, apart); err != nil {
		return err
	}
	modules := slices.Collect(maps.Keys(texts))
	n.together(entry, texts)
	o := n.options
	// With esbuild's own hash in it a name can mean nothing else.
	o.Splitting, o.EntryNames, o.ChunkNames = true, "[name]-[hash]", "[name]-[hash]"
	result, m, err := esbuild(entry, texts, apart, o)
	if err != nil {
		return err
	}
	b := &bundling{namer: n, entry: entry, meta: m,
		texts: map[string]string{}, paths: map[string]string{}}
	for _, f := range result.OutputFiles {
		b.texts[path.Join(path.Dir(entry), filepath.Base(f.Path))] = string(f.Contents)
	}
	for _, name := range modules {
		n.bundled[name] = true
	}
	for output, about := range m.Outputs {
		if about.EntryPoint == space+":"+entry {
			b.first = m.needed(output, nil)
			_, err = b.finish(output)
			for _, other := range b.first[1:] {
				n.needs[entry] = append(n.needs[entry], b.paths[other])
			}
		}
	}
	return err
}

// together has whatever a module imports later need all that any of it shares with the module
// itself, which is there by then. So what they share is one file. By which of them needs what it
// was fifteen, which are more to ask for and compress worse.
func (n *namer) together(entry string, texts map[string]string) {
	first := n.atOnce(entry, texts, nil)
	shared := map[string]bool{} // of the first
	sharers := map[string]bool{}
	for name := range texts {
		for _, later := range n.scans[name].later {
			if slices.Contains(first, later) {
				continue
			}
			for _, needed := range n.atOnce(later, texts, nil) {
				if slices.Contains(first, needed) {
					shared[needed], sharers[later] = true, true
				}
			}
		}
	}
	all := strings.TrimSuffix(entry, ".js") + "-shared.js"
	imports := func(of string, name string) string {
		return fmt.Sprintf("\nimport %q;\n", specifier(relative(path.Dir(of), name)))
	}
	for _, name := range slices.Sorted(maps.Keys(shared)) {
		texts[all] += imports(all, name)
	}
	if len(sharers) == 0 {
		return
	}
	sharers[entry] = true // so that the list is in their file, too, and none by itself
	for name := range sharers {
		texts[name] += imports(name, all)
	}
}

// atOnce adds to seen a module of texts and all of them that have to run before it.
func (n *namer) atOnce(name string, texts map[string]string, seen []string) []string {
	if _, ok := texts[name]; !ok || slices.Contains(seen, name) {
		return seen
	}
	seen = append(seen, name)
	s := n.scans[name]
	for _, other := range s.names {
		if !slices.Contains(s.later, other) {
			seen = n.atOnce(other, texts, seen)
		}
	}
	return seen
}

// bundling is a module on its way into its files. They are named as all files
// are, each after those that it imports.
type bundling struct {
	*namer
	entry  string
	meta   metafile
	texts  map[string]string // by the path that esbuild gives
	paths  map[string]string // from that to the one in the built page; empty while it is not known
	first  []string          // outputs that run before the module
	shared int
}

// The names of what several parts of a module share: the module itself among them, or only such as
// it imports later.
const (
	shared      = "%s-%d.js"
	sharedLater = "%s-later-%d.js"
)

// finish returns the path that an output has in the built page.
func (b *bundling) finish(output string) (string, error) {
	if to, ok := b.paths[output]; ok {
		if to == "" {
			return "", fmt.Errorf("%s names itself in a circle, so its hash has no end", b.entry)
		}
		return to, nil
	}
	b.paths[output] = ""
	about, text := b.meta.Outputs[output], b.texts[output]
	for _, i := range about.Imports {
		if i.External {
			continue
		}
		to, err := b.finish(i.Path)
		if err != nil {
			return "", err
		}
		text = strings.ReplaceAll(text, "./"+path.Base(i.Path),
			specifier(relative(path.Dir(b.entry), to)))
	}
	name := strings.TrimPrefix(about.EntryPoint, space+":")
	f, taken := b.done[name]
	if taken && string(f.Data) == text { // another document has it, too
		b.paths[output] = f.Path
		return f.Path, nil
	}
	if taken || name == "" {
		b.shared++
		part := shared
		if !slices.Contains(b.first, output) {
			part = sharedLater
		}
		name = fmt.Sprintf(part, strings.TrimSuffix(b.entry, ".js"), b.shared)
		if folder := b.folder(output); folder != "" {
			name = path.Join(folder, path.Base(name))
		}
	}
	to := hashed(path.Join(path.Dir(b.entry), path.Base(name)), []byte(text))
	b.done[name], b.paths[output] = file{Path: to, Name: name, Data: []byte(text)}, to
	return to, nil
}

// folder is the folder of all modules that a shared file holds, where they are of one: its name
// says so, since what comes late is known by its folder. It is empty for modules of several, and
// for those that the entry needs at once.
func (b *bundling) folder(output string) string {
	if slices.Contains(b.first, output) {
		return ""
	}
	folder := ""
	for input := range b.meta.Outputs[output].Inputs {
		of := path.Dir(strings.TrimPrefix(input, space+":"))
		if folder != "" && folder != of {
			return ""
		}
		folder = of
	}
	return folder
}

// needed adds to seen an output and all that has to run before it.
func (m *metafile) needed(output string, seen []string) []string {
	if slices.Contains(seen, output) {
		return seen
	}
	seen = append(seen, output)
	for _, i := range m.Outputs[output].Imports {
		if i.Kind == "import-statement" && !i.External {
			seen = m.needed(i.Path, seen)
		}
	}
	return seen
}
