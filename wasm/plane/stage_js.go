package plane

import (
	_ "embed"
	"image"
	"unsafe"

	"github.com/hajimehoshi/ebiten/v2"
)

//go:embed shape.kage
var shapeSource []byte

//go:embed heat.kage
var heatSource []byte

// Stage draws the scene that the page gave it last.
type Stage struct {
	reader  reader
	scene   scene
	mesh    mesh
	to      *ebiten.Image // that the mesh draws on
	shapes  *ebiten.Shader
	options ebiten.DrawTrianglesShaderOptions

	heat        *ebiten.Shader
	heatOptions ebiten.DrawTrianglesShaderOptions
	grid        *ebiten.Image
	gridVersion int
	pixels      []byte

	mask *ebiten.Image // what lines cover, each pixel once
}

// Take takes a scene from the bytes of its numbers, as web/lab/packed.js writes them.
func (s *Stage) Take(ints, floats []byte) error {
	scene, err := s.reader.read(numbers[int32](ints), numbers[float32](floats))
	if err == nil {
		s.scene = scene
	}
	return err
}

// numbers are the numbers of 32 bits in memory. A browser's typed arrays have their bytes in the
// order of WebAssembly.
func numbers[T int32 | float32](bytes []byte) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(bytes))), len(bytes)/4)
}

// Draw draws the scene.
func (s *Stage) Draw(screen *ebiten.Image) {
	if s.shapes == nil {
		s.start()
	}
	screen.Fill(s.scene.background)
	bounds := screen.Bounds()
	v, ok := s.scene.view(bounds.Dx(), bounds.Dy())
	if !ok {
		return
	}
	s.drawHeat(screen, &v)
	for _, a := range s.scene.arrows {
		s.masked(screen, a.colour.times(a.opacity), func() { v.arrows(&s.mesh, a, white) })
	}
	s.to = screen
	for i := range s.scene.clouds {
		c := &s.scene.clouds[i]
		v.trails(&s.mesh, c)
		v.discs(&s.mesh, c)
	}
	s.mesh.flush()
	for _, p := range s.scene.paths {
		s.masked(screen, p.colour.times(p.opacity), func() { v.path(&s.mesh, p, white) })
	}
}

// start compiles the shaders, which the first page has no use for.
func (s *Stage) start() {
	s.shapes, s.heat = shader(shapeSource), shader(heatSource)
	s.heatOptions.Uniforms = map[string]any{}
	s.mesh.draw = func(vertices []vertex, indices []uint16) {
		s.to.DrawTrianglesShader(corners(vertices), indices, s.shapes, &s.options)
	}
}

func shader(source []byte) *ebiten.Shader {
	shader, err := ebiten.NewShader(source)
	if err != nil {
		panic("plane: a shader is wrong: " + err.Error())
	}
	return shader
}

// A vertex has exactly the memory of Ebitengine's.
var _ [0]byte = [unsafe.Sizeof(vertex{}) - unsafe.Sizeof(ebiten.Vertex{})]byte{}

// corners are vertices as Ebitengine has them, in the same memory.
func corners(vertices []vertex) []ebiten.Vertex {
	return unsafe.Slice((*ebiten.Vertex)(unsafe.Pointer(unsafe.SliceData(vertices))),
		len(vertices))
}

// most is how lines that overlap cover a pixel: as much as the one that covers most of it.
var most = ebiten.Blend{
	BlendOperationRGB: ebiten.BlendOperationMax, BlendOperationAlpha: ebiten.BlendOperationMax,
}

// masked draws what add adds in one colour, so that what overlaps is not seen through itself: on a
// mask, and that on the screen.
func (s *Stage) masked(screen *ebiten.Image, colour rgba, add func()) {
	if colour.a == 0 {
		return
	}
	bounds := screen.Bounds()
	if s.mask == nil || s.mask.Bounds() != bounds {
		if s.mask != nil {
			s.mask.Deallocate()
		}
		s.mask = ebiten.NewImageWithOptions(bounds, &ebiten.NewImageOptions{Unmanaged: true})
	}
	s.mask.Clear()
	s.to, s.options.Blend = s.mask, most
	add()
	s.mesh.flush()
	s.to, s.options.Blend = screen, ebiten.Blend{}
	op := &ebiten.DrawImageOptions{}
	op.ColorScale.Scale(colour.r, colour.g, colour.b, colour.a)
	screen.DrawImage(s.mask, op)
}

// drawHeat draws the grid, and gives the graphics card its numbers first if they are new.
func (s *Stage) drawHeat(screen *ebiten.Image, v *view) {
	h := &s.scene.heat
	from, ok := v.at(h.left, h.top)
	to, also := v.at(h.right, h.bottom)
	if len(h.values) == 0 || !ok || !also {
		return
	}
	size := image.Rect(0, 0, h.width, h.height)
	if s.grid == nil || s.grid.Bounds() != size {
		if s.grid != nil {
			s.grid.Deallocate()
		}
		s.grid, s.gridVersion = ebiten.NewImage(h.width, h.height), 0
	}
	if s.gridVersion != h.version {
		s.gridVersion = h.version
		s.pixels = appendGrid(s.pixels[:0], h.values)
		s.grid.WritePixels(s.pixels)
	}
	width, height := float32(h.width), float32(h.height)
	vertices := [4]ebiten.Vertex{
		{DstX: from.x, DstY: from.y},
		{DstX: to.x, DstY: from.y, SrcX: width},
		{DstX: from.x, DstY: to.y, SrcY: height},
		{DstX: to.x, DstY: to.y, SrcX: width, SrcY: height},
	}
	o := &s.heatOptions
	o.Images[0] = s.grid
	o.Uniforms["Colours"], o.Uniforms["Last"] = h.ramp(), float32(len(h.colours)-1)
	o.Uniforms["Opacity"] = h.opacity
	screen.DrawTrianglesShader(vertices[:], []uint16{0, 1, 2, 1, 3, 2}, s.heat, o)
}
