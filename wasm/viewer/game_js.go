package main

import (
	"runtime"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"
)

// game shows the stage that the page filled last: that of its own pictures, or the lab's.
type game struct {
	shown interface{ Draw(screen *ebiten.Image) }

	taken   int        // since the last collection
	changed bool       // since the last frame
	waiting []js.Value // callbacks for after the next frame

	width, height int // of the screen, device pixels
}

// collectAfter is the number of drawings between two garbage collections: half a
// second of a film. One takes a millisecond.
const collectAfter = 32

// take notes that a stage was filled, or could not be.
func (g *game) take(shown interface{ Draw(screen *ebiten.Image) }, err error) error {
	// JavaScript keeps the arguments of a call until Go has collected its
	// references to them, and Go would put that off.
	if g.taken++; g.taken == collectAfter {
		g.taken = 0
		runtime.GC()
	}
	g.shown, g.changed = shown, true
	return err
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
	if g.shown != nil {
		g.shown.Draw(screen)
	}
	for _, callback := range g.waiting {
		callback.Invoke()
	}
	g.waiting = g.waiting[:0]
}
