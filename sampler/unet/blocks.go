package unet

import (
	"math"
	"strconv"
)

// network adds every step, in the order of UNet2DModel.forward.
func (c *compiler) network() {
	c.concatenations()
	x, sample := c.input()
	for i := range c.BlockOutChannels {
		x, sample = c.downBlock(i, x, sample)
	}
	x = c.midBlock(x)
	var skip *plane
	for i := range c.BlockOutChannels {
		x, skip = c.upBlock(i, x, skip)
	}
	c.output(x, skip)
	c.embedding()
}

// concatenations allocates the buffers in which an up layer's input and its
// skip connection lie side by side. The way down pushes its results; the way
// up takes them from the last to the first.
func (c *compiler) concatenations() {
	blocks := c.BlockOutChannels
	type pushed struct{ ch, level int }
	stack := []pushed{{blocks[0], 0}}
	for i, ch := range blocks {
		for range c.LayersPerBlock {
			stack = append(stack, pushed{ch, i})
		}
		if i < len(blocks)-1 {
			stack = append(stack, pushed{ch, i + 1})
		}
	}
	left := blocks[len(blocks)-1]
	for i := range blocks {
		out := blocks[len(blocks)-1-i]
		for range c.LayersPerBlock + 1 {
			s := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			c.catalogue = append(c.catalogue, c.plane(c.SampleHeight>>s.level, c.SampleWidth>>s.level, channels{left, s.ch}))
			left = out
		}
	}
}

// upInput is the left part of the concatenation before up layer i: where that
// layer's predecessor writes.
func (c *compiler) upInput(i int) *plane {
	p := *c.catalogue[i]
	p.ch, p.owned = p.ch[:1], nil
	return &p
}

// skip is the right part of the concatenation that takes the next result of
// the way down.
func (c *compiler) skip() *plane {
	c.pushed++
	p := *c.catalogue[len(c.catalogue)-c.pushed]
	p.data, p.ch, p.owned = p.data[p.ch[:1].physical():], p.ch[1:], nil
	return &p
}

// input copies the samples to NHWC and runs conv_in. It returns conv_in's
// output and, for the skip blocks, the sample itself.
func (c *compiler) input() (x, sample *plane) {
	in := channels{c.InChannels}
	h, w, n := c.SampleHeight, c.SampleWidth, c.net
	sample = c.plane(h, w, in)
	clear(sample.data)
	pad := c.commonPadding(h, w, in.physical())
	c.add("sample", 0, func(batch int) {
		for item := range batch {
			dst, to := sample.data[item*sample.image():], pad.inside(item)
			for i, v := range n.items[item].Sample {
				if c.CenterInputSample {
					v = float32(2*v) - 1
				}
				p := i % (h * w)
				dst[p*sample.pixel+i/(h*w)] = v
				to[p/w*pad.cols*pad.c+p%w*pad.c+i/(h*w)] = v
			}
		}
	})
	x = c.skip()
	c.conv3("conv_in", pad, in, x, fixed(c.vector("conv_in.bias", x.ch)), nil)
	return x, sample
}

// output is conv_norm_out, SiLU, conv_out, the sum with the skip picture, and
// the division by t of the networks that see log t.
func (c *compiler) output(x, skip *plane) {
	h, w, n := c.SampleHeight, c.SampleWidth, c.net
	groups := c.NormNumGroups
	if groups == 0 {
		groups = min(c.BlockOutChannels[0]/4, 32)
	}
	pad := c.padding(h, w, x.ch.physical())
	c.norm("conv_norm_out", x, intoPadded(pad), groups, "silu", unmodulated)
	y := c.plane(h, w, channels{c.OutChannels})
	c.conv3("conv_out", pad, x.ch, y, fixed(c.vector("conv_out.bias", y.ch)), skip)
	c.add("output", 0, func(batch int) {
		for item := range batch {
			src := y.data[item*y.image():]
			for i := range n.out[item] {
				v := src[i%(h*w)*y.pixel+i/(h*w)]
				if c.TimeEmbeddingType == "fourier" {
					v /= n.items[item].Timestep
				}
				n.out[item][i] = v
			}
		}
	})
}

// block is what the blocks of one level share.
type block struct {
	c      *compiler
	prefix string // "down_blocks.0"
	kind   string
	out    int
}

func (b block) resnetName(j int) string    { return b.prefix + ".resnets." + strconv.Itoa(j) }
func (b block) attentionName(j int) string { return b.prefix + ".attentions." + strconv.Itoa(j) }

// resnet describes a block from in channels.
func (b block) resnet(name string, in int) resnet {
	if isSkip(b.kind) {
		return resnet{name: name, out: b.out, groups: min(in/4, 32), groupsOut: min(b.out/4, 32), scale: math.Sqrt2}
	}
	return resnet{name: name, out: b.out, groups: b.c.NormNumGroups, groupsOut: b.c.NormNumGroups, scale: 1}
}

// attend adds attention number j from x to dst.
func (b block) attend(j int, x, dst *plane) {
	groups, scale := b.c.NormNumGroups, 1.0
	if isSkip(b.kind) {
		groups, scale = 32, math.Sqrt2
	}
	b.c.attention(b.attentionName(j), x, dst, groups, b.c.AttentionHeadDim, scale)
}

// layer is a resnet block followed, in the blocks that have it, by attention.
func (b block) layer(j int, r resnet, x, dst *plane, attention bool) {
	if !attention {
		b.c.resnet(r, x, dst)
		return
	}
	t := b.c.plane(x.h, x.w, channels{r.out})
	b.c.resnet(r, x, t)
	b.attend(j, t, dst)
	b.c.free(t)
}
