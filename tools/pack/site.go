package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/tools/convert/conversion"
	"tweedie/tools/pack/list"
	"tweedie/weights"
)

// siteOptions are the command line of `pack site`.
type siteOptions struct {
	checkpoint, out, name, title, address string
	best                                  bool
	convert                               []string // further flags of tools/convert
}

const siteUsage = `usage: pack site -checkpoint PATH [-title TEXT] [-size N] [-o FOLDER] [flags]
                 [-- flags of tools/convert]

Converts a checkpoint and builds a site of that model alone: a folder for any static host, with a
file in it that opens without one.

`

// site carries out the command line of `pack site`.
func site(args []string) error {
	o, err := siteArguments(args)
	if err != nil {
		return err
	}
	if err := vacant(o.out); err != nil {
		return err
	}
	root, err := repository()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "tweedie-site-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	e := edition{root: root, folder: folder, model: o.name, visited: true}
	if err := e.convert(o); err != nil {
		return err
	}
	return e.publish(o)
}

func siteArguments(args []string) (siteOptions, error) {
	var o siteOptions
	f := flag.NewFlagSet("pack site", flag.ContinueOnError)
	f.StringVar(&o.checkpoint, "checkpoint", "", "`path` of the checkpoint, a file or a folder")
	f.StringVar(&o.out, "o", "mysite", "`folder` of the site")
	f.StringVar(&o.name, "name", "",
		"`name` of the model in recipes (default: made of the title, or of the checkpoint's name)")
	f.StringVar(&o.title, "title", "", "the model's `name` for people")
	f.StringVar(&o.address, "address", "",
		"`address` that the site is going to have, for link previews")
	f.BoolVar(&o.best, "best", false, "spend minutes on the smallest files")
	for _, name := range []string{"classes", "licence", "data", "size"} {
		f.Func(name, "as tools/convert has it", func(text string) error {
			o.convert = append(o.convert, "-"+name, text)
			return nil
		})
	}
	f.Usage = func() {
		fmt.Fprint(f.Output(), siteUsage)
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for _, flag := range f.Args() {
		name := strings.TrimLeft(flag, "-")
		if name, _, _ = strings.Cut(name, "="); flag != name && slices.Contains(ownFlags, name) {
			return o, fmt.Errorf("-%s is pack site's own: it stands before --", name)
		}
	}
	o.convert = append(o.convert, f.Args()...)
	if o.checkpoint == "" {
		return o, errors.New("name the checkpoint with -checkpoint")
	}
	if f.NArg() > 0 && !strings.HasPrefix(f.Arg(0), "-") {
		return o, fmt.Errorf("%q is not expected; flags of tools/convert stand behind --", f.Arg(0))
	}
	if o.address != "" {
		var err error
		if o.address, err = siteAddress(o.address); err != nil {
			return o, err
		}
	}
	return o, o.called()
}

// ownFlags are flags of tools/convert that pack site sets itself.
var ownFlags = []string{"o", "title", "brief", "info", "set", "families"}

// vacant refuses a folder that holds something else than a site that pack has written: a page there
// would be overwritten.
func vacant(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if info, wrong := os.Stat(folder); wrong == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file: name a folder with -o", folder)
	} else if err != nil {
		return err
	}
	if _, err := list.Read(os.DirFS(folder)); err != nil {
		return fmt.Errorf("%s is not empty, and was not written by pack: name another folder with "+
			"-o", folder)
	}
	return nil
}

// called fills in the model's name.
func (o *siteOptions) called() error {
	if o.name != "" {
		if !conversion.IsModelName(o.name) {
			return fmt.Errorf("-name %q: want letters, digits, dashes and dots, as in small-birds",
				o.name)
		}
		return nil
	}
	absolute, err := filepath.Abs(o.checkpoint)
	if err != nil {
		return err
	}
	file := strings.TrimSuffix(filepath.Base(absolute), filepath.Ext(absolute))
	o.name = conversion.ModelName(o.title, file)
	return nil
}

// convert writes the model's weights and its thumbnail into the edition's folder.
func (e edition) convert(o siteOptions) error {
	checkpoint, err := filepath.Abs(o.checkpoint)
	if err != nil {
		return err
	}
	out := filepath.Join(e.folder, e.model+".safetensors")
	args := []string{"run", "./tools/convert", "-brief", "-o", out}
	if o.title != "" {
		args = append(args, "-title", o.title)
	}
	args = append(append(args, o.convert...), checkpoint)
	if err := e.run(os.Stdout, args...); err != nil {
		return err
	}
	return e.run(io.Discard, "run", "./tools/pack/thumbnails", "-weights", e.folder, e.model)
}

// errSaid is the error of a program that has said itself what is wrong.
var errSaid = errors.New("the site was not built")

// run runs the go command in the repository, with vector instructions, which change no byte. What
// it prints goes to stdout, and what is wrong is shown.
func (e edition) run(stdout io.Writer, args ...string) error {
	c := exec.Command("go", args...)
	c.Dir = e.root
	c.Env = append(os.Environ(), "GOEXPERIMENT=simd")
	c.Stdout, c.Stderr = stdout, os.Stderr
	var exit *exec.ExitError
	if err := c.Run(); errors.As(err, &exit) {
		return errSaid
	} else if err != nil {
		return err
	}
	return nil
}

