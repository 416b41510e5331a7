package family

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/schedule"
)

// openAIBound is the largest relative difference from the authors' outputs in float64. Their own
// float32 differs by 1e-6.
const (
	openAIBound  = 1e-5
	openAIStride = 13 // of the recorded numbers of a block
)

// TestOpenAI holds the networks to OpenAI's code and to conditional-flow-matching's.
func TestOpenAI(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Settings
	}{
		{"improved-cond", Settings{Height: 16, Width: 16}},
		{"guided-neworder", Settings{Height: 16, Width: 16, HeadWidth: 8, Order: "qkv"}},
		{"cfm-cifar", Settings{Height: 16, Width: 16, Prediction: flow, Raw: true}},
	} {
		r := record(t, c.name, c.o)
		r.check(t, "output", openAIBound, nil)
		r.checkBlocks(t, openAIStride, openAIBound)
	}
}

// What the file does not say is assumed with a note, said by the command line, or refused.
func TestOpenAISettings(t *testing.T) {
	size := Settings{Height: 16, Width: 16}
	with := func(change func(o *Settings)) Settings {
		o := size
		change(&o)
		return o
	}
	for _, c := range []struct {
		name  string
		o     Settings
		want  schedule.Config
		notes int
	}{
		{"improved-cond", size, schedule.Config{PredictionType: "epsilon",
			NumTrainTimesteps: 1000, VarianceType: "learned_range", BetaSchedule: "linear"}, 4},
		{"improved-cond", with(func(o *Settings) {
			o.Schedule, o.Timesteps, o.Heads, o.Order = "cosine", 4000, 4, "heads"
		}), schedule.Config{PredictionType: "epsilon", NumTrainTimesteps: 4000,
			VarianceType: "learned_range", BetaSchedule: "squaredcos_cap_v2"}, 2},
		{"cfm-cifar", with(func(o *Settings) { o.Prediction = flow }),
			schedule.Config{PredictionType: "flow_prediction", NumTrainTimesteps: 1000}, 2},
	} {
		n := record(t, c.name, c.o).network
		got, err := schedule.ParseConfig([]byte(n.Scheduler))
		if err != nil {
			t.Fatal(err)
		}
		if got.PredictionType != c.want.PredictionType ||
			got.NumTrainTimesteps != c.want.NumTrainTimesteps ||
			c.want.BetaSchedule != "" && (got.BetaSchedule != c.want.BetaSchedule ||
				got.VarianceType != c.want.VarianceType) {
			t.Errorf("%s %+v: the schedule is %s", c.name, c.o, n.Scheduler)
		}
		if len(n.Notes) != c.notes {
			t.Errorf("%s %+v: the notes are %q", c.name, c.o, n.Notes)
		}
		// What was assumed of the prediction is said.
		said := strings.Contains(fmt.Sprint(n.Notes), "took the network to predict epsilon")
		if said != (c.o.Prediction == "") {
			t.Errorf("%s %+v: the notes are %q", c.name, c.o, n.Notes)
		}
	}
	for _, c := range []struct {
		o    Settings
		want string
	}{
		{Settings{}, "-size"},
		{with(func(o *Settings) { o.HeadWidth = 7 }), "-head-width"},
		{with(func(o *Settings) { o.Heads = 64 }), "-heads"},
		{with(func(o *Settings) { o.Order = "vkq" }), "vkq"},
		{with(func(o *Settings) { o.Schedule = "cubic" }), "cubic"},
		{with(func(o *Settings) { o.Prediction = "cats" }), "cats"},
		{Settings{Height: 15, Width: 16}, "-size 15×16 does not fit the network: height and " +
			"width must be multiples of 2"},
	} {
		s := record(t, "guided-neworder", Settings{Height: 16, Width: 16, HeadWidth: 8}).network
		if _, err := s.Family.Build(NewState(s.Tensors), c.o); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.o, err, c.want)
		}
	}
}

// A network of another shape is told, tensor by tensor.
func TestOpenAIRefuses(t *testing.T) {
	n := record(t, "improved-cond", Settings{Height: 16, Width: 16}).network
	for name, want := range map[string]string{
		"out.2.weight":                         "out.2.weight",
		"input_blocks.1.0.out_layers.3.weight": "input_blocks.1.0.out_layers.3.weight",
		"middle_block.1.proj_out.weight":       "middle_block.1.proj_out.weight",
	} {
		left := slices.Clone(n.Tensors)
		for i := range left {
			if left[i].Name == name {
				left = slices.Delete(left, i, i+1)
				break
			}
		}
		_, err := n.Family.Build(NewState(left), Settings{Height: 16, Width: 16})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	more := slices.Clone(n.Tensors)
	more = append(more, more[0])
	more[len(more)-1].Name = "input_blocks.1.0.cat.weight"
	if _, err := n.Family.Build(NewState(more), Settings{Height: 16, Width: 16}); err == nil ||
		!strings.Contains(err.Error(), "cat.weight has no place") {
		t.Errorf("with a tensor more: %v", err)
	}
}
