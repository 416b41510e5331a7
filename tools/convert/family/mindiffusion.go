package family

import (
	"fmt"
	"math"
	"strconv"
)

// minDiffusion is the NaiveUnet of cloneofsimo/minDiffusion.
//
// Its file says everything but the size of the pictures, which is a multiple of 32, and the number
// of timesteps where the buffers of the noise schedule were not saved with it.
var minDiffusion = Family{
	Name: "mindiffusion", Of: "cloneofsimo/minDiffusion",
	Anchor: "timeembed.lin1.weight",
	// A channel that ReLU keeps at zero is divided by √eps.
	Tolerance: 1e-4,
	Options: []Option{
		{"-size", "32, the smallest that it takes"},
		{"-timesteps", "those of the schedule in the file, or 1000, as train_cifar10.py"},
		{"-range", "-1,1 as train_cifar10.py; -0.5,0.5 of grey pictures, as train_mnist.py"},
	},
	recognise: func(s *State) bool {
		has := func(name string) bool { return s.Has(name) || s.Has(minDiffusionPrefix+name) }
		return has("timeembed.lin1.weight") && has("init_conv.main.0.weight") &&
			has("down3.model.0.main.0.weight")
	},
	build: func(b *Builder, o Settings) { (&minDiffusionNet{Builder: b, Settings: o}).build() },
}

// minDiffusionNet builds one network of the family.
type minDiffusionNet struct {
	*Builder
	Settings
}

// minDiffusionPrefix is what DDPM calls the network.
const minDiffusionPrefix = "eps_model."

const (
	hoGroups = 8     // of group normalisation in both families that descend from minDiffusion
	hoRoot   = 1.414 // what they divide a residual sum by, for √2
	relu     = "relu"
)

// timeOf are the options of a network's time, which is t/T there.
func (s Settings) timeOf(timesteps int) Options {
	if s.Raw {
		return Options{}
	}
	return Options{"scale": 1 / float64(timesteps)}
}

// hoBuffers are what DDPM registers beside its network.
var hoBuffers = []string{"alpha_t", "oneover_sqrta", "sqrt_beta_t", "alphabar_t", "sqrtab",
	"sqrtmab", "mab_over_sqrtmab"}

func (n *minDiffusionNet) build() {
	n.State = NewState(n.Within(minDiffusionPrefix))
	if n.Height == 0 {
		n.Height, n.Width = 32, 32
		n.Note("size", "took the pictures to be 32×32; -size says otherwise")
	}
	if n.Height%32 != 0 || n.Width%32 != 0 {
		n.Refuse("a NaiveUnet halves pictures three times and takes the mean of 4×4 pixels: the "+
			"size has to be 32×32, not %d×%d", n.Height, n.Width)
	}
	n.Sample(n.Need("init_conv.main.0.weight", 2)[1], n.Height, n.Width)
	low, high := -1.0, 1.0
	if n.sample[0] == 1 {
		low, high = -0.5, 0.5
	}
	low, high = n.valuesOf(n.Settings, low, high, "train_mnist.py")
	sample, timesteps := n.hoSchedule(n.Settings, 1000, low, high)
	// A group of channels that is constant, behind a ReLU that keeps them at zero, is divided by
	// √eps: rounding grows by a factor of 316.
	n.FineTiles()
	stem := n.block("init_conv", sample, true)
	down1 := n.Pool("down1", "max", 2, n.block("down1.model.0", stem, false))
	down2 := n.Pool("down2", "max", 2, n.block("down2.model.0", down1, false))
	down3 := n.Pool("down3", "max", 2, n.block("down3.model.0", down2, false))
	middle := n.Activation("to_vec.1", relu, n.Pool("to_vec.0", "mean", 4, down3))

	time := n.Node("time", "time", 1, n.timeOf(timesteps))
	time = n.Activation("timeembed.sin", "sine", n.Linear("timeembed.lin1", time))
	time = n.Linear("timeembed.lin2", time)

	x := n.Transposed("up0.0", n.Add("middle", middle, time), 4, 0)
	x = n.GroupNorm("up0.1", x, hoGroups, relu, "")
	x = n.Add("time1", n.up("up1", x, down3), time)
	x = n.up("up2", x, down2)
	x = n.up("up3", x, down1)
	n.Conv("out", n.Concat("out.concat", x, stem), 1)
}

