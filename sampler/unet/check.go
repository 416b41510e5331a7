package unet

import (
	"slices"
	"strconv"
)

// check refuses, by the name of an option, what its other options contradict.
func (c *Config) check() error {
	blocks, number := len(c.BlockOutChannels), strconv.Itoa
	entries := func(n int) string {
		return "has " + number(n) + " entries, and block_out_channels has " + number(blocks)
	}
	switch {
	case blocks == 0 || blocks > maxBlocks:
		reason := "has " + number(blocks) + " entries, and must have from 1 to " + number(maxBlocks)
		return refuse("block_out_channels", reason)
	case len(c.DownBlockTypes) != blocks:
		return refuse("down_block_types", entries(len(c.DownBlockTypes)))
	case len(c.UpBlockTypes) != blocks:
		return refuse("up_block_types", entries(len(c.UpBlockTypes)))
	case !(c.NormEps > 0 && c.NormEps < 1):
		return refuse("norm_eps", "must be between 0 and 1")
	case !(c.MidBlockScaleFactor > 0 && c.MidBlockScaleFactor < 1e6):
		return refuse("mid_block_scale_factor", "must be a positive number below a million")
	case c.TimeEmbeddingType == "learned" && c.NumTrainTimesteps < 1:
		return refuse("num_train_timesteps", "is missing, and time_embedding_type learned needs it")
	case c.TimeEmbeddingType == "positional" && c.FreqShift >= c.BlockOutChannels[0]/2:
		return refuse("freq_shift", "must be below "+number(c.BlockOutChannels[0]/2)+
			", half of the first block's channels")
	}
	if step := 1 << (blocks - 1); c.SampleHeight%step != 0 || c.SampleWidth%step != 0 {
		return refuse("sample_size", "must be a multiple of "+number(step)+
			", because "+number(blocks)+" blocks halve it "+number(blocks-1)+" times")
	}
	for i, ch := range c.BlockOutChannels {
		if err := c.checkBlock(c.DownBlockTypes[i], c.UpBlockTypes[blocks-1-i], ch); err != nil {
			return err
		}
	}
	if c.MidBlock && c.AddAttention {
		return c.checkHeads(c.BlockOutChannels[blocks-1])
	}
	return nil
}

// CheckDrawn refuses networks that no sampler can run: the output must be a guess at what its input
// of channels is made of, or that and a variance. inputs are the channels of a picture.
func (c *Config) CheckDrawn(inputs int) error {
	if c.OutChannels == inputs || c.OutChannels == 2*inputs {
		return nil
	}
	number := strconv.Itoa
	reason := "is " + number(c.OutChannels) + ", and in_channels is " + number(c.InChannels) +
		": a network must answer with as many channels as its picture has, or with twice as many " +
		"if it learned the variance, and what it sees beside the picture cannot be given to it"
	if c.InChannels == 2*c.OutChannels {
		reason += ", except the small picture of a cascade, which the file then has to name"
	}
	return refuse("out_channels", reason)
}

// checkBlock checks the blocks of a level with ch channels.
func (c *Config) checkBlock(down, up string, ch int) error {
	switch {
	case c.NormNumGroups == 0 && !(isSkip(down) && isSkip(up)):
		return refuse("norm_num_groups", "is null, and "+down+" and "+up+" need it")
	case isSkip(down) && c.InChannels != 3:
		return refuse("in_channels", "must be 3 for "+down)
	case isSkip(up) && c.OutChannels != 3:
		return refuse("out_channels", "must be 3 for "+up)
	case hasAttention(down) || hasAttention(up):
		return c.checkHeads(ch)
	}
	return nil
}

// checkHeads checks the attention of a block with ch channels.
func (c *Config) checkHeads(ch int) error {
	if width := c.AttentionHeadDim; width > 0 && ch%width != 0 {
		return refuse("attention_head_dim", "is "+strconv.Itoa(width)+
			", which does not divide the "+strconv.Itoa(ch)+" channels of a block with attention")
	}
	return nil
}

func isSkip(kind string) bool {
	return slices.Contains(downBlocks[3:], kind) || slices.Contains(upBlocks[3:], kind)
}

func hasAttention(kind string) bool { return kind[:min(4, len(kind))] == "Attn" }
