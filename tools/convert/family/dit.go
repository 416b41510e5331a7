package family

import (
	"fmt"
	"math"
)

// dit is the diffusion transformer of Peebles and Xie (arXiv:2212.09748), as its authors have it.
//
// Its file says everything but the number of heads, and whether the last row of the table of
// classes stands for none.
var dit = Family{
	Name: "dit", Of: "facebookresearch/DiT",
	Anchor: "x_embedder.proj.weight",
	Options: []Option{
		{"-heads", "those of the authors' networks: 16 for the width 1152, else heads of 64 " +
			"channels"},
		{"-head-width", "64, in place of -heads"},
		{"-size", "the side that its position table has"},
		{"-classes", "one less than the table has rows: the last row stands for no class"},
		{"-timesteps", "1000"},
	},
	recognise: func(s *State) bool {
		return s.Has("x_embedder.proj.weight") && s.Has("t_embedder.mlp.0.weight") &&
			s.Has("final_layer.adaLN_modulation.1.weight")
	},
	build: func(b *Builder, o Settings) {
		n := &ditNet{Builder: b, Settings: o, ditNames: ditNames{
			patches: "x_embedder.proj", blocks: "blocks",
			time1: "t_embedder.mlp.0", time2: "t_embedder.mlp.2",
			class:      "y_embedder.embedding_table",
			modulation: ".adaLN_modulation.1", projection: ".attn.proj",
			mlp1: ".mlp.fc1", mlp2: ".mlp.fc2", mlpEps: ditEps,
			headModulation: "final_layer.adaLN_modulation.1", head: "final_layer.linear",
		}}
		n.measure()
		n.build()
	},
}

// ditNames are the names of the layers of a diffusion transformer, and what differs in numbers.
// Those that begin with a dot are of a block.
type ditNames struct {
	patches, blocks        string
	time1, time2, class    string
	modulation, projection string
	mlp1, mlp2, mlpNorm    string // mlpNorm "" for a normalisation without weights
	headModulation, head   string
	shift                  int     // of the frequencies of time
	mlpEps                 float64 // of the normalisation before the perceptron
	embedsInBlocks         bool    // each block embeds time and class itself
	positionScale          float64 // of a position table that is not in the file
}

const (
	ditEps  = 1e-6 // of the other normalisations
	ditTime = 256  // width of the embedding of time
	// ditGuided is the number of channels that the authors' forward_with_cfg guides: three of a
	// latent's four.
	ditGuided = 3
)

// ditNet builds one network.
type ditNet struct {
	*Builder
	Settings
	ditNames
	width, patch, heads int
}

// measure finds the size of the pictures in the table of positions.
func (n *ditNet) measure() {
	table, patches := n.Need("pos_embed", 1), n.Need("x_embedder.proj.weight", 1)
	if len(table) != 3 || len(patches) != 4 {
		n.Refuse("the tensors pos_embed and x_embedder.proj.weight have the shapes %v and %v, "+
			"which are no table of positions and no patches", table, patches)
	}
	if n.Height == 0 {
		side := int(math.Sqrt(float64(table[1])))
		n.Height, n.Width = side*patches[2], side*patches[2]
	}
	if n.Height/patches[2]*(n.Width/patches[2]) != table[1] {
		n.Refuse("the file has positions for %d patches of %d×%d pixels, which do not make "+
			"pictures of %d×%d", table[1], patches[2], patches[2], n.Height, n.Width)
	}
}

