package schedule

import (
	"errors"
	"slices"
	"strconv"

	"tweedie/weights/json"
)

// Prediction names what a network's output stands for.
type Prediction string

// The predictions. All names but one are diffusers'; it has none for Score (∇ log p of the noisy
// picture).
const (
	Epsilon Prediction = "epsilon"
	Sample  Prediction = "sample" // x̂0
	V       Prediction = "v_prediction"
	Score   Prediction = "score"
	// FlowVelocity is ε − x̂0, which rectified flows predict.
	FlowVelocity Prediction = "flow_prediction"
)

// Spacing names how the solver's steps are chosen among the training timesteps.
type Spacing string

// diffusers' three spacings.
const (
	Leading  Spacing = "leading"
	Linspace Spacing = "linspace"
	Trailing Spacing = "trailing"
)

// Variance names the variance of DDPM's reverse step.
type Variance string

// diffusers' variance types, and improved-diffusion's `learned`, which is learned_log here. The
// last three need a network with twice as many output channels.
const (
	FixedSmall    Variance = "fixed_small"
	FixedSmallLog Variance = "fixed_small_log"
	FixedLarge    Variance = "fixed_large"
	FixedLargeLog Variance = "fixed_large_log"
	Learned       Variance = "learned"
	LearnedRange  Variance = "learned_range"
	LearnedLog    Variance = "learned_log" // the logarithm of the variance
)

// The families of betas.
const (
	linear       = "linear"
	scaledLinear = "scaled_linear"
	squaredCos   = "squaredcos_cap_v2"
	sigmoid      = "sigmoid"
	laplace      = "laplace"
)

var (
	predictions = []string{string(Epsilon), string(Sample), string(V), string(Score),
		string(FlowVelocity)}
	spacings  = []string{string(Leading), string(Linspace), string(Trailing)}
	variances = []string{string(FixedSmall), string(FixedSmallLog), string(FixedLarge),
		string(FixedLargeLog), string(Learned), string(LearnedRange), string(LearnedLog)}
	families = []string{linear, scaledLinear, squaredCos, sigmoid, laplace}
)

// Spacings lists the values of timestep_spacing.
func Spacings() []string { return append([]string(nil), spacings...) }

// Variances lists the values of variance_type.
func Variances() []string { return append([]string(nil), variances...) }

// Config is diffusers' scheduler_config.json. Each field says which key it holds.
type Config struct {
	NumTrainTimesteps        int        // num_train_timesteps: T
	BetaStart                float64    // beta_start, in (0, 1)
	BetaEnd                  float64    // beta_end, in (0, 1)
	BetaSchedule             string     // beta_schedule, as diffusers calls them
	TrainedBetas             []float64  // trained_betas: [T] or nil; replace the family
	RescaleBetasZeroSNR      bool       // rescale_betas_zero_snr: the last ᾱ becomes 0
	VarianceType             Variance   // variance_type, for DDPM
	PredictionType           Prediction // prediction_type
	ClipSample               bool       // clip_sample: clip x̂0 to ±ClipSampleRange
	ClipSampleRange          float64    // clip_sample_range, above 0
	Thresholding             bool       // thresholding: Imagen's of x̂0, instead of clipping
	DynamicThresholdingRatio float64    // dynamic_thresholding_ratio, a quantile in [0, 1]
	SampleMaxValue           float64    // sample_max_value: thresholding's largest bound, ≥ 1
	TimestepSpacing          Spacing    // timestep_spacing
	StepsOffset              int        // steps_offset, added by leading spacing
	SetAlphaToOne            bool       // set_alpha_to_one: DDIM, DDPM end at ᾱ = 1, not at ᾱ_0
	Solver                   Solver     // which sampler, and its options
}

// Default returns the configuration that diffusers' DDPMScheduler and DDIMScheduler have when
// nothing is given.
func Default() Config {
	return Config{
		NumTrainTimesteps:        1000,
		BetaStart:                0.0001,
		BetaEnd:                  0.02,
		BetaSchedule:             linear,
		VarianceType:             FixedSmall,
		PredictionType:           Epsilon,
		ClipSample:               true,
		ClipSampleRange:          1,
		DynamicThresholdingRatio: 0.995,
		SampleMaxValue:           1,
		TimestepSpacing:          Leading,
		SetAlphaToOne:            true,
		Solver:                   defaultSolver(),
	}
}

