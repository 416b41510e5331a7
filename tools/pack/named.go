package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// entryPoints are the files whose addresses others hold: people, hosts' pages,
// the browser's own record of an installed page. All others have a name with
// the hash of their content in it, so that a copy of one is right forever and a
// page never meets a file of another version under the name it asks for. That
// holds for models too: a recipe says m=digits, which no address contains.
var entryPoints = []string{
	"index.html", "web/embed.js", "web/player.html", "web/embed-builder.html", "web/bench.html",
	oembedName,
}

// tableName is the module that knows what became of the names that scripts ask
// for while the page runs; tableMark is its line that is replaced.
const (
	tableName = "web/load/files.js"
	tableMark = "const built = {};"
)

// Where files name each other. Scripts do so in imports, and in strings that
// are nothing but a path from the script's own folder (a worker's script, a
// program); what a JSDoc type is imported from begins with a dot.
var (
	importForm  = regexp.MustCompile(`(?ms)^import\s+(?:([^'";]*?)\s*from\s*)?'([^']+)';[ \t]*$`)
	laterImport = regexp.MustCompile(`(?m)^([^*\n/]*)\bimport\('([^']+)'\)`)
	// Any other form with a name in it would keep one that the built page does not have.
	leftOver      = regexp.MustCompile(`(?m)^import\b.*$|^export\s*(?:\*|\{[^}]*\})[^;\n]*\bfrom\b.*$|^[^*\n/]*\bimport\(["'\x60].*$`)
	exportForm    = regexp.MustCompile(`(?m)^export\b`)
	literalForm   = regexp.MustCompile(`'((?:\.\./)*\w[\w./-]*\.\w+)'`)
	attributeForm = regexp.MustCompile(`(\b(?:src|href|content)=")([^"#?:]+)(")`)
	styleForm     = regexp.MustCompile(`(\burl\(['"]?)([^'"():]+)(['"]?\))`)
	memberForm    = regexp.MustCompile(`(")([^"]+\.\w+)(")`)
	moduleScript  = regexp.MustCompile(`([ \t]*)<script type="module" src="([^"]+)"></script>`)
	loaderForm    = regexp.MustCompile(`\b(importScripts\(')([^']+)('\))`)
	askedForm     = regexp.MustCompile(`'((?:web|weights)/[\w./-]+)'`)
)

