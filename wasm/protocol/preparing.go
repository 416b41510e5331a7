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
	weights.Source
	s           *Session
	model       string
	begun, said float64 // milliseconds
	done, total int     // bytes
}

// prepares returns the source of a request's file that says how far it is.
func (s *Session) prepares(r Load) *preparing {
	p := &preparing{Source: r.Bytes, s: s, model: r.Model, total: r.Bytes.Size()}
	if r.Hash == "" {
		p.total *= 2 // its bytes are read for that first
	}
	p.begun = s.now()
	p.said = p.begun
	return p
}

// Copy implements weights.Source.
func (p *preparing) Copy(dst []byte, offset int) {
	p.Source.Copy(dst, offset)
	p.done += len(dst)
	now := p.s.now()
	if now-p.begun < promptly || now-p.said < between {
		return
	}
	p.said = now
	size := p.Size()
	done := min(int(float64(p.done)/float64(p.total)*float64(size)), size)
	p.s.out.Send(Preparing{Model: p.model, Done: done, Total: size})
}

// release gives the file's memory back before anything is collected, where it can.
func (p *preparing) release() {
	if file, ok := p.Source.(interface{ Release() }); ok {
		file.Release()
	}
}
