package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// singleScript runs before the page's own modules, as one of them.
//
//go:embed single.js
var singleScript string

const singleName = "web/single.js"

// What of a document is replaced. Each is there at least once, or the document has
// changed in a way that the single file has to learn of.
var (
	styleLink = regexp.MustCompile(`[ \t]*<link rel="stylesheet" href="([^"]+)">\n?`)
	iconLink  = regexp.MustCompile(`<link rel="icon" href="([^"]+)" type="image/svg\+xml">`)
	siteLink  = regexp.MustCompile(
		`[ \t]*<link rel="(?:manifest|apple-touch-icon|modulepreload|preload)"[^>]*>\n?`)
	plainScript = regexp.MustCompile(`[ \t]*<script src="([^"]+)"></script>\n?`)
	mainScript  = regexp.MustCompile(`[ \t]*<script type="module" src="([^"]+)"></script>\n?`)
	policyMeta  = regexp.MustCompile(
		`(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)`)
	outside = regexp.MustCompile(
		`<(?:link|script|img|iframe)\b[^>]*\b(?:src|href)="[^"#]*\.[^"]*"[^>]*>`)
)

// Where a skeleton takes in what it carries, and what it opens with: at the first of each, since
// its scripts come later and may say the same.
const (
	carryMark = `<template id="carried"></template>`
	rootMark  = "<html"
)

// room is a document of the site that there is in one file, too.
type room struct {
	page string
	// skeleton is the single file without what differs from one to the next. The page makes one of
	// it as well (web/files/whole.js), so it is a file of the site.
	skeleton string
	worker   string   // the script of its workers
	asked    []string // files that its scripts ask for, which are the same in every single file
	spared   []string // modules that it never imports
	parts    []string // programs that every single file of it carries
}

var (
	// A single file converts nothing, and loads nothing from the web.
	firstRoom = room{page: "index.html", skeleton: "web/single.html",
		worker: "web/engine/worker.js",
		asked:  []string{courseName, "web/look/lessons.css", "web/look/lessons-page.css"},
		spared: []string{"web/own/conversion.js", "web/own/fetched.js"},
		parts:  []string{"web/worker.wasm", "web/worker-scalar.wasm", "web/viewer.wasm"}}
	labRoom = room{page: "web/lab.html", skeleton: "web/lab-single.html",
		worker: "web/lab/worker.js",
		asked:  []string{labCourseName, "web/look/lessons.css", "web/lab/lessons.css"},
		parts:  []string{"web/lab.wasm", "web/lab-scalar.wasm", "web/viewer.wasm"}}
)

// isSkeleton reports whether a file is the skeleton of a single one.
func isSkeleton(name string) bool {
	return name == firstRoom.skeleton || name == labRoom.skeleton
}

// document makes the single file of a page's files.
func (c choice) document(files []file) ([]byte, error) {
	if c.lab {
		return labRoom.fill(held(files), nil, [2]string{"recipe", c.recipe})
	}
	all := held(files)
	list, err := c.list(files)
	if err != nil {
		return nil, err
	}
	all[list.Path] = list.Data
	if all[thumbnailsName], err = thumbnailsOf(all[thumbnailsName], c.models); err != nil {
		return nil, fmt.Errorf("%s: %w", thumbnailsName, err)
	}
	carried := []string{list.Path, thumbnailsName}
	for _, name := range c.models {
		carried = append(carried, "weights/"+name+".safetensors")
	}
	return firstRoom.fill(all, carried, [2]string{"model", c.models[0]},
		[2]string{"recipe", c.recipe})
}

// held is the content of files by their paths.
func held(files []file) map[string][]byte {
	all := make(map[string][]byte, len(files))
	for _, f := range files {
		all[f.Path] = f.Data
	}
	return all
}

