package view

// View is one way to look at a step.
type View int

// The views, in the order in which they stand on the stage.
const (
	Xt      View = iota // the sampled picture
	X0                  // the clean picture that the network sees in it
	Epsilon             // the noise that the network predicts
	Score               // the direction in which the picture becomes more probable
	Change              // what the step changed
	Views               // the number of views
)

// planes is the number of pictures in a frame.
const planes = 4

// Frame has the pictures of one step of one picture, each [H,W,channels],
// interleaved. Epsilon and Change are signed: zero is 127 or 128.
type Frame struct{ Xt, X0, Epsilon, Change []byte }

// plane is the number of a view's picture in a frame. The score is the noise
// times −1/√(1−ᾱ), and so uses the noise's.
func (v View) plane() int {
	switch v {
	case Score:
		return int(Epsilon)
	case Change:
		return planes - 1
	}
	return int(v)
}

// signed reports whether a view shows values around zero.
func (v View) signed() bool { return v >= Epsilon }

// The colours of signed values of one channel: what is below nothing, nothing
// itself, and what is above. web/stage/painter.js has the same.
var (
	below   = [3]int{0x5f, 0xb4, 0xff}
	nothing = [3]int{0x12, 0x15, 0x1b}
	above   = [3]int{0xff, 0xb2, 0x4a}
)

// AppendRGBA appends the pixels of one picture to dst as opaque RGBA, as a view
// shows them: as they are, or, if they are signed and of one channel, in two
// colours. pixels: [H,W,channels] interleaved, channels 1 or 3. dst must not
// alias pixels.
func (v View) AppendRGBA(dst, pixels []byte, channels int) []byte {
	var flip byte
	if v == Score {
		flip = 0xff
	}
	switch {
	case channels == 3:
		for i := 0; i+2 < len(pixels); i += 3 {
			dst = append(dst, pixels[i]^flip, pixels[i+1]^flip, pixels[i+2]^flip, 0xff)
		}
	case v.signed():
		for _, p := range pixels {
			dst = appendSigned(dst, p^flip)
		}
	default:
		for _, p := range pixels {
			dst = append(dst, p, p, p, 0xff)
		}
	}
	return dst
}

// AppendDifference appends |a−b|, pixel by pixel, to dst: black where two
// pictures are equal. a and b: [H,W,channels] interleaved, of equal length.
func AppendDifference(dst, a, b []byte) []byte {
	for i, p := range a {
		dst = append(dst, max(p, b[i])-min(p, b[i]))
	}
	return dst
}

// appendSigned appends the colour of one signed value.
func appendSigned(dst []byte, p byte) []byte {
	size, end := 2*int(p)-255, &above
	if size < 0 {
		size, end = -size, &below
	}
	for i, from := range nothing {
		dst = append(dst, byte((from*(255-size)+end[i]*size+127)/255))
	}
	return append(dst, 0xff)
}
