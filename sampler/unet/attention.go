package unet

import (
	"math"

	"tweedie/sampler/layers"
)

// attention adds self-attention over the pixels of x to dst:
//
//	dst = (x + out(softmax(q kᵀ/√d) v)) / scale, with q, k, v of norm(x)
//
// in channels/AttentionHeadDim heads; AttentionHeadDim 0 is one head, groups 0
// no norm.
func (b *builder) attention(name string, x, dst *layers.Plane, groups int, scale float64) {
	ch, width := x.Ch.Count(), b.AttentionHeadDim
	if width == 0 {
		width = ch
	}
	heads := make(layers.Channels, ch/width)
	for i := range heads {
		heads[i] = width
	}
	normed := x
	if groups > 0 {
		normed = b.Plane(x.H, x.W, x.Ch)
		b.norm(layers.Norm{Name: name + ".group_norm", Groups: groups}, x, normed)
	}
	mixed, factor := b.Plane(x.H, x.W, heads), float32(1/math.Sqrt(float64(width)))
	b.Attention(name, layers.Attention{
		Q:     b.Linear(layers.Weights{Name: name + ".to_q", Factor: factor}, x.Ch, heads),
		K:     b.Linear(layers.Weights{Name: name + ".to_k"}, x.Ch, heads),
		V:     b.Linear(layers.Weights{Name: name + ".to_v"}, x.Ch, heads),
		Heads: heads,
	}, normed, mixed)
	if groups > 0 {
		b.Free(normed)
	}
	out := b.Linear(layers.Weights{Name: name + ".to_out.0"}, heads, x.Ch)
	b.Product(name+".to_out", out, mixed, dst, x)
	b.Free(mixed)
	b.Divide(name, dst, scale)
}
