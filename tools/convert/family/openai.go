package family

import (
	"cmp"
	"fmt"
	"strconv"
)

// openAI is the UNetModel of OpenAI's improved-diffusion and guided-diffusion (Nichol and Dhariwal,
// arXiv:2102.09672; Dhariwal and Nichol, arXiv:2105.05233), which conditional-flow-matching has as
// well.
//
// What its file does not say is the number of heads, the order of queries, keys and values, and the
// size of the pictures. A file also does not say whether the network is trained for timesteps or
// for flow matching.
var openAI = Family{
	Name: "openai", Of: "OpenAI's improved-diffusion and guided-diffusion, " +
		"conditional-flow-matching",
	Anchor: "input_blocks.0.0.weight",
	Options: []Option{
		{"-size", "none: the pictures' side has to be said"},
		{"-heads", "4 heads, as improved-diffusion's script"},
		{"-heads-up", "as many as -heads"},
		{"-head-width", "none, in place of -heads: guided-diffusion's num_head_channels"},
		{"-qkv", "heads, the order of improved-diffusion and of guided-diffusion without " +
			"use_new_attention_order"},
		{"-prediction", "epsilon; flow for conditional-flow-matching"},
		{"-schedule", "linear; cosine for improved-diffusion's noise_schedule cosine"},
		{"-timesteps", "1000"},
		{"-time-scale", "1; 1000/T for improved-diffusion's rescale_timesteps"},
	},
	recognise: func(s *State) bool {
		return s.Has("input_blocks.0.0.weight") && s.Has("time_embed.0.weight") &&
			s.Has("middle_block.0.in_layers.0.weight") && s.Has("out.2.weight")
	},
	build: func(b *Builder, o Settings) { (&openAINet{Builder: b, Settings: o}).build() },
}

// openAINet builds one network of the family.
type openAINet struct {
	*Builder
	Settings
	embedding string // SiLU of the embedding of time and class
	skips     []string
	// Blocks are numbered through all levels. period is their number in a level, with the one that
	// leads to the next.
	blocks, period int
	assumed        bool // the number of heads, without a word in the file or on the command line
}

const (
	flow         = "flow"
	openAIGroups = 32
	silu         = "silu"
)

func (n *openAINet) build() {
	n.needSize(n.Height, "the file does not say")
	if n.Order != "" && n.Order != "heads" && n.Order != "qkv" {
		n.Because("value", "the order of queries, keys and values, -qkv, is one of {known}, not "+
			"{given}", "flag", "qkv", "known", "heads, qkv", "given", strconv.Quote(n.Order))
	}
	if n.Order == "" {
		n.Order = "heads"
		if n.HasPrefix("middle_block.1.qkv") {
			n.Note("qkv", "took the order of queries, keys and values to be {order} (-qkv qkv is "+
				"the other)", "order", n.Order)
		}
	}
	first := n.Need("input_blocks.0.0.weight", 2)
	n.Sample(first[1], n.Height, n.Width)
	n.embed()
	x := n.Conv("input_blocks.0.0", "sample", 1)
	n.skips = append(n.skips, x)
	n.count()
	for i := 1; i < n.blocks; i++ {
		resize := ""
		if i%n.period == 0 {
			resize = "half"
		}
		x = n.block(fmt.Sprintf("input_blocks.%d", i), x, resize, n.Heads)
		n.skips = append(n.skips, x)
	}
	x = n.block("middle_block", x, "", n.Heads)
	for i := range n.blocks {
		last := len(n.skips) - 1
		name, resize := fmt.Sprintf("output_blocks.%d", i), ""
		if (i+1)%n.period == 0 && i+1 < n.blocks {
			resize = "double"
		}
		x = n.Concat(name+".concat", x, n.skips[last])
		n.skips = n.skips[:last]
		heads := n.Heads
		if n.HeadsUp > 0 {
			heads = n.HeadsUp
		}
		x = n.block(name, x, resize, heads)
	}
	x = n.GroupNorm("out.0", x, openAIGroups, silu, "")
	x = n.Conv("out.2", x, 1)
	if n.Prediction == flow && !n.Raw {
		n.Node("velocity", "scale", n.Channels(x), Options{"by": -1}, x)
	}
	n.schedule()
}

