package sampler

import (
	"slices"
	"testing"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// TestResamplingGoesAsRePaint compares the route with the authors' algorithm, transcribed.
func TestResamplingGoesAsRePaint(t *testing.T) {
	for _, c := range [][3]int{{250, 10, 10}, {20, 3, 3}, {20, 10, 5}, {7, 1, 2}, {11, 10, 4},
		{12, 10, 4}, {10, 9, 2}} {
		steps, jump, times := c[0], c[1], c[2]
		jumps := map[int]int{}
		for j := 0; j < steps-jump; j += jump {
			jumps[j] = times - 1
		}
		var ts []int
		for at := steps; at >= 1; {
			at--
			ts = append(ts, at)
			if jumps[at] > 0 {
				jumps[at]--
				for range jump {
					at++
					ts = append(ts, at)
				}
			}
		}
		ts = append(ts, -1)
		var want []int // the steps to less noise
		for i := range len(ts) - 1 {
			if ts[i+1] < ts[i] {
				want = append(want, steps-1-ts[i])
			}
		}
		p := &course{start: solver.Start{Marks: make([]solver.Mark, steps)}}
		if err := p.resampled(steps, times, jump); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.route.visits, want) {
			t.Errorf("%v: %v, want %v", c, p.route.visits, want)
		}
	}
}

// TestResamplingHarmonises draws half of a picture without a class. After resampling the new half
// fits the kept half, and in more pictures with more visits of each stretch.
func TestResamplingHarmonises(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	in := drawn()
	for i := range in.Mask { // three pixels of twelve are kept
		in.Mask[i] = 255
	}
	in.Mask[0], in.Mask[5], in.Mask[11] = 0, 0, 0
	fit := map[string]int{}
	for _, way := range []string{"", "&resample=20&jump=5"} {
		run := mustEdit(t, "m=test&n=64&steps=40&k=ddpm"+way, in, model, info)
		for image := range run.Images() {
			x := run.X(image)
			distances := [3]float64{}
			for i, v := range x {
				for class := range distances {
					d := v - classMean(class, i)
					distances[class] += d * d
				}
			}
			if distances[1] < min(distances[0], distances[2]) {
				fit[way]++
			}
		}
	}
	if plain, often := fit[""], fit["&resample=20&jump=5"]; often < 60 || often <= plain {
		t.Errorf("of 64 pictures %d fit after plain replacement and %d after resampling", plain,
			often)
	}
}
