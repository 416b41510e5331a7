// Pack builds the page: it compiles the WebAssembly programs and gathers them
// with the page's own files, Go's loader and the weights in one folder that any
// static host can serve, at any path.
//
//	go run ./tools/pack [-best] [-readable] [-address https://example.org/tweedie/] [-o web/dist]
//	                                           build the folder; -best spends minutes on
//	                                           the compressed files, for publishing;
//	                                           -readable leaves scripts as they were
//	                                           written, for debugging; links to -address
//	                                           are shown with a picture
//	go run ./tools/pack site -checkpoint PATH [-title TEXT] [-o mysite] [-- convert's flags]
//	                                           convert a checkpoint and build a site of
//	                                           it alone, with a file that opens offline
//	go run ./tools/pack card                   draw that picture, web/card.png
//	go run ./tools/pack single [-o tweedie.html] [-model digits,…] [-recipe 'm=digits&c=7']
//	                                           one document that opens without a server
//	go run ./tools/pack single -lab [-o tweedie.html] [-recipe 'd=moons&p=x0']
//	                                           and the lab in one
//	go run ./tools/pack size [-quick] [-o web/dist] [-budget tools/pack/sizes.json]
//	                                           print what a visitor downloads and
//	                                           fail if a file is over its budget
//
// The folder repeats the layout of the repository: index.html, web/…, weights/…;
// the programs are beside the scripts as web/worker.wasm and so on. The module of
// a document is bundled with all that it imports. Every file but the entry points
// has the hash of its content in its name and may be kept forever; scripts and
// style sheets are minified; what compression makes smaller has a .gz and a .br
// beside it. files.json lists every file with its size and hash, web/models.json
// every model. Nothing is fetched.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"tweedie/tools/pack/program"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			os.Exit(2)
		}
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// run carries out one command line.
func run(args []string) error {
	command := "build"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, args = args[0], args[1:]
	}
	switch command {
	case "single":
		return single(args)
	case "card":
		return card(args)
	case "site":
		return site(args)
	}
	flags := flag.NewFlagSet("pack "+command, flag.ContinueOnError)
	dist := flags.String("o", "web/dist", "`folder` of the built page")
	budget := flags.String("budget", "tools/pack/sizes.json",
		"`file` of the largest sizes allowed (size only)")
	quick := flags.Bool("quick", false, "leave out brotli, which takes minutes (size only)")
	address := flags.String("address", "",
		"`address` that the page is going to have, for link previews (build only)")
	best := flags.Bool("best", false, "spend minutes on the smallest files (build only)")
	readable := flags.Bool("readable",
		false, "leave scripts and style sheets as they were written (build only)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 0 {
		return fmt.Errorf("%q is not expected", flags.Arg(0))
	}
	switch command {
	case "build":
		options := minify
		if *readable {
			options = api.BuildOptions{}
		}
		return build(*dist, *address, *best, options)
	case "size":
		return size(os.Stdout, *dist, *budget, *quick)
	}
	return fmt.Errorf("there is no command %q; there are build, site, single, card and size",
		command)
}

// build assembles the page and writes it to dist.
func build(dist, address string, best bool, options api.BuildOptions) error {
	root, err := repository()
	if err != nil {
		return err
	}
	e := own(root)
	files, err := e.assemble()
	if err != nil {
		return err
	}
	_, info, err := e.open()
	if err != nil {
		return err
	}
	if err := offering(files, info, e.first()); err != nil {
		return err
	}
	files = marked(files, "opening", e.opens, "index.html")
	if address == "" {
		fmt.Println("Without -address, links to the page are shown without a picture.")
	} else if address, err = siteAddress(address); err != nil {
		return err
	} else if files, err = previewed(files, address, ownPreview); err != nil {
		return err
	}
	if files, err = named(files, e.model, options); err != nil {
		return err
	}
	if err := write(dist, files, newSqueezer(root, best)); err != nil {
		return err
	}
	total := 0
	for _, f := range files {
		total += len(f.Data)
	}
	fmt.Printf("%s: %d files, %.1f MB\n", filepath.ToSlash(dist), len(files), float64(total)/1e6)
	return nil
}

// repository returns the folder of this module.
func repository() (string, error) {
	file, err := program.Go("", nil, "env", "GOMOD")
	if err != nil {
		return "", err
	}
	if file == "" || file == os.DevNull {
		return "", errors.New("this is to be run inside the repository")
	}
	return filepath.Dir(file), nil
}