// embed is the embedding of time and class. Its width is that of the first linear layer, which may
// differ from the first convolution's.
func (n *openAINet) embed() {
	width := n.Need("time_embed.0.weight", 2)[1]
	time := Options{"width": width, "cos_first": true}
	if n.Prediction == flow && !n.Raw {
		// Time runs from noise to data there, and from data to noise here.
		time["scale"], time["offset"] = -1/float64(n.timesteps()), 1
	} else if n.TimeScale != 0 && n.TimeScale != 1 && !n.Raw {
		time["scale"] = n.TimeScale
	}
	x := n.Node("time", "sinusoid", width, time)
	x = n.Activation("time_embed.1", silu, n.Linear("time_embed.0", x))
	x = n.Linear("time_embed.2", x)
	if n.Has("label_emb.weight") {
		shape := n.Need("label_emb.weight", 2)
		n.Classes(shape[0])
		n.Sampling(map[string]any{"guidance": 1})
		n.Note("guidance", "no class was ever left out in training, so the default guidance is 1")
		row := n.Node("label_emb", "row", shape[1],
			Options{"tensor": "label_emb", "rows": shape[0], "channels": shape[1]})
		x = n.Add("embedding", x, row)
	}
	n.embedding = n.Activation("embedding.silu", silu, x)
}

func (n *openAINet) timesteps() int {
	if n.Timesteps == 0 {
		return 1000
	}
	return n.Timesteps
}

// count finds how the blocks make up levels. A level ends with a convolution, with a residual block
// that resizes, or with a layer that has no tensors; the last two are seen by their places.
func (n *openAINet) count() {
	for n.HasPrefix(fmt.Sprintf("output_blocks.%d.", n.blocks)) {
		n.blocks++
	}
	n.period = n.blocks
	for i := n.blocks - 1; i >= 0; i-- {
		down := fmt.Sprintf("input_blocks.%d.", i)
		if i > 0 && (n.Has(down+"0.op.weight") || !n.HasPrefix(down)) {
			n.period = i
		}
		up := fmt.Sprintf("output_blocks.%d.", i)
		for j := 1; n.HasPrefix(fmt.Sprintf("%s%d.", up, j)); j++ {
			if n.Has(fmt.Sprintf("%s%d.in_layers.0.weight", up, j)) {
				n.period = i + 1
			}
		}
	}
	if n.blocks%n.period != 0 {
		n.Refuse("the %d input blocks are no levels of %d blocks each", n.blocks, n.period)
	}
}

// block is the layers name.0, name.1, … one after another, of which one resizes unless resize is
// empty.
func (n *openAINet) block(name, x, resize string, heads int) string {
	count := n.Count(name + ".")
	for j := range count {
		layer := fmt.Sprintf("%s.%d", name, j)
		switch {
		case n.Has(layer + ".in_layers.0.weight"):
			if to := resize; to == "half" || to == "double" && j > 0 {
				resize = ""
				x = n.resBlock(layer, x, to)
			} else {
				x = n.resBlock(layer, x, "")
			}
		case n.Has(layer + ".qkv.weight"):
			x = n.attention(layer, x, heads)
		case n.Has(layer + ".op.weight"):
			resize = ""
			x = n.Conv(layer+".op", x, 2)
		case n.Has(layer + ".conv.weight"):
			x, resize = n.Conv(layer+".conv", n.Resample(layer, resize, x), 1), ""
		default:
			n.Refuse("the layer %s is none of a residual block, attention, a downsample and an "+
				"upsample", layer)
		}
	}
	if resize != "" {
		x = n.Resample(fmt.Sprintf("%s.%d", name, count), resize, x)
	}
	return x
}

