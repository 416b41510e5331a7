package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows steps and milliseconds: on a terminal in one line that is written over, elsewhere as one line at the end.
type progress struct {
	out      io.Writer
	terminal bool
	steps    int
	images   int
	done     int
	start    time.Time
}

func startProgress(out io.Writer, steps, images int) *progress {
	p := &progress{out: out, steps: steps, images: images, start: time.Now()}
	if f, ok := out.(*os.File); ok {
		s, err := f.Stat()
		p.terminal = err == nil && s.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) step(done int) {
	p.done = done
	if p.terminal {
		fmt.Fprintf(p.out, "\r%s ", p.line())
	}
}

// end closes the line.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprintln(p.out)
	} else {
		fmt.Fprintln(p.out, p.line())
	}
}

func (p *progress) line() string {
	ms := float64(time.Since(p.start).Microseconds()) / 1000
	pictures := "1 picture"
	if p.images > 1 {
		pictures = fmt.Sprintf("%d pictures", p.images)
	}
	return fmt.Sprintf("step %d of %d, %s, %.0f ms, %.1f ms a step", p.done, p.steps, pictures, ms, ms/float64(max(p.done, 1)))
}
