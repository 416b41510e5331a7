package lab

import (
	"tweedie/sampler/mixture"
	"tweedie/sampler/recipe"
)

// Exact is the perfect network of data whose density is known, for clouds of points, to run beside
// what was learned. It satisfies network.Model.
type Exact struct {
	model  *mixture.Model // of one point
	points int
	info   recipe.Info
	out    [][]float32
}

// Exact returns the exact model beside m, of the same data and noise schedule.
func (m *Model) Exact(density *mixture.Mixture) (*Exact, error) {
	one, err := mixture.NewModel(density, m.schedule, 1, 1, 2)
	if err != nil {
		return nil, err
	}
	return &Exact{model: one, points: m.points, info: m.Info(), out: make([][]float32, 1)}, nil
}

// Shape returns [1, points, 2].
func (e *Exact) Shape() (channels, height, width int) { return 1, e.points, 2 }

// OutChannels returns 1: no variance is predicted.
func (e *Exact) OutChannels() int { return 1 }

// Classes returns the number of classes of the data.
func (e *Exact) Classes() int { return len(e.info.Classes) }

// Info returns what a recipe has to know of the model.
func (e *Exact) Info() recipe.Info { return e.info }

// Predict evaluates every point, see network.Model.
func (e *Exact) Predict(out [][]float32, x []float32, t float64, labels []int) {
	for i := range labels {
		for p := 0; p < 2*e.points; p += 2 {
			e.out[0] = out[i][p : p+2]
			e.model.Predict(e.out, x[p:p+2], t, labels[i:i+1])
		}
	}
}
