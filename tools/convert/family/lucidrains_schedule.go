package family

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// lucidBuffers are what GaussianDiffusion registers beside its network.
var lucidBuffers = []string{"betas", "alphas_cumprod", "alphas_cumprod_prev",
	"sqrt_alphas_cumprod", "sqrt_one_minus_alphas_cumprod", "log_one_minus_alphas_cumprod",
	"sqrt_recip_alphas_cumprod", "sqrt_recipm1_alphas_cumprod", "posterior_variance",
	"posterior_log_variance_clipped", "posterior_mean_coef1", "posterior_mean_coef2", "loss_weight",
	"p2_loss_weight"}

// scheduler writes the noise schedule: the authors' ddim_sample and p_sample_loop.
func (n *lucidNet) scheduler() {
	betas := n.numbers("betas")
	m := map[string]any{"_class_name": "DDPMScheduler", "clip_sample": true,
		"prediction_type": n.predicts(betas), "variance_type": "fixed_small",
		"timestep_spacing": "trailing"}
	if n.Need("final_conv.weight", 1)[0] == 2*n.sample[0] {
		m["variance_type"] = "learned_range"
	}
	n.betas(m, betas)
	n.Scheduler(m)
	if !n.guided {
		n.Sampling(map[string]any{"use_clipped_model_output": true})
	} else {
		n.Note("authors", "the authors sample with {recipe}", "recipe",
			"k=ddim&eta=1&g=6&rescale=0.7&project=1")
	}
	for _, name := range lucidBuffers {
		if n.Has(name) {
			n.Pass(name, "a table of the noise schedule, which is computed again")
		}
	}
}

// numbers returns the values of a buffer, nil if the file has no such tensor.
func (n *lucidNet) numbers(name string) []float64 {
	i, ok := n.at[name]
	if !ok {
		return nil
	}
	return n.Tensors[i].Float64s()
}

// timesteps is their number, that of the file's betas.
func (n *lucidNet) timesteps(betas []float64) int {
	switch {
	case betas == nil && n.Timesteps == 0:
		return 1000
	case betas == nil:
		return n.Timesteps
	case n.Timesteps != 0 && n.Timesteps != len(betas):
		n.Because("timesteps", "the file has {has} betas, and -timesteps says {given}", "has",
			len(betas), "given", n.Timesteps)
	}
	return len(betas)
}

// betas adds the schedule of its name, or the betas themselves where diffusers has no name for it.
func (n *lucidNet) betas(m map[string]any, betas []float64) {
	T := n.timesteps(betas)
	m["num_train_timesteps"] = T
	name := n.Settings.Schedule
	switch {
	case n.Has("time_mlp.0.weights") && betas == nil:
		if name != "" && name != "cosine" {
			n.Because("value", "a network that is told the log SNR has the schedule {known} here, "+
				"not {given}", "flag", "schedule", "known", "cosine", "given", strconv.Quote(name))
		}
		m["trained_betas"] = continuousBetas(T)
		return
	case betas == nil && name == "":
		name = n.schedule
		n.Note("schedule", "took the noise schedule to be {schedule}, as the authors do; "+
			"-schedule says otherwise", "schedule", name)
	case betas != nil:
		found := named(betas)
		if name != "" && name != found {
			n.Because("schedule", "the file's betas are not those of the -schedule {name}", "name",
				name)
		}
		name = found
	}
	switch name {
	case "linear":
		m["beta_schedule"] = "linear"
		m["beta_start"], m["beta_end"] = 0.1/float64(T), 20/float64(T)
	case "cosine":
		m["beta_schedule"] = "squaredcos_cap_v2"
	case "sigmoid":
		m["trained_betas"] = rounded(schedule.BetasOf(T, sigmoidBar))
	case "":
		m["trained_betas"] = rounded(betas)
	default:
		n.Because("value", "this family has the -schedule {known}, not {given}", "flag", "schedule",
			"known", "linear, cosine, sigmoid", "given", strconv.Quote(name))
	}
	if i := slices.IndexFunc(betas, func(b float64) bool { return !(b > 0 && b < 1) }); i >= 0 {
		n.Refuse("beta %d of the file is %v, and betas lie between 0 and 1", i, betas[i])
	}
}

