package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler"
	"tweedie/sampler/noise"
	"tweedie/sampler/picture"
	"tweedie/tools/progress"
)

// near is how far a pixel may be from a colour, of 255 in each channel, to count as that colour.
const near = 4

// atOnce is the most pictures that a recipe makes.
const atOnce = 64

// drawn are pictures that a model made.
type drawn struct {
	pictures
	name  string // of the model, with its recipe
	first string // the recipe of the first ones
}

// work judges the real pictures, draws the models' and judges those.
func work(o options, stdout, stderr io.Writer) error {
	d, err := read(o.data)
	if err != nil {
		return err
	}
	each := o.n / d.classes
	if each < 2 {
		return fmt.Errorf("-n is %d, and two pictures of each of %d classes are the least", o.n,
			d.classes)
	}
	if err := d.enough(each); err != nil {
		return err
	}
	var all []drawn
	for _, weights := range o.weights {
		for _, text := range o.recipes {
			made, err := draw(o, d, weights, text, each, stderr)
			if err != nil {
				return err
			}
			all = append(all, made)
		}
	}
	fmt.Fprintln(stderr, "The classifier is being trained.")
	j, err := newJudge(d.train, d.classes, o.steps)
	if err != nil {
		return err
	}
	report(o, d, j, all, stdout)
	return save(o, d, all[0].pictures)
}

// enough says whether a draw has as many real pictures of each class.
func (d dataset) enough(each int) error {
	for c, those := range byClass(d.train.y, d.classes) {
		if len(those) < each {
			return fmt.Errorf("-n asks for %d pictures of each class, and the data set has %d of "+
				"class %d for training; take fewer", each, len(those), c)
		}
	}
	return nil
}

// draw makes a model's pictures by a recipe, class by class.
func draw(o options, d dataset, weights, text string, each int, stderr io.Writer) (drawn, error) {
	m, info, r, err := open(weights, text)
	if err != nil {
		return drawn{}, err
	}
	c, h, w := info.Drawn()
	if c != d.train.c || h != d.train.h || w != d.train.w || len(info.Classes) != d.classes {
		return drawn{}, fmt.Errorf("the model draws %d×%d with %d channels in %d classes, "+
			"and the data set has %d×%d with %d in %d", w, h, c, len(info.Classes), d.train.w,
			d.train.h, d.train.c, d.classes)
	}
	made := drawn{pictures: pictures{h: h, w: w, c: c}, name: info.Name}
	if text != "" {
		made.name += " " + text
	}
	bar := progress.New(stderr, each*d.classes, progressbar.OptionSetDescription("drawing"),
		progressbar.OptionShowCount())
	defer func() { _ = bar.Clear() }()
	for class, name := range info.Classes {
		for from := 0; from < each; from += atOnce {
			n := min(atOnce, each-from)
			seed := o.seed + uint64(class*each+from)
			for key, value := range map[string]string{"c": name, "n": strconv.Itoa(n),
				"s": strconv.FormatUint(seed, 10)} {
				if err := r.Set(key, value); err != nil {
					return drawn{}, err
				}
			}
			run, err := sampler.NewRun(r, info, m)
			if err != nil {
				return drawn{}, err
			}
			for run.Next() {
			}
			_ = bar.Add(n)
			if run.Err() != nil {
				return drawn{}, run.Err()
			}
			for i := range n {
				pixels := make([]byte, c*h*w)
				picture.Pixels(pixels, run.X(i), c, h, w)
				made.x, made.y = append(made.x, pixels), append(made.y, class)
			}
			if made.first == "" {
				made.first = run.Recipe().String()
			}
		}
	}
	return made, nil
}

// report prints the figures.
func report(o options, d dataset, j *judge, models []drawn, w io.Writer) {
	held := j.of(d.test.x)
	heldRight, _ := held.right(d.test.y, d.classes)
	to := fit(held.features)
	fmt.Fprintf(w, "classifier: %.1f %% of %d held-out pictures\n"+
		"%d pictures, the first ones by %s\n\n", 100*heldRight, len(d.test.x), len(models[0].x),
		models[0].first)
	fmt.Fprintln(w, "| pictures | class accuracy | Fréchet distance | over the real one's | "+
		"nearest training picture, median | nearest of all |\n|---|---|---|---|---|---|")
	each := len(models[0].x) / d.classes
	right, real, least, most := byChance(o, d, j, each, to)
	fmt.Fprintf(w, "| real, training: %d draws | %.1f %% | %.2f (%.2f to %.2f) | | | |\n", o.draws,
		100*right, real, least, most)
	apart, _ := nearest(d.test.x[:min(len(models[0].x), len(d.test.x))], d.train)
	fmt.Fprintf(w, "| real, held out | %.1f %% | | | %.3f | %.3f |\n", 100*heldRight,
		median(apart), slices.Min(apart))
	var of [][]float64
	for _, made := range models {
		seen := j.of(made.x)
		all, each := seen.right(made.y, d.classes)
		of = append(of, each)
		far := distance(fit(seen.features), to)
		apart, _ = nearest(made.x, d.train)
		fmt.Fprintf(w, "| %s | %.1f %% | %.2f | %.2f | %.3f | %.3f |\n", made.name, 100*all, far,
			far/real, median(apart), slices.Min(apart))
	}
	_, heldOf := held.right(d.test.y, d.classes)
	fmt.Fprintf(w, "\nAccuracy by class in percent, of the held-out pictures: %s.\n",
		shares(heldOf))
	for i, made := range models {
		fmt.Fprintf(w, "Of %s: %s.\n", made.name, shares(of[i]))
	}
	if d.train.c != 3 {
		return
	}
	colours := palette(d.train.x)
	fmt.Fprintf(w, "Pixels within %d of 255 of one of the %d colours of the training pictures, "+
		"of the held-out pictures: %.1f %%.\n", near, len(colours),
		100*onPalette(d.test.x, colours))
	for _, made := range models {
		fmt.Fprintf(w, "Of %s: %.1f %%.\n", made.name, 100*onPalette(made.x, colours))
	}
}

