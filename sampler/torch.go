package sampler

import "tweedie/sampler/noise"

// torchDraws is the noise of one picture as PyTorch's CPU generator gives it: draw k is the k-th
// randn of the picture's shape after manual_seed. For a draw before the last one it starts again
// from the seed.
type torchDraws struct {
	generator *noise.Torch
	seed      uint64
	next      uint32    // number of the generator's next draw
	skipped   []float32 // [C·H·W] the last draw
}

func newTorchDraws(seed uint64, size int) *torchDraws {
	return &torchDraws{generator: noise.NewTorch(seed), seed: seed, skipped: make([]float32, size)}
}

func (d *torchDraws) draw(dst []float64, draw uint32) {
	if draw < d.next {
		d.generator.Seed(d.seed)
		d.next = 0
	}
	for d.next <= draw {
		d.generator.Normal32(d.skipped)
		d.next++
	}
	for i, v := range d.skipped[:len(dst)] {
		dst[i] = float64(v)
	}
}
