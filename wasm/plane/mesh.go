package plane

// vertex is a corner of a triangle. It has the memory of an ebiten.Vertex, which cannot be named
// where there is no browser.
//
// The shader colours what lies within reach of a line of length 2·half; the vertex is across from
// its middle and along it. A disc has a line of length 0.
type vertex struct {
	x, y                       float32    // on the screen, device pixels
	_, _                       float32    // in an image, of which there is none
	colour                     [4]float32 // multiplied by its alpha
	across, along, reach, half float32
}

// mostVertices is how many a batch has at most: indices have 16 bits.
const mostVertices = 1<<16 - 1

// mesh gathers triangles and draws them in batches.
type mesh struct {
	vertices []vertex
	indices  []uint16
	draw     func([]vertex, []uint16)
}

// room makes room for n more vertices in the batch, and returns the index of the first.
func (m *mesh) room(n int) uint16 {
	if len(m.vertices)+n > mostVertices {
		m.flush()
	}
	return uint16(len(m.vertices))
}

// flush draws what was gathered.
func (m *mesh) flush() {
	if len(m.indices) > 0 {
		m.draw(m.vertices, m.indices)
	}
	m.vertices, m.indices = m.vertices[:0], m.indices[:0]
}

// quad adds the two triangles of four corners, in the order of a Z.
func (m *mesh) quad(a, b, c, d vertex) {
	i := m.room(4)
	m.vertices = append(m.vertices, a, b, c, d)
	m.indices = append(m.indices, i, i+1, i+2, i+1, i+3, i+2)
}
