package schedule

import (
	"strconv"

	"tweedie/weights/json"
)

// inert are options of diffusers' schedulers that change nothing here, whatever their value.
var inert = []string{
	"noise_sampler_seed", // the recipe's seed draws the noise
	"tensor_format",      // of diffusers before 0.4: PyTorch or NumPy
	// Of use_dynamic_shifting, which is refused.
	"time_shift_type", "base_shift", "max_shift", "base_image_seq_len", "max_image_seq_len",
}

// fixed are options that may have one value only: with another one, diffusers computes something
// that no sampler here does. class is the only class that has the option, "" for any.
var fixed = [...]struct{ class, key, value string }{
	{"", "use_dynamic_shifting", "false"},
	{"", "invert_sigmas", "false"},
	{"", "stochastic_sampling", "false"}, // true is read for flows, which have it
	{"ScoreSdeVeScheduler", "sampling_eps", "1e-05"},
	{"ScoreSdeVpScheduler", "sampling_eps", "0.001"},
	{"ScoreSdeVpScheduler", "beta_min", "0.1"},
	{"ScoreSdeVpScheduler", "beta_max", "20"},
}

// readRest reads the options that choose nothing, and refuses values that would.
func (c *Config) readRest(r *json.Reader) {
	for _, key := range inert {
		r.Get(key)
	}
	for _, o := range fixed {
		if o.class != "" && o.class != c.Solver.ClassName ||
			o.key == "stochastic_sampling" && c.Solver.Network == Straight {
			continue
		}
		if v, ok := r.Get(o.key); ok && written(v) != o.value {
			r.Wrong(o.key, o.value)
		}
	}
	word := ""
	r.OneOf("timestep_type", &word, "discrete", "continuous")
	// With other predictions than v, diffusers asks a continuous network like a discrete one.
	if word == "continuous" && c.PredictionType == V {
		r.Fail("timestep_type", `is "continuous", and with v_prediction the network is then asked `+
			"at 0.25·ln σ, which no sampler here does")
	}
}

// written is a plain value as text, numbers in their shortest form.
func written(v json.Value) string {
	if f, ok := v.Float64(); ok {
		return number(f)
	}
	if b, ok := v.Bool(); ok {
		return strconv.FormatBool(b)
	}
	s, _ := v.Text()
	return s
}

// readPrediction reads prediction_type, and predict_epsilon, which said the same before diffusers
// 0.10: false means that the network predicts x̂0.
func (c *Config) readPrediction(r *json.Reader) {
	_, named := r.Get("prediction_type")
	r.OneOf("prediction_type", (*string)(&c.PredictionType), predictions...)
	epsilon := true
	if _, old := r.Get("predict_epsilon"); !old {
		return
	}
	r.Bool("predict_epsilon", &epsilon)
	want := Epsilon
	if !epsilon {
		want = Sample
	}
	if named && c.PredictionType != want && c.PredictionType != Epsilon {
		r.Fail("predict_epsilon", "is "+strconv.FormatBool(epsilon)+", and prediction_type is "+
			string(c.PredictionType)+": take one of them out of the file")
		return
	}
	c.PredictionType = want
}
