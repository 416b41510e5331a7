package conversion

import (
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/oracle"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/reason"
	"tweedie/weights"
)

// modules are the parts of diffusers' UNet2DModel, and of a classifier of its kind.
var modules = []string{"conv_in", "time_proj", "time_embedding", "class_embedding", "down_blocks",
	"mid_block", "up_blocks", "conv_norm_out", "conv_out", "classifier"}

// unetMark is how networks of diffusers are known.
var unetMark = checkpoint.Mark{Family: unet.ClassName, Anchor: "conv_in.weight",
	With: []string{"down_blocks.0.resnets.0.conv1.weight"}}

// exactMark is how exact denoisers are known.
var exactMark = checkpoint.Mark{Family: oracle.ClassName, Anchor: oracle.PicturesTensor}

// convertDiffusers takes over a checkpoint whose tensors have diffusers' names, with the
// configuration that diffusers writes beside it.
func convertDiffusers(in *Input) (Draft, error) {
	var d Draft
	var err error
	if d.config, d.Settings, err = in.readConfig(); err != nil {
		return d, err
	}
	if err := in.checkDrawn(d.UNet); err != nil {
		return d, err
	}
	if d.scheduler, err = in.readScheduler(); err != nil {
		return d, err
	}
	if d.UNet.ClassEmbedType == "identity" {
		in.say("vector", "its condition is a vector, which no recipe can name: the file can be "+
			"checked, and not drawn")
	}
	tensors := in.state.Tensors
	if in.state.Family == unet.ClassName {
		if tensors, err = in.network(); err != nil {
			return d, err
		}
	}
	renamed, err := renameOld(tensors)
	if err != nil {
		return d, in.Wrong(err)
	}
	if renamed > 0 {
		in.say("renamed", "brought {n} tensors of attention to the names and shapes of today's "+
			"diffusers", "n", renamed)
	}
	d.Tensors = tensors
	return d, nil
}

// checkDrawn refuses networks that no sampler can run. A cascade's second stage is judged where it
// is opened.
func (in *Input) checkDrawn(c unet.Config) error {
	cascade := in.Cascade != "" || in.metadata["cascade"] != ""
	if in.state.Family != unet.ClassName || c.ClassEmbedType == "identity" || cascade {
		return nil
	}
	if err := c.CheckDrawn(c.InChannels); err != nil {
		return reason.Of("channels", err, "in", c.InChannels, "out", c.OutChannels)
	}
	return nil
}

// trainingBuffers are tensors of training that wrappers keep beside a network: the schedule's
// tables, weights of the loss, and the state of a moving average.
var trainingBuffers = []string{"betas", "alphas", "alphas_cumprod", "alphas_cumprod_prev",
	"sqrt_alphas_cumprod", "sqrt_one_minus_alphas_cumprod", "log_one_minus_alphas_cumprod",
	"sqrt_recip_alphas_cumprod", "sqrt_recipm1_alphas_cumprod", "posterior_variance",
	"posterior_log_variance_clipped", "posterior_mean_coef1", "posterior_mean_coef2",
	"lvlb_weights", "p2_loss_weight", "loss_weight", "snr", "logvar", "sigmas", "timesteps",
	"decay", "num_updates", "initted", "step", "n_averaged"}

// network returns the tensors of the network alone. What stands beside it and cannot change a
// picture is passed over; other tensors stay, for the network to refuse.
func (in *Input) network() ([]weights.Tensor, error) {
	ours := func(name string) bool {
		top, _, _ := strings.Cut(name, ".")
		return slices.Contains(modules, top)
	}
	var tensors []weights.Tensor
	var passed []string
	for _, t := range in.state.Tensors {
		integers := !t.DType.Float()
		if !ours(t.Name) && (integers || slices.Contains(trainingBuffers, t.Name)) {
			passed = append(passed, t.Name)
			continue
		}
		tensors = append(tensors, t)
	}
	for _, o := range in.state.Others {
		if o.IsTensor || ours(o.Key) { // of the rest is said where the file was read
			return nil, in.Wrong(reason.New("object", "the network's {name} is an object of "+
				"{class}, which is not read: save the model's state_dict() in float32, float16 or "+
				"bfloat16", "name", strconv.Quote(o.Key), "class", o.Other))
		}
	}
	if len(passed) > 0 {
		in.say("training", "passed over {names}, which belong to training", "names",
			strings.Join(passed, ", "))
	}
	return tensors, nil
}
