package family

import "fmt"

// lucidrains is the Unet of denoising-diffusion-pytorch (Phil Wang), as it is since its blocks have
// RMSNorm and its attention has a memory.
//
// Its file says nearly everything: the heads are the shape of each attention's memory, the kind of
// attention is that of its output layer, and the buffers of GaussianDiffusion have the schedule
// and, in loss_weight, the objective. It does not say the pictures' size.
var lucidrains = Family{
	Name: "lucidrains", Of: "lucidrains' denoising-diffusion-pytorch",
	Anchor: "init_conv.weight",
	Options: append([]Option{
		{"-size", "none: the pictures' side has to be said"},
		{"-prediction", "what loss_weight says, v_prediction without it"},
		{"-schedule", "what betas says; without it sigmoid, and cosine for a network of log SNR"},
	}, lucidTimesteps),
	recognise: func(s *State) bool { return isLucid(s) && !guidedLucid(s) },
	build: func(b *Builder, o Settings) {
		(&lucidNet{Builder: b, Settings: o, prediction: "v_prediction",
			schedule: "sigmoid"}).build()
	},
}

var lucidTimesteps = Option{"-timesteps", "how many betas the file has, 1000 without them"}

// isLucid reports whether a dictionary is one of the two networks of denoising-diffusion-pytorch,
// with the names of the network or of the diffusion around it.
func isLucid(s *State) bool {
	return lucidHas(s, "init_conv.weight") && lucidHas(s, "final_res_block.block1.proj.weight") &&
		lucidHas(s, "mid_block1.block1.proj.weight")
}

// guidedLucid reports whether it is the one with classes.
func guidedLucid(s *State) bool { return lucidHas(s, "classes_emb.weight") }

func lucidHas(s *State, name string) bool {
	return s.Has(name) || s.Has(lucidPrefix+name) || s.Has(lucidEDMPrefix+name)
}

// What the diffusions around the network call it: GaussianDiffusion and ElucidatedDiffusion.
const (
	lucidPrefix    = "model."
	lucidEDMPrefix = "net."
)

// lucidNet builds one of the two networks.
type lucidNet struct {
	*Builder
	Settings
	guided     bool   // the one with classes
	prediction string // of networks that do not say theirs
	schedule   string
	embedding  string // SiLU of the embedding of time and class
	skips      []string
}

func (n *lucidNet) build() {
	n.unwrap()
	n.needSize(n.Height, "the file does not say")
	if n.Has("downs.0.0.block1.norm.weight") {
		n.Refuse("the network is of a release of denoising-diffusion-pytorch whose blocks have " +
			"group normalisation and standardised weights, and only those with RMSNorm are known")
	}
	x := n.stem()
	n.embed()
	stem := x
	levels := n.Count("downs.")
	for i := range levels {
		x = n.down(fmt.Sprintf("downs.%d", i), x)
	}
	x = n.resBlock("mid_block1", x)
	x = n.attention("mid_attn", x)
	x = n.resBlock("mid_block2", x)
	for i := range levels {
		x = n.up(fmt.Sprintf("ups.%d", i), x)
	}
	x = n.resBlock("final_res_block", n.Concat("final_res_block.concat", x, stem))
	n.Conv("final_conv", x, 1)
	n.scheduler()
}

// unwrap takes the name of the network off the tensors, if the dictionary is that of the diffusion
// around it.
func (n *lucidNet) unwrap() {
	if n.Has("init_conv.weight") {
		return
	}
	if n.Has(lucidEDMPrefix + "init_conv.weight") {
		n.Refuse("the network is that of an ElucidatedDiffusion, whose preconditioning is not " +
			"known here")
	}
	n.State = NewState(n.Within(lucidPrefix))
}

// stem is the first convolution. It has the channels of two pictures if the network also takes the
// x̂0 of the step before.
func (n *lucidNet) stem() string {
	in, out := n.Need("init_conv.weight", 2)[1], n.Need("final_conv.weight", 1)[0]
	channels := in
	if in == 2*out {
		channels = out
	}
	if out != channels && out != 2*channels {
		n.Refuse("the network makes %d channels of %d, and pictures or pictures with a variance "+
			"are as many or twice as many", out, in)
	}
	n.Sample(channels, n.Height, n.Width)
	x := "sample"
	if in != channels {
		x = n.Concat("init_conv.concat", "estimate", "sample")
	}
	return n.Conv("init_conv", x, 1)
}

// embed is the embedding of time, and of the class beside it.
func (n *lucidNet) embed() {
	width := n.Need("time_mlp.1.weight", 2)[1]
	x := ""
	if n.Has("time_mlp.0.weights") {
		shape := n.Need("time_mlp.0.weights", 1)
		n.Take("time_mlp.0.weights")
		time := Options{}
		if !n.Raw {
			time["table"] = n.logSNR()
		}
		x = n.Node("time", "time", 1, time)
		x = n.Node("time_mlp.0", "learned_sinusoid", 1+2*shape[0],
			Options{"weights": "time_mlp.0.weights", "count": shape[0]}, x)
	} else {
		x = n.Node("time_mlp.0", "sinusoid", width, Options{"width": width, "shift": 1})
	}
	x = n.Linear("time_mlp.3", n.Activation("time_mlp.2", "gelu", n.Linear("time_mlp.1", x)))
	if n.guided {
		x = n.Concat("embedding", x, n.class())
	}
	n.embedding = n.Activation("embedding.silu", silu, x)
}

