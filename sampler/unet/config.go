package unet

import (
	"strconv"

	"tweedie/weights/json"
)

// Config is the config.json of a diffusers UNet2DModel under its own names.
type Config struct {
	SampleHeight, SampleWidth int // sample_size

	InChannels, OutChannels int
	CenterInputSample       bool // the network sees 2x − 1

	TimeEmbeddingType string // positional, fourier or learned
	TimeEmbeddingDim  int    // width of the embedding, 4 × the first block's channels if absent
	FreqShift         int
	FlipSinToCos      bool
	NumTrainTimesteps int // rows of the learned time embedding

	DownBlockTypes, UpBlockTypes []string
	BlockOutChannels             []int
	LayersPerBlock               int
	MidBlockScaleFactor          float64
	AddAttention                 bool // attention in the middle block

	DownsamplePadding             int // 1, or 0: one row and column right and below
	DownsampleType, UpsampleType  string
	ActFn                         string // silu, swish, mish, gelu or relu
	AttentionHeadDim              int    // 0: one head
	NormNumGroups, AttnNormGroups int    // 0: null
	NormEps                       float64
	ResnetTimeScaleShift          string // default or scale_shift
	ClassEmbedType                string // "" (a table), timestep or identity
	NumClassEmbeds                int    // rows of the class table, 0: none
}

// ConfigError names the option of a config that cannot be run.
type ConfigError struct {
	Option string // diffusers' name
	Reason string // a clause: "is 7, wanted 1 or 2"
}

func (e *ConfigError) Error() string { return "unet: config option " + e.Option + " " + e.Reason }

// ParseConfig reads config.json. An option that this network does not know, or
// a value that it cannot run, gives a *ConfigError.
func ParseConfig(text []byte) (Config, error) {
	root, err := json.Parse(text)
	if err != nil {
		return Config{}, &ConfigError{"(the whole file)", "is not JSON: " + err.Error()}
	}
	if root.Kind() != json.Object {
		return Config{}, &ConfigError{"(the whole file)", "is " + root.Kind().String() + ", wanted an object"}
	}
	r := reader{root: root, known: map[string]bool{}}
	c := r.config()
	if r.err == nil {
		r.unknown()
	}
	if r.err == nil {
		r.err = c.check()
	}
	if r.err != nil {
		return Config{}, r.err
	}
	return c, nil
}

// reader takes options out of a JSON object and keeps the first error.
type reader struct {
	root  json.Value
	known map[string]bool
	err   error
}

