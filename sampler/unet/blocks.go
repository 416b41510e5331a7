package unet

import (
	"math"
	"strconv"

	"tweedie/sampler/layers"
)

// builder adds the layers of a U-Net, in the order of UNet2DModel.forward.
type builder struct {
	*layers.Compiler
	Config
	net *Network

	modulations *layers.Modulations // by time and class
	catalogue   []*layers.Plane     // the concatenations, by up layer
	pushed      int                 // results of the way down so far
}

func (b *builder) network() {
	b.modulations = b.Modulations(layers.Channels{b.TimeEmbeddingDim})
	b.concatenations()
	x, sample := b.input()
	for i := range b.BlockOutChannels {
		x, sample = b.downBlock(i, x, sample)
	}
	x = b.midBlock(x)
	var skip *layers.Plane
	for i := range b.BlockOutChannels {
		if i == len(b.BlockOutChannels)-1 {
			b.pinDeep(i, skip)
		}
		x, skip = b.upBlock(i, x, skip)
	}
	b.output(x, skip)
	b.Before(b.embedding)
}

// pinDeep makes what enters up block i the deep features, with the picture that skip blocks add up,
// which is nil without them. The layers from the end of the first down block to here are needed for
// these alone.
func (b *builder) pinDeep(i int, skip *layers.Plane) {
	b.Pin(b.upInput(i * (b.LayersPerBlock + 1)))
	if skip != nil {
		b.Pin(skip)
	}
	b.Deep(false)
}

// concatenations allocates the buffers in which an up layer's input and its
// skip connection lie side by side. The way down pushes its results; the way
// up takes them from the last to the first.
func (b *builder) concatenations() {
	blocks := b.BlockOutChannels
	type pushed struct{ ch, level int }
	stack := []pushed{{blocks[0], 0}}
	for i, ch := range blocks {
		for range b.LayersPerBlock {
			stack = append(stack, pushed{ch, i})
		}
		if i < len(blocks)-1 {
			stack = append(stack, pushed{ch, i + 1})
		}
	}
	left := blocks[len(blocks)-1]
	for i := range blocks {
		out := blocks[len(blocks)-1-i]
		for range b.LayersPerBlock + 1 {
			s := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			h, w := b.SampleHeight>>s.level, b.SampleWidth>>s.level
			b.catalogue = append(b.catalogue, b.Plane(h, w, layers.Channels{left, s.ch}))
			left = out
		}
	}
}

// upInput is the left part of the concatenation before up layer i: where that
// layer's predecessor writes.
func (b *builder) upInput(i int) *layers.Plane { return b.catalogue[i].Part(0) }

// skip is the right part of the concatenation that takes the next result of
// the way down.
func (b *builder) skip() *layers.Plane {
	b.pushed++
	return b.catalogue[len(b.catalogue)-b.pushed].Part(1)
}

// input takes the samples in and runs conv_in. It returns conv_in's output and,
// for the skip blocks, the sample itself.
func (b *builder) input() (x, sample *layers.Plane) {
	n, in := b.net, layers.Channels{b.InChannels}
	sample = b.Plane(b.SampleHeight, b.SampleWidth, in)
	pad := b.Padding(b.SampleHeight, b.SampleWidth, in)
	pad.Common = true
	var center func(float32) float32
	if b.CenterInputSample {
		center = func(v float32) float32 { return float32(2*v) - 1 }
	}
	b.Input("sample", func(item int) []float32 { return n.items[item].Sample }, center, sample, pad)
	x = b.skip()
	b.conv3("conv_in", pad, x, nil)
	return x, sample
}

// output is conv_norm_out, SiLU, conv_out, the sum with the skip picture, and
// the division by t of the networks that see log t.
func (b *builder) output(x, skip *layers.Plane) {
	n, groups := b.net, b.NormNumGroups
	if groups == 0 {
		groups = min(b.BlockOutChannels[0]/4, 32)
	}
	pad := b.Padding(x.H, x.W, x.Ch)
	b.norm(layers.Norm{Name: "conv_norm_out", Groups: groups, Act: "silu"}, x, pad)
	y := b.Plane(x.H, x.W, layers.Channels{b.OutChannels})
	b.conv3("conv_out", pad, y, skip)
	var divisor func(item int) float32
	if b.TimeEmbeddingType == "fourier" {
		divisor = func(item int) float32 { return n.items[item].Timestep }
	}
	b.Output("output", y, func(item int) []float32 { return n.out[item] }, divisor)
}

// conv3 is a 3×3 convolution of stride 1 with the bias name.bias.
func (b *builder) conv3(name string, x *layers.Padded, dst, res *layers.Plane) {
	b.Conv3(name, x, dst, layers.Fixed(b.Vector(name+".bias", dst.Ch)), res)
}

// norm adds a normalisation, whose groups come from the config.
func (b *builder) norm(n layers.Norm, x *layers.Plane, to layers.Target) {
	if ch := x.Ch.Count(); n.Groups < 1 || ch%n.Groups != 0 {
		b.Refuse(refuse("norm_num_groups", "leaves "+n.Name+" with "+
			strconv.Itoa(n.Groups)+" groups for "+strconv.Itoa(ch)+" channels"))
	}
	n.Eps = b.NormEps
	b.Norm(n, x, to)
}

// block is what the blocks of one level share.
type block struct {
	*builder
	prefix string // "down_blocks.0"
	kind   string
	out    int
}

func (b block) resnetName(j int) string    { return b.prefix + ".resnets." + strconv.Itoa(j) }
func (b block) attentionName(j int) string { return b.prefix + ".attentions." + strconv.Itoa(j) }

// resnetFrom describes a block from in channels.
func (b block) resnetFrom(name string, in int) resnet {
	if isSkip(b.kind) {
		return resnet{name: name, out: b.out, groups: min(in/4, 32), groupsOut: min(b.out/4, 32),
			scale: math.Sqrt2}
	}
	return resnet{name: name, out: b.out, groups: b.NormNumGroups, groupsOut: b.NormNumGroups,
		scale: 1}
}

// attend adds attention number j from x to dst.
func (b block) attend(j int, x, dst *layers.Plane) {
	groups, scale := b.NormNumGroups, 1.0
	if isSkip(b.kind) {
		groups, scale = 32, math.Sqrt2
	}
	b.attention(b.attentionName(j), x, dst, groups, scale)
}

// layer is a resnet block followed, in the blocks that have it, by attention.
func (b block) layer(j int, r resnet, x, dst *layers.Plane, attention bool) {
	if !attention {
		b.resnet(r, x, dst)
		return
	}
	t := b.Plane(x.H, x.W, layers.Channels{r.out})
	b.resnet(r, x, t)
	b.attend(j, t, dst)
	b.Free(t)
}
