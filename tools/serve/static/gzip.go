package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// keptBytes bounds what a squeezer keeps: a few builds of the whole page.
const keptBytes = 64 << 20

// squeezer compresses file contents and remembers the results by their hash, so
// that a rebuilt file is never answered with an older one's bytes.
type squeezer struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte][]byte
	size int
}

// gzip returns content compressed at gzip's default level, which is what usual
// static hosts do on the fly. sum is content's SHA-256. Two first requests for
// one file may both compress it; that is cheaper than making others wait.
func (s *squeezer) gzip(sum [sha256.Size]byte, content []byte) []byte {
	s.mu.Lock()
	small, ok := s.kept[sum]
	s.mu.Unlock()
	if ok {
		return small
	}
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write(content) // a bytes.Buffer takes everything
	z.Close()
	s.keep(sum, buf.Bytes())
	return buf.Bytes()
}

// keep remembers one result, and forgets all others when they grow too large.
func (s *squeezer) keep(sum [sha256.Size]byte, small []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || s.size+len(small) > keptBytes {
		s.kept, s.size = make(map[[sha256.Size]byte][]byte), 0
	}
	s.size += len(small) - len(s.kept[sum])
	s.kept[sum] = small
}

// accepts reports whether the request allows an answer in an encoding.
func accepts(r *http.Request, encoding string) bool {
	for _, line := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(line, ",") {
			coding, parameters, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(coding), encoding) {
				weight, found := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
				q, err := strconv.ParseFloat(weight, 64)
				return !found || err == nil && q > 0
			}
		}
	}
	return false
}