// named gives the files of the page the names that they have when it is built,
// lets them name each other by those, and puts scripts and style sheets through shorten.
func named(files []file, shorten shortener) ([]file, error) {
	n := &namer{held: make(map[string][]byte, len(files)), shorten: shorten, done: map[string]file{}, begun: map[string]bool{}}
	for _, f := range files {
		n.held[f.Path] = f.Data
	}
	out := make([]file, 0, len(files))
	for _, f := range files {
		if f.Path == workerName {
			continue
		}
		if _, err := n.finish(f.Path); err != nil {
			return nil, err
		}
		out = append(out, n.done[f.Path])
	}
	if script, ok := n.held[workerName]; ok {
		worker, err := serviceWorker(script, out)
		if err != nil {
			return nil, err
		}
		if worker.Data, err = shorten(workerName, worker.Data); err != nil {
			return nil, err
		}
		out = append(out, worker)
	}
	slices.SortFunc(out, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// namer finishes files after those that they name, since a name follows from
// the content and the content holds names.
type namer struct {
	held    map[string][]byte // by name in the repository
	shorten shortener
	done    map[string]file
	begun   map[string]bool
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
	data, err := n.rewrite(name, n.held[name])
	if ending := path.Ext(name); err == nil && (ending == ".js" || ending == ".css") {
		data, err = n.shorten(name, data)
	}
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
func (n *namer) rewrite(name string, data []byte) ([]byte, error) {
	var err error
	at := func(form *regexp.Regexp, text []byte) []byte {
		return form.ReplaceAllFunc(text, func(match []byte) []byte {
			part := form.FindSubmatch(match)
			to, failed := n.reference(name, string(part[2]))
			if err == nil {
				err = failed
			}
			return slices.Concat(part[1], []byte(to), part[3])
		})
	}
	switch path.Ext(name) {
	case ".js":
		if name == tableName {
			return n.table(data)
		}
		return n.script(name, string(data))
	case ".html":
		if name == skeletonName {
			return data, nil // it asks for nothing, and its policy knows its scripts
		}
		if data, err = n.preload(name, data); err == nil {
			data = at(attributeForm, data)
		}
	case ".css":
		data = at(styleForm, data)
	case ".webmanifest":
		data = at(memberForm, data)
	}
	return data, err
}

// reference is what the file name has to say now where it said to: the same,
// unless that is a file with another name.
func (n *namer) reference(name, to string) (string, error) {
	target := path.Join(path.Dir(name), to)
	if _, ok := n.held[target]; !ok {
		return to, nil
	}
	built, err := n.finish(target)
	if err != nil || built == target {
		return to, err
	}
	short, err := filepath.Rel(path.Dir(name), built)
	return filepath.ToSlash(short), err
}

// script rewrites imports, which have to name files of the page, and strings
// that do.
func (n *namer) script(name, text string) ([]byte, error) {
	if line := leftOver.FindString(laterImport.ReplaceAllString(importForm.ReplaceAllString(text, ""), "")); line != "" {
		return nil, fmt.Errorf("%s imports in a form that tools/pack does not know: %s", name, line)
	}
	var err error
	fail := func(failed error) {
		if err == nil {
			err = failed
		}
	}
	text = loaderForm.ReplaceAllStringFunc(text, func(match string) string {
		part := loaderForm.FindStringSubmatch(match)
		now, failed := n.reference(name, part[2])
		fail(failed)
		return part[1] + now + part[3]
	})
	text = literalForm.ReplaceAllStringFunc(text, func(match string) string {
		to := match[1 : len(match)-1]
		if strings.HasPrefix(to, "../") && path.Ext(to) == ".js" {
			return match // an import, or a type's
		}
		now, failed := n.reference(name, to)
		fail(failed)
		return "'" + now + "'"
	})
	imported := func(form *regexp.Regexp, line string) string {
		to := form.FindStringSubmatch(line)[2]
		target := path.Join(path.Dir(name), to)
		if _, ok := n.held[target]; !ok || !strings.HasPrefix(to, ".") {
			fail(fmt.Errorf("%s imports %q, which is no file of the page", name, to))
			return line
		}
		now, failed := n.reference(name, to)
		fail(failed)
		if !strings.HasPrefix(now, ".") {
			now = "./" + now
		}
		return strings.Replace(line, "'"+to+"'", "'"+now+"'", 1)
	}
	for _, form := range []*regexp.Regexp{importForm, laterImport} {
		text = form.ReplaceAllStringFunc(text, func(line string) string { return imported(form, line) })
	}
	return []byte(text), err
}

// table fills in what became of the names that any script asks for.
func (n *namer) table(data []byte) ([]byte, error) {
	var names []string
	for name, text := range n.held {
		if strings.HasPrefix(name, "weights/") {
			names = append(names, name)
		}
		if path.Ext(name) != ".js" {
			continue
		}
		for _, form := range askedForm.FindAllSubmatch(text, -1) {
			if _, ok := n.held[string(form[1])]; ok {
				names = append(names, string(form[1]))
			}
		}
	}
	slices.Sort(names)
	table := map[string][2]any{}
	for _, name := range slices.Compact(names) {
		if slices.Contains(entryPoints, name) {
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
		return nil, fmt.Errorf("%s has no line %q for the names of the built page", tableName, tableMark)
	}
	return bytes.Replace(data, []byte(tableMark), fmt.Appendf(nil, "const built = %s;", text), 1), nil
}

// preload names everything that a document's module imports, so that it is not
// found one level of imports after another.
func (n *namer) preload(name string, data []byte) ([]byte, error) {
	var err error
	data = moduleScript.ReplaceAllFunc(data, func(match []byte) []byte {
		part := moduleScript.FindSubmatch(match)
		entry := path.Join(path.Dir(name), string(part[2]))
		imported := map[string]bool{entry: true}
		var links []byte
		for _, module := range n.imports(entry, imported) {
			to, failed := filepath.Rel(path.Dir(name), module)
			if failed != nil {
				err = failed
			}
			links = fmt.Appendf(links, "%s<link rel=\"modulepreload\" href=\"%s\">\n", part[1], filepath.ToSlash(to))
		}
		return append(links, match...)
	})
	return data, err
}

// imports lists what a module needs and seen does not hold, in order.
func (n *namer) imports(module string, seen map[string]bool) []string {
	var all []string
	for _, form := range importForm.FindAllSubmatch(n.held[module], -1) {
		next := path.Join(path.Dir(module), string(form[2]))
		if seen[next] {
			continue
		}
		seen[next] = true
		all = append(append(all, next), n.imports(next, seen)...)
	}
	return all
}
