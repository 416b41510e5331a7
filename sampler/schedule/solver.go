package schedule

import (
	"math"
	"strconv"

	"tweedie/weights/json"
)

// SigmaKind names a way to choose a sampler's noise levels σ = √((1−ᾱ)/ᾱ).
type SigmaKind string

// The ways. diffusers switches them with use_karras_sigmas, use_exponential_sigmas,
// use_beta_sigmas, use_lu_lambdas, use_flow_sigmas, interpolation_type and sigma_schedule;
// polyexponential is k-diffusion's.
const (
	// Spaced: those of the training schedule at the spaced timesteps.
	Spaced SigmaKind = "schedule"
	// LogLinear: even in log σ over the whole schedule, with the spaced timesteps (diffusers'
	// Euler).
	LogLinear SigmaKind = "log_linear"
	// Karras: even in σ^(1/ρ), ρ = 7 (Karras et al., arXiv:2206.00364, equation 5).
	Karras SigmaKind = "karras"
	// Exponential: even in log σ.
	Exponential SigmaKind = "exponential"
	// Polyexponential: log σ is a power ρ of even steps; ρ = 1 is Exponential (k-diffusion).
	Polyexponential SigmaKind = "polyexponential"
	// Beta: quantiles of the beta distribution with 0.6 and 0.6 (arXiv:2407.12173).
	Beta SigmaKind = "beta"
	// Lu: even in log SNR (Lu et al., arXiv:2211.01095).
	Lu SigmaKind = "lu"
	// Flow: even in the σ of x = (1−σ)·x0 + σ·ε, shifted.
	Flow SigmaKind = "flow"
)

// FinalSigma names the noise level after a sampler's last step.
type FinalSigma string

// diffusers' final_sigmas_type.
const (
	FinalZero FinalSigma = "zero"
	FinalMin  FinalSigma = "sigma_min"
)

// Network names the family of a network: how it is asked, and about which states.
type Network string

// The families. Each is known by the class of its diffusers scheduler.
const (
	// Preserving networks are trained on √ᾱ·x0 + √(1−ᾱ)·ε with a discrete schedule.
	Preserving Network = ""
	// Straight networks are rectified flows, trained on (1−σ)·x0 + σ·ε.
	Straight Network = "flow"
	// EDM networks are preconditioned as by Karras et al.
	EDM Network = "edm"
	// Consistency networks are EDM's with a boundary condition at the smallest σ (Song et al.,
	// arXiv:2303.01469).
	Consistency Network = "consistency"
	// ScoreVE networks answer with the score of x0 + σ·ε and are told σ (Song et al.,
	// arXiv:2011.13456).
	ScoreVE Network = "score_ve"
	// Sine networks are trained on √(1−s²)·x0 + s·ε and told the angle (iPNDM).
	Sine Network = "sine"
)

// Solver is the part of a scheduler config about samplers. Zero values leave a choice to the
// sampler.
type Solver struct {
	ClassName        string     // _class_name
	Sampler          string     // the sampler of the class, "" if it leaves the choice
	Network          Network    // the family that the class belongs to
	Order            int        // solver_order; predictor_order for SA-Solver
	CorrectorOrder   int        // corrector_order
	Algorithm        string     // algorithm_type
	Type             string     // solver_type
	LowerOrderFinal  bool       // lower_order_final
	EulerAtFinal     bool       // euler_at_final
	Final            FinalSigma // final_sigmas_type
	Sigmas           SigmaKind  // use_karras_sigmas …
	FlowShift        float64    // flow_shift, shift
	LambdaMinClipped float64    // lambda_min_clipped, −Inf for none
	SigmaMin         float64    // sigma_min, 0 for the schedule's
	SigmaMax         float64    // sigma_max, 0 for the schedule's
	SigmaData        float64    // sigma_data
	Rho              float64    // rho
	SkipPRK          bool       // skip_prk_steps
	PredictX0        bool       // predict_x0
	Uncorrected      []int      // disable_corrector: steps that UniPC leaves uncorrected
	OriginalSteps    int        // original_inference_steps: those an LCM or TCD was distilled for
	TimestepScaling  float64    // timestep_scaling
	SNoise           float64    // s_noise
	SNR              float64    // snr: Langevin's signal-to-noise ratio
	CorrectSteps     int        // correct_steps: Langevin steps for each level
}