func (r *reader) config() Config {
	c := Config{
		InChannels:           r.int("in_channels", 3),
		OutChannels:          r.int("out_channels", 3),
		CenterInputSample:    r.bool("center_input_sample", false),
		TimeEmbeddingType:    r.text("time_embedding_type", "positional"),
		TimeEmbeddingDim:     r.int("time_embedding_dim", 0),
		FreqShift:            r.int("freq_shift", 0),
		FlipSinToCos:         r.bool("flip_sin_to_cos", true),
		NumTrainTimesteps:    r.int("num_train_timesteps", 0),
		DownBlockTypes:       r.texts("down_block_types", "DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
		UpBlockTypes:         r.texts("up_block_types", "AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
		BlockOutChannels:     r.ints("block_out_channels", 224, 448, 672, 896),
		LayersPerBlock:       r.int("layers_per_block", 2),
		MidBlockScaleFactor:  r.float("mid_block_scale_factor", 1),
		AddAttention:         r.bool("add_attention", true),
		DownsamplePadding:    r.int("downsample_padding", 1),
		DownsampleType:       r.text("downsample_type", "conv"),
		UpsampleType:         r.text("upsample_type", "conv"),
		ActFn:                r.text("act_fn", "silu"),
		AttentionHeadDim:     r.nullableInt("attention_head_dim", 8),
		NormNumGroups:        r.nullableInt("norm_num_groups", 32),
		AttnNormGroups:       r.int("attn_norm_num_groups", 0),
		NormEps:              r.float("norm_eps", 1e-5),
		ResnetTimeScaleShift: r.text("resnet_time_scale_shift", "default"),
		ClassEmbedType:       r.text("class_embed_type", ""),
		NumClassEmbeds:       r.int("num_class_embeds", 0),
	}
	c.SampleHeight, c.SampleWidth = r.size()
	r.expectText("_class_name", "UNet2DModel")
	r.expectText("mid_block_type", "UNetMidBlock2D")
	if r.bool("attention_legacy_order", false) {
		r.fail("attention_legacy_order", "is true, and only the order of current diffusers is supported")
	}
	r.float("dropout", 0) // without effect outside training
	if r.err == nil && len(c.BlockOutChannels) > 0 && c.TimeEmbeddingDim == 0 {
		c.TimeEmbeddingDim = 4 * c.BlockOutChannels[0]
	}
	return c
}

func (r *reader) fail(option, reason string) {
	if r.err == nil {
		r.err = &ConfigError{option, reason}
	}
}

// get returns an option's value; false if it is absent or null.
func (r *reader) get(name string) (json.Value, bool) {
	r.known[name] = true
	v, ok := r.root.Get(name)
	return v, ok && v.Kind() != json.Null
}

func (r *reader) int(name string, absent int) int {
	v, ok := r.get(name)
	if !ok {
		return absent
	}
	n, ok := v.Int()
	if !ok || n < 0 || n > 1<<20 {
		r.fail(name, "is not a whole number in the range that a network can have")
	}
	return n
}

// nullableInt is int, but null counts as 0 and only absence as absent.
func (r *reader) nullableInt(name string, absent int) int {
	if v, ok := r.root.Get(name); ok && v.Kind() == json.Null {
		absent = 0
	}
	return r.int(name, absent)
}

func (r *reader) float(name string, absent float64) float64 {
	v, ok := r.get(name)
	if !ok {
		return absent
	}
	f, ok := v.Float64()
	if !ok {
		r.fail(name, "is not a number")
	}
	return f
}

func (r *reader) bool(name string, absent bool) bool {
	v, ok := r.get(name)
	if !ok {
		return absent
	}
	b, ok := v.Bool()
	if !ok {
		r.fail(name, "is not true or false")
	}
	return b
}

func (r *reader) text(name, absent string) string {
	v, ok := r.get(name)
	if !ok {
		return absent
	}
	s, ok := v.Text()
	if !ok {
		r.fail(name, "is not a text")
	}
	return s
}

func (r *reader) expectText(name, want string) {
	if got := r.text(name, want); got != want {
		r.fail(name, "is "+strconv.Quote(got)+", and only "+want+" is supported")
	}
}

func (r *reader) texts(name string, absent ...string) []string {
	v, ok := r.get(name)
	if !ok {
		return absent
	}
	var list []string
	for _, e := range v.Array() {
		s, ok := e.Text()
		if !ok {
			r.fail(name, "is not a list of texts")
		}
		list = append(list, s)
	}
	return list
}

func (r *reader) ints(name string, absent ...int) []int {
	v, ok := r.get(name)
	if !ok {
		return absent
	}
	var list []int
	for _, e := range v.Array() {
		n, ok := e.Int()
		if !ok {
			r.fail(name, "is not a list of whole numbers")
		}
		list = append(list, n)
	}
	return list
}

// size reads sample_size, a number or [height, width].
func (r *reader) size() (h, w int) {
	v, ok := r.get("sample_size")
	if !ok {
		r.fail("sample_size", "is missing: the size of the pictures must be given")
		return 0, 0
	}
	if n, ok := v.Int(); ok {
		return n, n
	}
	if a := v.Array(); len(a) == 2 {
		h, ok := a[0].Int()
		w, ok2 := a[1].Int()
		if ok && ok2 {
			return h, w
		}
	}
	r.fail("sample_size", "is neither a whole number nor [height, width]")
	return 0, 0
}

// unknown refuses options that would silently be ignored. Names with an
// underscore in front are diffusers' own notes.
func (r *reader) unknown() {
	for _, m := range r.root.Members() {
		if !r.known[m.Key] && m.Key[:min(1, len(m.Key))] != "_" && m.Value.Kind() != json.Null {
			r.fail(m.Key, "is not one that a UNet2DModel of this program has")
		}
	}
}
