package main

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"

	"tweedie/sampler/lab/keys"
	"tweedie/sampler/plane"
	"tweedie/sampler/solver"
)

// paint takes a stroke to a canvas.
func (s *Session) paint(r Paint) {
	c, err := plane.ParseCanvas(r.Canvas)
	if err != nil {
		s.fail(r.ID, "the painting cannot be read: "+strings.TrimPrefix(err.Error(), "plane: "))
		return
	}
	colour := slices.Index(plane.Colours(), r.Colour)
	if colour < 0 && r.Colour != "" {
		s.fail(r.ID, "there is no paint of the colour '"+r.Colour+"'")
		return
	}
	touches := make([]plane.Touch, min(most, len(r.Stroke)/12))
	for i := range touches {
		number := func(k int) float64 {
			bits := binary.LittleEndian.Uint32(r.Stroke[12*i+4*k:])
			return float64(math.Float32frombits(bits))
		}
		touches[i] = plane.Touch{X: number(0), Y: number(1), Pressure: number(2)}
	}
	c.Stroke(plane.Brush{Radius: r.Radius, Colour: uint8(max(0, colour)), Erase: colour < 0},
		touches)
	s.painted(r.ID, r.Recipe, c)
}

// picture makes a canvas of a picture.
func (s *Session) picture(r Picture) {
	c, err := plane.CanvasOf(r.Grey, plane.FoundInk)
	if errors.Is(err, plane.ErrFlat) {
		err = solver.Refuse("paint", strings.TrimPrefix(err.Error(), "plane: "))
	}
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	s.painted(r.ID, r.Recipe, c)
}

// painted answers with a canvas, and with the recipe that has it.
func (s *Session) painted(id int, recipe string, c *plane.Canvas) {
	m := Painted{ID: id, Canvas: c.String()}
	if m.Canvas != "" {
		var err error
		if m.Recipe, err = keys.Painted(recipe, c); err != nil {
			s.refuse(id, err)
			return
		}
	}
	for _, cell := range c {
		m.Cells = append(m.Cells, cell.Level)
		m.Colours = append(m.Colours, cell.Colour)
	}
	s.out.Send(m)
}
