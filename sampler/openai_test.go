package sampler

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/recipe"
	"tweedie/tools/convert/family"
	"tweedie/weights"
)

// openAIRun has the steps of one of the authors' runs follow a recipe: every third number of every
// state, from the recorded first state and noise.
func openAIRun(t *testing.T, network, run, text string, o family.Settings) {
	t.Helper()
	const stride, bound = 3, 1e-4
	folder := "../tools/convert/family/testdata/" + network
	s := family.NewState(fixture.Weights(t, folder+"/state.safetensors.gz").Tensors)
	n, err := family.Recognise(s).Build(s, o)
	if err != nil {
		t.Fatal(err)
	}
	f := &weights.File{Tensors: n.Tensors, Metadata: map[string]string{"config": n.Config,
		"scheduler": n.Scheduler}}
	if n.Sampling != "" {
		f.Metadata["sampling"] = n.Sampling
	}
	m, err := graph.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	info, err := recipe.NewInfo("m", f.Metadata, "0123456789abcdef", m)
	if err != nil {
		t.Fatal(err)
	}
	trace := fixture.Weights(t, folder+"/trace.safetensors.gz")
	if _, ok := trace.Tensor(run + "class_labels"); ok {
		text += "&c=" + info.Classes[fixture.Int64s(t, trace, run+"class_labels")[0]]
	}
	tr, err := NewTrajectory(mustParse(t, text), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	init := fixture.Tensor(t, trace, run+"init").Float64s()
	var noise []float64
	if x, ok := trace.Tensor(run + "noise"); ok {
		noise = x.Float64s()
	}
	tr.evaluation.Source.(*guided).noise = func(dst []float64, draw uint32) {
		clear(dst)
		if at := int(draw-1) * len(init); draw > 0 && at < len(noise) {
			copy(dst, noise[at:at+len(init)])
		}
	}
	tr.Restart(0, init)
	want := fixture.Tensor(t, trace, run+"x").Float64s()
	per, worst := len(init)/stride, 0.0
	if tr.Steps()+1 != len(want)/per {
		t.Fatalf("%s: %d steps, and %d states are recorded", text, tr.Steps(), len(want)/per)
	}
	for i := 1; tr.Step(); i++ {
		for j, w := range want[i*per : (i+1)*per] {
			d := math.Abs(tr.X()[j*stride] - w)
			if !(d <= worst) {
				worst = d
			}
		}
	}
	t.Logf("%s, %s: %d states, worst %.2g", network, text, tr.Steps(), worst)
	if !(worst <= bound) {
		t.Errorf("%s, %s: a state differs by %.2g", network, text, worst)
	}
}

// TestGuidedDiffusionRuns reproduces runs of guided-diffusion: learned variances on eight of 1,000
// timesteps, and DDIM.
func TestGuidedDiffusionRuns(t *testing.T) {
	o := family.Settings{Height: 16, Width: 16, HeadWidth: 8, Order: "qkv"}
	openAIRun(t, "guided-neworder", "ddpm8.", "m=m&k=ddpm&steps=8&spacing=linspace", o)
	openAIRun(t, "guided-neworder", "ddim8.", "m=m&k=ddim&steps=8&rederive=on", o)
}

// TestFlowMatchingRun reproduces eight equal steps of Euler's method from noise to data.
func TestFlowMatchingRun(t *testing.T) {
	o := family.Settings{Height: 16, Width: 16, Prediction: "flow"}
	openAIRun(t, "cfm-cifar", "", "m=m&k=euler&steps=8", o)
}
