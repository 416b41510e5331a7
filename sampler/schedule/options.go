package schedule

import (
	"slices"
	"strconv"

	"tweedie/weights/json"
)

// inert are options of diffusers' schedulers that change nothing here, whatever their value.
var inert = []struct{ key, reason string }{
	{"noise_sampler_seed", "the recipe's seed draws the noise"},
	{"tensor_format", "of diffusers before 0.4: PyTorch or NumPy"},
	{"time_shift_type", "of use_dynamic_shifting"},
	{"base_shift", "of use_dynamic_shifting"},
	{"max_shift", "of use_dynamic_shifting"},
	{"base_image_seq_len", "of use_dynamic_shifting"},
	{"max_image_seq_len", "of use_dynamic_shifting"},
}

// fixed are options that may have one value only: with another one, diffusers computes something
// that no sampler here does.
var fixed = []struct{ key, value string }{
	{"use_dynamic_shifting", "false"},
	{"invert_sigmas", "false"},
	{"stochastic_sampling", "false"}, // true is read for the class that has it
	{"sampling_eps", ""},
	{"beta_min", "0.1"}, // of ScoreSdeVpScheduler
	{"beta_max", "20"},
}

// smallestTimes are the values of sampling_eps that the score SDEs of these classes have here.
var smallestTimes = map[string]string{
	"ScoreSdeVeScheduler": "1e-05", "ScoreSdeVpScheduler": "0.001",
}

// readRest reads the options that choose nothing, and refuses the values that would.
func (c *Config) readRest(r *json.Reader) {
	for _, o := range inert {
		r.Get(o.key)
	}
	for _, o := range fixed {
		if o.key == "sampling_eps" {
			o.value = smallestTimes[c.Solver.ClassName]
		}
		if o.value == "" || o.key == "stochastic_sampling" && c.Solver.Network == Straight {
			continue
		}
		if v, ok := r.Get(o.key); ok && written(v) != o.value {
			r.Wrong(o.key, o.value)
		}
	}
	// With other predictions than v, diffusers asks a continuous network like a discrete one.
	if v, _ := r.Get("timestep_type"); c.PredictionType == V && written(v) == "continuous" {
		r.Fail("timestep_type", `is "continuous", and with v_prediction the network is then asked `+
			"at 0.25·ln σ, which no sampler here does")
	} else {
		word := ""
		r.OneOf("timestep_type", &word, "discrete", "continuous")
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
	if named && !slices.Contains([]Prediction{want, Epsilon}, c.PredictionType) {
		r.Fail("predict_epsilon", "is "+strconv.FormatBool(epsilon)+", and prediction_type is "+
			string(c.PredictionType)+": take one of them out of the file")
		return
	}
	c.PredictionType = want
}
