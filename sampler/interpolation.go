package sampler

import (
	"math"

	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/recipe"
)

// interpolated is noise between the noises of two seeds, by spherical interpolation (Shoemake 1985;
// Song et al., arXiv:2010.02502, §5.3). All draws of a picture are at the same place between the
// two. So samplers that draw fresh noise change as smoothly as the others, and the ends are the
// first pictures of both seeds.
type interpolated struct {
	from, to func(dst []float64, draw uint32)
	place    float64   // 0 is from, 1 is to
	other    []float64 // scratch
}

// draws returns the noise of picture number image in one of its streams. size: C·H·W.
func draws(
	s *recipe.Settings, image int, stream uint32, size int,
) func(dst []float64, draw uint32) {
	if s.Between {
		return newInterpolated(s, image, stream, size).draw
	}
	return seeded(s, s.Seed, stream|uint32(image), size)
}

// newInterpolated returns the noise of picture number image of the settings' pictures.
func newInterpolated(s *recipe.Settings, image int, stream uint32, size int) *interpolated {
	b := &interpolated{place: float64(image) / float64(s.Images-1), other: make([]float64, size)}
	b.from, b.to = seeded(s, s.Seed, stream, size), seeded(s, s.To, stream, size)
	return b
}

// seeded returns the noise of picture number image of a seed.
func seeded(
	s *recipe.Settings, seed uint64, image uint32, size int,
) func(dst []float64, draw uint32) {
	if s.Noise == recipe.NoiseTorch {
		return newTorchDraws(seed+uint64(image), size).draw
	}
	return func(dst []float64, draw uint32) { noise.Normal(dst, seed, image, draw) }
}

func (b *interpolated) draw(dst []float64, draw uint32) {
	b.from(dst, draw)
	b.to(b.other, draw)
	spherical(dst, b.other, b.place)
}

// nearlyParallel is the cosine above which the interpolation is linear, as in diffusers' slerp.
const nearlyParallel = 0.9995

// spherical writes the spherical interpolation of x and y to x: sin((1−w)θ)/sin θ·x + sin(wθ)/sin
// θ·y, with θ the angle between x and y and w = place, 0 to 1.
func spherical(x, y []float64, place float64) {
	dot, xx, yy := 0.0, 0.0, 0.0
	for i, v := range x {
		dot += float64(v * y[i])
		xx += float64(v * v)
		yy += float64(y[i] * y[i])
	}
	cos := dot / math.Sqrt(float64(xx*yy))
	a, b := 1-place, place
	if math.Abs(cos) <= nearlyParallel {
		sin := math.Sqrt(1 - float64(cos*cos))
		angle := math.Pi/2 - portable.Atan(cos/sin)
		whole := portable.Sin(angle)
		a, b = portable.Sin(a*angle)/whole, portable.Sin(b*angle)/whole
	}
	for i, v := range x {
		x[i] = float64(a*v) + float64(b*y[i])
	}
}
