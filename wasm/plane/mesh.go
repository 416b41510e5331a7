package plane

// vertex is a corner of a triangle. It has the memory of an ebiten.Vertex, which cannot be named
// where there is no browser.
//
// The shader colours what lies within reach of a line of length 2·half; the vertex is across from
// its middle and along it. A disc has a line of length 0.
type vertex struct {
	x, y                       float32 // on the screen, device pixels
	_, _                       float32 // in an image; the shaders read none
	colour                     rgba    // multiplied by its alpha
	across, along, reach, half float32
}

// mostVertices is how many a batch has at most: indices have 16 bits.
const mostVertices = 1<<16 - 1

// mesh gathers triangles and draws them in batches. It keeps the memory of a whole batch, 3.5 MB.
type mesh struct {
	vertices []vertex
	indices  []uint16
	draw     func([]vertex, []uint16)
}

// add returns places for corners and for the indices of triangles, of which there are not more
// than one for each corner; first is the index of the first corner. All is to be written, since
// what was there before still is.
func (m *mesh) add(corners, indices int) (vs []vertex, is []uint16, first uint16) {
	n, k := len(m.vertices), len(m.indices)
	if n+corners > mostVertices {
		m.flush()
		n, k = 0, 0
	}
	if m.vertices == nil {
		m.vertices = make([]vertex, 0, mostVertices)
		m.indices = make([]uint16, 0, 3*mostVertices)
	}
	m.vertices, m.indices = m.vertices[:n+corners], m.indices[:k+indices]
	return m.vertices[n:], m.indices[k:], uint16(n)
}

// flush draws what was gathered.
func (m *mesh) flush() {
	if len(m.indices) > 0 {
		m.draw(m.vertices, m.indices)
	}
	m.vertices, m.indices = m.vertices[:0], m.indices[:0]
}

// square writes the indices of two triangles, whose four corners are in the order of a Z.
func square(is []uint16, i uint16) {
	_ = is[5]
	is[0], is[1], is[2], is[3], is[4], is[5] = i, i+1, i+2, i+1, i+3, i+2
}
