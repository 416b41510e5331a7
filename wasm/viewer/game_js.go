package main

import (
	"image"
	"image/color"
	"runtime"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"

	"tweedie/wasm/view"
)

// most is the largest number of runs that are compared.
const most = 2

// game draws the states of one run, or of two that are compared. The page
// decides what is shown.
type game struct {
	states     [most]*view.State
	limit      int // bytes that each state may keep
	runs       int // number of states that are shown
	clock      int // number of the state that gives the time
	difference bool
	views      []view.View // shown ones, in order
	camera     view.Camera
	smooth     bool

	taken   int        // frames since the last collection
	changed bool       // since the last drawing
	waiting []js.Value // callbacks for after the next drawing
	colours colours

	width, height int     // of the screen, device pixels
	ratio         float64 // device pixels per CSS pixel
	layout        view.Layout
	slots         []int // steps in the film strip

	sheets [most + 1][view.Views]sheet // of each run, and of the difference
	thumbs sheet

	frame  view.Frame // scratch of the frame that comes in
	pixels []byte     // a difference
	rgba   []byte     // the picture that is uploaded
	edged  []byte     // the same with an edge
}

// colours of the stage come from the page's style sheet.
type colours struct{ stage, empty, mark color.RGBA }

// colour makes an opaque colour of 0xRRGGBB.
func colour(rgb int) color.RGBA {
	return color.RGBA{R: byte(rgb >> 16), G: byte(rgb >> 8), B: byte(rgb), A: 0xff}
}

func newGame() *game {
	g := &game{runs: 1, views: []view.View{view.Xt, view.X0}, ratio: 1, changed: true}
	g.sides(1, false, 0, 0)
	return g
}

// sides sets the number of runs that are compared, whether their difference is
// shown, which of them gives the time, and how many bytes of earlier steps all
// of them may keep. The page keeps as many, so that the plain canvas shows the
// same steps.
func (g *game) sides(runs int, difference bool, clock, memory int) {
	runs = min(max(runs, 1), most)
	if limit := memory / runs; g.states[0] == nil || runs != g.runs || limit != g.limit {
		for side := range g.states {
			g.states[side] = view.New(limit)
		}
		g.limit = limit
	}
	g.runs, g.difference, g.clock = runs, difference && runs > 1, min(max(clock, 0), runs-1)
	g.arrange()
}

// state is the state of the run that gives the time.
func (g *game) state() *view.State { return g.states[g.clock] }

// panels is the number of panels of each view.
func (g *game) panels() int {
	if g.difference {
		return g.runs + 1
	}
	return g.runs
}

// begin starts a new run.
func (g *game) begin(side int, r view.Run) error {
	if err := g.states[side].Begin(r); err != nil {
		return err
	}
	g.collect()
	g.arrange()
	return nil
}

// collectAfter is the number of frames between two garbage collections.
const collectAfter = 512

// collect frees the frames that were taken. JavaScript keeps these arguments
// until Go has collected its references to them, and Go would put that off.
func (g *game) collect() {
	g.taken = 0
	runtime.GC()
}

// arrange lays the run out on the screen. Sheets are reset, since a place may
// now be that of another picture.
func (g *game) arrange() {
	g.changed = true
	r := g.state().Run()
	if r.Steps == 0 || g.width == 0 {
		return
	}
	box := view.Box{Width: g.width, Height: g.height, Ratio: g.ratio}
	g.layout = view.Arrange(box, r, len(g.views), g.panels(), g.state().KeptSteps())
	g.slots = g.state().Slots(g.slots[:0], g.layout.Slots)
	for side := range g.panels() {
		for _, v := range g.views {
			g.sheets[side][v].reset(r, r.Images)
		}
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
	screen.Fill(g.colours.stage)
	if r := g.state().Run(); r.Steps > 0 && len(g.layout.Panels) > 0 {
		for panel, in := range g.layout.Panels {
			g.drawPanel(screen, r, in, g.views[panel/g.panels()], panel%g.panels())
		}
		g.drawStrip(screen)
	}
	for _, callback := range g.waiting {
		callback.Invoke()
	}
	g.waiting = g.waiting[:0]
}

// drawPanel draws a view of every picture of one side, as the camera sees them.
func (g *game) drawPanel(screen *ebiten.Image, r view.Run, in view.Grid, v view.View, side int) {
	part := screen.SubImage(image.Rect(in.X, in.Y, in.X+in.W, in.Y+in.H)).(*ebiten.Image)
	in = in.Through(g.camera)
	for i := range r.Images {
		t := tile{of: &g.sheets[side][v], number: i, in: in, view: v, smooth: g.smooth}
		if side < g.runs {
			t.pixels, t.step = g.states[side].Picture(v, i), g.states[side].StepOf(i)
			if g.states[side].Fading() {
				t.step = 0 // the pixels change with every part
			}
		} else {
			a, b := g.states[0].Picture(v, i), g.states[1].Picture(v, i)
			if len(a) == len(b) && a != nil {
				g.pixels = view.AppendDifference(g.pixels[:0], a, b)
				t.pixels, t.view = g.pixels, view.Xt
			}
		}
		g.drawTile(part, t)
	}
}

// drawStrip draws the film strip and the frame around the current step.
func (g *game) drawStrip(screen *ebiten.Image) {
	if mark := g.state().Mark(g.slots); mark >= 0 {
		r, w := g.layout.Strip.Tile(mark), g.layout.Mark
		fill(screen, view.Rect{X: r.X - w, Y: r.Y - w, W: r.W + 2*w, H: r.H + 2*w}, g.colours.mark)
	}
	for i, step := range g.slots {
		g.drawTile(screen, tile{
			of: &g.thumbs, number: i, step: step, in: g.layout.Strip, view: view.X0,
			pixels: g.state().Thumb(step),
		})
	}
}

// tile is one picture to draw: its number in a sheet, and its place in a grid.
type tile struct {
	of     *sheet
	number int
	step   int // of the picture; 0 if its pixels are new each time
	in     view.Grid
	view   view.View
	pixels []byte // nil for an empty place
	smooth bool
}

// drawTile draws a picture, or an empty place if it has no pixels.
func (g *game) drawTile(screen *ebiten.Image, t tile) {
	to := t.in.Tile(t.number)
	if t.pixels == nil {
		fill(screen, to, g.colours.empty)
		return
	}
	s, r := t.of, g.state().Run()
	if t.step == 0 || s.steps[t.number] != t.step {
		g.rgba = t.view.AppendRGBA(g.rgba[:0], t.pixels, r.Channels)
		g.edged = appendEdged(g.edged[:0], g.rgba, r.Width, r.Height)
		s.tiles[t.number].WritePixels(g.edged)
		s.steps[t.number] = t.step
	}
	op := &ebiten.DrawImageOptions{Filter: ebiten.FilterNearest}
	inner := image.Rect(edge, edge, edge+r.Width, edge+r.Height)
	picture := s.tiles[t.number].SubImage(inner).(*ebiten.Image)
	if t.smooth {
		op.Filter = ebiten.FilterLinear
	}
	op.GeoM.Scale(float64(t.in.Zoom), float64(t.in.Zoom))
	op.GeoM.Translate(float64(to.X), float64(to.Y))
	screen.DrawImage(picture, op)
}

func fill(screen *ebiten.Image, r view.Rect, c color.RGBA) {
	area := image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H).Intersect(screen.Bounds())
	if !area.Empty() {
		screen.SubImage(area).(*ebiten.Image).Fill(c)
	}
}
