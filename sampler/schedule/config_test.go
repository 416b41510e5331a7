package schedule

import (
	"reflect"
	"strings"
	"testing"
)

// asSaved is a scheduler_config.json as diffusers writes it, with keys that no scheduler here uses.
const asSaved = `{
  "_class_name": "DDIMScheduler", "_diffusers_version": "0.31.0",
  "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
  "clip_sample": false, "clip_sample_range": 2.5, "dynamic_thresholding_ratio": 0.99,
  "num_train_timesteps": 500, "prediction_type": "v_prediction",
  "rescale_betas_zero_snr": true, "sample_max_value": 1.5,
  "set_alpha_to_one": false, "steps_offset": 1, "thresholding": true,
  "timestep_spacing": "trailing", "trained_betas": null,
  "variance_type": "learned_range", "skip_prk_steps": true, "solver_order": 3,
  "_notes": {"any": ["thing", 1]}, "noise_sampler_seed": 7, "shift_terminal": null,
  "use_dynamic_shifting": false, "base_shift": 0.5, "timestep_type": "discrete",
  "lambda_min_clipped": "-inf", "use_karras_sigmas": true
}`

func TestParseConfig(t *testing.T) {
	solver := defaultSolver()
	solver.ClassName, solver.Sampler, solver.Order, solver.SkipPRK, solver.Sigmas = "DDIMScheduler",
		"ddim", 3, true, Karras
	want := Config{
		NumTrainTimesteps: 500, BetaStart: 0.00085, BetaEnd: 0.012, BetaSchedule: scaledLinear,
		RescaleBetasZeroSNR: true,
		VarianceType:        LearnedRange, PredictionType: V,
		ClipSampleRange: 2.5, Thresholding: true,
		DynamicThresholdingRatio: 0.99,
		SampleMaxValue:           1.5, TimestepSpacing: Trailing, StepsOffset: 1, Solver: solver,
	}
	if got := mustConfig(t, asSaved); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := mustConfig(t, "{}"); !reflect.DeepEqual(got, Default()) {
		t.Errorf("an empty config: %+v", got)
	}
}

