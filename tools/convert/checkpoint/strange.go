package checkpoint

import (
	"slices"
	"strings"

	"tweedie/tools/convert/torch"
)

// strangers are networks and files that are known by a part of a tensor's name.
var strangers = []struct{ part, says string }{
	{"lora_", "it holds a LoRA, which is a change to another network: merge it into that one"},
	{"cond_stage_model.", "it is a text-to-image checkpoint with its text encoder, and only " +
		"networks without a prompt can be converted"},
	{"conditioner.embedders.", "it is a text-to-image checkpoint with its text encoder, and only " +
		"networks without a prompt can be converted"},
	{"attn2.to_k", "it is a text-to-image network with cross attention, and only networks " +
		"without a prompt can be converted"},
	{"double_blocks.", "it is a text-to-image network, and only networks without a prompt can be " +
		"converted"},
	{"text_model.", "it is a text encoder"},
	{"embed_tokens.", "it is a language model"},
	{"transformer.wte.", "it is a language model"},
	{"lm_head.", "it is a language model"},
	{"encoder.layer.", "it is an encoder of the library transformers"},
	{"quant_conv.", "it is an autoencoder, and no diffusion network"},
	{"decoder.up_blocks.", "it is an autoencoder, and no diffusion network"},
	{"decoder.mid_block.", "it is an autoencoder, and no diffusion network"},
	{"encoder.down.", "it is an autoencoder, and no diffusion network"},
	{"controlnet_", "it is a ControlNet, which steers another network"},
	{"layer1.0.conv1.", "it is a ResNet, and no diffusion network"},
	{"running_mean", "it is a network with batch normalisation of no known kind"},
}

const digits = "0123456789"

// Strange says what a checkpoint without a known network holds.
func Strange(root *torch.Dict) string {
	var keys, tensors, others []string
	seen := map[*torch.Dict]bool{}
	var walk func(d *torch.Dict, depth int)
	walk = func(d *torch.Dict, depth int) {
		if seen[d] || depth > maxNesting {
			return
		}
		seen[d] = true
		for _, e := range d.Entries {
			switch {
			case e.Dict != nil:
				keys = append(keys, e.Key)
				walk(e.Dict, depth+1)
			case e.Tensor != nil:
				tensors = append(tensors, e.Key)
			case e.IsTensor:
				others = append(others, e.Key+", "+e.Other)
			}
		}
	}
	walk(root, 0)
	has := func(part string) bool {
		return slices.ContainsFunc(tensors,
			func(n string) bool { return strings.Contains(n, part) })
	}
	switch {
	case len(tensors) == 0 && len(others) > 0:
		return "its tensors belong to objects with a program (" + torch.Printable(others[0]) +
			"): in PyTorch save model.state_dict()"
	case slices.Contains(keys, "param_groups") && slices.Contains(keys, "state") &&
		!has(".weight"):
		return "it is the state of an optimiser"
	case len(tensors) == 0:
		return "there is no tensor in it"
	case !slices.ContainsFunc(tensors, func(n string) bool {
		return strings.Trim(n,
			digits) != ""
	}):
		return "its tensors are a list without names, such as a moving average: name the file " +
			"that has the network's state_dict(), too"
	}
	for _, s := range strangers {
		if has(s.part) {
			return s.says
		}
	}
	return "its tensors are " + torch.Printable(some(tensors))
}
