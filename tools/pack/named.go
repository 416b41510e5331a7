package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entryPoints are the files whose addresses others hold: people, hosts' pages,
// the browser's own record of an installed page. All others have a name with
// the hash of their content in it, so that a copy of one is right forever and a
// page never meets a file of another version under the name it asks for. That
// holds for models too: a recipe says m=digits, which no address contains.
var entryPoints = []string{
	"index.html", "web/embed.js", "web/player.html", "web/embed-builder.html", "web/lab.html",
	"web/lab-player.html", "web/bench.html", "web/lessons.html", "web/lessons.zh.html",
	pageRoom.oembed, labsRoom.oembed,
}

// tableName is the module that knows what became of the names that scripts ask
// for while the page runs; tableMark is its line that is replaced.
const (
	tableName = "web/load/files.js"
	tableMark = "const built = {};"
)

// Where files name each other outside of what esbuild reads: in documents, in
// the manifest, and in scripts in strings that are nothing but a path from the
// script's own folder (a worker's script, a program), unless they are what
// something is imported from, for which there may be a type in a comment.
var (
	attributeForm = regexp.MustCompile(`(\b(?:src|href|content)=")([^"#?:]+)(")`)
	memberForm    = regexp.MustCompile(`(")([^"]+\.\w+)(")`)
	moduleScript  = regexp.MustCompile(`([ \t]*)<script type="module" src="([^"]+)"></script>`)
	margin        = regexp.MustCompile(`\n[ \t]+`)
	literalForm   = regexp.MustCompile(`(\b(?:from|import)\b[\s(]*)?'((?:\.\./)*\w[\w./-]*\.\w+)'`)
)

// named gives the files of the page the names that they have when it is built,
// lets them name each other by those, and makes scripts and style sheets as
// options say. Modules are bundled. model is the one that the page opens with.
func named(files []file, model string, options api.BuildOptions) ([]file, error) {
	n := &namer{
		held: make(map[string][]byte, len(files)), options: options,
		done: map[string]file{}, begun: map[string]bool{}, started: map[string]bool{},
		scans: map[string]*scan{}, bundled: map[string]bool{}, needs: map[string][]string{},
	}
	for _, f := range files {
		n.held[f.Path] = f.Data
	}
	n.findStarted()
	n.joinSheets()
	for _, f := range files {
		module, err := n.isModule(f.Path)
		if err == nil && !module && f.Path != workerName && !n.bundled[f.Path] {
			_, err = n.finish(f.Path)
		}
		if err != nil {
			return nil, err
		}
	}
	for name, s := range n.scans {
		if s.module && !n.bundled[name] {
			return nil, fmt.Errorf("%s is a module that nothing imports", name)
		}
	}
	byPath := func(a, b file) int { return strings.Compare(a.Path, b.Path) }
	out := slices.SortedFunc(maps.Values(n.done), byPath)
	script, ok := n.held[workerName]
	if !ok {
		return out, nil
	}
	worker, err := serviceWorker(script, out, model)
	if err == nil {
		worker.Data, err = n.shorten(workerName, worker.Data)
	}
	out = append(append(out, copies(out)...), worker)
	return slices.SortedFunc(slices.Values(out), byPath), err
}

// namer finishes files after those that they name, since a name follows from
// the content and the content holds names.
type namer struct {
	held    map[string][]byte // by name in the repository
	options api.BuildOptions
	done    map[string]file // by name
	begun   map[string]bool
	started map[string]bool // scripts that documents start as modules
	scans   map[string]*scan
	bundled map[string]bool     // modules and style sheets that are in a file of others
	needs   map[string][]string // paths of what a started module needs besides its own file
}

// findStarted notes the scripts that documents start as modules.
func (n *namer) findStarted() {
	for name, data := range n.held {
		if path.Ext(name) != ".html" || isSkeleton(name) {
			continue
		}
		for _, found := range moduleScript.FindAllSubmatch(data, -1) {
			n.started[path.Join(path.Dir(name), string(found[2]))] = true
		}
	}
}

// finish returns the path that a file has in the built page.
func (n *namer) finish(name string) (string, error) {
	if name == workerName {
		return workerPath, nil // it comes last, since it names all others
	}
	if f, ok := n.done[name]; ok {
		return f.Path, nil
	}
	if n.begun[name] {
		return "", fmt.Errorf("%s names itself in a circle, so its hash has no end", name)
	}
	n.begun[name] = true
	if module, err := n.isModule(name); err != nil {
		return "", err
	} else if module {
		err := n.module(name)
		return n.done[name].Path, err
	}
	data, err := n.rewrite(name, n.held[name])
	if err != nil {
		return "", err
	}
	f := file{Path: name, Name: name, Data: data}
	if !slices.Contains(entryPoints, name) {
		f.Path = hashed(name, data)
	}
	n.done[name] = f
	return f.Path, nil
}

// hashed puts the beginning of data's hash into a name.
func hashed(name string, data []byte) string {
	sum := sha256.Sum256(data)
	ending := path.Ext(name)
	return strings.TrimSuffix(name, ending) + "." + hex.EncodeToString(sum[:6]) + ending
}

