package unet

import (
	"strconv"

	"tweedie/sampler/layers"
)

// downBlock adds level i of the way down. sample is the picture that skip
// blocks shrink alongside; it returns both for the next level.
func (b *builder) downBlock(i int, x, sample *layers.Plane) (*layers.Plane, *layers.Plane) {
	k := block{b, "down_blocks." + strconv.Itoa(i), b.DownBlockTypes[i], b.BlockOutChannels[i]}
	for j := range b.LayersPerBlock {
		dst := b.skip()
		k.layer(j, k.resnetFrom(k.resnetName(j), x.Ch.Count()), x, dst, hasAttention(k.kind))
		x = dst
	}
	b.Deep(true) // until pinDeep; the layers of the first block are beside the deep features
	if i == len(b.BlockOutChannels)-1 {
		return x, sample
	}
	dst := b.skip()
	switch {
	case isSkip(k.kind):
		sample = k.skipDown(x, dst, sample)
	case k.kind == "ResnetDownsampleBlock2D",
		k.kind == "AttnDownBlock2D" && b.DownsampleType == "resnet":
		r := k.resnetFrom(k.prefix+".downsamplers.0", k.out)
		r.resample = layers.Half
		b.resnet(r, x, dst)
	default:
		w := layers.Window{Side: 3, Stride: 2, Padding: b.DownsamplePadding}
		b.Conv(k.prefix+".downsamplers.0.conv", x, dst, w)
	}
	return dst, sample
}

// skipDown is the end of a skip block on the way down: a shrinking resnet
// block plus a 1×1 convolution of the shrunk sample.
func (b block) skipDown(x, dst, sample *layers.Plane) *layers.Plane {
	r := b.resnetFrom(b.prefix+".resnet_down", b.out)
	r.resample, r.shortcut = layers.HalfFIR, true
	t := b.Plane(x.H/2, x.W/2, layers.Channels{b.out})
	b.resnet(r, x, t)
	small := b.Plane(x.H/2, x.W/2, sample.Ch)
	b.Resample(b.prefix+".downsamplers.0", layers.HalfFIR, sample, small)
	b.Free(sample)
	b.conv1(b.prefix+".skip_conv", small, dst, t)
	b.Free(t)
	return small
}

// midBlock adds UNetMidBlock2D; its result goes where the first up layer
// reads. Without a middle block, x itself goes there.
func (b *builder) midBlock(x *layers.Plane) *layers.Plane {
	if !b.MidBlock {
		dst := b.upInput(0)
		b.Resample("mid_block", layers.Keep, x, dst)
		return dst
	}
	ch := x.Ch.Count()
	groups := b.NormNumGroups
	if groups == 0 {
		groups = min(ch/4, 32)
	}
	attentionGroups := b.AttnNormGroups
	if attentionGroups == 0 && !b.scaleShift() {
		attentionGroups = groups
	}
	r := resnet{name: "mid_block.resnets.0", out: ch, groups: groups, groupsOut: groups,
		scale: b.MidBlockScaleFactor}
	first := b.Plane(x.H, x.W, x.Ch)
	b.resnet(r, x, first)
	if b.AddAttention {
		second := b.Plane(x.H, x.W, x.Ch)
		b.attention("mid_block.attentions.0", first, second, attentionGroups, b.MidBlockScaleFactor)
		b.Free(first)
		first = second
	}
	r.name = "mid_block.resnets.1"
	dst := b.upInput(0)
	b.resnet(r, first, dst)
	b.Free(first)
	return dst
}

// upBlock adds level i of the way up. skip is the picture that skip blocks
// add up alongside, nil before the first of them.
func (b *builder) upBlock(i int, x, skip *layers.Plane) (*layers.Plane, *layers.Plane) {
	last := len(b.BlockOutChannels) - 1
	k := block{b, "up_blocks." + strconv.Itoa(i), b.UpBlockTypes[i], b.BlockOutChannels[last-i]}
	count := b.LayersPerBlock + 1
	for j := range count {
		cat := b.catalogue[i*count+j]
		r := k.resnetFrom(k.resnetName(j), cat.Ch.Count())
		if k.kind == "AttnSkipUpBlock2D" { // diffusers' precedence: in + skip/4
			r.groups = min(cat.Ch[0]+cat.Ch[1]/4, 32)
		}
		if j < count-1 {
			x = b.upInput(i*count + j + 1)
		} else {
			x = b.Plane(x.H, x.W, layers.Channels{k.out})
		}
		k.layer(j, r, cat, x, hasAttention(k.kind) && !isSkip(k.kind))
		b.Free(cat)
	}
	if k.kind == "AttnSkipUpBlock2D" {
		t := b.Plane(x.H, x.W, x.Ch)
		k.attend(0, x, t)
		b.Free(x)
		x = t
	}
	if isSkip(k.kind) {
		skip = k.skipUp(x, skip, i < last)
	}
	if i == last {
		return x, skip
	}
	dst := b.upInput((i + 1) * count)
	k.enlarge(x, dst)
	b.Free(x)
	return dst, skip
}

// enlarge is the end of a block on the way up: x in twice the size.
func (b block) enlarge(x, dst *layers.Plane) {
	switch {
	case isSkip(b.kind):
		r := b.resnetFrom(b.prefix+".resnet_up", b.out)
		r.resample, r.shortcut = layers.DoubleFIR, true
		b.resnet(r, x, dst)
	case b.kind == "ResnetUpsampleBlock2D", b.kind == "AttnUpBlock2D" && b.UpsampleType == "resnet":
		r := b.resnetFrom(b.prefix+".upsamplers.0", b.out)
		r.resample = layers.Double
		b.resnet(r, x, dst)
	default:
		up := b.Padding(2*x.H, 2*x.W, x.Ch)
		up.Doubled = true
		b.Resample(b.prefix+".upsamplers.0", layers.Double, x, up)
		b.conv3(b.prefix+".upsamplers.0.conv", up, dst, nil)
	}
}

// skipUp doubles the skip picture of the way up and, except at the last
// level, adds a convolution of x to it.
func (b block) skipUp(x, skip *layers.Plane, more bool) *layers.Plane {
	var old *layers.Plane
	if skip != nil {
		old = b.Plane(x.H, x.W, skip.Ch)
		b.Resample(b.prefix+".upsampler", layers.DoubleFIR, skip, old)
		b.Free(skip)
	}
	if !more {
		return old
	}
	pad := b.Padding(x.H, x.W, x.Ch)
	n := layers.Norm{Name: b.prefix + ".skip_norm", Groups: min(b.out/4, 32), Act: "silu"}
	b.norm(n, x, pad)
	p := b.Plane(x.H, x.W, layers.Channels{b.OutChannels})
	b.conv3(b.prefix+".skip_conv", pad, p, old)
	if old != nil {
		b.Free(old)
	}
	return p
}
