package family

import "fmt"

// labml is the UNet of labml.ai's annotated implementation of DDPM.
//
// Its file does not say the size of the pictures, and nothing of the noise schedule but what the
// code has: betas from 1e-4 to 0.02.
var labml = Family{
	Name: "labml", Of: "labml.ai's annotated DDPM",
	Anchor: "image_proj.weight",
	Options: []Option{
		{"-size", "none: the pictures' side has to be said; 32 in labml's experiments"},
		{"-timesteps", "1000, as labml's experiments"},
		{"-range", "0,1, as labml's experiments"},
	},
	recognise: func(s *State) bool {
		return s.Has("image_proj.weight") && s.Has("time_emb.lin1.weight") &&
			s.Has("middle.res1.conv1.weight")
	},
	build: func(b *Builder, o Settings) { (&labmlNet{Builder: b, Settings: o}).build() },
}

// labmlNet builds one network of the family.
type labmlNet struct {
	*Builder
	Settings
	embedding string // SiLU of the embedding of time
}

const (
	labmlGroups     = 32 // of the blocks
	labmlLastGroups = 8  // of the normalisation behind them
)

func (n *labmlNet) build() {
	n.needSize(n.Height, "the file does not say")
	n.Sample(n.Need("image_proj.weight", 2)[1], n.Height, n.Width)
	width := n.Need("time_emb.lin1.weight", 2)[1]
	time := n.Node("time", "sinusoid", width, Options{"width": width, "shift": 1})
	time = n.Activation("time_emb.act", silu, n.Linear("time_emb.lin1", time))
	time = n.Linear("time_emb.lin2", time)
	n.embedding = n.Activation("time.silu", silu, time)

	x := n.Conv("image_proj", n.schedule(), 1)
	skips := []string{x}
	for i := range n.Count("down.") {
		x = n.block(fmt.Sprintf("down.%d", i), x)
		skips = append(skips, x)
	}
	x = n.resBlock("middle.res1", x)
	x = n.attention("middle.attn", x)
	x = n.resBlock("middle.res2", x)
	for i := range n.Count("up.") {
		name := fmt.Sprintf("up.%d", i)
		if n.Has(name + ".res.conv1.weight") {
			last := len(skips) - 1
			if last < 0 {
				n.Refuse("the way up has more blocks than the way down: there is nothing to put "+
					"beside %s", name)
			}
			x = n.Concat(name+".concat", x, skips[last])
			skips = skips[:last]
		}
		x = n.block(name, x)
	}
	x = n.GroupNorm("norm", x, labmlLastGroups, silu, "")
	n.Conv("final", x, 1)
}

// block is a DownBlock, an UpBlock, or a layer that changes the size.
func (n *labmlNet) block(name, x string) string {
	shape := n.Shape(name + ".conv.weight")
	switch {
	case n.Has(name + ".res.conv1.weight"):
		x = n.resBlock(name+".res", x)
		if n.Has(name + ".attn.projection.weight") {
			x = n.attention(name+".attn", x)
		}
		return x
	case len(shape) == 4 && shape[2] == 3:
		return n.Conv(name+".conv", x, 2)
	case len(shape) == 4 && shape[2] == 4:
		return n.Transposed(name+".conv", x, 2, 1)
	}
	n.Refuse("the layer %s is none of a block, a downsample and an upsample", name)
	return ""
}

// resBlock is a ResidualBlock. The time is added between its convolutions.
func (n *labmlNet) resBlock(name, x string) string {
	h := n.GroupNorm(name+".norm1", x, labmlGroups, silu, "")
	h = n.Conv(name+".conv1", h, 1)
	h = n.Add(name+".time", h, n.Linear(name+".time_emb", n.embedding))
	h = n.GroupNorm(name+".norm2", h, labmlGroups, silu, "")
	h = n.Conv(name+".conv2", h, 1)
	if n.Has(name + ".shortcut.weight") {
		x = n.Conv(name+".shortcut", x, 1)
	}
	return n.Add(name, h, x)
}

// attention is an AttentionBlock: one head as wide as its input has channels.
func (n *labmlNet) attention(name, x string) string {
	n.Pass(name+".norm.", "labml's attention has a normalisation that it does not apply")
	channels := n.Channels(x)
	inner := n.Need(name+".output.weight", 2)[1]
	if inner%channels != 0 {
		n.Refuse("%s has %d numbers for heads of %d channels", name, inner, channels)
	}
	o := Options{"tensor": name + ".projection", "heads": inner / channels, "width": channels,
		"order": "heads"}
	h := n.Node(name+".projection", "attention", inner, o, x)
	return n.Add(name, n.Linear(name+".output", h), x)
}

// schedule sets that of DenoiseDiffusion, and returns what the network sees of the sample.
func (n *labmlNet) schedule() (sample string) {
	timesteps := n.Timesteps
	if timesteps == 0 {
		timesteps = 1000
		n.noteTimesteps(timesteps)
	}
	m := map[string]any{
		"_class_name": "DDPMScheduler", "num_train_timesteps": timesteps,
		"beta_schedule": "linear", "beta_start": 1e-4, "beta_end": 0.02,
		"prediction_type": "epsilon", "variance_type": "fixed_large", "clip_sample": false,
	}
	low, high := n.valuesOf(n.Settings, 0, 1, "experiment.py")
	sample, betas := n.Fit(low, high, lineOf(1e-4, 0.02, timesteps))
	if betas != nil {
		m["trained_betas"] = betas
	}
	n.Scheduler(m)
	return sample
}
