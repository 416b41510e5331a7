package family

// teaPearce is the ContextUnet of TeaPearce/Conditional_Diffusion_MNIST, of the same ancestry as
// minDiffusion's network.
//
// Its file says everything but the number of timesteps, where the buffers of the noise schedule
// were not saved with it. The pictures are of 28×28 pixels.
var teaPearce = Family{
	Name: "teapearce", Of: "TeaPearce/Conditional_Diffusion_MNIST",
	Anchor: "contextembed1.model.0.weight",
	Options: []Option{
		{"-size", "28, which it is built for"},
		{"-timesteps", "those of the schedule in the file, or 400, as script.py"},
		{"-range", "0,1, as script.py"},
	},
	recognise: func(s *State) bool {
		has := func(name string) bool { return s.Has(name) || s.Has(teaPrefix+name) }
		return has("contextembed1.model.0.weight") && has("timeembed1.model.0.weight") &&
			has("init_conv.conv1.0.weight")
	},
	build: func(b *Builder, o Settings) { (&teaPearceNet{Builder: b, Settings: o}).build() },
}

// teaPearceNet builds one network of the family.
type teaPearceNet struct {
	*Builder
	Settings
	timesteps int
}

const (
	teaPrefix = "nn_model." // what DDPM calls the network
	teaSide   = 28          // 7×7 pixels are pooled after the picture is halved twice
	gelu      = "gelu_fast"
)

func (n *teaPearceNet) build() {
	n.State = NewState(n.Within(teaPrefix))
	if n.Height != 0 && (n.Height != teaSide || n.Width != teaSide) {
		n.Refuse("a ContextUnet is for pictures of 28×28 pixels, not %d×%d", n.Height, n.Width)
	}
	n.Sample(n.Need("init_conv.conv1.0.weight", 2)[1], teaSide, teaSide)
	n.Classes(n.Need("contextembed1.model.0.weight", 2)[1])
	low, high := n.valuesOf(n.Settings, 0, 1, "script.py")
	sample, timesteps := n.hoSchedule(n.Settings, 400, low, high)
	n.timesteps = timesteps
	stem := n.residual("init_conv", sample)
	down1 := n.Pool("down1", "max", 2, n.twice("down1.model.0", stem))
	down2 := n.Pool("down2", "max", 2, n.twice("down2.model.0", down1))
	middle := n.Activation("to_vec.1", gelu, n.Pool("to_vec.0", "mean", 7, down2))

	x := n.Transposed("up0.0", middle, 7, 0)
	x = n.GroupNorm("up0.1", x, hoGroups, relu, "")
	x = n.up("1", x, down2)
	x = n.up("2", x, down1)
	x = n.Conv("out.0", n.Concat("out.concat", x, stem), 1)
	n.Conv("out.3", n.GroupNorm("out.1", x, hoGroups, relu, ""), 1)
}

// twice is ResidualConvBlock: two convolutions with batch normalisation and GELU.
func (n *teaPearceNet) twice(name, x string) string {
	return n.conv(name+".conv2", n.conv(name+".conv1", x))
}

func (n *teaPearceNet) conv(name, x string) string {
	return n.BatchNorm(name+".1", n.Conv(name+".0", x, 1), gelu)
}

// residual is ResidualConvBlock with is_res: the second convolution is added to the block's input
// where that has as many channels, and to the first convolution elsewhere.
func (n *teaPearceNet) residual(name, x string) string {
	first := n.conv(name+".conv1", x)
	second := n.conv(name+".conv2", first)
	if n.Channels(x) == n.Channels(second) {
		first = x
	}
	return n.Scale(name, n.Add(name+".sum", second, first), 1/hoRoot)
}

// up multiplies a value by the embedding of the class and adds that of the time. A skip beside it
// is doubled in size with it.
func (n *teaPearceNet) up(number, x, skip string) string {
	time := n.timeOf(n.timesteps)
	t := n.embedding("timeembed"+number, n.Node("time"+number, "time", 1, time))
	class := Options{"classes": n.classes, "value": -1} // the mask is −1 where there is a class
	c := n.embedding("contextembed"+number, n.Node("class"+number, "one_hot", n.classes, class))
	name := "up" + number
	x = n.Add(name+".time", n.Multiply(name+".class", x, c), t)
	x = n.Transposed(name+".model.0", n.Concat(name+".concat", x, skip), 2, 0)
	return n.twice(name+".model.2", n.twice(name+".model.1", x))
}

// embedding is EmbedFC.
func (n *teaPearceNet) embedding(name, x string) string {
	x = n.Activation(name+".model.1", gelu, n.Linear(name+".model.0", x))
	return n.Linear(name+".model.2", x)
}
