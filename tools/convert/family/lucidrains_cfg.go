package family

// lucidrainsGuided is the Unet of denoising-diffusion-pytorch's classifier_free_guidance.py. It is
// another network than lucidrains: its attention has no memory and is linear on every level, and
// its blocks are scaled and shifted by time and class together.
var lucidrainsGuided = Family{
	Name: "lucidrains-cfg", Of: "lucidrains' denoising-diffusion-pytorch with classes",
	Anchor: "init_conv.weight",
	Options: []Option{
		{"-size", "none: the pictures' side has to be said"},
		{"-heads", "of the attention in the middle: 4 of 32 channels, where they fill its layer"},
		{"-head-width", "32, in place of -heads"},
		{"-prediction", "what loss_weight says, epsilon without it"},
		{"-schedule", "what betas says, cosine without it"},
		lucidTimesteps,
	},
	recognise: func(s *State) bool { return isLucid(s) && guidedLucid(s) },
	build: func(b *Builder, o Settings) {
		(&lucidNet{Builder: b, Settings: o, guided: true, prediction: "epsilon",
			schedule: "cosine"}).build()
	},
}

// class is the embedding of the class, or of the vector that stands for none.
func (n *lucidNet) class() string {
	shape := n.Need("classes_emb.weight", 2)
	n.Classes(shape[0])
	n.Take("null_classes_emb")
	x := n.Node("classes_emb", "row", shape[1], Options{"tensor": "classes_emb",
		"rows": shape[0], "channels": shape[1], "null_tensor": "null_classes_emb"})
	x = n.Activation("classes_mlp.1", "gelu", n.Linear("classes_mlp.0", x))
	return n.Linear("classes_mlp.2", x)
}

// The heads that the constructor gives to every linear attention, and to the middle unless it is
// told otherwise.
const (
	lucidHeads     = 4
	lucidHeadWidth = 32
)

// guidedHeads returns the number and width of an attention's heads, which the file does not have.
func (n *lucidNet) guidedHeads(name string, inner int, linear bool) (heads, width int) {
	const standard = lucidHeads * lucidHeadWidth
	switch {
	case linear:
		return lucidHeads, lucidHeadWidth
	case n.Settings.Heads > 0:
		return n.Settings.Heads, inner / n.Settings.Heads
	case n.HeadWidth > 0:
		return inner / n.HeadWidth, n.HeadWidth
	case inner != standard:
		n.Because("heads.needed.layer", "{layer} has {channels} channels, and its number of "+
			"heads is not in the file: say it with -heads, attn_heads of the constructor", "layer",
			name, "channels", inner)
	}
	n.Note("heads.middle", "took the attention in the middle to have {n} heads, as the "+
		"constructor does; -heads says otherwise", "n", lucidHeads)
	return lucidHeads, lucidHeadWidth
}
