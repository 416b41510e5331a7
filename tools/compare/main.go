// Compare draws one picture with every sampler and several numbers of steps on
// one page. It shows what fewer steps cost with each sampler.
//
//	go run ./tools/compare [-weights weights/digits.safetensors] [-recipe 'c=7&s=3']
//	                       [-steps 5,10,20,50] [-o samplers.html]
//
// The page is one HTML file with the pictures inside; the rows are samplers and
// the columns numbers of steps, and each picture has its recipe. If a sampler
// cannot run the model, or not with so few steps, the reason stands in its
// place.
package main

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/model"
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		if err != flag.ErrHelp {
			fmt.Fprintln(os.Stderr, "compare:", err)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	weights := flags.String("weights", "weights/digits.safetensors", "`file` of the model")
	text := flags.String("recipe", "c=7&s=3", "`recipe` that all share; sampler and steps are set")
	list := flags.String("steps", "5,10,20,50", "numbers of `steps`, one column each")
	out := flags.String("o", "samplers.html", "`file` of the page")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 0 {
		return fmt.Errorf("the argument %q belongs to no flag", flags.Arg(0))
	}
	file, err := os.ReadFile(*weights)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(*weights), filepath.Ext(*weights))
	m, info, err := model.Open(name, file)
	if err != nil {
		return fmt.Errorf("%s: %w", *weights, err)
	}
	base, err := recipe.Parse(*text)
	if err != nil {
		return err
	}
	if err := base.Set("m", name); err != nil {
		return err
	}
	p := page{Title: info.Title, Steps: strings.Split(*list, ",")}
	for _, s := range solver.Samplers() {
		row := row{Sampler: s}
		for _, steps := range p.Steps {
			r := base
			if err := r.Set("k", s.Name); err != nil {
				return err
			}
			if err := r.Set("steps", strings.TrimSpace(steps)); err != nil {
				return err
			}
			c, err := draw(r, info, m)
			if err != nil {
				return err
			}
			row.Cells = append(row.Cells, c)
		}
		p.Rows = append(p.Rows, row)
		fmt.Fprintf(os.Stderr, "\r%d of %d samplers ", len(p.Rows), len(solver.Samplers()))
	}
	fmt.Fprintln(os.Stderr)
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return err
	}
	return os.WriteFile(*out, b.Bytes(), 0o666)
}

// page is the content of the template.
type page struct {
	Title string
	Steps []string
	Rows  []row
}

type row struct {
	Sampler solver.Sampler
	Cells   []cell
}

// cell is a picture, or the sentence that says why it is missing.
type cell struct {
	Picture template.URL
	Recipe  string
	Refused string
}

// draw makes the first picture of a recipe. If the recipe cannot be run, the
// cell holds the reason.
func draw(r recipe.Recipe, info recipe.Info, m network.Model) (cell, error) {
	run, err := sampler.NewRun(r, info, m)
	if err != nil {
		return cell{Refused: err.Error()}, nil
	}
	for run.Next() {
	}
	if run.Err() != nil {
		return cell{Refused: run.Err().Error()}, nil
	}
	pixels := make([]byte, info.Channels*info.Height*info.Width)
	picture.Pixels(pixels, run.X(0), info.Channels, info.Height, info.Width)
	img := image.NewRGBA(image.Rect(0, 0, info.Width, info.Height))
	for i := range info.Height * info.Width {
		for c := range 3 {
			img.Pix[4*i+c] = pixels[i*info.Channels+min(c, info.Channels-1)]
		}
		img.Pix[4*i+3] = 0xff
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return cell{}, err
	}
	final := run.Recipe()
	if err := final.Set("h", picture.Hash(pixels)); err != nil {
		return cell{}, err
	}
	return cell{Picture: template.URL("data:image/png;base64," +
		base64.StdEncoding.EncodeToString(b.Bytes())), Recipe: final.String()}, nil
}

var pageTemplate = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}: every sampler, several numbers of steps</title>
<style>
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark;
    font: 1rem/1.4 system-ui, sans-serif; }
  table { border-collapse: collapse; }
  th, td { padding: 0.25rem 0.5rem; text-align: start; vertical-align: middle; }
  thead th, td { text-align: center; }
  th small { display: block; max-width: 26rem; font-weight: 400; opacity: 0.75; }
  td small { display: block; max-width: 6rem; font-size: 0.7rem; opacity: 0.75; }
  img { display: block; width: 96px; height: auto; image-rendering: pixelated; }
</style>
<h1>{{.Title}}: every sampler, several numbers of steps</h1>
<table>
<thead><tr><th scope="col">Sampler</th>
  {{- range .Steps}}<th scope="col">{{.}} steps</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}
<tr><th scope="row">{{.Sampler.Title}}<small>{{.Sampler.Description}}</small></th>
{{- range .Cells}}<td>
  {{- if .Refused}}<small>{{.Refused}}</small>
  {{- else}}<img src="{{.Picture}}" alt="{{.Recipe}}" title="{{.Recipe}}">{{end}}</td>{{end}}</tr>
{{- end}}
</tbody>
</table>
</html>
`))
