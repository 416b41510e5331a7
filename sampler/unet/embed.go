package unet

import (
	"tweedie/sampler/layers"
	"tweedie/sampler/portable"
)

// scaleShift says whether time and class scale and shift a resnet block's second
// normalisation instead of being added after its first convolution.
func (b *builder) scaleShift() bool { return b.ResnetTimeScaleShift == "scale_shift" }

// condition registers the time_emb_proj of a resnet block. It returns the bias
// of conv1, which holds the embedding's share unless the block is scaled and
// shifted, and the modulation of norm2.
func (b *builder) condition(name string, out layers.Channels) (layers.Bias, layers.Modulation) {
	const bias, projection = ".conv1.bias", ".time_emb_proj"
	if b.scaleShift() {
		m := b.modulations.Add(name+projection, layers.Channels{out.Count(), out.Count()}, nil)
		return layers.Fixed(b.Vector(name+bias, out)), m
	}
	plus := b.Tensor(name+bias, out.Count())
	return b.modulations.Add(name+projection, out, plus).Bias(), layers.Modulation{}
}

// embedding turns timestep and class into the blocks' modulations.
func (b *builder) embedding() {
	n, first := b.net, b.BlockOutChannels[0]
	p := layers.Perceptron{In: layers.Channels{first}, Out: layers.Channels{b.TimeEmbeddingDim}}
	if b.TimeEmbeddingType == "fourier" {
		p.In = layers.Channels{2 * first}
	}
	embed := b.timeProjection(first)
	x := b.Floats(b.Batch * p.Out.Physical())
	b.perceptron("time_embedding", p, x, nil, func(item int, out []float32) {
		embed(n.items[item].Timestep, out)
	})
	b.class(p, x, embed)
	b.modulations.Compute("time_emb_proj", x, b.ActFn)
}

// perceptron is TimestepEmbedding.
func (b *builder) perceptron(
	name string, p layers.Perceptron, to, plus []float32, fill func(item int, out []float32),
) {
	p.First, p.Second = name+".linear_1", name+".linear_2"
	b.Perceptron(name, p, to, plus, fill)
}

// timeProjection returns the embedding of a timestep, [first], or [2·first] of
// a fourier one.
func (b *builder) timeProjection(first int) layers.Embedding {
	const name = "time_proj.weight"
	switch b.TimeEmbeddingType {
	case "learned":
		rows := b.NumTrainTimesteps
		table := b.Tensor(name, rows, first)
		return func(t float32, out []float32) {
			row := min(max(int(t), 0), rows-1)
			copy(out, table[row*first:(row+1)*first])
		}
	case "fourier": // of log t, Song et al., arXiv:2011.13456, appendix C
		waves := layers.Fourier(b.Tensor(name, first))
		return func(t float32, out []float32) { waves(float32(portable.Log(float64(t))), out) }
	}
	return layers.Sinusoid(first, b.FreqShift, b.FlipSinToCos)
}

// class adds the class embedding to x, [batch][time embedding].
func (b *builder) class(p layers.Perceptron, x []float32, embed layers.Embedding) {
	const name = "class_embedding"
	n, width, d := b.net, b.TimeEmbeddingDim, p.Out.Physical()
	switch {
	case b.ClassEmbedType == "timestep":
		sum := b.Floats(len(x))
		b.perceptron(name, p, sum, x, func(item int, out []float32) {
			embed(n.items[item].ClassNumber, out)
		})
		b.Add(layers.Step{Name: name, Run: func(batch int) { copy(x, sum[:batch*d]) }})
	case b.ClassEmbedType == "identity":
		b.Add(layers.Step{Name: name, Run: func(batch int) {
			for item := range batch {
				for i, v := range n.items[item].ClassVector[:width] {
					x[item*d+i] += v
				}
			}
		}})
	case b.NumClassEmbeds > 0:
		row := func(item int) int { return n.items[item].Class }
		b.AddRow(name, b.NumClassEmbeds, x, p.Out, row)
	}
}