// open reads the model that the page opens with.
func (e edition) open() ([]byte, recipe.Info, error) {
	data, err := os.ReadFile(filepath.Join(e.folder, e.model+".safetensors"))
	if err != nil {
		return nil, recipe.Info{}, err
	}
	parsed, err := weights.Parse(data)
	if err != nil {
		return nil, recipe.Info{}, err
	}
	_, info, err := model.OpenFile(e.model, parsed, picture.Hash(data))
	return data, info, err
}

// publish builds the site and says what to do with it.
func (e edition) publish(o siteOptions) error {
	data, info, err := e.open()
	if err != nil {
		return err
	}
	title := oneLine(cmp.Or(info.Title, e.model))
	files, err := e.assemble()
	if err != nil {
		return err
	}
	if err := offering(files, info); err != nil {
		return err
	}
	offline, err := choice{models: []string{e.model}}.document(files)
	if err != nil {
		return err
	}
	files = marked(files, "model", e.model, pageRoom.page, pageRoom.player)
	files = withoutCourse(files)
	drawn, err := drawCard(data, siteCard(e.model, info))
	if err != nil {
		return err
	}
	for i := range files {
		if files[i].Path == cardName {
			files[i].Data = drawn
		}
	}
	if o.address != "" {
		p := preview{title: title, alt: title + ": pictures drawn out of noise in eight steps.",
			recipe: "m=" + e.model}
		if files, err = previewed(files, o.address, p); err != nil {
			return err
		}
	}
	if files, err = named(files, e.model, minify); err != nil {
		return err
	}
	if err := write(o.out, files, newSqueezer(e.root, o.best)); err != nil {
		return err
	}
	extras := map[string][]byte{
		e.model + ".html": offline, "card.png": drawn, "badge.svg": badge(title),
	}
	for name, data := range extras {
		if err := os.WriteFile(filepath.Join(o.out, name), data, 0o666); err != nil {
			return err
		}
	}
	fmt.Print(siteReport(o, e.model, title, len(offline)))
	return nil
}

// oneLine is a title without what turns or breaks a line, and what XML has no letter for.
func oneLine(title string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || r == utf8.RuneError ||
			unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, title)), " ")
}

// marked gives the root of documents an attribute that tells the page's scripts something.
func marked(files []file, attribute, value string, pages ...string) []file {
	for i, f := range files {
		if slices.Contains(pages, f.Path) {
			files[i].Data = bytes.Replace(f.Data, []byte(rootMark),
				fmt.Appendf(nil, "%s data-%s=\"%s\"", rootMark, attribute,
					html.EscapeString(value)), 1)
		}
	}
	return files
}

// siteCard is the run that the card of a site shows.
func siteCard(name string, info recipe.Info) string {
	text := "m=" + name + "&n=4&s=5&steps=12"
	if len(info.Classes) > 0 {
		text += "&c=all"
	}
	return text
}

// firstWide is where Unicode's Asian letters begin; what comes before is mostly narrow.
const firstWide = 0x1100

// badge is a picture for a README: what it leads to, and the model's title.
func badge(title string) []byte {
	const left, letter, wide, space = "runs in your browser", 6.4, 12.0, 16.0
	a, b := space+letter*float64(len(left)), space
	for _, r := range title {
		if r < firstWide {
			b += letter
		} else {
			b += wide
		}
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0[1]f" height="20" `+
		`role="img" aria-label="%[3]s, %[4]s">`+
		`<rect width="%.0[2]f" height="20" rx="3" fill="#0e1014"/>`+
		`<rect x="%.1[5]f" width="%.1[6]f" height="20" rx="3" fill="#2a6f97"/>`+
		`<g fill="#fff" text-anchor="middle" font-family="sans-serif" font-size="11">`+
		`<text x="%.1[7]f" y="14">%[4]s</text><text x="%.1[8]f" y="14">%[3]s</text></g></svg>`+"\n",
		a+b, a+b, html.EscapeString(title), left, a, b, a/2, a+b/2)
}

// markdown writes a title into a picture's text.
var markdown = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, "*", `\*`, "_",
	`\_`, "&", `\&`, "`", "\\`", "!", `\!`)

// plainInShell reports whether a shell reads a letter as it is.
func plainInShell(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/._-+,@%:", r)
}

// siteReport says where everything is.
func siteReport(o siteOptions, name, title string, offline int) string {
	address := o.address
	if address == "" {
		address = "https://YOUR-SITE/"
	}
	out := filepath.ToSlash(o.out)
	folder := out
	if strings.ContainsFunc(out, func(r rune) bool { return !plainInShell(r) }) {
		folder = "'" + strings.ReplaceAll(out, "'", `'\''`) + "'"
	}
	return fmt.Sprintf(`
The site       %[1]s, for any static host at any path (make run MODEL=%[6]s shows it here)
Offline file   %[1]s/%[2]s.html, %.1[3]f MB, opens without a server
Embed tag      <script src="%[4]sweb/embed.js" async></script>
               <tweedie-sampler model="%[2]s" controls></tweedie-sampler>
README badge   [![%[5]s runs in your browser](%[4]sbadge.svg)](%[4]s)
`, out, name, float64(offline)/1e6, address, markdown.Replace(title), folder)
}