// resBlock is a residual block. Time and class scale and shift its second normalisation if their
// layer has twice as many outputs as the block, and are added before it otherwise. to is half or
// double in a block that resizes.
func (n *openAINet) resBlock(name, x, to string) string {
	outputs := n.Need(name+".out_layers.3.weight", 1)[0]
	h := n.GroupNorm(name+".in_layers.0", x, openAIGroups, silu, "")
	if to != "" {
		h = n.Resample(name+".h_upd", to, h)
		x = n.Resample(name+".x_upd", to, x)
	}
	h = n.Conv(name+".in_layers.2", h, 1)
	by := n.Linear(name+".emb_layers.1", n.embedding)
	if n.Channels(by) == 2*outputs {
		h = n.GroupNorm(name+".out_layers.0", h, openAIGroups, silu, by)
	} else {
		h = n.Add(name+".emb_layers", h, by)
		h = n.GroupNorm(name+".out_layers.0", h, openAIGroups, silu, "")
	}
	h = n.Conv(name+".out_layers.3", h, 1)
	if n.Has(name + ".skip_connection.weight") {
		x = n.Conv(name+".skip_connection", x, 1)
	}
	return n.Add(name, h, x)
}

// attention is self-attention, added to its input.
func (n *openAINet) attention(name, x string, heads int) string {
	channels := n.Channels(x)
	width := n.HeadWidth
	if width == 0 {
		if heads == 0 {
			heads = n.assumeHeads()
		}
		width = channels / heads
	}
	if width == 0 || channels%width != 0 {
		n.Because("heads.width", "{layer} has {channels} channels, and heads of {width} do not "+
			"divide them: say how many there are with -heads or -head-width", "layer", name,
			"channels", channels, "width", width)
	}
	h := n.GroupNorm(name+".norm", x, openAIGroups, "", "")
	o := Options{"tensor": name + ".qkv",
		"heads": channels / width, "width": width, "order": n.Order}
	if dims := len(n.Need(name+".qkv.weight", 2)); dims > 2 {
		o["dims"] = dims
	}
	h = n.Node(name+".qkv", "attention", channels, o, h)
	return n.Add(name, n.Linear(name+".proj_out", h), x)
}

func (n *openAINet) assumeHeads() int {
	const standard = 4
	if !n.assumed {
		n.assumed = true
		n.Note("heads", "took attention to have {n} heads, as the scripts of improved-diffusion "+
			"do; -heads or -head-width says otherwise", "n", standard)
	}
	return standard
}

// schedule is that of gaussian_diffusion.py, or flow matching's.
func (n *openAINet) schedule() {
	if n.Prediction == flow {
		if n.Schedule != "" {
			n.Because("flow", "flow matching has no noise schedule: leave -schedule out")
		}
		n.Scheduler(map[string]any{"_class_name": "FlowMatchEulerDiscreteScheduler",
			"num_train_timesteps": n.timesteps(), "timestep_spacing": "trailing"})
		return
	}
	prediction := n.Prediction
	if prediction == "" || n.Schedule == "" {
		n.Note("openai", "took the network to predict {prediction}, on the {schedule} schedule "+
			"of {n} timesteps (-prediction flow is that of conditional-flow-matching, -schedule "+
			"cosine the other schedule)", "prediction", cmp.Or(prediction, "epsilon"), "schedule",
			cmp.Or(n.Schedule, "linear"), "n", n.timesteps())
	}
	switch prediction {
	case "":
		prediction = "epsilon"
	case "epsilon", "sample", "v_prediction":
	default:
		n.Because("value", "what a network predicts, -prediction, is one of {known}, not {given}",
			"flag", "prediction", "known", "epsilon, sample, v_prediction, flow", "given",
			strconv.Quote(prediction))
	}
	m := map[string]any{
		"_class_name": "DDPMScheduler", "num_train_timesteps": n.timesteps(),
		"prediction_type": prediction, "clip_sample": true, "variance_type": "fixed_large",
	}
	if out := n.Need("out.2.weight", 1)[0]; out == 2*n.sample[0] {
		m["variance_type"] = "learned_range"
	}
	switch n.Schedule {
	case "", "linear": // the ends belong to 1,000 timesteps
		m["beta_schedule"] = "linear"
		m["beta_start"], m["beta_end"] = 0.1/float64(n.timesteps()), 20/float64(n.timesteps())
	case "cosine":
		m["beta_schedule"] = "squaredcos_cap_v2"
	default:
		n.Because("value", "this family has the -schedule {known}, not {given}", "flag", "schedule",
			"known", "linear, cosine", "given", strconv.Quote(n.Schedule))
	}
	n.Scheduler(m)
}
