package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"

	"tweedie/sampler/lab/experiment"
	"tweedie/weights"
)

// trace records an experiment. Its tensors, in float32 but for timesteps, are `losses`, [training
// steps]; `weights.NAME`, the moving average of each parameter, as PyTorch's layers have them, and
// `weights.classifier.NAME` of a classifier of classifier guidance;
// `xt.000`, the noise, `xt.001` … the points after each solver step, and `x0.001` … the clean
// points seen in it, all [clouds, points, 2]; and `timesteps`, [solver steps] in int64. Metadata:
// recipe, sha256 of the points.
type trace struct {
	losses    []float32
	file      weights.File
	shape     []int
	timesteps []byte
}

// maxTrace bounds a trace, which is held in memory.
const maxTrace = 1 << 30

func (t *trace) begin(run experiment.Drawing) error {
	points := len(run.X(0)) / 2
	t.shape = []int{run.Images(), points, 2}
	if size := 8 * run.Images() * points * (2*run.Steps() + 1); size > maxTrace {
		return fmt.Errorf("the trace would take %d MB, and %d are allowed; use fewer points or "+
			"solver steps", size>>20, maxTrace>>20)
	}
	t.cloud("xt", 0, run.Images(), run.X)
	return nil
}

// add takes the points after a step of all clouds.
func (t *trace) add(run experiment.Drawing) {
	t.cloud("xt", run.Step(), run.Images(), run.X)
	t.cloud("x0", run.Step(), run.Images(), run.X0)
	t.timesteps = binary.LittleEndian.AppendUint64(t.timesteps, uint64(run.T()))
}

func (t *trace) cloud(name string, step, clouds int, state func(cloud int) []float64) {
	var values []float32
	for i := range clouds {
		for _, v := range state(i) {
			values = append(values, float32(v))
		}
	}
	t.tensor(fmt.Sprintf("%s.%03d", name, step), t.shape, values)
}

func (t *trace) tensor(name string, shape []int, values []float32) {
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	t.file.Tensors = append(t.file.Tensors,
		weights.Tensor{Name: name, DType: weights.F32, Shape: shape, Data: data})
}

func (t *trace) write(path string, e *experiment.Experiment, recipe, sum string) error {
	t.tensor("losses", []int{len(t.losses)}, t.losses)
	for _, x := range e.Training.Tensors() {
		t.tensor("weights."+x.Name, x.Shape, x.Values)
	}
	t.file.Tensors = append(t.file.Tensors, weights.Tensor{Name: "timesteps", DType: weights.I64,
		Shape: []int{len(t.timesteps) / 8}, Data: t.timesteps})
	t.file.Metadata = map[string]string{"format": "pt", "recipe": recipe, "sha256": sum}
	content, err := t.file.Append(nil)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("the trace could not be written: %w", err)
	}
	return nil
}