// fill makes a single file: it carries the room's own parts and further files, and its root has the
// attributes that are not empty.
func (r room) fill(held map[string][]byte, carried []string, attributes ...[2]string) ([]byte,
	error) {
	frame, err := r.frame(held)
	if err != nil {
		return nil, err
	}
	held[r.skeleton] = frame.Data
	var elements strings.Builder
	for _, name := range slices.Concat([]string{r.skeleton}, r.parts, carried) {
		data, ok := held[name]
		if !ok {
			return nil, fmt.Errorf("%s is no file of the page", name)
		}
		elements.WriteString(element(name, data))
	}
	root := rootMark
	for _, a := range attributes {
		if a[1] != "" {
			root += fmt.Sprintf(" data-%s=%q", a[0], html.EscapeString(a[1]))
		}
	}
	text := strings.Replace(string(frame.Data), rootMark, root, 1)
	return []byte(strings.Replace(text, carryMark, elements.String(), 1)), nil
}

// element holds a file in the single file.
func element(name string, data []byte) string {
	return fmt.Sprintf("<script type=\"application/gzip\" data-file=\"%s\" "+
		"data-bytes=\"%d\">%s</script>\n",
		html.EscapeString(name), len(data), base64.StdEncoding.EncodeToString(gzipped(data)))
}

// skeletons are those of all rooms.
func skeletons(files []file) (all []file, err error) {
	for _, r := range []room{firstRoom, labRoom} {
		frame, err := r.frame(held(files))
		if err != nil {
			return nil, err
		}
		all = append(all, frame)
	}
	return all, nil
}

// frame makes the part of the single file that is always the same: the page with its styles and
// scripts, and the documents of its worker and its viewer.
func (r room) frame(held map[string][]byte) (file, error) {
	page, ok := held[r.page]
	if !ok {
		return file{}, fmt.Errorf("%s is no file of the page", r.page)
	}
	d := &document{room: r, held: maps.Clone(held), text: string(page)}
	d.styles()
	d.icon()
	d.script()
	d.data.WriteString(element(r.worker, []byte(d.short("web/wasm_exec.js")+d.workerScript())))
	d.data.WriteString(element("web/viewer/frame.html", []byte(d.stage())))
	for _, name := range r.asked {
		d.data.WriteString(element(name, d.asked(name)))
	}
	d.data.WriteString(carryMark)
	data, err := d.finish()
	return file{Path: r.skeleton, Data: data}, err
}

// asked is a file that scripts ask for.
func (d *document) asked(name string) []byte {
	if path.Ext(name) == ".css" {
		return []byte(d.short(name))
	}
	return d.file(name)
}

// workerAddress is how the lab's worker names the program that it fetches. In a single file it asks
// its page for it (single.js).
const workerAddress = "new URL(name, scope.location.href)"

// workerScript is the room's worker, minified.
func (d *document) workerScript() string {
	if d.room.worker != labRoom.worker {
		return d.short(d.room.worker)
	}
	text := string(d.file(d.room.worker))
	if d.err == nil && strings.Count(text, workerAddress) != 1 {
		d.fail(fmt.Errorf("%s has no line with %s", d.room.worker, workerAddress))
	}
	d.held[d.room.worker] = []byte(strings.Replace(text, workerAddress, "name", 1))
	return d.short(d.room.worker)
}

// list is the list of the models that the file carries.
func (c choice) list(files []file) (file, error) {
	var carried []file
	for _, f := range files {
		name, isModel := strings.CutPrefix(f.Path, "weights/")
		if isModel && slices.Contains(c.models, strings.TrimSuffix(name, ".safetensors")) {
			carried = append(carried, f)
		}
	}
	return models(carried)
}

// document is a page on its way into one file.
type document struct {
	room    room
	held    map[string][]byte // the page's files by path
	text    string
	data    strings.Builder // elements that carry files
	scripts []string        // hashes of what may run, and of the styles
	sheets  []string
	module  string
	err     error // the first thing that went wrong
}

func (d *document) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// file is one of the page's files.
func (d *document) file(name string) []byte {
	data, ok := d.held[name]
	if !ok {
		d.fail(fmt.Errorf("%s is no file of the page", name))
	}
	return data
}

// at is the file that the document means by an address.
func (d *document) at(address string) string { return path.Join(path.Dir(d.room.page), address) }

// replace replaces every match, of which there must be one.
func (d *document) replace(form *regexp.Regexp, with func(match []string) string) {
	if !form.MatchString(d.text) {
		d.fail(fmt.Errorf("%s has nothing like %s", d.room.page, form))
	}
	d.text = form.ReplaceAllStringFunc(d.text,
		func(match string) string { return with(form.FindStringSubmatch(match)) })
}

