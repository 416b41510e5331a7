package sampler

import (
	"runtime"
	"testing"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// TestManyPicturesShareTheirPlan prepares 64 pictures with as many steps as there are timesteps,
// with every sampler. The memory must not grow with pictures × steps.
func TestManyPicturesShareTheirPlan(t *testing.T) {
	c := schedule.Default()
	c.TimestepSpacing = schedule.Trailing
	model, info := testModel(t, c)
	const limit = 4 << 20 // bytes; the largest takes 1.6 MB, and 64 plans would take 100 MB
	for _, k := range solver.Samplers() {
		text := "m=test&c=all&n=64&steps=1000&k=" + k.Name
		if k.Name == "lcm" || k.Name == "tcd" {
			text = "m=test&c=all&n=64&steps=50&k=" + k.Name
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		run, err := NewRun(mustParse(t, text), info, model)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		runtime.ReadMemStats(&after)
		got := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d KB", k.Name, got>>10)
		if got > limit {
			t.Errorf("%s: %d bytes are allocated to begin, want at most %d", text, got, limit)
		}
		if !run.Next() {
			t.Errorf("%s: %v", text, run.Err())
		}
	}
}
