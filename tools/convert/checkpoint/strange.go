package checkpoint

import (
	"slices"
	"strings"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
	"tweedie/weights"
)

// strangers are networks and files that are known by a part of a tensor's name.
var strangers = []struct {
	part string
	is   *reason.Reason
}{
	{"lora_", isLoRA},
	{"cond_stage_model.", hasEncoder},
	{"conditioner.embedders.", hasEncoder},
	{"attn2.to_k", reason.New("prompt", "it is a text-to-image network with cross attention, and "+
		"only networks without a prompt can be converted")},
	{"double_blocks.", reason.New("prompt", "it is a text-to-image network, and only networks "+
		"without a prompt can be converted")},
	{"text_model.", another("a text encoder")},
	{"embed_tokens.", another("a language model")},
	{"transformer.wte.", another("a language model")},
	{"lm_head.", another("a language model")},
	{"encoder.layer.", another("an encoder of the library transformers")},
	{"quant_conv.", isAutoencoder},
	{"decoder.up_blocks.", isAutoencoder},
	{"decoder.mid_block.", isAutoencoder},
	{"encoder.down.", isAutoencoder},
	{"controlnet_", another("a ControlNet, which steers another network")},
	{"layer1.0.conv1.", another("a ResNet, and no diffusion network")},
	{"running_mean", another("a network with batch normalisation of no known kind")},
}

var (
	isLoRA = reason.New("lora", "it holds a LoRA, which is a change to another network: merge it "+
		"into that one")
	hasEncoder = reason.New("prompt", "it is a text-to-image checkpoint with its text encoder, "+
		"and only networks without a prompt can be converted")
	isAutoencoder = reason.New("autoencoder", "it is an autoencoder, and no diffusion network")
)

// another is the reason about another network.
func another(what string) *reason.Reason {
	return reason.New("another", "it is {what}", "what", what)
}

// HoldsLoRA is the reason about a network with the tensors of a LoRA inside, nil for another one.
func HoldsLoRA(tensors []weights.Tensor) error {
	if slices.ContainsFunc(tensors, func(t weights.Tensor) bool {
		return strings.Contains(t.Name, ".lora_")
	}) {
		return isLoRA
	}
	return nil
}

const digits = "0123456789"

// Strange says what a checkpoint without a known network holds, as the end of a sentence.
func Strange(root *torch.Dict) *reason.Reason {
	var keys, tensors, others []string
	seen := map[*torch.Dict]bool{}
	deep := false
	var walk func(d *torch.Dict, depth int)
	walk = func(d *torch.Dict, depth int) {
		if seen[d] || depth > maxNesting {
			deep = deep || !seen[d]
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
			case e.IsTensor || e.HasTensor:
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
		return reason.New("objects", "its tensors belong to objects with a program ({what}): in "+
			"PyTorch save model.state_dict()", "what", torch.Printable(others[0]))
	case slices.Contains(keys, "param_groups") && slices.Contains(keys, "state") &&
		!has(".weight"):
		return reason.New("optimiser", "it is the state of an optimiser")
	case len(tensors) == 0 && deep:
		return reason.New("deep", "its dictionaries are nested more than {n} deep: in PyTorch "+
			"save the model's state_dict() by itself", "n", maxNesting)
	case len(tensors) == 0:
		return reason.New("notensor", "there is no tensor in it")
	case !slices.ContainsFunc(tensors, func(n string) bool {
		return strings.Trim(n, digits) != ""
	}):
		return reason.New("unnamed", "its tensors are a list without names, such as a moving "+
			"average: name the file that has the network's state_dict(), too")
	}
	for _, s := range strangers {
		if has(s.part) {
			return s.is
		}
	}
	return reason.New("stranger", "its tensors are {names}", "names",
		torch.Printable(some(tensors)))
}