// rewrite returns a file's content with the names that others have now.
func (n *namer) rewrite(name string, data []byte) (_ []byte, err error) {
	switch path.Ext(name) {
	case ".js":
		text, err := n.source(name, path.Dir(name))
		if err != nil {
			return nil, err
		}
		return n.shorten(name, []byte(text))
	case ".css":
		return n.sheet(name)
	case ".html":
		if isSkeleton(name) {
			return data, nil // it asks for nothing, and its policy knows its scripts
		}
		if data, err = n.preload(name, data); err == nil {
			data, err = n.replace(attributeForm, name, data)
		}
		if n.options.MinifyWhitespace {
			data = margin.ReplaceAll(data, []byte("\n"))
		}
		return data, err
	case ".webmanifest":
		return n.replace(memberForm, name, data)
	}
	return data, nil
}

// shorten minifies a plain script unless it is to stay readable.
func (n *namer) shorten(name string, text []byte) ([]byte, error) {
	if !n.options.MinifyWhitespace {
		return text, nil
	}
	return minified(name, text)
}

// replace puts the names of now into the second part of every match.
func (n *namer) replace(form *regexp.Regexp, name string, data []byte) (_ []byte, err error) {
	data = form.ReplaceAllFunc(data, func(match []byte) []byte {
		part := form.FindSubmatch(match)
		to, failed := n.reference(name, string(part[2]))
		err = errors.Join(err, failed)
		return slices.Concat(part[1], []byte(to), part[3])
	})
	return data, err
}

// reference is what the file name has to say now where it said to: the same,
// unless that is a file with another name. Entry points keep theirs, and may name each other.
func (n *namer) reference(name, to string) (string, error) {
	target := path.Join(path.Dir(name), to)
	if _, ok := n.held[target]; !ok || slices.Contains(entryPoints, target) {
		return to, nil
	}
	built, err := n.finish(target)
	if err != nil || built == target {
		return to, err
	}
	return relative(path.Dir(name), built), nil
}

// relative is the way from a folder of the page to a file of it.
func relative(folder, to string) string {
	way, err := filepath.Rel(folder, to)
	if err != nil {
		panic("pack: a path of the page is no relative one")
	}
	return filepath.ToSlash(way)
}

// source is the text of a script with the names of now, for a file in a folder
// that need not be its own.
func (n *namer) source(name, folder string) (text string, err error) {
	data := n.held[name]
	if name == tableName {
		if data, err = n.table(data); err != nil {
			return "", err
		}
	}
	text = literalForm.ReplaceAllStringFunc(string(data), func(match string) string {
		part := literalForm.FindStringSubmatch(match)
		if part[1] != "" {
			return match
		}
		to, failed := n.reference(name, part[2])
		err = errors.Join(err, failed)
		return "'" + to + "'"
	})
	if own := path.Dir(name); own != folder {
		here := fmt.Sprintf("new URL(%q, import.meta.url).href", relative(folder, name))
		text = strings.ReplaceAll(text, "import.meta.url", here)
	}
	return text, err
}

// asked are the endings of files that scripts may ask for while the page runs,
// which are all that no document and no other file names.
var asked = []string{".wasm", ".safetensors", ".json", ".bin", ".js", ".html"}

// table fills in what became of the names that any script asks for.
func (n *namer) table(data []byte) ([]byte, error) {
	table := map[string][2]any{}
	for name := range n.held {
		module, err := n.isModule(name)
		if err != nil {
			return nil, err
		}
		if module || !slices.Contains(asked, path.Ext(name)) || slices.Contains(entryPoints, name) {
			continue
		}
		built, err := n.finish(name)
		if err != nil {
			return nil, err
		}
		table[name] = [2]any{built, len(n.done[name].Data)}
	}
	text, err := json.Marshal(table)
	if err != nil {
		return nil, err
	}
	if bytes.Count(data, []byte(tableMark)) != 1 {
		return nil, fmt.Errorf("%s has no line %q for the names of the built page",
			tableName, tableMark)
	}
	return bytes.Replace(data, []byte(tableMark), fmt.Appendf(nil, "const built = %s;", text), 1),
		nil
}

// preload names everything that a document's module needs before it can run, so
// that it is not found one level of imports after another.
func (n *namer) preload(name string, data []byte) (_ []byte, err error) {
	data = moduleScript.ReplaceAllFunc(data, func(match []byte) []byte {
		part := moduleScript.FindSubmatch(match)
		entry := path.Join(path.Dir(name), string(part[2]))
		_, failed := n.finish(entry)
		err = errors.Join(err, failed)
		var links []byte
		for _, needed := range n.needs[entry] {
			needed = relative(path.Dir(name), needed)
			links = fmt.Appendf(links, "%s<link rel=\"modulepreload\" href=\"%s\">\n",
				part[1], needed)
		}
		return append(links, match...)
	})
	return data, err
}
