package unet

import (
	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// Config is the config.json of a diffusers UNet2DModel under its own names, as
// ParseConfig returns it.
type Config struct {
	SampleHeight, SampleWidth int // sample_size

	InChannels, OutChannels int
	CenterInputSample       bool // the network sees 2x − 1

	TimeEmbeddingType string // positional, fourier or learned
	TimeEmbeddingDim  int    // of the embedding; absent: 4 × the first block's channels
	FreqShift         int
	FlipSinToCos      bool
	NumTrainTimesteps int // rows of the learned time embedding

	DownBlockTypes, UpBlockTypes []string
	BlockOutChannels             []int
	LayersPerBlock               int
	MidBlock                     bool // false: mid_block_type is null, no middle block
	MidBlockScaleFactor          float64
	AddAttention                 bool // attention in the middle block

	DownsamplePadding             int // 1, or 0: one row and column right and below
	DownsampleType, UpsampleType  string
	ActFn                         string // one of layers.Activations
	AttentionHeadDim              int    // 0: one head
	NormNumGroups, AttnNormGroups int    // 0: null
	NormEps                       float64
	ResnetTimeScaleShift          string // default or scale_shift
	ClassEmbedType                string // "" (a table), timestep or identity
	NumClassEmbeds                int    // rows of the class table, 0 without one
}

// Limits of what is compiled: far beyond what a page can run, and low enough
// that no config makes sizes overflow.
const (
	maxChannels = 4096
	maxSide     = 1024
	maxBlocks   = 8
	maxLayers   = 16
	maxRows     = 1 << 20 // of a table
)

// ClassName is the _class_name of the networks of this package.
const ClassName = "UNet2DModel"

// The kinds of blocks. Those with Attn have attention in every layer, those with
// Skip carry the picture alongside.
var (
	downBlocks = []string{"DownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D",
		"SkipDownBlock2D", "AttnSkipDownBlock2D"}
	upBlocks = []string{"UpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D",
		"SkipUpBlock2D", "AttnSkipUpBlock2D"}
)

// document is what errors call a config.
const document = "unet: config"

// refuse is an error about an option. reason is the rest of a sentence that
// begins with its name.
func refuse(option, reason string) error {
	return &json.MemberError{Of: document, Key: option, Reason: reason}
}

// ParseConfig reads config.json. The error for an option that this network does
// not have, or a value that it cannot run, is a *json.MemberError.
func ParseConfig(text []byte) (Config, error) {
	r := json.ReadObject(text, document)
	c := Config{
		InChannels: 3, OutChannels: 3, TimeEmbeddingType: "positional", FlipSinToCos: true,
		DownBlockTypes:   []string{downBlocks[0], downBlocks[1], downBlocks[1], downBlocks[1]},
		UpBlockTypes:     []string{upBlocks[1], upBlocks[1], upBlocks[1], upBlocks[0]},
		BlockOutChannels: []int{224, 448, 672, 896}, LayersPerBlock: 2, MidBlock: true,
		MidBlockScaleFactor: 1, AddAttention: true, DownsamplePadding: 1, DownsampleType: "conv",
		UpsampleType: "conv", ActFn: "silu", AttentionHeadDim: 8, NormNumGroups: 32, NormEps: 1e-5,
		ResnetTimeScaleShift: "default",
	}
	c.readShape(r)
	c.readBlocks(r)
	c.readEmbeddings(r)
	class, mid, legacy, dropout := ClassName, "UNetMidBlock2D", false, 0.0
	r.OneOf("_class_name", &class, ClassName)
	r.OneOf("mid_block_type", &mid, mid)
	c.MidBlock = !r.Null("mid_block_type")
	if r.Bool("attention_legacy_order", &legacy); legacy {
		r.Fail("attention_legacy_order", "is true, and only diffusers' present order is known here")
	}
	r.Float("dropout", &dropout) // without effect outside training
	if err := r.End(); err != nil {
		return Config{}, err
	}
	return c, c.check()
}

func (c *Config) readShape(r *json.Reader) {
	r.Need("sample_size")
	r.Pair("sample_size", &c.SampleHeight, &c.SampleWidth, 1, maxSide)
	r.IntIn("in_channels", &c.InChannels, 1, maxChannels)
	r.IntIn("out_channels", &c.OutChannels, 1, maxChannels)
	r.Bool("center_input_sample", &c.CenterInputSample)
}

func (c *Config) readBlocks(r *json.Reader) {
	r.Texts("down_block_types", &c.DownBlockTypes, downBlocks...)
	r.Texts("up_block_types", &c.UpBlockTypes, upBlocks...)
	r.Ints("block_out_channels", &c.BlockOutChannels, 1, maxChannels)
	r.IntIn("layers_per_block", &c.LayersPerBlock, 1, maxLayers)
	r.Float("mid_block_scale_factor", &c.MidBlockScaleFactor)
	r.Bool("add_attention", &c.AddAttention)
	r.IntIn("downsample_padding", &c.DownsamplePadding, 0, 1)
	r.OneOf("downsample_type", &c.DownsampleType, "conv", "resnet")
	r.OneOf("upsample_type", &c.UpsampleType, "conv", "resnet")
	r.OneOf("act_fn", &c.ActFn, layers.Activations...)
	nullableInt(r, "attention_head_dim", &c.AttentionHeadDim)
	nullableInt(r, "norm_num_groups", &c.NormNumGroups)
	r.IntIn("attn_norm_num_groups", &c.AttnNormGroups, 0, maxChannels)
	r.Float("norm_eps", &c.NormEps)
	r.OneOf("resnet_time_scale_shift", &c.ResnetTimeScaleShift, "default", "scale_shift")
}

func (c *Config) readEmbeddings(r *json.Reader) {
	r.OneOf("time_embedding_type", &c.TimeEmbeddingType, "positional", "fourier", "learned")
	r.IntIn("time_embedding_dim", &c.TimeEmbeddingDim, 0, 4*maxChannels)
	if c.TimeEmbeddingDim == 0 && len(c.BlockOutChannels) > 0 {
		c.TimeEmbeddingDim = 4 * c.BlockOutChannels[0]
	}
	r.IntIn("freq_shift", &c.FreqShift, 0, maxChannels)
	r.Bool("flip_sin_to_cos", &c.FlipSinToCos)
	r.IntIn("num_train_timesteps", &c.NumTrainTimesteps, 0, maxRows)
	r.OneOf("class_embed_type", &c.ClassEmbedType, "timestep", "identity")
	r.IntIn("num_class_embeds", &c.NumClassEmbeds, 0, maxRows)
}

// nullableInt reads an option whose null means 0, and not its default.
func nullableInt(r *json.Reader, key string, dst *int) {
	if r.Null(key) {
		*dst = 0
	}
	r.IntIn(key, dst, 0, maxChannels)
}
