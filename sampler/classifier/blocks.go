package classifier

import (
	"strconv"

	"tweedie/sampler/layers"
)

// builder adds the layers of a classifier, in the order of
// NoisyClassifier.forward.
type builder struct {
	*layers.Compiler
	Config
	net   *Network
	times *layers.Modulations // what the time adds behind each block's first convolution
}

func (b *builder) network() {
	b.times = b.Modulations(layers.Channels{b.TimeEmbeddingDim})
	x := b.input()
	for i, ch := range b.BlockOutChannels {
		prefix := "down_blocks." + strconv.Itoa(i)
		for j := range b.LayersPerBlock {
			x = b.resnet(prefix+".resnets."+strconv.Itoa(j), x, ch)
		}
		if i < len(b.BlockOutChannels)-1 {
			y := b.Plane(x.H/2, x.W/2, x.Ch)
			w := layers.Window{Side: 3, Stride: 2, Padding: 1}
			b.Conv(prefix+".downsamplers.0.conv", x, y, w)
			x = y
		}
	}
	b.head(x)
	b.Before(b.embedding)
}

// input takes the picture in and runs conv_in.
func (b *builder) input() *layers.Plane {
	n := b.net
	in := b.Padding(b.Height, b.Width, layers.Channels{b.InChannels})
	b.Input("sample", func(int) []float32 { return n.x }, nil, in)
	x := b.Plane(b.Height, b.Width, layers.Channels{b.BlockOutChannels[0]})
	b.conv3("conv_in", in, x, nil)
	return x
}

// resnet adds a ResnetBlock2D and returns its output:
//
//	y = shortcut(x) + conv2(silu(norm2(conv1(silu(norm1(x))) + temb)))
//
// On the way back the branches meet in norm1, which comes last: to its share of
// x's gradient it adds the shortcut's, which is y's gradient itself or what
// conv_shortcut has made of it.
func (b *builder) resnet(name string, x *layers.Plane, channels int) *layers.Plane {
	out := layers.Channels{channels}
	in, mid := b.Padding(x.H, x.W, x.Ch), b.Padding(x.H, x.W, out)
	hidden, y := b.Plane(x.H, x.W, out), b.Plane(x.H, x.W, out)
	short, also := x, y.Grad
	if channels != x.Ch.Count() {
		short, also = y, x.Grad
	}
	b.norm(name+".norm1", x, in, also)
	plus := b.Tensor(name+".conv1.bias", channels)
	time := b.times.Add(name+".time_emb_proj", out, plus)
	b.Conv3(name+".conv1", in, hidden, time.Bias(), nil)
	b.norm(name+".norm2", hidden, mid, nil)
	if short != x {
		shape := []int{channels, x.Ch.Count(), 1, 1}
		w := layers.Weights{Name: name + ".conv_shortcut", Shape: shape}
		b.Product(w.Name, b.Linear(w, x.Ch, out), x, y, nil)
	}
	b.conv3(name+".conv2", mid, y, short)
	return y
}

// head is conv_norm_out, SiLU, the mean over all pixels and the linear layer.
func (b *builder) head(x *layers.Plane) {
	a, mean := b.Plane(x.H, x.W, x.Ch), b.Plane(1, 1, x.Ch)
	logits := b.Plane(1, 1, layers.Channels{b.Classes})
	b.norm("conv_norm_out", x, a, nil)
	b.Mean("mean", a, mean)
	w := layers.Weights{Name: "classifier"}
	b.Product(w.Name, b.Linear(w, x.Ch, logits.Ch), mean, logits, nil)
	b.net.logits = logits
}

// embedding turns the timestep into the blocks' shares. It does not depend on x
// and has no way back.
func (b *builder) embedding() {
	n, wide := b.net, layers.Channels{b.TimeEmbeddingDim}
	embed := layers.Sinusoid(b.TimeEmbeddingDim, 0, true)
	x := b.Floats(wide.Physical())
	b.Perceptron("time_embedding", layers.Perceptron{
		First: "time_embedding.linear_1", Second: "time_embedding.linear_2", In: wide, Out: wide,
	}, x, nil, func(_ int, out []float32) { embed(n.timestep, out) })
	b.times.Compute("time_emb_proj", x, "silu")
}

// conv3 is a 3×3 convolution of stride 1 with the bias name.bias.
func (b *builder) conv3(name string, x *layers.Padded, y, res *layers.Plane) {
	b.Conv3(name, x, y, layers.Fixed(b.Vector(name+".bias", y.Ch)), res)
}

// norm adds a normalisation with SiLU.
func (b *builder) norm(name string, x *layers.Plane, y layers.Target, also []float32) {
	n := layers.Norm{Name: name, Groups: b.NormGroups, Eps: b.NormEps, Act: "silu", Also: also}
	b.Norm(n, x, y)
}
