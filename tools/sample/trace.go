package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"

	"tweedie/sampler"
	"tweedie/sampler/recipe"
	"tweedie/weights"
)

// trace records a run. Its tensors are `xt.00`, the noise, `xt.01` … the states after each step,
// `x0.01` … the clean picture seen in each step, all [images, channels, height, width] in float32,
// and `timesteps`, [steps] in int64: xt.k = step k of xt.(k−1) at timesteps[k−1]. Metadata: recipe,
// sha256 of the pixels, model and weights (first 16 digits of the file's SHA-256).
type trace struct {
	file      weights.File
	shape     []int
	digits    int // of the step numbers, two or more
	timesteps []byte
}

// maxTrace bounds a trace, which is held in memory.
const maxTrace = 1 << 30

func newTrace(run *sampler.Run, info recipe.Info) (*trace, error) {
	t := &trace{shape: []int{run.Images(), info.Channels, info.Height, info.Width},
		digits: max(2, len(fmt.Sprint(run.Steps())))}
	size := 4 * run.Images() * info.Channels * info.Height * info.Width * (2*run.Steps() + 1)
	if size > maxTrace {
		return nil, fmt.Errorf(
			"the trace would take %d MB, and %d are allowed; use fewer steps or pictures",
			size>>20, maxTrace>>20)
	}
	t.file.Metadata = map[string]string{"format": "pt", "model": info.Name, "weights": info.Hash}
	t.tensor("xt", 0, run.Images(), run.X)
	return t, nil
}

// add takes the states after a step that all pictures have done.
func (t *trace) add(run *sampler.Run) {
	t.tensor("xt", run.Step(), run.Images(), run.X)
	t.tensor("x0", run.Step(), run.Images(), run.X0)
	t.timesteps = binary.LittleEndian.AppendUint64(t.timesteps, uint64(run.T()))
}

func (t *trace) tensor(name string, step, images int, state func(image int) []float64) {
	var data []byte
	for i := range images {
		for _, v := range state(i) {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(v)))
		}
	}
	name = fmt.Sprintf("%s.%0*d", name, t.digits, step)
	t.file.Tensors = append(t.file.Tensors,
		weights.Tensor{Name: name, DType: weights.F32, Shape: t.shape, Data: data})
}

func (t *trace) write(path, recipe, sum string) error {
	t.file.Metadata["recipe"], t.file.Metadata["sha256"] = recipe, sum
	t.file.Tensors = append(t.file.Tensors, weights.Tensor{Name: "timesteps",
		DType: weights.I64, Shape: []int{len(t.timesteps) / 8}, Data: t.timesteps})
	content, err := t.file.Append(nil)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("the trace could not be written: %w", err)
	}
	return nil
}
