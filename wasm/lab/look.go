package main

import (
	"strconv"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// mostSide bounds the rows and columns of a grid.
const mostSide = 256

// grid is a part of the plane in cells.
type grid struct {
	left, right, bottom, top float64
	columns, rows            int
}

// wrong says what is wrong with a grid, or nothing.
func (g grid) wrong() string {
	if g.columns < 1 || g.rows < 1 || g.columns > mostSide || g.rows > mostSide {
		return "a grid has 1 to " + strconv.Itoa(mostSide) + " rows and columns"
	}
	if !(g.left < g.right && g.bottom < g.top) {
		return "a grid has a left below its right and a bottom below its top"
	}
	return ""
}

// row writes the middles of the cells of a row to dst, [columns][2]; row 0 is the top one.
func (g grid) row(dst []float64, row int) {
	y := g.top - float64((g.top-g.bottom)*(float64(row)+0.5)/float64(g.rows))
	for i := range g.columns {
		dst[2*i] = g.left + float64((g.right-g.left)*(float64(i)+0.5)/float64(g.columns))
		dst[2*i+1] = y
	}
}

// seen returns whether something can be said of a timestep, and fails the request if not.
func (s *Session) seen(id, t, least int, wrong string) bool {
	switch {
	case s.run == nil:
		wrong = "nothing is being trained"
	case wrong == "" && s.run.e.View(1) == nil:
		wrong = "this kind of model has no score"
	case wrong == "" && (t < least || t >= lab.T):
		wrong = "a timestep is from " + strconv.Itoa(least) + " to " + strconv.Itoa(lab.T-1)
	}
	if wrong != "" {
		s.fail(id, wrong)
	}
	return wrong == ""
}

// score looks at the network row by row.
func (s *Session) score(r Score) {
	g := grid{r.Left, r.Right, r.Bottom, r.Top, r.Columns, r.Rows}
	if !s.seen(r.ID, r.T, 0, g.wrong()) {
		return
	}
	v := s.run.e.View(g.columns)
	m := Scored{ID: r.ID, T: r.T, Step: s.run.e.Training.Done()}
	x, epsilon := make([]float64, 2*g.columns), make([]float64, 2*g.columns)
	turned := func() []byte {
		for i, value := range epsilon {
			epsilon[i] = -value
		}
		return floats(epsilon)
	}
	row := 0
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		g.row(x, row)
		m.Points = append(m.Points, floats(x)...)
		v.Epsilon(epsilon, x, r.T)
		m.Model = append(m.Model, turned()...)
		if v.Exact() {
			v.ExactEpsilon(epsilon, x, r.T)
			m.Exact = append(m.Exact, turned()...)
		}
		if row++; row < g.rows {
			return true
		}
		s.out.Send(m)
		return false
	}})
}

// density looks at the data row by row.
func (s *Session) density(r Density) {
	g := grid{r.Left, r.Right, r.Bottom, r.Top, r.Columns, r.Rows}
	if !s.seen(r.ID, r.T, -1, g.wrong()) || !s.run.dense(r.ID) {
		return
	}
	run := s.run
	level := schedule.Level{Signal: 1}
	if r.T >= 0 {
		level = run.e.View(1).Level(r.T)
	}
	label := run.e.Settings.Label()
	m := Shaded{ID: r.ID, T: r.T, Columns: g.columns, Rows: g.rows}
	x, row := make([]float64, 2*g.columns), 0
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		g.row(x, row)
		for i := 0; i < len(x); i += 2 {
			p := portable.Exp(run.mixture.LogDensity(x[i:i+2], level, label))
			m.Values = append32(m.Values, float32(p))
		}
		if row++; row < g.rows {
			return true
		}
		s.out.Send(m)
		return false
	}})
}

// infer looks at one point.
func (s *Session) infer(r Infer) {
	if !s.seen(r.ID, r.T, 0, "") {
		return
	}
	v, x := s.run.e.View(experiment.PosteriorPoints), [2]float64{r.X, r.Y}
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		m := Inferred{ID: r.ID, T: r.T}
		m.Posteriors = append(m.Posteriors, told(v.Posterior(x, r.T), false))
		if v.Exact() {
			m.Posteriors = append(m.Posteriors, told(v.ExactPosterior(x, r.T), true))
		}
		s.out.Send(m)
		return false
	}})
}

func told(p experiment.Posterior, exact bool) Posterior {
	return Posterior{exact, p.Mean[0], p.Mean[1], p.Long, p.Short, p.Axis[0], p.Axis[1]}
}
