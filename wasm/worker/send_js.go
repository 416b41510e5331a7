package main

import (
	"runtime"

	"tweedie/wasm/post"
	"tweedie/wasm/protocol"
)

// collectAfter is how many pictures are sent between two collections: what Go
// refers to of JavaScript's stays until then, and left to itself Go would first
// let the heap double.
const collectAfter = 512

// sender sends the session's messages to the page.
type sender struct {
	out      *post.Poster
	pictures int // that were sent
}

// Send posts one message. Pictures are copied once, into buffers that are
// transferred and so belong to the page afterwards.
func (s *sender) Send(m protocol.Message) {
	send(s.out, m)
	switch m.(type) {
	case protocol.Step, protocol.Answer:
		if s.pictures++; s.pictures%collectAfter == 0 {
			runtime.GC()
		}
	}
}