// named returns the authors' name of betas, "" for others.
func named(betas []float64) string {
	T := len(betas)
	for _, s := range []struct {
		name string
		of   []float64
	}{{"linear", linearBetas(T)}, {"cosine", schedule.BetasOf(T, schedule.CosineAlphaBar)},
		{"sigmoid", schedule.BetasOf(T, sigmoidBar)}} {
		if slices.EqualFunc(betas, s.of, func(a, b float64) bool {
			return math.Abs(a-b) <= 1e-6*b
		}) {
			return s.name
		}
	}
	return ""
}

// rounded are the numbers as the file has them, in float32, which are shorter to write.
func rounded(betas []float64) []float32 {
	out := make([]float32, len(betas))
	for i, b := range betas {
		out[i] = float32(b)
	}
	return out
}

// linearBetas are those of linear_beta_schedule.
func linearBetas(T int) []float64 {
	betas := make([]float64, T)
	for i := range betas {
		part := float64(i) / float64(max(T-1, 1))
		betas[i] = (0.1 + (20-0.1)*part) / float64(T)
	}
	return betas
}

// continuousBetas are T timesteps of VParamContinuousTimeGaussianDiffusion, whose ᾱ is that of the
// schedule cosine and is not divided by its first value: it is trained on a log SNR of 8.7 at most.
func continuousBetas(T int) []float64 {
	betas := schedule.BetasOf(T, schedule.CosineAlphaBar)
	betas[0] = 1 - schedule.CosineAlphaBar(1/float64(T))
	return betas
}

// sigmoidBar is sigmoid_beta_schedule's ᾱ (Jabri et al., arXiv:2212.11972) with start −3, end 3 and
// τ 1, up to a factor.
func sigmoidBar(u float64) float64 {
	return 1/(1+portable.Exp(-3)) - 1/(1+portable.Exp(3-6*u))
}

// logSNR is log(ᾱ/(1−ᾱ)) at every timestep of the schedule.
func (n *lucidNet) logSNR() []float64 {
	betas := n.numbers("betas")
	if betas == nil {
		betas = continuousBetas(n.timesteps(nil))
	}
	table, bar := make([]float64, len(betas)), 1.0
	for i, b := range betas {
		bar *= 1 - b
		table[i] = portable.Log(bar / (1 - bar))
	}
	return table
}

// predicts returns what the network predicts, as a scheduler config names it: what -prediction
// says, or what loss_weight does.
func (n *lucidNet) predicts(betas []float64) string {
	found := objective(betas, n.numbers("loss_weight"))
	known := []string{"epsilon", "sample", "v_prediction"}
	switch {
	case n.Prediction != "" && !slices.Contains(known, n.Prediction):
		n.Because("value", "what a network predicts, -prediction, is one of {known}, not {given}",
			"flag", "prediction", "known", strings.Join(known, ", "), "given",
			strconv.Quote(n.Prediction))
	case n.Prediction != "":
		if found != "" && found != n.Prediction {
			n.Note("loss", "the file's loss_weight is that of {found}, and -prediction says "+
				"{prediction}", "found", found, "prediction", n.Prediction)
		}
		return n.Prediction
	case found != "":
		return found
	case n.Has("time_mlp.0.weights"):
		return "v_prediction"
	}
	n.Note("prediction", "took the network to predict {prediction}, as the authors do; "+
		"-prediction says otherwise", "prediction", n.prediction)
	return n.prediction
}

// objective returns what a loss is weighted for, "" if the weights do not say it. With s the ratio
// of signal to noise, they are 1 for noise, s for pictures and s/(1+s) for v, where min_snr_gamma
// does not bound s: it is looked at where s is 1 or less.
func objective(betas, weight []float64) string {
	if len(weight) != len(betas) {
		return ""
	}
	var may []string
	for _, o := range []struct {
		name string
		of   func(s float64) float64
	}{
		{"epsilon", func(float64) float64 { return 1 }},
		{"sample", func(s float64) float64 { return s }},
		{"v_prediction", func(s float64) float64 { return s / (1 + s) }},
	} {
		bar, seen, fits := 1.0, false, true
		for i, b := range betas {
			bar *= 1 - b
			if s := bar / (1 - bar); s <= 1 && s >= 0.1 {
				seen = true
				fits = fits && math.Abs(weight[i]-o.of(s)) <= 1e-3*o.of(s)
			}
		}
		if seen && fits {
			may = append(may, o.name)
		}
	}
	if len(may) != 1 {
		return ""
	}
	return may[0]
}
