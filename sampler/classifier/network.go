package classifier

import (
	"tweedie/sampler/kernels"
	"tweedie/sampler/layers"
	"tweedie/weights"
)

// Network is a classifier ready to run, with buffers for one picture. It is not
// safe for concurrent use.
type Network struct {
	Config
	Parameters int // numbers in the state dict

	k        *kernels.Set
	program  *layers.Program
	x        []float32 // of the evaluation going on: [InChannels, H, W]
	timestep float32
	logits   *layers.Plane // 1×1
}

// New compiles the network of a config that ParseConfig returned with the
// weights of f, on kernels k. Every tensor of f must belong to the network, have
// the right shape and be finite.
func New(cfg Config, f *weights.File, k *kernels.Set) (*Network, error) {
	n := &Network{Config: cfg, k: k}
	o := layers.Options{
		Family: "classifier", Kernels: k, Batch: 1, Gradient: true,
		Thin: kernels.F4, // as it has been: the tile is part of the result
	}
	p, err := layers.Compile(o, f, func(c *layers.Compiler) {
		b := &builder{Compiler: c, Config: cfg, net: n}
		b.network()
	})
	if err != nil {
		return nil, err
	}
	n.program, n.Parameters = p, p.Parameters
	return n, nil
}

// Forward writes the logits of the classes, [Classes], for a picture x,
// [InChannels, H, W], at timestep t, which may be fractional. It allocates
// nothing and panics if a size is wrong.
func (n *Network) Forward(logits, x []float32, t float32) {
	if len(logits) != n.Classes {
		panic("classifier: logits of the wrong size")
	}
	n.forward(x, t)
	copy(logits, n.logits.Data)
}

func (n *Network) forward(x []float32, t float32) {
	if len(x) != n.InChannels*n.Height*n.Width {
		panic("classifier: a picture of the wrong size")
	}
	n.x, n.timestep = x, t
	n.program.Run(1, true)
	n.x = nil
}

// Gradient writes ∇ₓ log p(class | x, t) to dst. dst, x: [InChannels, H, W];
// dst may be x. Otherwise like Forward.
//
// The gradient of the logits is one at the class, minus the softmax. The
// class's own is the sum of the other probabilities, which keeps its digits
// where the class is almost certain.
func (n *Network) Gradient(dst, x []float32, t float32, class int) {
	if class < 0 || class >= n.Classes || len(dst) != len(x) {
		panic("classifier: a class that the network does not have, or a gradient of the wrong size")
	}
	n.forward(x, t)
	g := n.logits.Grad
	copy(g, n.logits.Data)
	n.k.Softmax(g, 1, n.Classes, n.logits.Pixel)
	others := float32(0)
	for i, p := range g[:n.Classes] {
		if i != class {
			others += p
		}
		g[i] = -p
	}
	g[class] = others
	n.program.Back(dst)
}