func defaultSolver() Solver {
	return Solver{
		LowerOrderFinal: true, FlowShift: 1, LambdaMinClipped: math.Inf(-1),
		SigmaData: 0.5, PredictX0: true,
		OriginalSteps: 50, TimestepScaling: 10, SNoise: 1, SNR: 0.15, CorrectSteps: 1,
	}
}

var (
	sigmaKinds = []string{string(Spaced), string(LogLinear), string(Karras), string(Exponential),
		string(Polyexponential), string(Beta), string(Lu), string(Flow)}
	// The values of diffusers' algorithm_type and solver_type. Of those that a class does not have,
	// it takes its own first one, as here.
	algorithms = []string{"dpmsolver", "dpmsolver++", "sde-dpmsolver", "sde-dpmsolver++", "deis",
		"data_prediction", "noise_prediction"}
	forms  = []string{"midpoint", "heun", "bh1", "bh2", "logrho"}
	finals = []string{string(FinalZero), string(FinalMin)}
)

// SigmaKinds lists the ways to choose noise levels.
func SigmaKinds() []string { return append([]string(nil), sigmaKinds...) }

// Finals lists the values of final_sigmas_type.
func Finals() []string { return append([]string(nil), finals...) }

// class is what the name of a diffusers scheduler implies: the sampler, the family of networks, and
// the defaults that differ from those of DDPMScheduler.
type class struct {
	name, sampler string
	network       Network
	defaults      func(c *Config)
}

// linspaced has the defaults of most of the newer schedulers: linspace spacing, and x̂0 is not
// clipped.
func linspaced(c *Config) { c.TimestepSpacing, c.ClipSample = Linspace, false }

// shortBetas is linspaced with the betas of latent diffusion, linear between them.
func shortBetas(c *Config) {
	linspaced(c)
	c.BetaStart, c.BetaEnd = 0.00085, 0.012
}

func distilled(c *Config) {
	c.BetaStart, c.BetaEnd, c.BetaSchedule, c.ClipSample = 0.00085, 0.012, scaledLinear, false
}

func edm(c *Config) {
	linspaced(c)
	c.Solver.SigmaMin, c.Solver.SigmaMax, c.Solver.Rho, c.Solver.Sigmas = 0.002, 80, 7, Karras
}

