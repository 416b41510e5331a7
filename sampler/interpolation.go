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
	if s.Plane.Corners > 0 {
		return newPlanar(s, image, stream, size).draw
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

// planar is noise between the noises of three or four seeds, the corners of a square: the sum of
// theirs with the weights cos(πx/2) or sin(πx/2) times cos(πy/2) or sin(πy/2), x and y from 0 to 1.
// Their squares have the sum 1, so the noise has unit variance everywhere; along an edge this is
// the spherical interpolation of independent noises, which are at right angles. With three corners
// the lower edge is one of them.
type planar struct {
	corners []func(dst []float64, draw uint32)
	weights []float64
	other   []float64 // scratch
}

// newPlanar returns the noise of picture number image of the settings' pictures. At a given place
// it is between the pictures of that number, in a grid between the first ones.
func newPlanar(s *recipe.Settings, image int, stream uint32, size int) *planar {
	x, y := s.At(image)
	right, below := portable.Sin(math.Pi/2*x), portable.Sin(math.Pi/2*y)
	left, above := portable.Sin(math.Pi/2*(1-x)), portable.Sin(math.Pi/2*(1-y))
	weights := []float64{left * above, right * above, left * below, right * below}
	if s.Plane.Corners == 3 {
		weights = []float64{left * above, right * above, below}
	}
	if s.Place.Given {
		stream |= uint32(image)
	}
	p := &planar{weights: weights, other: make([]float64, size)}
	for i := range weights {
		seed := s.Seed
		if i > 0 {
			seed = s.Plane.Others[i-1]
		}
		p.corners = append(p.corners, seeded(s, seed, stream, size))
	}
	return p
}

func (p *planar) draw(dst []float64, draw uint32) {
	clear(dst)
	for i, corner := range p.corners {
		if p.weights[i] == 0 {
			continue // so that a corner has the noise of its seed to the bit
		}
		corner(p.other, draw)
		for j, v := range p.other {
			dst[j] += float64(p.weights[i] * v)
		}
	}
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
