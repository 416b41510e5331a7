// Package oracle is the exact denoiser of a stored data set, in the place of a
// network: the posterior mean E[x0 | x_t] of its pictures, each weighted by the
// probability of x_t given that picture. A network that is trained on these
// pictures for long enough becomes this denoiser. It returns stored pictures only,
// where a network that was stopped in time makes new ones; the two can be run side
// by side.
//
// Package mixture has the same denoiser for Gaussians of any width, in float64 and
// with its derivatives, for tests. This one keeps pictures as bytes and is small
// enough for the page.
package oracle

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// ClassName is the _class_name of the config of a file of stored pictures. It has
// no further options.
const ClassName = "ExactDenoiser"

// The tensors of such a file, both of bytes.
const (
	PicturesTensor = "pictures" // [N, C, H, W]: byte k is k/127.5 − 1
	ClassesTensor  = "classes"  // [N]
)

// Model satisfies network.Model. It holds scratch memory, so that one value serves
// one goroutine.
type Model struct {
	channels, height, width int
	pictures                []byte // [N][C·H·W]
	classes                 []byte // [N]
	count                   int    // of classes; each has at least one picture
	schedule                *schedule.Schedule
	shares                  []float64    // [N] of the mean
	mean                    []float64    // [C·H·W]
	values                  [256]float64 // that bytes stand for
	scaled                  [256]float64 // times √ᾱ
}

// Open makes the exact denoiser of a file of stored pictures for the noise of s. It
// keeps the file's bytes.
func Open(f *weights.File, s *schedule.Schedule) (*Model, error) {
	pictures, _ := f.Tensor(PicturesTensor)
	classes, _ := f.Tensor(ClassesTensor)
	if pictures == nil || classes == nil ||
		pictures.DType != weights.U8 || classes.DType != weights.U8 ||
		len(pictures.Shape) != 4 || pictures.Len() == 0 ||
		pictures.Shape[0] != classes.Len() {
		return nil, errors.New("oracle: the file needs the tensors " + PicturesTensor +
			", U8 [pictures, channels, height, width], and " + ClassesTensor +
			", U8 with one for each picture")
	}
	c := &s.Config
	if c.PredictionType != schedule.Sample || c.Solver.Network != schedule.Preserving {
		return nil, errors.New("oracle: the scheduler of stored pictures must have timesteps " +
			"and the prediction_type sample")
	}
	n, size := classes.Len(), pictures.Len()/classes.Len()
	m := &Model{
		channels: pictures.Shape[1], height: pictures.Shape[2], width: pictures.Shape[3],
		pictures: pictures.Bytes(), classes: classes.Bytes(), schedule: s,
		shares: make([]float64, n), mean: make([]float64, size),
	}
	for k := range m.values {
		m.values[k] = float64(k)/127.5 - 1
	}
	var filled [256]bool
	for _, class := range m.classes {
		filled[class] = true
		m.count = max(m.count, int(class)+1)
	}
	for class, ok := range filled[:m.count] {
		if !ok {
			return nil, errors.New("oracle: no picture is of class " + strconv.Itoa(class) +
				", of " + strconv.Itoa(m.count))
		}
	}
	return m, nil
}

// Pictures is the number of stored pictures.
func (m *Model) Pictures() int { return len(m.classes) }

// Shape is the shape of a picture.
func (m *Model) Shape() (channels, height, width int) { return m.channels, m.height, m.width }

// OutChannels is the number of channels of the output: no variance is predicted.
func (m *Model) OutChannels() int { return m.channels }

// Classes is the number of classes of the pictures.
func (m *Model) Classes() int { return m.count }

// Predict writes E[x0 | x_t], see network.Model: of the pictures of a class, or of
// all of them without one.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	l := m.schedule.Interpolate(t)
	for k, v := range m.values {
		m.scaled[k] = float64(l.Signal * v)
	}
	for i, label := range labels {
		if label >= m.count {
			panic("oracle: a label that the model does not have")
		}
		m.weigh(x, l, label)
		for j, v := range m.average() {
			out[i][j] = float32(v)
		}
	}
}

// weigh fills shares with the probability of each picture given x, up to a factor:
// exp(−|x−√ᾱ·x0|²/2(1−ᾱ)), where the most probable picture has 1.
func (m *Model) weigh(x []float32, l schedule.Level, label int) {
	least, size := math.Inf(1), len(m.mean)
	for n, class := range m.classes {
		distance := math.Inf(1)
		if label < 0 || label == int(class) {
			distance = 0
			for i, k := range m.pictures[n*size : (n+1)*size] {
				d := float64(x[i]) - m.scaled[k]
				distance += float64(d * d)
			}
		}
		m.shares[n], least = distance, min(least, distance)
	}
	for n, distance := range m.shares {
		if m.shares[n] = 1; distance > least {
			m.shares[n] = portable.Exp((least - distance) / float64(2*l.Noise*l.Noise))
		}
	}
}

// average is the mean of the pictures, weighted by their shares.
func (m *Model) average() []float64 {
	clear(m.mean)
	total := 0.0
	for n, share := range m.shares {
		if share == 0 {
			continue
		}
		total += share
		for i, k := range m.pictures[n*len(m.mean) : (n+1)*len(m.mean)] {
			m.mean[i] += float64(share * m.values[k])
		}
	}
	for i := range m.mean {
		m.mean[i] /= total
	}
	return m.mean
}