// block is Conv3: three convolutions with normalisation and ReLU. In a residual one the last is
// added to the first.
func (n *minDiffusionNet) block(name, x string, residual bool) string {
	first := n.conv(name+".main", 0, x)
	last := n.conv(name+".conv", 3, n.conv(name+".conv", 0, first))
	if !residual {
		return last
	}
	return n.Scale(name, n.Add(name+".sum", last, first), 1/hoRoot)
}

// conv is a convolution, number i of a sequence, with what follows it there.
func (n *minDiffusionNet) conv(name string, i int, x string) string {
	x = n.Conv(fmt.Sprintf("%s.%d", name, i), x, 1)
	return n.GroupNorm(fmt.Sprintf("%s.%d", name, i+1), x, hoGroups, relu, "")
}

// up is UnetUp: a value and a skip, doubled in size.
func (n *minDiffusionNet) up(name, x, skip string) string {
	x = n.Transposed(name+".model.0", n.Concat(name+".concat", x, skip), 2, 0)
	x = n.block(name+".model.1", x, false)
	return n.block(name+".model.2", x, false)
}

// hoSchedule sets the noise schedule of the two families, for pictures from low to high. It returns
// what the network sees of the sample, see Fit, and the number of timesteps T of their training,
// which are counted from 1 to T. The betas rise evenly from timestep 0 to T. No
// network has seen timestep 0: the sampler goes from T to 1 and ends at the noise level of 0.
func (b *Builder) hoSchedule(
	o Settings, standard int, low, high float64,
) (sample string, timesteps int) {
	first, last := 1e-4, 0.02
	timesteps = o.Timesteps
	if at, ok := b.at["sqrt_beta_t"]; ok {
		roots := b.Tensors[at].Float64s()
		timesteps = len(roots) - 1
		first, last = b.line(roots)
	} else if timesteps == 0 {
		timesteps = standard
		b.noteTimesteps(timesteps)
	}
	for _, name := range hoBuffers {
		b.Pass(name, "a table of the noise schedule, which is computed again")
	}
	m := map[string]any{
		"_class_name": "DDPMScheduler", "num_train_timesteps": timesteps + 1,
		"beta_schedule": "linear", "beta_start": first, "beta_end": last,
		"prediction_type": "epsilon", "variance_type": "fixed_large", "clip_sample": false,
		"steps_offset": 1, "set_alpha_to_one": false, "final_sigmas_type": "sigma_min",
	}
	sample, betas := b.Fit(low, high, lineOf(first, last, timesteps+1))
	if betas != nil {
		m["trained_betas"] = betas
	}
	b.Scheduler(m)
	return sample, timesteps
}

// line returns the first and the last beta of a schedule that rises evenly, given their roots in
// float32.
func (b *Builder) line(roots []float64) (first, last float64) {
	n := len(roots) - 1
	if n < 1 {
		b.Refuse("the noise schedule in the file has %d betas", len(roots))
	}
	digits := func(root float64) float64 {
		v, _ := strconv.ParseFloat(strconv.FormatFloat(root*root, 'g', 6, 64), 64)
		return v
	}
	first, last = digits(roots[0]), digits(roots[n])
	for i, root := range roots {
		want := first + (last-first)*float64(i)/float64(n)
		if !(math.Abs(root*root-want) <= 1e-5*want) {
			b.Refuse("the betas in the file do not rise evenly from %v to %v: beta %d is %v",
				first, last, i, root*root)
		}
	}
	return first, last
}
