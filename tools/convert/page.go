package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/tools/convert/conversion"
)

// page is the report as one HTML file, which loads nothing.
type page struct {
	Title    string
	Facts    [][2]string
	Log      string // what the conversion said, and the checks
	Rows     []pageRow
	Recipe   string
	Pictures []pagePicture
	Problem  string // why there are no pictures
}

// pageRow is a tensor's rounding. Part is its error against the largest.
type pageRow struct {
	Name, Shape, Stored, RMS, Largest string
	Values, Rounded, Zero             int
	Part                              float64
}

// pagePicture is a grid of pictures, as a data: URL.
type pagePicture struct {
	Caption string
	URL     template.URL
	Width   int
}

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// writePage writes the report about a conversion. exact is the file with all tensors in float32.
func writePage(
	name string, f conversion.Facts, rows []conversion.Row, log string, stored, exact []byte,
) error {
	p := page{Title: cmp.Or(f.Metadata["title"], f.File), Facts: f.Lines(), Log: log}
	largest := 0.0
	for _, r := range rows {
		largest = max(largest, r.Counts.RMS())
	}
	for _, r := range rows {
		c := r.Counts
		part := 0.0
		if largest > 0 {
			part = 100 * c.RMS() / largest
		}
		p.Rows = append(p.Rows, pageRow{Name: r.Name, Shape: fmt.Sprint(r.Shape),
			Stored: fmt.Sprintf("%v → %v", r.From, r.To), Values: c.Values, Rounded: c.Inexact,
			Zero: c.Underflow, RMS: fmt.Sprintf("%.2g", c.RMS()),
			Largest: fmt.Sprintf("%.2g", c.Largest), Part: math.Round(10*part) / 10})
	}
	if f.Info.Channels == 0 {
		p.Problem = fmt.Sprintf("it is %v.", f.Kind)
	} else if err := p.draw(f, stored, exact); err != nil {
		p.Problem = strings.TrimPrefix(err.Error(), "solver: ")
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return err
	}
	return write(name, b.Bytes())
}

// drawnRecipe is what the report draws with both files. Few steps tell as much as many.
const drawnRecipe = "m=model&n=4&s=1&steps=20"

// draw makes the same pictures with the stored weights and with the exact ones.
func (p *page) draw(f conversion.Facts, stored, exact []byte) error {
	p.Recipe = drawnRecipe
	if len(f.Info.Classes) > 0 {
		p.Recipe += "&c=all"
	}
	before, c, h, w, err := pictures(exact, p.Recipe)
	if err != nil {
		return err
	}
	after, _, _, _, err := pictures(stored, p.Recipe)
	if err != nil {
		return err
	}
	differ := make([][]byte, len(before))
	most, off := 0, 0
	for i := range before {
		differ[i] = make([]byte, len(before[i]))
		for j, v := range before[i] {
			d := max(v, after[i][j]) - min(v, after[i][j])
			most = max(most, int(d))
			if d > 0 {
				off++
			}
			differ[i][j] = byte(min(255, 16*int(d)))
		}
	}
	p.Pictures = []pagePicture{
		grid("in float32", before, c, h, w), grid("as stored", after, c, h, w),
		grid(fmt.Sprintf("the difference, 16 times: %d of %d numbers differ, by %d of 255 at most",
			off, len(before)*c*h*w, most), differ, c, h, w),
	}
	return nil
}

// pictures runs a recipe on a weights file.
func pictures(b []byte, text string) (list [][]byte, c, h, w int, err error) {
	m, info, err := model.Open("model", b)
	if err != nil {
		return nil, 0, 0, 0, err
	}
	r, err := recipe.Parse(text)
	if err != nil {
		return nil, 0, 0, 0, err
	}
	run, err := sampler.NewRun(r, info, m)
	if err != nil {
		return nil, 0, 0, 0, err
	}
	c, h, w = info.Drawn()
	list = make([][]byte, run.Images())
	for run.Next() {
		if list[run.Image()] == nil {
			list[run.Image()] = make([]byte, c*h*w)
		}
		picture.Pixels(list[run.Image()], run.X(run.Image()), info.Channels, info.Height,
			info.Width)
	}
	return list, c, h, w, run.Err()
}

// grid is a picture of pictures side by side; of other channels than one and three the first is
// shown.
func grid(caption string, list [][]byte, c, h, w int) pagePicture {
	g := picture.NewGrid(len(list), len(list), w, h, 2)
	pixels := make([]byte, g.Width*g.Height*c)
	g.Draw(pixels, list, c, 0)
	by := max(1, 96/h)
	pixels = picture.Enlarge(pixels, c, g.Height, g.Width, by)
	img := image.NewRGBA(image.Rect(0, 0, by*g.Width, by*g.Height))
	for i := range len(pixels) / c {
		p := pixels[i*c:]
		v := color.RGBA{p[0], p[0], p[0], 255}
		if c == 3 {
			v = color.RGBA{p[0], p[1], p[2], 255}
		}
		img.SetRGBA(i%img.Rect.Dx(), i/img.Rect.Dx(), v)
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a buffer takes everything
	return pagePicture{Caption: caption, Width: img.Rect.Dx(), URL: template.URL(
		"data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))}
}
