package main

import "tweedie/sampler/lab/digits"

// decodes returns whether there are digits to decode, and fails the request if not.
func (s *Session) decodes(id int, wrong string) bool {
	switch {
	case s.run == nil:
		wrong = "nothing is being trained"
	case wrong == "" && s.run.e.Decoder() == nil:
		wrong = "the points of this model decode to nothing"
	}
	if wrong != "" {
		s.fail(id, wrong)
	}
	return wrong == ""
}

// decode looks at the plane row by row, all by the autoencoder of one moment.
func (s *Session) decode(r Decode) {
	g := grid{r.Left, r.Right, r.Bottom, r.Top, r.Columns, r.Rows}
	if !s.decodes(r.ID, g.wrong()) {
		return
	}
	d := s.run.e.Decoder()
	m := Decoded{ID: r.ID, Step: s.run.e.Training.Done(), Columns: g.columns, Rows: g.rows,
		Side: digits.Side}
	x, ink, row := make([]float64, 2*g.columns), make([]float64, digits.Pixels*g.columns), 0
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		g.row(x, row)
		d.Ink(ink, x)
		for _, v := range ink {
			m.Ink = append(m.Ink, byte(255*v+0.5))
		}
		for i := 0; r.Name && i < len(ink); i += digits.Pixels {
			m.Names = append(m.Names, byte(d.Nearest(ink[i:i+digits.Pixels])))
		}
		if row++; row < g.rows {
			return true
		}
		s.out.Send(m)
		return false
	}})
}

func (s *Session) encode(id int) {
	if s.decodes(id, "") {
		x, classes := s.run.e.Decoder().Encoded()
		s.out.Send(Encoded{id, s.run.e.Training.Done(), floats(x), narrow(classes)})
	}
}
