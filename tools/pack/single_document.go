package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
)

// singleScript runs before the page's own modules, as one of them.
//
//go:embed single.js
var singleScript string

const singleName = "web/single.js"

// spared are modules that a single file never imports: it converts nothing, and loads nothing from
// the web.
var spared = []string{"web/own/conversion.js", "web/own/fetched.js"}

// What of index.html is replaced. Each is there at least once, or the page has
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

// skeletonName is the single file without what differs from one to the next. The
// page makes one of it as well (web/files/demo.js), so it is a file of the site.
const skeletonName = "web/single.html"

// Where the skeleton takes in what it carries, and what it opens with: at the
// first of each, since its scripts come later and may say the same.
const (
	carryMark = `<template id="carried"></template>`
	rootMark  = "<html"
)

// parts are the files that every single file carries beside its models and
// their list.
var parts = []string{skeletonName, "web/worker.wasm", "web/worker-scalar.wasm", "web/viewer.wasm"}

// document makes the single file of a page's files.
func (c choice) document(files []file) ([]byte, error) {
	held := make(map[string][]byte, len(files))
	for _, f := range files {
		held[f.Path] = f.Data
	}
	frame, err := skeleton(files)
	if err != nil {
		return nil, err
	}
	held[skeletonName] = frame.Data
	list, err := c.list(files)
	if err != nil {
		return nil, err
	}
	held[list.Path] = list.Data
	if held[thumbnailsName], err = thumbnailsOf(held[thumbnailsName], c.models); err != nil {
		return nil, fmt.Errorf("%s: %w", thumbnailsName, err)
	}
	carried := append(slices.Clone(parts), list.Path, thumbnailsName)
	for _, name := range c.models {
		carried = append(carried, "weights/"+name+".safetensors")
	}
	var elements strings.Builder
	for _, name := range carried {
		data, ok := held[name]
		if !ok {
			return nil, fmt.Errorf("%s is no file of the page", name)
		}
		elements.WriteString(element(name, data))
	}
	root := fmt.Sprintf("%s data-model=%q", rootMark, html.EscapeString(c.models[0]))
	if c.recipe != "" {
		root += fmt.Sprintf(" data-recipe=%q", html.EscapeString(c.recipe))
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

// skeleton makes the part of the single file that is always the same: the page
// with its styles and scripts, and the documents of its worker and its viewer.
func skeleton(files []file) (file, error) {
	held := make(map[string][]byte, len(files))
	for _, f := range files {
		held[f.Path] = f.Data
	}
	page, ok := held["index.html"]
	if !ok {
		return file{}, fmt.Errorf("index.html is no file of the page")
	}
	d := &document{held: held, text: string(page)}
	d.styles()
	d.icon()
	d.script()
	d.data.WriteString(element("web/engine/worker.js",
		[]byte(d.short("web/wasm_exec.js")+d.short("web/engine/worker.js"))))
	d.data.WriteString(element("web/viewer/frame.html", []byte(d.stage())))
	d.data.WriteString(carryMark)
	data, err := d.finish()
	return file{Path: skeletonName, Data: data}, err
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

// replace replaces every match, of which there must be one.
func (d *document) replace(form *regexp.Regexp, with func(match []string) string) {
	if !form.MatchString(d.text) {
		d.fail(fmt.Errorf("index.html has nothing like %s", form))
	}
	d.text = form.ReplaceAllStringFunc(d.text,
		func(match string) string { return with(form.FindStringSubmatch(match)) })
}

// styles puts the style sheets into the document.
func (d *document) styles() {
	d.replace(styleLink, func(match []string) string { return d.sheet(match[1]) })
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
		svg := base64.StdEncoding.EncodeToString(d.file(match[1]))
		return `<link rel="icon" href="data:image/svg+xml;base64,` + svg + `">`
	})
}

// script bundles the page's modules and takes out what only a site has.
func (d *document) script() {
	d.replace(mainScript, func(match []string) string {
		d.held[singleName] = []byte(singleScript)
		for _, name := range spared {
			d.file(name)
			d.held[name] = []byte("export {};\n")
		}
		text, err := bundle(d.held, singleName, match[1])
		if err != nil {
			d.fail(err)
		}
		// A file has no origin that its address would tell.
		text = strings.ReplaceAll(text, "location.origin", "self.origin")
		d.module += d.inline(`<script type="module">`, text)
		return ""
	})
	d.text = plainScript.ReplaceAllStringFunc(d.text, func(tag string) string {
		return d.inline("<script>", d.short(plainScript.FindStringSubmatch(tag)[1]))
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
			d.fail(fmt.Errorf("index.html would still ask for a file: %s", tag))
		}
	}
	end := strings.LastIndex(d.text, "</body>")
	if end < 0 {
		d.fail(fmt.Errorf("index.html has no end of its body"))
	}
	if !strings.Contains(d.text[:max(end, 0)], rootMark) || strings.Contains(d.text, carryMark) {
		d.fail(fmt.Errorf("index.html has to have %s and must not have %s", rootMark, carryMark))
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
