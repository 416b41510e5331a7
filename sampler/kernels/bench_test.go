package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// sets are the implementations that benchmarks compare.
func sets() []*Set {
	if Best().Name == "reference" {
		return []*Set{Reference()}
	}
	return []*Set{Reference(), Best()}
}

// report adds the rate of multiply-adds, two operations each.
func report(b *testing.B, macs int) {
	b.ReportMetric(2e-9*float64(macs)*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
}

// BenchmarkGemm has the products of the shipped networks: a Winograd element
// of 32 tiles, a shortcut, an attention projection, a time embedding.
func BenchmarkGemm(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, s := range [][3]int{{32, 64, 64}, {32, 64, 128}, {1024, 32, 96}, {64, 64, 64},
		{2, 128, 128}} {
		m, n, k := s[0], s[1], s[2]
		x, w, y, bias := noise(r, m*k), noise(r, k*n), make([]float32, m*n), noise(r, n)
		for _, q := range sets() {
			b.Run(fmt.Sprintf("%dx%dx%d/%s", m, n, k, q.Name), func(b *testing.B) {
				for b.Loop() {
					q.Gemm(m, n, k, x, k, w, y, n, bias, nil, 0)
				}
				report(b, m*n*k)
			})
		}
	}
}

// BenchmarkConvolution counts effective operations: those of the plain sum.
func BenchmarkConvolution(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, s := range [][3]int{{32, 32, 32}, {32, 96, 32}, {16, 64, 64}, {8, 64, 64},
		{8, 128, 64}} {
		side, c, n := s[0], s[1], s[2]
		for _, tile := range []Tile{F2, F4} {
			x, bias, y := gaussian(r, (side+2)*(side+2)*c, 1), gaussian(r, n, 1),
				make([]float32, side*side*n)
			u := tile.TransformWeights(gaussian(r, n*c*9, 0.1), c, same(c), same(n))
			for _, q := range sets() {
				b.Run(fmt.Sprintf("%d@%d-%d/F%d/%s", c, side, n, tile, q.Name), func(b *testing.B) {
					for b.Loop() {
						convolution(q, tile, x, u, side, side, c, n, bias, nil, y)
					}
					report(b, 9*c*n*side*side)
				})
			}
		}
	}
}

func BenchmarkNorm(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, s := range [][2]int{{1024, 32}, {1024, 96}, {256, 64}, {64, 128}} {
		pixels, c := s[0], s[1]
		x, y, mean, sum := gaussian(r, pixels*c, 1), make([]float32, pixels*c), make([]float32, c),
			make([]float32, c)
		line := Geometry{Row: pixels * c, Pixel: c}
		for _, q := range sets() {
			name := fmt.Sprintf("%dx%d/%s", pixels, c, q.Name)
			b.Run("sums/"+name, func(b *testing.B) {
				for b.Loop() {
					q.ChannelSums(x, c, pixels, c, nil, sum)
				}
				b.SetBytes(int64(4 * pixels * c))
			})
			b.Run("squares/"+name, func(b *testing.B) {
				for b.Loop() {
					q.ChannelSums(x, c, pixels, c, mean, sum)
				}
				b.SetBytes(int64(4 * pixels * c))
			})
			b.Run("silu/"+name, func(b *testing.B) {
				for b.Loop() {
					q.Affine(x, line, y, line, 1, pixels, c, mean, sum, true)
				}
				b.SetBytes(int64(4 * pixels * c))
			})
		}
	}
}

func BenchmarkSoftmax(b *testing.B) {
	x := make([]float32, 32*64)
	for _, q := range sets() {
		b.Run(q.Name, func(b *testing.B) {
			for b.Loop() {
				q.Softmax(x, 32, 64, 64)
			}
		})
	}
}

func BenchmarkGELU(b *testing.B) {
	x := make([]float32, 4096)
	for _, q := range sets() {
		b.Run(q.Name, func(b *testing.B) {
			for b.Loop() {
				for i := range x {
					x[i] = float32(i%16) - 8
				}
				q.GELU(x, len(x))
			}
			b.SetBytes(int64(4 * len(x)))
		})
	}
}

// BenchmarkPeak is the rate that the other kernels can at best reach.
func BenchmarkPeak(b *testing.B) {
	for b.Loop() {
		PeakLoop(1000)
	}
	report(b, PeakRound*1000)
}
