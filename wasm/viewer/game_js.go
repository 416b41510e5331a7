package main

import (
	"image"
	"image/color"
	"runtime"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"

	"tweedie/wasm/view"
)

// game draws a view.State; it decides nothing that is shown.
type game struct {
	state *view.State
	views []view.View // that are shown, in order

	changed bool       // something is to be drawn
	waiting []js.Value // to be called after that
	colours colours

	width, height int     // of the screen, device pixels
	ratio         float64 // device pixels per CSS pixel
	layout        view.Layout
	slots         []int // steps in the film strip

	sheets [view.Views]sheet
	thumbs sheet

	frame view.Frame // that is being taken
	rgba  []byte     // of the picture that is being uploaded
}

// colours of the stage come from the page's style sheet.
type colours struct{ stage, empty, mark color.RGBA }

// colour is an opaque colour from 0xRRGGBB.
func colour(rgb int) color.RGBA {
	return color.RGBA{R: byte(rgb >> 16), G: byte(rgb >> 8), B: byte(rgb), A: 0xff}
}

func newGame(state *view.State) *game {
	return &game{state: state, views: []view.View{view.Xt, view.X0}, ratio: 1, changed: true}
}

// begin starts a new run.
func (g *game) begin(r view.Run) error {
	if err := g.state.Begin(r); err != nil {
		return err
	}
	// The frames of the last run were arguments that JavaScript keeps until Go
	// has collected its references to them, which it would put off.
	runtime.GC()
	g.arrange()
	return nil
}

// arrange lays the run out in the screen. Sheets are made anew, since a place
// may now stand for another picture.
func (g *game) arrange() {
	g.changed = true
	r := g.state.Run()
	if r.Steps == 0 || g.width == 0 {
		return
	}
	g.layout = view.Arrange(view.Box{Width: g.width, Height: g.height, Ratio: g.ratio}, r, len(g.views), g.state.KeptSteps())
	g.slots = g.state.Slots(g.slots[:0], g.layout.Slots)
	for _, v := range g.views {
		g.sheets[v].reset(r, r.Images)
	}
	g.thumbs.reset(r, len(g.slots))
}

// LayoutF makes the screen as large as the canvas in device pixels, so that
// nothing is scaled after it was drawn.
func (g *game) LayoutF(outsideWidth, outsideHeight float64) (float64, float64) {
	ratio := ebiten.Monitor().DeviceScaleFactor()
	width, height := int(outsideWidth*ratio), int(outsideHeight*ratio)
	if width != g.width || height != g.height || ratio != g.ratio {
		g.width, g.height, g.ratio = width, height, ratio
		g.arrange()
	}
	return float64(width), float64(height)
}

// Layout is never called, because there is LayoutF; ebiten.Game wants it.
func (g *game) Layout(width, height int) (int, int) { return width, height }

// Update has nothing to do: all change comes from the page's calls.
func (g *game) Update() error { return nil }

// Draw draws everything, or nothing when nothing has changed.
func (g *game) Draw(screen *ebiten.Image) {
	if !g.changed {
		return
	}
	g.changed = false
	screen.Fill(g.colours.stage)
	if r := g.state.Run(); r.Steps > 0 {
		g.drawPictures(screen, r)
		g.drawStrip(screen)
	}
	for _, callback := range g.waiting {
		callback.Invoke()
	}
	g.waiting = g.waiting[:0]
}

// drawPictures draws the views of every picture.
func (g *game) drawPictures(screen *ebiten.Image, r view.Run) {
	for i := range r.Images {
		step := g.state.StepOf(i)
		for panel, v := range g.views {
			g.drawTile(screen, &g.sheets[v], i, step, g.layout.Panels[panel], v, g.state.Picture(v, i))
		}
	}
}

// drawStrip draws the film strip and the frame around the current step.
func (g *game) drawStrip(screen *ebiten.Image) {
	if mark := g.state.Mark(g.slots); mark >= 0 {
		r, w := g.layout.Strip.Tile(mark), g.layout.Mark
		fill(screen, view.Rect{X: r.X - w, Y: r.Y - w, W: r.W + 2*w, H: r.H + 2*w}, g.colours.mark)
	}
	for i, step := range g.slots {
		g.drawTile(screen, &g.thumbs, i, step, g.layout.Strip, view.X0, g.state.Thumb(step))
	}
}

// drawTile draws picture i of a sheet, which is that of step, in its place of
// a grid; an empty place while there are no pixels.
func (g *game) drawTile(screen *ebiten.Image, s *sheet, i, step int, in view.Grid, v view.View, pixels []byte) {
	to := in.Tile(i)
	if pixels == nil {
		fill(screen, to, g.colours.empty)
		return
	}
	if s.steps[i] != step {
		g.rgba = v.AppendRGBA(g.rgba[:0], pixels, g.state.Run().Channels)
		s.tiles[i].WritePixels(g.rgba)
		s.steps[i] = step
	}
	op := &ebiten.DrawImageOptions{Filter: ebiten.FilterNearest}
	op.GeoM.Scale(float64(in.Zoom), float64(in.Zoom))
	op.GeoM.Translate(float64(to.X), float64(to.Y))
	screen.DrawImage(s.tiles[i], op)
}

func fill(screen *ebiten.Image, r view.Rect, c color.RGBA) {
	screen.SubImage(image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H)).(*ebiten.Image).Fill(c)
}
