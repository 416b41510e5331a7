package noise

import (
	"math"

	"tweedie/sampler/portable"
)

// Torch is PyTorch's CPU generator: torch.manual_seed(seed) and then torch.randn of contiguous
// tensors. It is sequential.
//
// Values equal those of PyTorch's plain code path up to the last bits of a float32. Its vectorised
// paths use float32 approximations of log, cos and sin, which differ between builds of PyTorch.
type Torch struct {
	engine twister
	cached float64 // the sine half of the last small draw's pair
	full   bool    // whether cached is to be used
}

// NewTorch returns the generator after torch.manual_seed(seed).
func NewTorch(seed uint64) *Torch {
	g := &Torch{}
	g.Seed(seed)
	return g
}

// Seed is torch.manual_seed. As in PyTorch, only the lower 32 bits of the seed
// count.
func (g *Torch) Seed(seed uint64) {
	g.engine.seed(uint32(seed))
	g.full = false
}

// Normal32 is torch.randn for float32: dst is the tensor in row-major order.
func (g *Torch) Normal32(dst []float32) {
	if len(dst) < 16 {
		for i := range dst {
			dst[i] = float32(g.single())
		}
		return
	}
	for i := range dst {
		dst[i] = g.uniform32()
	}
	for i := 0; i+16 <= len(dst); i += 16 {
		pairs32(dst[i : i+16])
	}
	if len(dst)%16 != 0 { // the last sixteen are drawn again
		tail := dst[len(dst)-16:]
		for i := range tail {
			tail[i] = g.uniform32()
		}
		pairs32(tail)
	}
}

// single draws one element of a tensor of fewer than 16: Box–Muller in float64. The second number
// of the pair is kept for the next call.
func (g *Torch) single() float64 {
	if g.full {
		g.full = false
		return g.cached
	}
	u, v := g.uniform64(), g.uniform64()
	radius := math.Sqrt(-2 * portable.Log1p(-v))
	sin, cos := portable.Sincos(float64(2 * math.Pi * u))
	g.cached, g.full = float64(radius*sin), true
	return float64(radius * cos)
}

// uniform32 is uniform in [0, 1) with 24 bits; uniform64 has 53, from two words, the first one
// being the upper.
func (g *Torch) uniform32() float32 { return float32(float32(g.engine.next()&(1<<24-1)) * 0x1p-24) }

func (g *Torch) uniform64() float64 {
	hi := uint64(g.engine.next())
	return float64(float64((hi<<32|uint64(g.engine.next()))&(1<<53-1)) * 0x1p-53)
}

// pairs32 turns 16 uniform numbers into Gaussian ones in place: number j with number 8+j, the
// cosines in front of the sines.
func pairs32(u []float32) {
	for j := range 8 {
		radius := math.Sqrt(-2 * portable.Log(float64(1-u[j])))
		sin, cos := portable.Sincos(float64(2 * math.Pi * float64(u[j+8])))
		u[j], u[j+8] = float32(radius*cos), float32(radius*sin)
	}
}