var classes = []class{
	// The scheduler of training leaves the sampler to the recipe.
	{"DDPMScheduler", "", Preserving, nil},
	{"DDIMScheduler", "ddim", Preserving, nil},
	{"DDPMParallelScheduler", "", Preserving, nil},
	{"DDIMParallelScheduler", "ddim", Preserving, nil},
	{"DDIMInverseScheduler", "", Preserving, nil},
	{"EulerDiscreteScheduler", "euler", Preserving, linspaced},
	{"EulerAncestralDiscreteScheduler", "euler_a", Preserving, linspaced},
	{"HeunDiscreteScheduler", "heun", Preserving, shortBetas},
	{"KDPM2DiscreteScheduler", "dpm2", Preserving, shortBetas},
	{"KDPM2AncestralDiscreteScheduler", "dpm2_a", Preserving, shortBetas},
	{"LMSDiscreteScheduler", "lms", Preserving, linspaced},
	{"PNDMScheduler", "pndm", Preserving,
		func(c *Config) { c.ClipSample, c.SetAlphaToOne = false, false }},
	{"IPNDMScheduler", "ipndm", Sine, func(c *Config) { linspaced(c); c.PredictionType = V }},
	{"DEISMultistepScheduler", "deis", Preserving, linspaced},
	{"DPMSolverMultistepScheduler", "dpmpp_2m", Preserving, linspaced},
	{"DPMSolverSinglestepScheduler", "dpmpp_2s",
		Preserving, func(c *Config) { linspaced(c); c.Solver.LowerOrderFinal = false }},
	{"DPMSolverSDEScheduler", "dpmpp_sde", Preserving, shortBetas},
	{"UniPCMultistepScheduler", "unipc", Preserving, linspaced},
	{"SASolverScheduler", "sa", Preserving, linspaced},
	{"LCMScheduler", "lcm", Preserving, distilled},
	{"TCDScheduler", "tcd", Preserving, distilled},
	{"CMStochasticIterativeScheduler", "consistency", Consistency, func(c *Config) {
		edm(c)
		c.NumTrainTimesteps, c.ClipSample = 40, true
	}},
	{"EDMEulerScheduler", "euler", EDM, edm},
	{"EDMDPMSolverMultistepScheduler", "dpmpp_2m", EDM, edm},
	{"FlowMatchEulerDiscreteScheduler", "euler", Straight, linspaced},
	{"FlowMatchHeunDiscreteScheduler", "heun", Straight, linspaced},
	{"ScoreSdeVeScheduler", "ve_pc", ScoreVE, func(c *Config) {
		linspaced(c)
		c.NumTrainTimesteps, c.PredictionType = 2000, Score
		c.Solver.SigmaMin, c.Solver.SigmaMax = 0.01, 1348
	}},
	{"ScoreSdeVpScheduler", "vp_pc", Preserving, func(c *Config) {
		linspaced(c)
		c.NumTrainTimesteps, c.PredictionType = 2000, Score
	}},
}

// classNames lists the values of _class_name. Other classes are refused, because their networks may
// expect other inputs.
func classNames() []string {
	var names []string
	for i := range classes {
		names = append(names, classes[i].name)
	}
	return names
}

// applyClass applies the defaults of a class.
func (c *Config) applyClass(name string) {
	c.Solver.ClassName = name
	for i := range classes {
		if k := &classes[i]; k.name == name {
			c.Solver.Sampler, c.Solver.Network = k.sampler, k.network
			if k.defaults != nil {
				k.defaults(c)
			}
		}
	}
}

// readSolver reads the options of samplers.
func (c *Config) readSolver(r *json.Reader) {
	s := &c.Solver
	r.Int("solver_order", &s.Order)
	r.Int("predictor_order", &s.Order)
	r.Int("corrector_order", &s.CorrectorOrder)
	r.OneOf("algorithm_type", &s.Algorithm, algorithms...)
	r.OneOf("solver_type", &s.Type, forms...)
	r.Bool("lower_order_final", &s.LowerOrderFinal)
	r.Bool("euler_at_final", &s.EulerAtFinal)
	r.OneOf("final_sigmas_type", (*string)(&s.Final), finals...)
	r.Float("flow_shift", &s.FlowShift)
	r.Float("shift", &s.FlowShift)
	extended(r, "lambda_min_clipped", &s.LambdaMinClipped)
	r.Float("sigma_min", &s.SigmaMin)
	r.Float("sigma_max", &s.SigmaMax)
	r.Float("sigma_data", &s.SigmaData)
	r.Float("rho", &s.Rho)
	if r.Bool("skip_prk_steps", &s.SkipPRK); s.SkipPRK && s.Sampler == "pndm" {
		s.Sampler = "plms"
	}
	r.Bool("predict_x0", &s.PredictX0)
	integers(r, "disable_corrector", &s.Uncorrected)
	r.Int("original_inference_steps", &s.OriginalSteps)
	r.Float("timestep_scaling", &s.TimestepScaling)
	r.Float("s_noise", &s.SNoise)
	r.Float("snr", &s.SNR)
	r.Int("correct_steps", &s.CorrectSteps)
	r.Bool("clip_denoised", &c.ClipSample)
	s.readAlgorithm(r)
	s.readSigmas(r)
	if stochastic := false; s.Network == Straight {
		if r.Bool("stochastic_sampling", &stochastic); stochastic {
			s.Sampler = "consistency"
		}
	}
}