// down is a level on the way down.
func (n *lucidNet) down(name, x string) string {
	x = n.resBlock(name+".0", x)
	n.skips = append(n.skips, x)
	x = n.attention(name+".2", n.resBlock(name+".1", x))
	n.skips = append(n.skips, x)
	resize := name + ".3"
	switch shape := n.Shape(resize + ".weight"); {
	case shape == nil:
		x = n.Node(resize+".0", "space_to_depth", 4*n.Channels(x), nil, x)
		return n.Conv(resize+".1", x, 1)
	case len(shape) == 4 && shape[3] == 4:
		return n.Node(resize, "conv", shape[0], Options{"tensor": resize, "channels": shape[0],
			"side": 4, "stride": 2, "padding": 1}, x)
	}
	return n.Conv(resize, x, 1)
}

// up is a level on the way up.
func (n *lucidNet) up(name, x string) string {
	for _, block := range []string{".0", ".1"} {
		last := len(n.skips) - 1
		if last < 0 {
			n.Refuse("there are more levels on the way up than on the way down")
		}
		x = n.Concat(name+block+".concat", x, n.skips[last])
		n.skips = n.skips[:last]
		x = n.resBlock(name+block, x)
	}
	x = n.attention(name+".2", x)
	resize := name + ".3"
	if n.Has(resize + ".weight") {
		return n.Conv(resize, x, 1)
	}
	return n.Conv(resize+".1", n.Resample(resize+".0", "double", x), 1)
}

// resBlock is a residual block. Time and class scale and shift its first normalisation.
func (n *lucidNet) resBlock(name, x string) string {
	by := n.Linear(name+".mlp.1", n.embedding)
	h := n.Conv(name+".block1.proj", x, 1)
	h = n.rmsNorm(name+".block1.norm", silu, h, by)
	h = n.Conv(name+".block2.proj", h, 1)
	h = n.rmsNorm(name+".block2.norm", silu, h)
	if n.Has(name + ".res_conv.weight") {
		x = n.Conv(name+".res_conv", x, 1)
	}
	return n.Add(name, h, x)
}

// rmsNorm is the normalisation of the tensor name.g.
func (n *lucidNet) rmsNorm(name, act string, of ...string) string {
	n.Take(name + ".g")
	o := Options{"gain": name + ".g"}
	if act != "" {
		o["act"] = act
	}
	return n.Node(name, "rms_norm", n.Channels(of[0]), o, of...)
}

// attention is added to its input. It is linear if its output layer has a normalisation behind it.
func (n *lucidNet) attention(name, x string) string {
	inner, norm := name, name+".norm"
	if n.guided { // Residual(PreNorm(…))
		inner, norm = name+".fn.fn", name+".fn.norm"
	}
	h := n.rmsNorm(norm, "", x)
	rows := n.Need(inner+".to_qkv.weight", 1)[0]
	linear := n.Has(inner + ".to_out.1.g")
	o := Options{"tensor": inner + ".to_qkv", "unbiased": true, "dims": 4}
	heads, width := n.heads(inner, rows/3, linear, o)
	if 3*heads*width != rows {
		n.Refuse("%s.to_qkv.weight has %d rows, and queries, keys and values of %d heads of %d "+
			"have %d", inner, rows, heads, width, 3*heads*width)
	}
	o["heads"], o["width"] = heads, width
	if linear {
		h = n.Node(inner+".to_qkv", "linear_attention", rows/3, o, h)
		h = n.rmsNorm(inner+".to_out.1", "", n.Conv(inner+".to_out.0", h, 1))
	} else {
		h = n.Node(inner+".to_qkv", "attention", rows/3, o, h)
		h = n.Conv(inner+".to_out", h, 1)
	}
	if n.guided {
		return n.Add(name, h, x)
	}
	return n.Add(name+" + x", h, x)
}

// heads returns the number and width of an attention's heads, and adds its memory to the options.
func (n *lucidNet) heads(name string, inner int, linear bool, o Options) (heads, width int) {
	if n.guided {
		return n.guidedHeads(name, inner, linear)
	}
	memory := name + ".mem_kv"
	n.demand(memory)
	shape := n.Shape(memory)
	if len(shape) != 4 || shape[0] != 2 {
		n.Refuse("%s has shape %v, which is no keys and values of heads", memory, shape)
	}
	width, count := shape[3], shape[2]
	if linear {
		width, count = count, width
	}
	if count == 0 {
		n.Pass(memory, "it is empty")
		return shape[1], width
	}
	n.Take(memory)
	o["memory"], o["memories"] = memory, count
	return shape[1], width
}
