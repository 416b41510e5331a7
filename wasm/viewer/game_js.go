package main

import (
	"image"
	"image/color"
	"runtime"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"
)

// game draws the drawing that the page gave it last.
type game struct {
	drawing  drawing
	pictures []picture // [place]
	size     image.Point

	drawings int        // since the last collection
	changed  bool       // since the last frame
	waiting  []js.Value // callbacks for after the next frame

	width, height int // of the screen, device pixels
}

// picture is one in the GPU's memory.
type picture struct {
	image *ebiten.Image
	edged []byte // the pixels with their edge
	stale bool   // the pixels are newer than the image
}

// collectAfter is the number of drawings between two garbage collections: half a
// second of a film. One takes a millisecond.
const collectAfter = 32

// take takes a drawing, whose pictures that are new bring their pixels.
func (g *game) take(background int, size image.Point, numbers, pixels []byte) error {
	// JavaScript keeps the arguments of a call until Go has collected its
	// references to them, and Go would put that off.
	if g.drawings++; g.drawings == collectAfter {
		g.drawings = 0
		runtime.GC()
	}
	g.changed = true
	return g.drawing.read(background, size, numbers, pixels, func(place int, rgba []byte) {
		if size != g.size {
			g.clear(size)
		}
		for len(g.pictures) <= place {
			g.pictures = append(g.pictures, picture{})
		}
		p := &g.pictures[place]
		p.edged, p.stale = appendEdged(p.edged[:0], rgba, size), true
	})
}

// clear drops all pictures, for others of another size.
func (g *game) clear(size image.Point) {
	for _, p := range g.pictures {
		if p.image != nil {
			p.image.Deallocate()
		}
	}
	g.pictures, g.size = nil, size
}

// LayoutF makes the screen as large as the canvas in device pixels, so that
// nothing is scaled after it was drawn.
func (g *game) LayoutF(outsideWidth, outsideHeight float64) (float64, float64) {
	ratio := ebiten.Monitor().DeviceScaleFactor()
	width, height := int(outsideWidth*ratio), int(outsideHeight*ratio)
	if width != g.width || height != g.height {
		g.width, g.height = width, height
		g.changed = true
	}
	return float64(width), float64(height)
}

// Layout is never called, because game has LayoutF; ebiten.Game requires it.
func (g *game) Layout(width, height int) (int, int) { return width, height }

// Update does nothing: all changes come from the page's calls.
func (g *game) Update() error { return nil }

// Draw draws everything if something has changed.
func (g *game) Draw(screen *ebiten.Image) {
	if !g.changed {
		return
	}
	g.changed = false
	screen.Fill(g.drawing.background)
	for _, m := range g.drawing.marks {
		if m.picture < 0 {
			fill(screen, m.to.Intersect(m.within), m.colour)
		} else if m.picture < len(g.pictures) {
			g.drawPicture(screen, m)
		}
	}
	for _, callback := range g.waiting {
		callback.Invoke()
	}
	g.waiting = g.waiting[:0]
}

// drawPicture draws a picture, and gives the GPU its pixels first if they are new.
func (g *game) drawPicture(screen *ebiten.Image, m mark) {
	p, size := &g.pictures[m.picture], g.drawing.size
	if p.edged == nil || size != g.size {
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