func TestWrongConfigs(t *testing.T) {
	cases := []struct{ text, says string }{
		{`[]`, "must be a JSON object, not an array"},
		{`{"beta_start": 0.1`, "is not JSON"},
		{`{"num_train_timesteps": "1000"}`,
			`num_train_timesteps must be a whole number, not "1000"`},
		{`{"num_train_timesteps": 1000.5}`,
			"num_train_timesteps must be a whole number, not 1000.5"},
		{`{"num_train_timesteps": -1}`, "num_train_timesteps must be from 1 to 1000000, not -1"},
		{`{"beta_start": true}`, "beta_start must be a number, not true"},
		{`{"beta_end": 1e999}`, "beta_end must be a number, not 1e999"},
		{`{"beta_schedule": 3}`,
			"beta_schedule must be one of linear, scaled_linear, squaredcos_cap_v2, sigmoid, " +
				"laplace, not 3"},
		{`{"beta_schedule": "cosine"}`, `squaredcos_cap_v2, sigmoid, laplace, not "cosine"`},
		{`{"trained_betas": 0.1}`, "trained_betas must be an array of numbers, not 0.1"},
		{`{"trained_betas": [0.1, "0.2"]}`, `trained_betas[1] must be a number, not "0.2"`},
		{`{"trained_betas": [0.1]}`, "trained_betas has 1 values and num_train_timesteps is 1000"},
		{`{"clip_sample": 1}`, "clip_sample must be true or false, not 1"},
		{`{"prediction_type": "noise"}`,
			"prediction_type must be one of epsilon, sample, v_prediction, score, " +
				`flow_prediction, not "noise"`},
		{`{"solver_order": 5}`, "solver_order must be from 0 to 4, not 5"},
		{`{"final_sigmas_type": "low"}`,
			`final_sigmas_type must be one of zero, sigma_min, not "low"`},
		{`{"sigma_min": 2, "sigma_max": 1}`, "sigma_max must be above sigma_min, not 1"},
		{`{"disable_corrector": [0.5]}`,
			"disable_corrector must be an array of whole numbers, not 0.5"},
		{`{"use_karras_sigmas": 1}`, "use_karras_sigmas must be true or false, not 1"},
		{`{"timestep_spacing": {}}`,
			"timestep_spacing must be one of leading, linspace, trailing, not an object"},
		{`{"solver_type": "rk4"}`, "solver_type must be one of midpoint, heun, bh1, bh2, logrho"},
		{`{"algorithm_type": "rk4"}`, "algorithm_type must be one of dpmsolver, dpmsolver++"},
		{`{"skip_this": 1}`, "skip_this is not a key that is known here"},
		{`{"shift_terminal": 0.1}`, "shift_terminal is not a key"},
		{`{"use_dynamic_shifting": true}`, "use_dynamic_shifting must be false, not true"},
		{`{"invert_sigmas": true}`, "invert_sigmas must be false, not true"},
		{`{"stochastic_sampling": true}`, "stochastic_sampling must be false, not true"},
		{`{"interpolation_type": "cubic"}`,
			"interpolation_type must be one of linear, log_linear"},
		{`{"_class_name": "EulerDiscreteScheduler", "prediction_type": "v_prediction",
			"timestep_type": "continuous"}`,
			`timestep_type is "continuous", and with v_prediction`},
		{`{"timestep_type": "odd"}`, "timestep_type must be one of discrete, continuous"},
		{`{"_class_name": "ScoreSdeVeScheduler", "sampling_eps": 0.1}`,
			"sampling_eps must be 1e-05, not 0.1"},
		{`{"sampling_eps": 0.1}`, "sampling_eps is not a key"},
		{`{"_class_name": "ScoreSdeVpScheduler", "beta_max": 10}`, "beta_max must be 20, not 10"},
		{`{"predict_epsilon": 0}`, "predict_epsilon must be true or false"},
		{`{"predict_epsilon": false, "prediction_type": "v_prediction"}`,
			"predict_epsilon is false, and prediction_type is v_prediction"},
		{`{"predict_epsilon": true, "prediction_type": "sample"}`,
			"predict_epsilon is true, and prediction_type is sample"},
		{`{"variance_type": "` + strings.Repeat("x", 100) + `"}`, "not a string"},
	}
	for _, c := range cases {
		_, err := ParseConfig([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) ||
			!strings.HasPrefix(err.Error(), "schedule: ") {
			t.Errorf("%s: error %v, want %q", c.text, err, c.says)
		}
	}
}

// Before diffusers 0.10, predict_epsilon said what prediction_type says now.
func TestPredictEpsilon(t *testing.T) {
	for text, want := range map[string]Prediction{
		`{"predict_epsilon": false}`:                               Sample,
		`{"predict_epsilon": true}`:                                Epsilon,
		`{"predict_epsilon": null}`:                                Epsilon,
		`{"predict_epsilon": false, "prediction_type": "sample"}`:  Sample,
		`{"predict_epsilon": false, "prediction_type": "epsilon"}`: Sample,
		`{"predict_epsilon": null, "prediction_type": "sample"}`:   Sample,
	} {
		if got := mustConfig(t, text).PredictionType; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// Options that change nothing for a class are accepted with the values that diffusers saves.
func TestSavedOptions(t *testing.T) {
	for _, text := range []string{
		`{"_class_name": "EulerDiscreteScheduler", "timestep_type": "continuous",
			"interpolation_type": "linear", "use_karras_sigmas": true, "sigma_min": null}`,
		`{"_class_name": "ScoreSdeVeScheduler", "sampling_eps": 1e-05, "correct_steps": 1}`,
		`{"_class_name": "ScoreSdeVpScheduler", "beta_min": 0.1, "beta_max": 20.0,
			"sampling_eps": 0.001}`,
		`{"_class_name": "UniPCMultistepScheduler", "solver_p": null, "predict_x0": true,
			"time_shift_type": "exponential", "use_dynamic_shifting": false}`,
		`{"_class_name": "FlowMatchEulerDiscreteScheduler", "stochastic_sampling": false,
			"invert_sigmas": false, "max_shift": 1.15, "base_shift": 0.5,
			"base_image_seq_len": 256, "max_image_seq_len": 4096, "shift": 3.0}`,
		`{"_class_name": "DDPMScheduler", "tensor_format": "pt", "beta_end": 0.02}`,
		`{"_class_name": "SASolverScheduler", "tau_func": null, "predictor_order": 2}`,
	} {
		mustConfig(t, text)
	}
}

// FuzzParseConfig checks that every accepted config is valid, and makes a schedule or gives a
// sentence that says why not.
func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(asSaved))
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"num_train_timesteps": 2, "trained_betas": [0.5, 0.999999]}`))
	f.Add([]byte(`{"beta_schedule": "laplace", "num_train_timesteps": 50,
		"rescale_betas_zero_snr": true}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseConfig(text)
		if err != nil {
			return
		}
		if err := c.Validate(); err != nil {
			t.Fatalf("an accepted config is invalid: %v", err)
		}
		c.NumTrainTimesteps = min(c.NumTrainTimesteps, 2000)
		c.TrainedBetas = nil
		c.StepsOffset = 0
		if s, err := New(c); err == nil && len(s.AlphaBar) != c.NumTrainTimesteps {
			t.Fatalf("%d values of ᾱ, want %d", len(s.AlphaBar), c.NumTrainTimesteps)
		}
	})
}