func (n *ditNet) build() {
	n.count()
	shape := n.Need(n.patches+".weight", 4)
	x := n.Node(n.patches, "conv", n.width, Options{"tensor": n.patches, "channels": n.width,
		"side": n.patch, "stride": n.patch}, "sample")
	if n.Has("pos_embed") {
		n.Take("pos_embed")
		x = n.Node("pos_embed", "position", n.width, Options{"tensor": "pos_embed"}, x)
	} else {
		x = n.Node("pos_embed", "position", n.width, Options{"scale": n.positionScale}, x)
	}
	condition, first := "", ""
	for i := range n.Count(n.blocks + ".") {
		name := fmt.Sprintf("%s.%d", n.blocks, i)
		if i == 0 || n.embedsInBlocks {
			condition = n.condition(name)
		}
		if i == 0 {
			first = condition
		}
		x = n.block(name, x, condition)
	}
	x = n.norm("final_layer.norm", "", ditEps, x, n.share(n.headModulation, first, 2, 0),
		n.share(n.headModulation, first, 2, 1))
	x = n.Linear(n.head, x)
	area := n.patch * n.patch
	if n.Channels(x)%area != 0 {
		n.Refuse("the last layer has %d outputs, which are no patches of %d×%d pixels",
			n.Channels(x), n.patch, n.patch)
	}
	out := n.Channels(x) / area
	n.Node("unpatchify", "unpatchify", out, Options{"side": n.patch}, x)
	n.schedule(shape[1], out)
}

// count finds the sizes of the network.
func (n *ditNet) count() {
	shape := n.Need(n.patches+".weight", 4)
	n.width, n.patch = shape[0], shape[2]
	if n.patch != shape[3] || n.Height%n.patch != 0 || n.Width%n.patch != 0 {
		n.Refuse("pictures of %d×%d are no patches of %d×%d pixels", n.Height, n.Width,
			shape[2], shape[3])
	}
	n.Sample(shape[1], n.Height, n.Width)
	switch {
	case n.HeadWidth > 0 && n.Heads > 0 && n.width != n.Heads*n.HeadWidth:
		n.Because("heads.both", "the network has {channels} channels, which are not {heads} heads "+
			"of {width}: leave out -heads or -head-width", "channels", n.width, "heads", n.Heads,
			"width", n.HeadWidth)
	case n.HeadWidth > 0:
		n.heads = n.width / n.HeadWidth
	case n.Heads > 0:
		n.heads = n.Heads
	default:
		n.heads = n.assumeHeads()
	}
	if n.heads == 0 && n.HeadWidth == 0 {
		n.Because("heads.needed", "the network has {channels} channels, fewer than the authors' "+
			"networks, so nothing says how many heads there are: say it with -heads or "+
			"-head-width", "channels", n.width)
	}
	if n.heads == 0 || n.width%n.heads != 0 {
		n.Because("heads", "the network has {channels} channels, and {heads} heads do not divide "+
			"them: say how many there are with -heads or -head-width", "channels", n.width,
			"heads", n.heads)
	}
}

// assumeHeads is the number of heads of the authors' networks S, B and L, or XL.
func (n *ditNet) assumeHeads() int {
	heads := n.width / 64
	if n.width == 1152 {
		heads = 16
	}
	if heads > 0 {
		n.Note("heads.width", "took the number of attention's heads to be {n}, as the authors' "+
			"networks of this width; -heads says otherwise", "n", heads)
	}
	return heads
}

// condition is SiLU of the embedding of time and class. name is that of the block that has it.
func (n *ditNet) condition(name string) string {
	sum := name + ".norm1.emb"
	if !n.embedsInBlocks {
		name, sum = "", "condition"
	}
	width := n.Need(name+n.time1+".weight", 2)[1]
	x := n.Node(sum+".time", "sinusoid", width,
		Options{"width": width, "cos_first": true, "shift": n.shift})
	x = n.Activation(name+n.time1+".silu", silu, n.Linear(name+n.time1, x))
	x = n.Linear(name+n.time2, x)
	if table := name + n.class + ".weight"; n.Has(table) {
		shape := n.Need(table, 2)
		row := Options{"tensor": name + n.class, "rows": shape[0], "channels": shape[1]}
		if classes := n.countClasses(shape[0]); classes < shape[0] {
			row["null"] = classes
		}
		x = n.Add(sum, x, n.Node(name+n.class, "row", shape[1], row))
	}
	return n.Activation(sum+".silu", silu, x)
}