// styles puts the style sheets into the document.
func (d *document) styles() {
	d.replace(styleLink, func(match []string) string { return d.sheet(d.at(match[1])) })
}

// sheet is a style element that the policy allows.
func (d *document) sheet(name string) string {
	css := d.short(name)
	d.sheets = append(d.sheets, hash(css))
	return "<style>" + css + "</style>\n"
}

// icon puts the icon into its link.
func (d *document) icon() {
	d.replace(iconLink, func(match []string) string {
		svg := base64.StdEncoding.EncodeToString(d.file(d.at(match[1])))
		return `<link rel="icon" href="data:image/svg+xml;base64,` + svg + `">`
	})
}

// script bundles the page's modules and takes out what only a site has.
func (d *document) script() {
	d.replace(mainScript, func(match []string) string {
		d.held[singleName] = []byte(singleScript)
		for _, name := range d.room.spared {
			d.file(name)
			d.held[name] = []byte("export {};\n")
		}
		text, err := bundle(d.held, singleName, d.at(match[1]))
		if err != nil {
			d.fail(err)
		}
		// A file has no origin that its address would tell.
		text = strings.ReplaceAll(text, "location.origin", "self.origin")
		d.module += d.inline(`<script type="module">`, text)
		return ""
	})
	d.text = plainScript.ReplaceAllStringFunc(d.text, func(tag string) string {
		return d.inline("<script>", d.short(d.at(plainScript.FindStringSubmatch(tag)[1])))
	})
	d.text = siteLink.ReplaceAllString(d.text, "")
}

// short is a script that is no module, or a style sheet, minified.
func (d *document) short(name string) string {
	text, err := minified(name, d.file(name))
	if err != nil {
		d.fail(err)
	}
	return string(text)
}

// inline is a script element that the policy allows.
func (d *document) inline(tag, text string) string {
	for _, mark := range []string{"</script", "<!--"} {
		if strings.Contains(text, mark) {
			d.fail(fmt.Errorf("a script holds %q, which ends a script element", mark))
		}
	}
	text = "\n" + strings.ReplaceAll(text, "\r\n", "\n")
	d.scripts = append(d.scripts, hash(text))
	return tag + text + "</script>\n"
}

// stage is the document of the viewer. It asks the page for its program.
func (d *document) stage() string {
	text, err := bundle(d.held, "web/viewer/frame.js")
	if err != nil {
		d.fail(err)
	}
	text = strings.ReplaceAll(text, "location.origin", "'*'")
	text = "globalThis.fetch = (name) => parent.fetch(`web/viewer/${name}`);\n" + text
	return "<!doctype html>\n<html lang=\"en\"><head><meta " +
		"charset=\"utf-8\"><title>Tweedie</title>\n" +
		d.sheet("web/viewer/frame.css") + d.inline("<script>", d.short("web/wasm_exec.js")) +
		d.inline(`<script type="module">`, text) + "</head><body></body></html>\n"
}

// finish puts everything in its place, under a policy that lets nothing run but
// what is in the file and lets nothing out.
func (d *document) finish() ([]byte, error) {
	d.replace(policyMeta, func(match []string) string {
		return match[1] + "default-src 'none'; script-src " + strings.Join(d.scripts, " ") +
			" 'wasm-unsafe-eval'; style-src " +
			strings.Join(d.sheets, " ") +
			"; img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'" +
			match[2]
	})
	for _, tag := range outside.FindAllString(d.text, -1) {
		if !strings.Contains(tag, `href="data:`) {
			d.fail(fmt.Errorf("%s would still ask for a file: %s", d.room.page, tag))
		}
	}
	end := strings.LastIndex(d.text, "</body>")
	if end < 0 {
		d.fail(fmt.Errorf("%s has no end of its body", d.room.page))
	}
	if !strings.Contains(d.text[:max(end, 0)], rootMark) || strings.Contains(d.text, carryMark) {
		d.fail(fmt.Errorf("%s has to have %s and must not have %s", d.room.page, rootMark,
			carryMark))
	}
	if d.err != nil {
		return nil, d.err
	}
	return []byte(d.text[:end] + d.data.String() + d.module + d.text[end:]), nil
}

// hash is the source expression of a policy that allows an inline text.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
