package unet

import "strconv"

// downBlock adds level i of the way down. sample is the picture that skip
// blocks shrink alongside; it returns both for the next level.
func (c *compiler) downBlock(i int, x, sample *plane) (*plane, *plane) {
	b := block{c, "down_blocks." + strconv.Itoa(i), c.DownBlockTypes[i], c.BlockOutChannels[i]}
	for j := range c.LayersPerBlock {
		dst := c.skip()
		b.layer(j, b.resnet(b.resnetName(j), x.ch.count()), x, dst, hasAttention(b.kind))
		x = dst
	}
	if i == len(c.BlockOutChannels)-1 {
		return x, sample
	}
	dst := c.skip()
	switch {
	case isSkip(b.kind):
		sample = b.skipDown(x, dst, sample)
	case b.kind == "ResnetDownsampleBlock2D" || b.kind == "AttnDownBlock2D" && c.DownsampleType == "resnet":
		r := b.resnet(b.prefix+".downsamplers.0", b.out)
		r.resample = half
		c.resnet(r, x, dst)
	default:
		c.down3(b.prefix+".downsamplers.0.conv", x, dst, c.DownsamplePadding)
	}
	return dst, sample
}

// skipDown is the end of a skip block on the way down: a shrinking resnet
// block plus a 1×1 convolution of the shrunk sample.
func (b block) skipDown(x, dst, sample *plane) *plane {
	c := b.c
	r := b.resnet(b.prefix+".resnet_down", b.out)
	r.resample, r.shortcut = halfFIR, true
	t := c.plane(x.h/2, x.w/2, channels{b.out})
	c.resnet(r, x, t)
	small := c.plane(x.h/2, x.w/2, sample.ch)
	c.resample(b.prefix+".downsamplers.0", halfFIR, sample, into(small))
	c.free(sample)
	w := c.linear(b.prefix+".skip_conv.weight", sample.ch, t.ch, 1, b.out, sample.ch.count(), 1, 1)
	c.conv1(b.prefix+".skip_conv", w, small, dst, c.vector(b.prefix+".skip_conv.bias", t.ch), t)
	c.free(t)
	return small
}

// midBlock adds UNetMidBlock2D; its result goes where the first up layer
// reads.
func (c *compiler) midBlock(x *plane) *plane {
	ch := x.ch.count()
	groups := c.NormNumGroups
	if groups == 0 {
		groups = min(ch/4, 32)
	}
	attentionGroups := c.AttnNormGroups
	if attentionGroups == 0 && c.ResnetTimeScaleShift == "default" {
		attentionGroups = groups
	}
	r := resnet{name: "mid_block.resnets.0", out: ch, groups: groups, groupsOut: groups, scale: c.MidBlockScaleFactor}
	first := c.plane(x.h, x.w, x.ch)
	c.resnet(r, x, first)
	if c.AddAttention {
		second := c.plane(x.h, x.w, x.ch)
		c.attention("mid_block.attentions.0", first, second, attentionGroups, c.AttentionHeadDim, c.MidBlockScaleFactor)
		c.free(first)
		first = second
	}
	r.name = "mid_block.resnets.1"
	dst := c.upInput(0)
	c.resnet(r, first, dst)
	c.free(first)
	return dst
}

// upBlock adds level i of the way up. skip is the picture that skip blocks
// add up alongside, nil before the first of them.
func (c *compiler) upBlock(i int, x, skip *plane) (*plane, *plane) {
	last := len(c.BlockOutChannels) - 1
	b := block{c, "up_blocks." + strconv.Itoa(i), c.UpBlockTypes[i], c.BlockOutChannels[last-i]}
	layers := c.LayersPerBlock + 1
	for j := range layers {
		cat := c.catalogue[i*layers+j]
		r := b.resnet(b.resnetName(j), cat.ch.count())
		if b.kind == "AttnSkipUpBlock2D" { // diffusers' precedence: in + skip/4
			r.groups = min(cat.ch[0]+cat.ch[1]/4, 32)
		}
		if j < layers-1 {
			x = c.upInput(i*layers + j + 1)
		} else {
			x = c.plane(x.h, x.w, channels{b.out})
		}
		b.layer(j, r, cat, x, hasAttention(b.kind) && !isSkip(b.kind))
		c.free(cat)
	}
	if b.kind == "AttnSkipUpBlock2D" {
		t := c.plane(x.h, x.w, x.ch)
		b.attend(0, x, t)
		c.free(x)
		x = t
	}
	if isSkip(b.kind) {
		skip = b.skipUp(x, skip, i < last)
	}
	if i == last {
		return x, skip
	}
	dst := c.upInput((i + 1) * layers)
	switch {
	case isSkip(b.kind):
		r := b.resnet(b.prefix+".resnet_up", b.out)
		r.resample, r.shortcut = doubleFIR, true
		c.resnet(r, x, dst)
	case b.kind == "ResnetUpsampleBlock2D" || b.kind == "AttnUpBlock2D" && c.UpsampleType == "resnet":
		r := b.resnet(b.prefix+".upsamplers.0", b.out)
		r.resample = double
		c.resnet(r, x, dst)
	default:
		up := c.upsample2(b.prefix+".upsamplers.0", x)
		c.conv3(b.prefix+".upsamplers.0.conv", up, x.ch, dst, fixed(c.vector(b.prefix+".upsamplers.0.conv.bias", dst.ch)), nil)
	}
	c.free(x)
	return dst, skip
}

// skipUp doubles the skip picture of the way up and, except at the last
// level, adds a convolution of x to it.
func (b block) skipUp(x, skip *plane, more bool) *plane {
	c := b.c
	var old *plane
	if skip != nil {
		old = c.plane(x.h, x.w, skip.ch)
		c.resample(b.prefix+".upsampler", doubleFIR, skip, into(old))
		c.free(skip)
	}
	if !more {
		return old
	}
	pad := c.padding(x.h, x.w, x.ch.physical())
	c.norm(b.prefix+".skip_norm", x, intoPadded(pad), min(b.out/4, 32), "silu", unmodulated)
	p := c.plane(x.h, x.w, channels{c.OutChannels})
	c.conv3(b.prefix+".skip_conv", pad, x.ch, p, fixed(c.vector(b.prefix+".skip_conv.bias", p.ch)), old)
	if old != nil {
		c.free(old)
	}
	return p
}
