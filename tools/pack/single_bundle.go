package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// The page's modules use few forms of import and export, each at the beginning
// of a line. Those few are understood here; any other is an error that names
// the file, so that a form that is new cannot be misread.
var (
	importForm   = regexp.MustCompile(`(?ms)^import\s+(?:([^'";]*?)\s*from\s*)?'([^']+)';[ \t]*$`)
	exportList   = regexp.MustCompile(`(?ms)^export\s*\{([^}]*)\};[ \t]*$`)
	exportValue  = regexp.MustCompile(`(?m)^export (async function|function|class|const|let) ([\w$]+)`)
	exportWhole  = regexp.MustCompile(`(?m)^export default `)
	importClause = regexp.MustCompile(`(?s)^(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\})?$`)
	laterImport  = regexp.MustCompile(`(?m)^([^*\n/]*)\bimport\('([^']+)'\)`)
	wholeImport  = regexp.MustCompile(`^\*\s+as\s+([\w$]+)$`)
	leftOver     = regexp.MustCompile(`(?m)^(?:import|export)\b.*$|^[^*\n/]*\bimport\(.*$`)
)

// bundler turns modules into one script: each becomes a function that is called
// once, after those that it imports, and gives what it exports. Exports are
// getters, so a binding that changes is seen to change.
type bundler struct {
	files map[string][]byte // by path
	names map[string]string // variable of each module that is done, "" while it is begun
	done  int
	out   strings.Builder
}

// bundle returns the module entry with all that it imports as one script. The
// script may say import.meta.url only for addresses inside the page.
func bundle(files map[string][]byte, entry string) (string, error) {
	b := &bundler{files: files, names: map[string]string{}}
	if err := b.module(entry); err != nil {
		return "", err
	}
	return b.out.String(), nil
}

// module writes one module after those that it imports.
func (b *bundler) module(name string) error {
	source, ok := b.files[name]
	if !ok {
		return fmt.Errorf("%s is imported, but is no file of the page", name)
	}
	if done, begun := b.names[name]; begun {
		if done == "" {
			return fmt.Errorf("%s imports itself in a circle, which one file cannot", name)
		}
		return nil
	}
	b.names[name] = ""
	text := string(source)
	for _, form := range append(importForm.FindAllStringSubmatch(text, -1), laterImport.FindAllStringSubmatch(text, -1)...) {
		if !strings.HasPrefix(form[2], ".") {
			return fmt.Errorf("%s imports %q, which is no relative path", name, form[2])
		}
		if err := b.module(path.Join(path.Dir(name), form[2])); err != nil {
			return err
		}
	}
	body, exports, err := b.translate(name, text)
	if err != nil {
		return err
	}
	b.done++
	variable := fmt.Sprintf("$%d", b.done)
	b.names[name] = variable
	fmt.Fprintf(&b.out, "// %s\nconst %s = (() => {\n%s\nreturn { %s };\n})();\n", name, variable, body, strings.Join(exports, " "))
	return nil
}

// translate replaces imports and exports, and lists the exports as getters.
func (b *bundler) translate(name, text string) (body string, exports []string, err error) {
	text = importForm.ReplaceAllStringFunc(text, func(line string) string {
		form := importForm.FindStringSubmatch(line)
		from := b.names[path.Join(path.Dir(name), form[2])]
		names, clauseErr := clause(form[1])
		if clauseErr != nil {
			err = fmt.Errorf("%s: %w", name, clauseErr)
		}
		return strings.ReplaceAll(names, "FROM", from)
	})
	if err != nil {
		return "", nil, err
	}
	// What a site fetches when it is wanted is here already.
	text = laterImport.ReplaceAllStringFunc(text, func(line string) string {
		form := laterImport.FindStringSubmatch(line)
		return form[1] + "Promise.resolve(" + b.names[path.Join(path.Dir(name), form[2])] + ")"
	})
	export := func(as, local string) {
		exports = append(exports, fmt.Sprintf("get %s() { return %s; },", as, local))
	}
	for _, form := range exportValue.FindAllStringSubmatch(text, -1) {
		export(form[2], form[2])
	}
	text = exportValue.ReplaceAllString(text, "$1 $2")
	for _, form := range exportList.FindAllStringSubmatch(text, -1) {
		for _, item := range items(form[1]) {
			export(item.as, item.name)
		}
	}
	text = exportList.ReplaceAllString(text, "")
	if exportWhole.MatchString(text) {
		export("default", "$default")
		text = exportWhole.ReplaceAllString(text, "const $$default = ")
	}
	if line := leftOver.FindString(text); line != "" {
		return "", nil, fmt.Errorf("%s: the single file cannot be made with %q", name, line)
	}
	here := fmt.Sprintf("new URL(%q, document.baseURI).href", name)
	return strings.ReplaceAll(text, "import.meta.url", here), exports, nil
}

// clause turns what an import names into constants of the module FROM.
func clause(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if whole := wholeImport.FindStringSubmatch(text); whole != nil {
		return "const " + whole[1] + " = FROM;", nil
	}
	form := importClause.FindStringSubmatch(text)
	if form == nil {
		return "", fmt.Errorf("the single file cannot be made with import %s", text)
	}
	var names []string
	if form[1] != "" {
		names = append(names, "default: "+form[1])
	}
	for _, item := range items(form[2]) {
		names = append(names, item.name+": "+item.as)
	}
	return "const { " + strings.Join(names, ", ") + " } = FROM;", nil
}

// item is one name of a list in braces.
type item struct{ name, as string }

// items reads "a, b as c".
func items(list string) []item {
	var all []item
	for part := range strings.SplitSeq(list, ",") {
		words := strings.Fields(part)
		switch {
		case len(words) == 1:
			all = append(all, item{words[0], words[0]})
		case len(words) == 3 && words[1] == "as":
			all = append(all, item{words[0], words[2]})
		}
	}
	return all
}
