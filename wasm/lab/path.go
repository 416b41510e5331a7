package main

import (
	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/schedule"
)

// pathSteps bounds the steps of a path.
const pathSteps = 100

// path follows one point in the steps of DDIM without fresh noise, a step at a time.
func (s *Session) path(r Path) {
	if !s.seen(r.ID, r.T, 0, "") {
		return
	}
	v := s.run.e.View(1)
	if _, one := v.Model().Only(); one {
		s.fail(r.ID, "a network of one noise level has no path from noise")
		return
	}
	tracers := []*tracer{newTracer(v, r, v.Epsilon)}
	if v.Exact() {
		tracers = append(tracers, newTracer(v, r, v.ExactEpsilon))
	}
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		for _, one := range tracers {
			if one.next() {
				return true
			}
		}
		m := Traced{ID: r.ID, Model: tracers[0].path}
		if len(tracers) > 1 {
			m.Exact = tracers[1].path
		}
		s.out.Send(m)
		return false
	}})
}

// tracer follows a point by what is said of its noise.
type tracer struct {
	view     *experiment.View
	epsilon  func(dst, x []float64, t int)
	from     int // timestep
	done     int // steps
	x, e, x0 [2]float64
	path     []byte // [done + 1][2]
}

func newTracer(v *experiment.View, r Path, epsilon func(dst, x []float64, t int)) *tracer {
	n := &tracer{view: v, epsilon: epsilon, from: r.T, x: [2]float64{r.X, r.Y}}
	n.path = floats(n.x[:])
	return n
}

// next takes one step, and returns false after the last.
func (n *tracer) next() bool {
	steps := min(pathSteps, n.from+1)
	if n.done == steps {
		return false
	}
	t := n.from - n.done*(n.from+1)/steps
	n.done++
	next := n.from - n.done*(n.from+1)/steps
	n.epsilon(n.e[:], n.x[:], t)
	n.view.Level(t).X0(n.x0[:], n.x[:], n.e[:], schedule.Epsilon)
	to := schedule.Level{Signal: 1}
	if next >= 0 {
		to = n.view.Level(next)
	}
	c := n.view.Model().Schedule().Config
	for j := range n.x {
		if bound := c.ClipSampleRange; c.ClipSample {
			n.x0[j] = min(max(n.x0[j], -bound), bound)
		}
		n.x[j] = float64(to.Signal*n.x0[j]) + float64(to.Noise*n.e[j])
	}
	n.path = append(n.path, floats(n.x[:])...)
	return true
}

// solve follows one point by every sampler, a step at a time.
func (s *Session) solve(r Solve) {
	if !s.seen(r.ID, r.T, 0, "") {
		return
	}
	ways, err := s.run.e.Ways(r.X, r.Y, r.T)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	m := Solved{ID: r.ID, Step: s.run.e.Training.Done()}
	s.tasks = append(s.tasks, task{r.ID, func() bool {
		for began := s.now(); ways.Next(); {
			if s.now()-began >= unitTime {
				return true
			}
		}
		for _, one := range ways.All() {
			m.Clouds = len(one.Points)
			m.Ways = append(m.Ways, Way{one.Sampler, one.Fresh, len(one.Points[0]) / 2})
			for _, points := range one.Points {
				m.Points = append(m.Points, floats(points)...)
			}
		}
		s.out.Send(m)
		return false
	}})
}
