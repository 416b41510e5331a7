package protocol

import "tweedie/weights"

const (
	// promptly is how many milliseconds a load may take of which nothing is said.
	promptly = 300
	// between is how many pass from one word of a longer one to the next.
	between = 100
)

// preparing is a file that is read piece by piece. While that goes on it says how far it is: each
// tensor is read when its turn comes to be packed.
type preparing struct {
	file        weights.Source
	s           *Session
	model       string
	begun, said float64 // milliseconds
	done, total int     // bytes
}

// Size implements weights.Source.
func (p *preparing) Size() int { return p.file.Size() }

// Copy implements weights.Source.
func (p *preparing) Copy(dst []byte, offset int) {
	p.file.Copy(dst, offset)
	p.done += len(dst)
	now, size := p.s.now(), p.file.Size()
	if now-p.begun < promptly || now-p.said < between {
		return
	}
	p.said = now
	done := min(int(float64(p.done)/float64(p.total)*float64(size)), size)
	p.s.out.Send(Preparing{Model: p.model, Done: done, Total: size})
}

// openInPieces opens a file that is somewhere else, of which a model keeps nothing.
func (s *Session) openInPieces(r Load) (Opened, error) {
	file, now := r.Bytes, s.now()
	p := &preparing{file: file, s: s, model: r.Model, begun: now, said: now, total: file.Size()}
	if r.Hash == "" {
		p.total *= 2 // its bytes are read for that first
	}
	r.Bytes = p
	o, err := s.open(r)
	if f, ok := file.(interface{ Forgo() }); ok {
		f.Forgo()
	}
	return o, err
}
