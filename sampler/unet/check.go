package unet

import (
	"slices"
	"strconv"
)

// Limits of what is compiled; far beyond what a page can run, low enough that
// no config makes sizes overflow.
const (
	maxChannels = 4096
	maxSide     = 1024
	maxBlocks   = 8
	maxLayers   = 16
)

// check refuses, by the name of the option, what compile cannot run.
func (c *Config) check() error {
	blocks := len(c.BlockOutChannels)
	switch {
	case blocks == 0 || blocks > maxBlocks:
		return refuse("block_out_channels", "has %d entries, wanted 1 to %d", blocks, maxBlocks)
	case len(c.DownBlockTypes) != blocks:
		return refuse("down_block_types", "has %d entries, but block_out_channels has %d", len(c.DownBlockTypes), blocks)
	case len(c.UpBlockTypes) != blocks:
		return refuse("up_block_types", "has %d entries, but block_out_channels has %d", len(c.UpBlockTypes), blocks)
	case c.LayersPerBlock < 1 || c.LayersPerBlock > maxLayers:
		return refuse("layers_per_block", "is %d, wanted 1 to %d", c.LayersPerBlock, maxLayers)
	case c.InChannels < 1 || c.InChannels > maxChannels:
		return refuse("in_channels", "is %d, wanted 1 to %d", c.InChannels, maxChannels)
	case c.OutChannels < 1 || c.OutChannels > maxChannels:
		return refuse("out_channels", "is %d, wanted 1 to %d", c.OutChannels, maxChannels)
	case c.TimeEmbeddingDim < 1 || c.TimeEmbeddingDim > 4*maxChannels:
		return refuse("time_embedding_dim", "is %d, wanted 1 to %d", c.TimeEmbeddingDim, 4*maxChannels)
	case c.DownsamplePadding > 1:
		return refuse("downsample_padding", "is %d, wanted 0 or %d", c.DownsamplePadding, 1)
	case !(c.NormEps > 0 && c.NormEps < 1):
		return &ConfigError{"norm_eps", "is not between 0 and 1"}
	case !(c.MidBlockScaleFactor > 0 && c.MidBlockScaleFactor < 1e6):
		return &ConfigError{"mid_block_scale_factor", "is not a positive number"}
	case c.TimeEmbeddingType == "learned" && c.NumTrainTimesteps < 1:
		return &ConfigError{"num_train_timesteps", "is missing, and time_embedding_type learned needs it"}
	case c.FreqShift >= c.BlockOutChannels[0]/2 && c.TimeEmbeddingType == "positional":
		return refuse("freq_shift", "is %d, too large for %d channels", c.FreqShift, c.BlockOutChannels[0])
	}
	for _, err := range []error{
		oneOf("time_embedding_type", c.TimeEmbeddingType, "positional", "fourier", "learned"),
		oneOf("act_fn", c.ActFn, "silu", "swish", "mish", "gelu", "relu"),
		oneOf("downsample_type", c.DownsampleType, "conv", "resnet"),
		oneOf("upsample_type", c.UpsampleType, "conv", "resnet"),
		oneOf("resnet_time_scale_shift", c.ResnetTimeScaleShift, "default", "scale_shift"),
		oneOf("class_embed_type", c.ClassEmbedType, "", "timestep", "identity"),
		c.checkSize(),
		c.checkBlocks(),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkSize() error {
	step := 1 << (len(c.BlockOutChannels) - 1)
	for _, side := range []int{c.SampleHeight, c.SampleWidth} {
		if side < step || side > maxSide || side%step != 0 {
			return refuse("sample_size", "is %d, wanted a multiple of %d up to "+strconv.Itoa(maxSide), side, step)
		}
	}
	return nil
}

// checkBlocks checks the block types and that every normalisation's groups
// divide its channels.
func (c *Config) checkBlocks() error {
	for i, ch := range c.BlockOutChannels {
		down, up := c.DownBlockTypes[i], c.UpBlockTypes[i]
		if ch < 1 || ch > maxChannels {
			return refuse("block_out_channels", "has %d, wanted 1 to %d", ch, maxChannels)
		}
		if err := oneOf("down_block_types", down, "DownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D", "SkipDownBlock2D", "AttnSkipDownBlock2D"); err != nil {
			return err
		}
		if err := oneOf("up_block_types", up, "UpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D", "SkipUpBlock2D", "AttnSkipUpBlock2D"); err != nil {
			return err
		}
		if c.NormNumGroups == 0 && !(isSkip(down) && isSkip(up)) {
			return &ConfigError{"norm_num_groups", "is null, and " + down + " needs it"}
		}
		if isSkip(down) && c.InChannels != 3 {
			return refuse("in_channels", "is %d, but "+down+" takes %d", c.InChannels, 3)
		}
		if isSkip(up) && c.OutChannels != 3 {
			return refuse("out_channels", "is %d, but "+up+" makes %d", c.OutChannels, 3)
		}
		if c.AttentionHeadDim > 0 && c.AttentionHeadDim > ch && (hasAttention(down) || hasAttention(up)) {
			return refuse("attention_head_dim", "is %d, more than the block's %d channels", c.AttentionHeadDim, ch)
		}
	}
	if last := c.BlockOutChannels[len(c.BlockOutChannels)-1]; c.AddAttention && c.AttentionHeadDim > last {
		return refuse("attention_head_dim", "is %d, more than the middle block's %d channels", c.AttentionHeadDim, last)
	}
	return nil
}

func isSkip(kind string) bool {
	return slices.Contains([]string{"SkipDownBlock2D", "AttnSkipDownBlock2D", "SkipUpBlock2D", "AttnSkipUpBlock2D"}, kind)
}

func hasAttention(kind string) bool { return kind[:min(4, len(kind))] == "Attn" }

// refuse is a ConfigError whose reason has two numbers for its %d.
func refuse(option, reason string, a, b int) error {
	out := make([]byte, 0, len(reason)+16)
	for i, n := 0, a; i < len(reason); i++ {
		if reason[i] == '%' && i+1 < len(reason) {
			out = strconv.AppendInt(out, int64(n), 10)
			n = b
			i++
			continue
		}
		out = append(out, reason[i])
	}
	return &ConfigError{option, string(out)}
}

func oneOf(option, got string, wanted ...string) error {
	if slices.Contains(wanted, got) {
		return nil
	}
	list := ""
	for i, w := range wanted {
		if w == "" {
			w = "null"
		}
		if i > 0 {
			list += ", "
		}
		list += w
	}
	return &ConfigError{option, "is " + strconv.Quote(got) + ", and this program can run: " + list}
}
