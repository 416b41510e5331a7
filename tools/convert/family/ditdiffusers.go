package family

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tweedie/tools/convert/reason"
)

// ditDiffusers is DiT in diffusers: DiTTransformer2DModel, and Transformer2DModel with norm_type
// ada_norm_zero. It is the same network under other names, but its frequencies of time have another
// divisor, and its second normalisation another constant.
//
// Its config.json says the number of heads and the size of the pictures.
var ditDiffusers = Family{
	Name: "dit-diffusers", Of: "diffusers' DiT",
	Anchor: "pos_embed.proj.weight",
	Options: []Option{
		{"-heads", "the config's num_attention_heads; without a config as the authors' networks"},
		{"-head-width", "the config's attention_head_dim"},
		{"-size", "the config's sample_size"},
		{"-timesteps", "1000, where there is no scheduler_config.json"},
		{"-config", "the config.json beside the weights"},
	},
	recognise: func(s *State) bool {
		return s.Has("pos_embed.proj.weight") && s.Has("proj_out_1.weight") &&
			s.Has("transformer_blocks.0.norm1.emb.timestep_embedder.linear_1.weight")
	},
	build: func(b *Builder, o Settings) {
		n := &ditNet{Builder: b, Settings: o, ditNames: ditNames{
			patches: "pos_embed.proj", blocks: "transformer_blocks",
			time1:      ".norm1.emb.timestep_embedder.linear_1",
			time2:      ".norm1.emb.timestep_embedder.linear_2",
			class:      ".norm1.emb.class_embedder.embedding_table",
			modulation: ".norm1.linear", projection: ".attn1.to_out.0",
			mlp1: ".ff.net.0.proj", mlp2: ".ff.net.2", mlpNorm: ".norm3",
			headModulation: "proj_out_1", head: "proj_out_2",
			shift: 1, embedsInBlocks: true,
		}}
		n.configure()
		n.build()
	},
}

// ditConfig is what a config.json says that the weights do not.
type ditConfig struct {
	Class         string   `json:"_class_name"`
	Heads         int      `json:"num_attention_heads"`
	Size          int      `json:"sample_size"`
	Eps           float64  `json:"norm_eps"`
	Classes       int      `json:"num_embeds_ada_norm"`
	Interpolation *float64 `json:"interpolation_scale"`
}

// ditFixed are members that have to have one of these values, and ditInert those that change
// nothing, or that the tensors' names and shapes say again. null is always among the values.
var (
	ditFixed = map[string][]string{
		"_class_name":               {`"DiTTransformer2DModel"`, `"Transformer2DModel"`},
		"activation_fn":             {`"gelu-approximate"`},
		"norm_type":                 {`"ada_norm_zero"`},
		"attention_type":            {`"default"`},
		"double_self_attention":     {"false"},
		"only_cross_attention":      {"false"},
		"use_linear_projection":     {"false"},
		"use_additional_conditions": {"false"},
		"caption_channels":          {},
		"cross_attention_dim":       {},
		"num_vector_embeds":         {},
	}
	ditInert = []string{"_diffusers_version", "_name_or_path", "attention_bias",
		"attention_head_dim", "dropout", "in_channels", "interpolation_scale",
		"norm_elementwise_affine", "norm_eps", "norm_num_groups", "num_attention_heads",
		"num_embeds_ada_norm", "num_layers", "out_channels", "patch_size", "sample_size",
		"upcast_attention"}
)

// configure takes what the config says, or diffusers' defaults.
func (n *ditNet) configure() {
	c := ditConfig{Eps: 1e-5, Class: "DiTTransformer2DModel"}
	if n.Config != "" {
		n.checkConfig()
		if err := json.Unmarshal([]byte(n.Config), &c); err != nil {
			n.insist(fmt.Errorf("config.json could not be read: %w", err))
		}
	}
	if n.Heads == 0 && n.HeadWidth == 0 {
		n.Heads = c.Heads
	}
	if n.Height == 0 {
		n.Height, n.Width = c.Size, c.Size
	}
	n.needSize(n.Height, "neither the file nor a config.json beside it says")
	if n.ClassCount == 0 {
		n.ClassCount = c.Classes
	}
	n.mlpEps, n.positionScale = c.Eps, 1
	switch {
	case c.Interpolation != nil:
		n.positionScale = *c.Interpolation
	case c.Class == "Transformer2DModel": // scales positions where pictures are large
		n.positionScale = float64(max(1, n.Height/64))
	}
}

// strange ends the building because of a member of the config.
func (n *ditNet) strange(name, says string) {
	err := errors.New("config.json has " + name + " " + says)
	n.insist(reason.Of("option", err, "key", name, "file", "config.json"))
}

// checkConfig refuses a config with a member that would change the network.
func (n *ditNet) checkConfig() {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(n.Config), &members); err != nil {
		n.insist(fmt.Errorf("config.json could not be read: %w", err))
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := string(members[name])
		wanted, fixed := ditFixed[name]
		switch {
		case value == "null" || fixed && slices.Contains(wanted, value):
		case fixed && len(wanted) > 0:
			n.strange(name, value+", and only "+wanted[0]+" is known here")
		case !slices.Contains(ditInert, name):
			n.strange(name, value+", which is not known here")
		}
	}
}
