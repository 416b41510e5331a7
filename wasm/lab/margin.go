package main

import (
	"strconv"

	"tweedie/sampler/lab"
	"tweedie/sampler/portable"
)

// margin looks at one coordinate of the data, time by time.
func (s *Session) margin(r Margin) {
	g := grid{0, 1, r.Low, r.High, r.Columns, r.Rows}
	wrong := g.wrong()
	switch {
	case r.Axis != 0 && r.Axis != 1:
		wrong = "a coordinate is 0 or 1, and not " + strconv.Itoa(r.Axis)
	case r.Columns < 2:
		wrong = "times have 2 columns or more"
	}
	if !s.seen(r.ID, 0, 0, wrong) || !s.run.dense(r.ID) {
		return
	}
	density, err := s.run.mixture.Marginal(r.Axis)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	v, label := s.run.e.View(1), s.run.e.Settings.Label()
	values := make([]float32, r.Columns*r.Rows)
	column, at := 0, make([]float64, 2*r.Columns)
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		t := (column*(lab.T-1) + (r.Columns-1)/2) / (r.Columns - 1)
		level := v.Level(t)
		for row := range r.Rows {
			g.row(at, row)
			p := portable.Exp(density.LogDensity(at[1:2], level, label))
			values[row*r.Columns+column] = float32(p)
		}
		if column++; column < r.Columns {
			return true
		}
		m := Margined{ID: r.ID, Axis: r.Axis, Columns: r.Columns, Rows: r.Rows}
		for _, p := range values {
			m.Values = append32(m.Values, p)
		}
		s.out.Send(m)
		return false
	}})
}

// dense prepares the density of the data, or fails a request.
func (r *run) dense(id int) bool {
	data := r.e.Data()
	if r.of == data {
		return true
	}
	m, err := r.e.Density()
	if err != nil {
		r.session.refuse(id, err)
		return false
	}
	r.mixture, r.of = m, data
	return true
}