// countClasses is the number of classes of a table.
func (n *ditNet) countClasses(rows int) int {
	classes := n.ClassCount
	if classes == 0 {
		classes = rows - 1
		if n.classes == 0 {
			n.Note("rows.null", "took the last of the table's {n} rows to stand for no class; "+
				"naming {n} classes says that it does not", "n", rows)
		}
	}
	n.insist(CheckRows(classes, rows))
	n.Classes(classes)
	if classes == rows { // none was ever dropped
		n.Sampling(map[string]any{"guidance": 1})
	}
	return classes
}

// share is part i of a layer behind the condition that has parts vectors of the network's width.
func (n *ditNet) share(tensor, condition string, parts, i int) string {
	o := Options{"tensor": tensor, "channels": n.width, "first": i * n.width,
		"rows": parts * n.width}
	if rows := n.Need(tensor+".weight", 1)[0]; rows != parts*n.width {
		n.Refuse("the layer %s has %d outputs, and %d are wanted for %d channels", tensor, rows,
			parts*n.width, n.width)
	}
	return n.Node(fmt.Sprintf("%s.%d", tensor, i), "linear", n.width, o, condition)
}

// norm is layer normalisation, shifted and scaled. tensor is "" for one without weights.
func (n *ditNet) norm(name, tensor string, eps float64, x, shift, scale string) string {
	o := Options{"eps": eps}
	if tensor != "" {
		o["tensor"] = tensor
	}
	return n.Node(name, "layer_norm", n.width, o, x, scale, shift)
}

// block is a block with adaLN-Zero: shift, scale and gate of attention, and of the perceptron.
func (n *ditNet) block(name, x, condition string) string {
	by := func(i int) string { return n.share(name+n.modulation, condition, 6, i) }
	h := n.norm(name+".norm1", "", ditEps, x, by(0), by(1))
	h = n.Multiply(name+".gate1", n.Linear(name+n.projection, n.attention(name, h)), by(2))
	x = n.Add(name+".sum", h, x)
	tensor := ""
	if n.mlpNorm != "" && n.Has(name+n.mlpNorm+".weight") {
		tensor = name + n.mlpNorm
	}
	h = n.norm(name+".norm2", tensor, n.mlpEps, x, by(3), by(4))
	h = n.Activation(name+".gelu", "gelu_tanh", n.Linear(name+n.mlp1, h))
	h = n.Multiply(name+".gate2", n.Linear(name+n.mlp2, h), by(5))
	return n.Add(name, h, x)
}

// attention is that of a block, whose queries, keys and values are one tensor or three.
func (n *ditNet) attention(name, x string) string {
	o := Options{"heads": n.heads, "width": n.width / n.heads}
	node, bias := name+".attn.qkv", ""
	if n.Has(node + ".weight") {
		o["tensor"], o["order"], bias = node, "qkv", node+".bias"
	} else {
		node = name + ".attn1.qkv"
		names := []string{"to_q", "to_k", "to_v"}
		o["tensor"], o["order"], o["names"] = name+".attn1.", "apart", names
		for _, part := range names {
			n.Need(name+".attn1."+part+".weight", 2)
			n.take(name + ".attn1." + part)
		}
		bias = name + ".attn1.to_q.bias"
	}
	if !n.Has(bias) {
		o["unbiased"] = true
	}
	return n.Node(node, "attention", n.width, o, x)
}

// schedule is that of the authors' create_diffusion. They do not bound latents, and guide three
// channels alone.
func (n *ditNet) schedule(channels, out int) {
	timesteps := n.Timesteps
	if timesteps == 0 {
		timesteps = 1000
	}
	m := map[string]any{
		"_class_name": "DDPMScheduler", "num_train_timesteps": timesteps,
		"beta_schedule": "linear", "beta_start": 0.1 / float64(timesteps),
		"beta_end": 20 / float64(timesteps), "prediction_type": "epsilon",
		"variance_type": "fixed_large", "clip_sample": false,
	}
	if out == 2*channels {
		m["variance_type"] = "learned_range"
	}
	n.Scheduler(m)
	if channels > ditGuided && n.classes > 0 && !n.embedsInBlocks {
		n.Guided(ditGuided)
	}
}
