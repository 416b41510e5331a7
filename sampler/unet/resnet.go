package unet

import "tweedie/sampler/layers"

// resnet is one ResnetBlock2D of a state dict.
type resnet struct {
	name              string
	out               int
	groups, groupsOut int
	scale             float64         // the sum is divided by it
	resample          layers.Resample // between the first normalisation and convolution
	shortcut          bool            // a 1×1 convolution even if the channels agree
}

// resnet adds a block from x to dst:
//
//	dst = (shortcut(x) + conv2(act(norm2(conv1(act(norm1(x))) + temb)))) / scale
//
// with x and act(norm1(x)) resampled, and with the time embedding added after
// conv1 or, with scale_shift, applied after norm2.
func (b *builder) resnet(r resnet, x, dst *layers.Plane) {
	out := layers.Channels{r.out}
	h, w := r.resample.Size(x.H), r.resample.Size(x.W)
	in := b.Padding(h, w, x.Ch)
	norm1 := layers.Norm{Name: r.name + ".norm1", Groups: r.groups, Act: b.ActFn}
	skip := x
	if r.resample == layers.Keep {
		in.Common = b.modulations.Empty()
		b.norm(norm1, x, in)
	} else {
		a := b.Plane(x.H, x.W, x.Ch)
		b.norm(norm1, x, a)
		b.Resample(r.name+".resample", r.resample, a, in)
		b.Free(a)
		skip = b.Plane(h, w, x.Ch)
		b.Resample(r.name+".resample", r.resample, x, skip)
	}
	hidden := b.Plane(h, w, out)
	first, by := b.condition(r.name, out)
	b.Conv3(r.name+".conv1", in, hidden, first, nil)
	mid := b.Padding(h, w, out)
	norm2 := layers.Norm{Name: r.name + ".norm2", Groups: r.groupsOut, Act: b.ActFn, By: by}
	b.norm(norm2, hidden, mid)
	b.Free(hidden)
	if r.shortcut || r.out != x.Ch.Count() {
		b.conv1(r.name+".conv_shortcut", skip, dst, nil)
		b.conv3(r.name+".conv2", mid, dst, dst)
	} else {
		b.conv3(r.name+".conv2", mid, dst, skip)
	}
	if r.resample != layers.Keep {
		b.Free(skip)
	}
	b.Divide(r.name, dst, r.scale)
}

// conv1 is a 1×1 convolution.
func (b *builder) conv1(name string, x, dst, res *layers.Plane) {
	w := layers.Weights{Name: name, Shape: []int{dst.Ch.Count(), x.Ch.Count(), 1, 1}}
	b.Product(name, b.Linear(w, x.Ch, dst.Ch), x, dst, res)
}
