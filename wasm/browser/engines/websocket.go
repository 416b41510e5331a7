package engines

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// socket is the client's side of a WebSocket (RFC 6455) to a program on this
// machine: text messages, no extensions. The server is trusted.
type socket struct {
	conn net.Conn
	in   *bufio.Reader
}

// Kinds of frames.
const (
	frameText  = 1
	frameClose = 8
	framePing  = 9
	framePong  = 10
)

// dial connects to a ws: address.
func dial(ctx context.Context, address string) (*socket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	var nonce [16]byte
	rand.Read(nonce[:])
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+u.Host+u.RequestURI(), nil)
	if err != nil {
		conn.Close()
		return nil, err
	}
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": base64.StdEncoding.EncodeToString(nonce[:]),
	} {
		request.Header.Set(name, value)
	}
	s := &socket{conn, bufio.NewReader(conn)}
	if err := request.Write(conn); err != nil {
		conn.Close()
		return nil, err
	}
	answer, err := http.ReadResponse(s.in, request)
	if err == nil && answer.StatusCode != http.StatusSwitchingProtocols {
		err = fmt.Errorf("%s: the answer is %s", address, answer.Status)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// send sends one message. Only one goroutine may send at a time.
func (s *socket) send(text []byte) error { return s.frame(frameText, text) }

// frame sends one frame, masked as clients must.
func (s *socket) frame(kind byte, body []byte) error {
	header := []byte{0x80 | kind}
	switch n := len(body); {
	case n < 126:
		header = append(header, 0x80|byte(n))
	case n < 1<<16:
		header = binary.BigEndian.AppendUint16(append(header, 0x80|126), uint16(n))
	default:
		header = binary.BigEndian.AppendUint64(append(header, 0x80|127), uint64(n))
	}
	var mask [4]byte
	rand.Read(mask[:])
	out := append(header, mask[:]...)
	for i, b := range body {
		out = append(out, b^mask[i%4])
	}
	_, err := s.conn.Write(out)
	return err
}

// receive is the next message, put together from its frames.
func (s *socket) receive() ([]byte, error) {
	var message []byte
	for {
		var head [2]byte
		if _, err := io.ReadFull(s.in, head[:]); err != nil {
			return nil, err
		}
		n := uint64(head[1] & 0x7f)
		if more := map[uint64]int{126: 2, 127: 8}[n]; more > 0 {
			var length [8]byte
			if _, err := io.ReadFull(s.in, length[8-more:]); err != nil {
				return nil, err
			}
			n = binary.BigEndian.Uint64(length[:])
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(s.in, body); err != nil {
			return nil, err
		}
		switch head[0] & 0x0f {
		case frameClose:
			return nil, io.EOF
		case framePing:
			if err := s.frame(framePong, body); err != nil {
				return nil, err
			}
		case framePong:
		default:
			message = append(message, body...)
			if head[0]&0x80 != 0 {
				return message, nil
			}
		}
	}
}

func (s *socket) close() { s.conn.Close() }
