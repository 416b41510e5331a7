package main

import (
	"image"
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"
)

// pictures is the stage of the page: it draws the drawing that it was given last.
type pictures struct {
	drawing drawing
	held    []picture // [place]
	size    image.Point
}

// picture is one in the GPU's memory.
type picture struct {
	image *ebiten.Image
	edged []byte // the pixels with their edge
	stale bool   // the pixels are newer than the image
}

// take takes a drawing, whose pictures that are new bring their pixels.
func (s *pictures) take(background int, size image.Point, numbers, pixels []byte) error {
	return s.drawing.read(background, size, numbers, pixels, func(place int, rgba []byte) {
		if size != s.size {
			s.clear(size)
		}
		for len(s.held) <= place {
			s.held = append(s.held, picture{})
		}
		p := &s.held[place]
		p.edged, p.stale = appendEdged(p.edged[:0], rgba, size), true
	})
}

// clear drops all pictures, for others of another size.
func (s *pictures) clear(size image.Point) {
	for _, p := range s.held {
		if p.image != nil {
			p.image.Deallocate()
		}
	}
	s.held, s.size = nil, size
}

// Draw draws all marks.
func (s *pictures) Draw(screen *ebiten.Image) {
	screen.Fill(s.drawing.background)
	for _, m := range s.drawing.marks {
		if m.picture < 0 {
			fill(screen, m.to.Intersect(m.within), m.colour)
		} else if m.picture < len(s.held) {
			s.drawPicture(screen, m)
		}
	}
}

// drawPicture draws a picture, and gives the GPU its pixels first if they are new.
func (s *pictures) drawPicture(screen *ebiten.Image, m mark) {
	p, size := &s.held[m.picture], s.drawing.size
	if p.edged == nil || size != s.size {
		return
	}
	if p.image == nil {
		p.image = ebiten.NewImage(size.X+2*edge, size.Y+2*edge)
	}
	if p.stale {
		p.image.WritePixels(p.edged)
		p.stale = false
	}
	op := &ebiten.DrawImageOptions{Filter: ebiten.FilterNearest}
	if m.smooth {
		op.Filter = ebiten.FilterLinear
	}
	op.GeoM.Scale(float64(m.to.Dx())/float64(size.X), float64(m.to.Dy())/float64(size.Y))
	op.GeoM.Translate(float64(m.to.Min.X), float64(m.to.Min.Y))
	inner := image.Rect(edge, edge, edge+size.X, edge+size.Y)
	screen.SubImage(m.within).(*ebiten.Image).
		DrawImage(p.image.SubImage(inner).(*ebiten.Image), op)
}

func fill(screen *ebiten.Image, r image.Rectangle, c color.RGBA) {
	if area := r.Intersect(screen.Bounds()); !area.Empty() {
		screen.SubImage(area).(*ebiten.Image).Fill(c)
	}
}
