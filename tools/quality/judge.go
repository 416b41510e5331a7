package main

import (
	"fmt"
	"math"

	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/train"
)

// The judge's network: two hidden layers, then the features, of which the classes are a linear
// function. The features are bounded: without bounds a few pictures decide a Fréchet distance.
const (
	units    = 192
	features = 64
	batch    = 256
)

// judge is a classifier of clean pictures.
type judge struct {
	program   *train.Program
	x         *train.Value // [H·W·C] in [-1, 1]
	feature   *train.Value // [features] in [-1, 1]
	out       *train.Value // [classes] logits
	loss      float64      // of the last batch, in nats
	classes   int
	optimiser *train.Optimiser
}

// newJudge trains a judge on pictures, each class as often as every other.
func newJudge(p pictures, classes, steps int) (*judge, error) {
	of := byClass(p.y, classes)
	for c, those := range of {
		if len(those) == 0 {
			return nil, fmt.Errorf("the data set has no training picture of class %d", c)
		}
	}
	j := &judge{classes: classes}
	options := train.Options{Kernels: kernels.Best(), Batch: batch}
	j.program = train.Compile(options, func(c *train.Compiler) {
		j.x = c.Input(len(p.x[0]))
		h := c.Hidden("", j.x, units, 2)
		j.feature = c.Tanh(c.Linear("feature", h, features))
		j.out = c.Output(c.Linear("out", j.feature, classes))
	})
	const seed = 1
	j.program.Start(seed, 0)
	rule := train.Standard()
	rule.Rate, rule.Decay, rule.Warmup, rule.Steps = 2e-3, 0.02, min(100, steps-1), steps
	j.optimiser = train.NewOptimiser(j.program, rule)
	u := make([]float64, 2*batch)
	labels := make([]int, batch)
	for step := range steps {
		noise.Uniform(u, seed, 1, uint32(step))
		for i := range labels {
			labels[i] = min(int(u[2*i]*float64(classes)), classes-1)
			those := of[labels[i]]
			see(j.x.Row(i), p.x[those[min(int(u[2*i+1]*float64(len(those))), len(those)-1)]])
		}
		if err := j.learn(labels); err != nil {
			return nil, err
		}
	}
	j.program.Weights = j.optimiser.Average
	return j, nil
}

// byClass lists the pictures of each class.
func byClass(y []int, classes int) [][]int {
	of := make([][]int, classes)
	for i, c := range y {
		of[c] = append(of[c], i)
	}
	return of
}

// see writes bytes in [-1, 1].
func see(x []float32, bytes []byte) {
	for i, v := range bytes {
		x[i] = float32(float64(v)/127.5 - 1)
	}
}

// learn takes a step on the cross entropy of the batch.
func (j *judge) learn(labels []int) error {
	j.program.Forward(batch)
	j.loss = 0
	chance := make([]float64, j.classes)
	for i, label := range labels {
		j.loss += softmax(chance, j.out.Row(i), label) / batch
		grad := j.out.Grad[i*j.out.Stride:]
		for c, p := range chance {
			if c == label {
				p--
			}
			grad[c] = float32(p / batch)
		}
	}
	j.program.Backward(batch)
	return j.optimiser.Step(j.program.Gradient, j.loss)
}

// softmax fills chance and returns −log of the label's.
func softmax(chance []float64, logits []float32, label int) float64 {
	most, sum := math.Inf(-1), 0.0
	for _, v := range logits {
		most = max(most, float64(v))
	}
	for c, v := range logits {
		chance[c] = portable.Exp(float64(v) - most)
		sum += chance[c]
	}
	for c := range chance {
		chance[c] /= sum
	}
	return portable.Log(sum) - (float64(logits[label]) - most)
}

// judged is what the judge sees in pictures.
type judged struct {
	features [][]float64 // [N][features]
	classes  []int       // [N]
}

func (j *judge) of(x [][]byte) judged {
	var seen judged
	for from := 0; from < len(x); from += batch {
		n := min(batch, len(x)-from)
		for i := range n {
			see(j.x.Row(i), x[from+i])
		}
		j.program.Forward(n)
		for i := range n {
			row := make([]float64, features)
			for k, v := range j.feature.Row(i) {
				row[k] = float64(v)
			}
			best := 0
			for c, v := range j.out.Row(i) {
				if v > j.out.Row(i)[best] {
					best = c
				}
			}
			seen.features = append(seen.features, row)
			seen.classes = append(seen.classes, best)
		}
	}
	return seen
}

// right is the share of pictures that are of their class, of all and by class.
func (s judged) right(y []int, classes int) (all float64, each []float64) {
	each, count := make([]float64, classes), make([]float64, classes)
	for i, c := range y {
		count[c]++
		if s.classes[i] == c {
			all++
			each[c]++
		}
	}
	for c := range each {
		each[c] /= count[c]
	}
	return all / float64(len(y)), each
}