// shares writes parts as percents.
func shares(of []float64) string {
	var texts []string
	for _, share := range of {
		texts = append(texts, strconv.FormatFloat(100*share, 'f', 1, 64))
	}
	return strings.Join(texts, ", ")
}

// byChance judges as many real training pictures, several times: the share that is of its class,
// and the mean, the least and the largest distance.
func byChance(o options, d dataset, j *judge, each int, to gaussian,
) (right, mean, least, most float64) {
	of := byClass(d.train.y, d.classes)
	least = math.Inf(1)
	for n := range o.draws {
		var drawn pictures
		for c, those := range of {
			those = slices.Clone(those)
			u := make([]float64, each)
			noise.Uniform(u, 2, uint32(n), uint32(c))
			for i := range each { // the first ones of a shuffled list
				k := i + min(int(u[i]*float64(len(those)-i)), len(those)-i-1)
				those[i], those[k] = those[k], those[i]
				drawn.x, drawn.y = append(drawn.x, d.train.x[those[i]]), append(drawn.y, c)
			}
		}
		seen := j.of(drawn.x)
		share, _ := seen.right(drawn.y, d.classes)
		far := distance(fit(seen.features), to)
		right += share / float64(o.draws)
		mean += far / float64(o.draws)
		least, most = min(least, far), max(most, far)
	}
	return right, mean, least, most
}

// nearest returns for each picture the root mean square difference, of a range of 2, to the nearest
// training picture, mirrored or not, and its index.
func nearest(x [][]byte, training pictures) (apart []float64, which []int) {
	mirrored := make([]byte, len(training.x[0]))
	for _, one := range x {
		pixels := training.c
		for i := 0; i < len(one); i += pixels {
			row, column := i/pixels/training.w, i/pixels%training.w
			to := (row*training.w + training.w - 1 - column) * pixels
			copy(mirrored[to:to+pixels], one[i:i+pixels])
		}
		best, at := math.MaxInt, 0
		for k, other := range training.x {
			for _, view := range [][]byte{one, mirrored} {
				if sum := differ(view, other, best); sum < best {
					best, at = sum, k
				}
			}
		}
		apart = append(apart, math.Sqrt(float64(best)/float64(len(one)))/127.5)
		which = append(which, at)
	}
	return apart, which
}

// differ returns the sum of squared differences, or a sum from limit on once it is as large.
func differ(a, b []byte, limit int) int {
	sum := 0
	for i := 0; i < len(a) && sum < limit; i += 16 {
		for k := i; k < min(i+16, len(a)); k++ {
			d := int(a[k]) - int(b[k])
			sum += d * d
		}
	}
	return sum
}

func median(x []float64) float64 {
	sorted := slices.Sorted(slices.Values(x))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// palette lists the colours of pictures.
func palette(x [][]byte) [][3]byte {
	seen := map[[3]byte]bool{}
	var colours [][3]byte
	for _, one := range x {
		for i := 0; i < len(one); i += 3 {
			if p := [3]byte(one[i:]); !seen[p] {
				seen[p] = true
				colours = append(colours, p)
			}
		}
	}
	return colours
}

// onPalette is the share of the pixels that are near to a colour.
func onPalette(x [][]byte, colours [][3]byte) float64 {
	known := map[[3]byte]bool{}
	count, all := 0, 0
	for _, one := range x {
		for i := 0; i < len(one); i += 3 {
			p := [3]byte(one[i:])
			is, ok := known[p]
			if !ok {
				is = slices.ContainsFunc(colours, func(c [3]byte) bool {
					for k := range c {
						if max(c[k], p[k])-min(c[k], p[k]) > near {
							return false
						}
					}
					return true
				})
				known[p] = is
			}
			if all++; is {
				count++
			}
		}
	}
	return float64(count) / float64(all)
}

// save writes the pictures that were asked for.
func save(o options, d dataset, made pictures) error {
	each := len(made.x) / d.classes
	if o.grid != "" {
		var first [][]byte
		for c := range d.classes {
			first = append(first, made.x[c*each:c*each+min(8, each)]...)
		}
		if err := write(o.grid, first, min(8, each), made); err != nil {
			return err
		}
	}
	if o.near == "" {
		return nil
	}
	var pairs [][]byte
	for c := range d.classes {
		pairs = append(pairs, made.x[c*each])
	}
	_, which := nearest(pairs, d.train)
	for _, i := range which {
		pairs = append(pairs, d.train.x[i])
	}
	return write(o.near, pairs, d.classes, made)
}

// write writes a PNG of pictures in rows, twice as large as they are.
func write(path string, x [][]byte, columns int, of pictures) error {
	const scale, line = 2, 1
	g := picture.NewGrid(len(x), columns, of.w, of.h, line)
	pixels := make([]byte, g.Width*g.Height*of.c)
	g.Draw(pixels, x, of.c, 72)
	pixels = picture.Enlarge(pixels, of.c, g.Height, g.Width, scale)
	img := image.NewRGBA(image.Rect(0, 0, scale*g.Width, scale*g.Height))
	for i := range len(pixels) / of.c {
		p := pixels[i*of.c : (i+1)*of.c]
		img.SetRGBA(i%img.Rect.Dx(), i/img.Rect.Dx(), color.RGBA{p[0], p[of.c/2], p[of.c-1], 255})
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(file, img); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
