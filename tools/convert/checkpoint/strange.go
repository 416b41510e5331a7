package checkpoint

import (
	"slices"
	"strings"

	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
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
	{"text_model.", another(reason.NewNote("what.encoder", "a text encoder"))},
	{"embed_tokens.", another(aLanguageModel)},
	{"transformer.wte.", another(aLanguageModel)},
	{"lm_head.", another(aLanguageModel)},
	{"encoder.layer.", another(reason.NewNote("what.transformers",
		"an encoder of the library transformers"))},
	{"quant_conv.", isAutoencoder},
	{"decoder.up_blocks.", isAutoencoder},
	{"decoder.mid_block.", isAutoencoder},
	{"encoder.down.", isAutoencoder},
	{"controlnet_", another(reason.NewNote("what.controlnet",
		"a ControlNet, which steers another network"))},
	{"layer1.0.conv1.", another(reason.NewNote("what.resnet",
		"a ResNet, and no diffusion network"))},
	{"running_mean", another(reason.NewNote("what.batchnorm",
		"a network with batch normalisation of no known kind"))},
}

var (
	isLoRA = reason.New("lora", "it holds a LoRA, which is a change to another network: merge it "+
		"into that one")
	hasEncoder = reason.New("prompt", "it is a text-to-image checkpoint with its text encoder, "+
		"and only networks without a prompt can be converted")
	isAutoencoder = reason.New("autoencoder", "it is an autoencoder, and no diffusion network")

	aLanguageModel = reason.NewNote("what.language", "a language model")
)

// another is the reason about another network.
func another(what reason.Note) *reason.Reason {
	return reason.New("another", "it is {what}", "what", what)
}

// parts are in the names of tensors from which PyTorch computes a weight; call makes it one tensor
// again.
var parts = []struct{ part, call string }{
	{".parametrizations.", `torch.nn.utils.parametrize.remove_parametrizations(layer, "weight")`},
	{".weight_g", "torch.nn.utils.remove_weight_norm(layer)"},
	{".weight_u", "torch.nn.utils.remove_spectral_norm(layer)"},
	{".weight_mask", `torch.nn.utils.prune.remove(layer, "weight")`},
}

// inParts is the reason about a network whose weights are still to be computed, with those of a
// LoRA or from parts; nil for another one.
func inParts(tensors []string) *reason.Reason {
	for _, name := range tensors {
		if strings.Contains(name, ".lora_") {
			return isLoRA
		}
		for _, p := range parts {
			if strings.Contains(name, p.part) {
				return reason.New("parts.weight", "its weights are in parts, such as {name}: in "+
					"PyTorch call {call} for every layer that has them, and save "+
					"model.state_dict() again", "name", torch.Printable(name), "call", p.call)
			}
		}
	}
	return nil
}

// Whole refuses a network whose weights are still to be computed.
func (s *State) Whole() error {
	var names []string
	for _, t := range s.Tensors {
		names = append(names, t.Name)
	}
	if r := inParts(names); r != nil {
		return r
	}
	return nil
}

const digits = "0123456789"

// Strange says what a checkpoint without a known network holds, as the end of a sentence.
func Strange(root *torch.Dict) *reason.Reason {
	var keys, tensors []string
	var others []torch.Entry
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
				others = append(others, e)
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
		return reason.New("objects", "its tensors belong to objects with a program ({name}, an "+
			"object of {class}): in PyTorch save model.state_dict()", "name",
			torch.Printable(others[0].Key), "class", others[0].Other)
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
	if r := inParts(tensors); r != nil {
		return r
	}
	for _, s := range strangers {
		if has(s.part) {
			return s.is
		}
	}
	return reason.New("stranger", "its tensors are {names}", "names",
		torch.Printable(some(tensors)))
}