// ParseConfig reads a scheduler_config.json. Absent keys keep their Default, or that of the class
// named by _class_name. An unknown class, an option that is not known, and one whose value is not,
// are errors that name it: each could change the picture. Options known to change nothing are
// listed in options.go.
func ParseConfig(text []byte) (Config, error) {
	r := json.ReadObject(text, "schedule: scheduler config")
	c := Default()
	class := ""
	if r.OneOf("_class_name", &class, classNames()...); class != "" {
		c.applyClass(class)
	}
	r.Int("num_train_timesteps", &c.NumTrainTimesteps)
	r.Float("beta_start", &c.BetaStart)
	r.Float("beta_end", &c.BetaEnd)
	r.OneOf("beta_schedule", &c.BetaSchedule, families...)
	r.Floats("trained_betas", &c.TrainedBetas)
	r.Bool("rescale_betas_zero_snr", &c.RescaleBetasZeroSNR)
	r.OneOf("variance_type", (*string)(&c.VarianceType), variances...)
	c.readPrediction(r)
	r.Bool("clip_sample", &c.ClipSample)
	r.Float("clip_sample_range", &c.ClipSampleRange)
	r.Bool("thresholding", &c.Thresholding)
	r.Float("dynamic_thresholding_ratio", &c.DynamicThresholdingRatio)
	r.Float("sample_max_value", &c.SampleMaxValue)
	r.OneOf("timestep_spacing", (*string)(&c.TimestepSpacing), spacings...)
	r.Int("steps_offset", &c.StepsOffset)
	r.Bool("set_alpha_to_one", &c.SetAlphaToOne)
	c.readSolver(r)
	c.readRest(r)
	if c.Solver.Network == Straight {
		c.PredictionType = FlowVelocity
	}
	if err := r.End(); err != nil {
		return Config{}, err
	}
	if err := c.Validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// maxTimesteps bounds the tables: a thousand times the usual number.
const maxTimesteps = 1_000_000

// Validate returns an error that names the first field whose value cannot be used.
func (c *Config) Validate() error {
	switch {
	case c.NumTrainTimesteps < 1 || c.NumTrainTimesteps > maxTimesteps:
		return wrong("num_train_timesteps",
			"from 1 to "+strconv.Itoa(maxTimesteps), strconv.Itoa(c.NumTrainTimesteps))
	case !slices.Contains(families, c.BetaSchedule):
		return wrong("beta_schedule", list(families), c.BetaSchedule)
	case !slices.Contains(variances, string(c.VarianceType)):
		return wrong("variance_type", list(variances), string(c.VarianceType))
	case !slices.Contains(predictions, string(c.PredictionType)):
		return wrong("prediction_type", list(predictions), string(c.PredictionType))
	case !slices.Contains(spacings, string(c.TimestepSpacing)):
		return wrong("timestep_spacing", list(spacings), string(c.TimestepSpacing))
	case !(c.BetaStart > 0 && c.BetaStart < 1):
		return wrong("beta_start", "between 0 and 1", number(c.BetaStart))
	case !(c.BetaEnd > 0 && c.BetaEnd < 1):
		return wrong("beta_end", "between 0 and 1", number(c.BetaEnd))
	case !(c.ClipSampleRange > 0 && c.ClipSampleRange <= 1e6):
		return wrong("clip_sample_range", "above 0", number(c.ClipSampleRange))
	case !(c.DynamicThresholdingRatio >= 0 && c.DynamicThresholdingRatio <= 1):
		return wrong("dynamic_thresholding_ratio", "from 0 to 1",
			number(c.DynamicThresholdingRatio))
	case !(c.SampleMaxValue >= 1 && c.SampleMaxValue <= 1e6):
		return wrong("sample_max_value", "1 or more", number(c.SampleMaxValue))
	case c.StepsOffset < 0 || c.StepsOffset >= c.NumTrainTimesteps:
		return wrong("steps_offset", "from 0 to num_train_timesteps − 1",
			strconv.Itoa(c.StepsOffset))
	}
	if err := c.Solver.validate(); err != nil {
		return err
	}
	return c.validateTrained()
}

func (c *Config) validateTrained() error {
	if c.TrainedBetas == nil {
		return nil
	}
	if len(c.TrainedBetas) != c.NumTrainTimesteps {
		return errors.New("schedule: trained_betas has " + strconv.Itoa(len(c.TrainedBetas)) +
			" values and num_train_timesteps is " + strconv.Itoa(c.NumTrainTimesteps))
	}
	for i, beta := range c.TrainedBetas {
		if !(beta > 0 && beta < 1) {
			return wrong("trained_betas["+strconv.Itoa(i)+"]", "between 0 and 1", number(beta))
		}
	}
	return nil
}