// readAlgorithm chooses the sampler of DPM-Solver's classes, which have several.
func (s *Solver) readAlgorithm(r *json.Reader) {
	if s.Algorithm == "" || s.Sampler != "dpmpp_2m" && s.Sampler != "dpmpp_2s" {
		return
	}
	names := map[string]string{
		"dpmsolver++": "dpmpp_2m", "deis": "dpmpp_2m", "dpmsolver": "dpm",
		"sde-dpmsolver++": "dpmpp_2m_sde", "sde-dpmsolver": "dpm_sde",
	}
	if s.Sampler == "dpmpp_2s" {
		names = map[string]string{
			"dpmsolver++": "dpmpp_2s", "deis": "dpmpp_2s", "dpmsolver": "dpm_2s",
			"sde-dpmsolver++": "dpmpp_2s_sde",
		}
	}
	name, ok := names[s.Algorithm]
	if !ok {
		r.Fail("algorithm_type",
			"is "+strconv.Quote(s.Algorithm)+", and there is no such sampler of "+
				s.ClassName)
		return
	}
	s.Sampler = name
}

// readSigmas reads the switches that choose noise levels.
func (s *Solver) readSigmas(r *json.Reader) {
	for _, k := range []struct {
		key  string
		kind SigmaKind
	}{
		{"use_karras_sigmas", Karras}, {"use_exponential_sigmas", Exponential},
		{"use_beta_sigmas", Beta}, {"use_lu_lambdas", Lu}, {"use_flow_sigmas", Flow},
	} {
		set := false
		if r.Bool(k.key, &set); set {
			s.Sigmas = k.kind
		}
	}
	word := ""
	if r.OneOf("sigma_schedule", &word, string(Karras), string(Exponential)); word != "" {
		s.Sigmas = SigmaKind(word)
	}
	if word = ""; s.Sigmas == "" {
		if r.OneOf("interpolation_type", &word, linear, string(LogLinear)); word != linear {
			s.Sigmas = SigmaKind(word)
		}
	} else {
		r.Get("interpolation_type") // of levels that are replaced
	}
	if s.Sigmas == Flow {
		s.Network = Straight
	}
}

// validate returns an error that names the first option of samplers whose value cannot be used.
func (s *Solver) validate() error {
	ranged := s.Network == EDM || s.Network == Consistency || s.Network == ScoreVE
	if (ranged || s.SigmaMax > 0) && s.SigmaMax <= s.SigmaMin {
		return wrong("sigma_max", "above sigma_min", number(s.SigmaMax))
	}
	const least = 0x1p-1000 // of options that must be above 0
	for _, o := range []struct {
		key              string
		value, low, high float64
	}{
		{"solver_order", float64(s.Order), 0, 4}, {"corrector_order",
			float64(s.CorrectorOrder), 0, 4}, {"flow_shift", s.FlowShift, least, 1e6},
		{"sigma_min", s.SigmaMin, 0, 1e6}, {"sigma_max", s.SigmaMax, 0, 1e6}, {"sigma_data",
			s.SigmaData, least, 1e6}, {"rho", s.Rho, 0, 100},
		{"original_inference_steps", float64(s.OriginalSteps), 1, maxTimesteps},
		{"timestep_scaling", s.TimestepScaling, least, 1e6},
		{"s_noise", s.SNoise, 0, 1e6}, {"snr", s.SNR, least, 1e6}, {"correct_steps",
			float64(s.CorrectSteps), 0, 1000},
	} {
		if !(o.value >= o.low && o.value <= o.high) {
			from := number(o.low)
			if o.low == least {
				from = "just above 0"
			}
			return wrong(o.key, "from "+from+" to "+number(o.high), number(o.value))
		}
	}
	return nil
}
