package fit

import (
	"image"
	"image/color"
	"math/big"
	"slices"
	"testing"
)

// noise is a picture of fixed pseudo-random colours.
func noise(img interface {
	image.Image
	Set(x, y int, c color.Color)
}) image.Image {
	state := uint32(7)
	next := func() uint16 {
		state = state*1664525 + 1013904223
		return uint16(state >> 16)
	}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, a := next(), next(), next(), next()
			if img.ColorModel() == color.NRGBAModel {
				img.Set(x, y, color.NRGBA{uint8(r), uint8(g), uint8(b), uint8(a)})
			} else {
				img.Set(x, y, color.NRGBA64{r, g, b, a})
			}
		}
	}
	return img
}

// slow is what the package's comment says, in fractions.
func slow(img image.Image, to Shape) []byte {
	b := img.Bounds()
	ratio := func(a, b int) *big.Rat { return big.NewRat(int64(a), int64(b)) }
	// The side of a rectangle is the smaller of what either direction allows.
	side := ratio(b.Dx(), to.Width)
	if other := ratio(b.Dy(), to.Height); other.Cmp(side) < 0 {
		side = other
	}
	// overlap is how much of pixel p in a direction of n lies in part i of m.
	overlap := func(p, n, i, m int) *big.Rat {
		begin := new(big.Rat).Mul(side, ratio(2*i-m, 2))
		begin.Add(begin, ratio(n, 2))
		end := new(big.Rat).Add(begin, side)
		if v := ratio(p, 1); v.Cmp(begin) > 0 {
			begin = v
		}
		if v := ratio(p+1, 1); v.Cmp(end) < 0 {
			end = v
		}
		if end.Sub(end, begin); end.Sign() < 0 {
			end.SetInt64(0)
		}
		return end
	}
	var out []byte
	for y := range to.Height {
		for x := range to.Width {
			var level [3]int64
			for c := range level {
				sum, all := new(big.Rat), new(big.Rat)
				for q := range b.Dy() {
					high := overlap(q, b.Dy(), y, to.Height)
					for p := range b.Dx() {
						w := overlap(p, b.Dx(), x, to.Width)
						w.Mul(w, high)
						v, alpha := sampleOf(img.At(b.Min.X+p, b.Min.Y+q), c)
						all.Add(all, w)
						sum.Add(sum, w.Mul(w, v.Mul(v, alpha)))
					}
				}
				sum.Quo(sum, all).Mul(sum, ratio(255, 1)).Add(sum, ratio(1, 2))
				level[c] = new(big.Int).Quo(sum.Num(), sum.Denom()).Int64()
			}
			if to.Channels == 3 {
				out = append(out, byte(level[0]), byte(level[1]), byte(level[2]))
				continue
			}
			grey := 299*level[0] + 587*level[1] + 114*level[2]
			out = append(out, byte((grey+500)/1000))
		}
	}
	return out
}

// sampleOf is one component of a colour and its α, from 0 to 1.
func sampleOf(c color.Color, i int) (v, alpha *big.Rat) {
	switch p := c.(type) {
	case color.NRGBA:
		return big.NewRat(int64([]uint8{p.R, p.G, p.B}[i]), 255), big.NewRat(int64(p.A), 255)
	case color.NRGBA64:
		return big.NewRat(int64([]uint16{p.R, p.G, p.B}[i]), 65535), big.NewRat(int64(p.A), 65535)
	}
	r, g, b, _ := c.RGBA()
	return big.NewRat(int64([]uint32{r, g, b}[i]), 65535), big.NewRat(1, 1)
}

// TestPixels compares with the slow transcription, for kinds of pictures, sizes and shapes.
func TestPixels(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {2, 3}, {4, 4}, {7, 5}, {13, 9}} {
		at := image.Rect(3, 4, 3+size.X, 4+size.Y)
		for i, img := range []image.Image{
			noise(image.NewNRGBA(at)), noise(image.NewNRGBA64(at)), noise(image.NewGray(at)),
			noise(image.NewGray16(at)), noise(image.NewRGBA64(at)),
			noise(image.NewPaletted(at, color.Palette{color.NRGBA{1, 2, 3, 4},
				color.NRGBA{200, 100, 50, 128}, color.RGBA{9, 99, 199, 255}})),
		} {
			for _, to := range []Shape{{1, 1, 1}, {3, 4, 4}, {1, 3, 5}, {3, 6, 4}} {
				if got, want := Pixels(img, to), slow(img, to); !slices.Equal(got, want) {
					t.Errorf("picture %d of %v as %v is\n%v, want\n%v", i, size, to, got, want)
				}
			}
		}
	}
}

// TestLargest: sums hold the largest picture, of the largest samples.
func TestLargest(t *testing.T) {
	for _, size := range []image.Point{{MaxSide, 1}, {1, MaxSide}, {1 << 13, 1 << 13}} {
		white := image.NewUniform(color.White)
		img := cut{white, image.Rect(0, 0, size.X, size.Y)}
		for _, v := range Pixels(img, Shape{1, 2, 3}) {
			if v != 255 {
				t.Fatalf("white of %v is %d", size, v)
			}
		}
	}
}

// cut is a part of an unlimited picture.
type cut struct {
	image.Image
	bounds image.Rectangle
}

func (c cut) Bounds() image.Rectangle { return c.bounds }
