package schedule

import (
	"strings"
	"testing"
)

func withT(t testing.TB, T int) *Schedule {
	t.Helper()
	c := Default()
	c.NumTrainTimesteps = T
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTimestepsAgainstReference compares diffusers' tables of DDPM and DDIM.
func TestTimestepsAgainstReference(t *testing.T) {
	compared := 0
	for _, v := range timestepTables(t) {
		if v.Class != "DDPMScheduler" && v.Class != "DDIMScheduler" {
			continue
		}
		s := withT(t, v.T)
		s.Config.StepsOffset = v.Offset
		got, err := s.Timesteps(v.N, v.Spacing)
		if err != nil || len(got) != len(v.Timesteps) {
			t.Errorf("%+v: %v, %v", v, got, err)
			continue
		}
		for i := range got {
			if float64(got[i]) != v.Timesteps[i] {
				t.Errorf("%s %s, %d of %d steps, offset %d: number %d is %d, want %v",
					v.Class, v.Spacing, v.N, v.T, v.Offset, i, got[i], v.Timesteps[i])
				break
			}
			compared++
		}
	}
	t.Logf("%d timesteps compared", compared)
	if compared < 2000 {
		t.Errorf("only %d timesteps compared", compared)
	}
}

// TestHalvesRoundToEven checks halves, which numpy rounds to even.
func TestHalvesRoundToEven(t *testing.T) {
	// 4.5 → 4, 7.5 → 8
	if got := mustTimesteps(t, withT(t, 10), 7, Linspace); !equal(got, 9, 8, 6, 4, 3, 2, 0) {
		t.Errorf("linspace: %v", got)
	}
	// 7.5 → 8, 2.5 → 2
	if got := mustTimesteps(t, withT(t, 10), 4, Trailing); !equal(got, 9, 7, 4, 1) {
		t.Errorf("trailing: %v", got)
	}
}

func mustTimesteps(t testing.TB, s *Schedule, steps int, spacing Spacing) []int {
	t.Helper()
	ts, err := s.Timesteps(steps, spacing)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func equal(got []int, want ...int) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i] {
			return false
		}
	}
	return true
}

// TestTimestepsFall tries every number of steps for several T.
func TestTimestepsFall(t *testing.T) {
	for _, T := range []int{1, 2, 3, 7, 20, 400, 1000} {
		s := withT(t, T)
		for _, spacing := range []Spacing{Leading, Linspace, Trailing} {
			for steps := 1; steps <= T; steps++ {
				ts := mustTimesteps(t, s, steps, spacing)
				last := T
				for i, v := range ts {
					if v < 0 || v >= last {
						t.Fatalf("%s, %d steps of %d: number %d is %d after %d",
							spacing, steps, T, i, v, last)
					}
					last = v
				}
				switch {
				case len(ts) != steps,
					spacing == Leading && last != 0,
					spacing == Linspace && last != 0,
					spacing == Linspace && steps > 1 && ts[0] != T-1,
					spacing == Trailing && ts[0] != T-1:
					t.Fatalf("%s, %d steps of %d: %v", spacing, steps, T, ts)
				}
			}
		}
	}
}

func TestImpossibleTimesteps(t *testing.T) {
	s := withT(t, 20)
	s.Config.StepsOffset = 1
	cases := []struct {
		steps   int
		spacing Spacing
		says    string
	}{
		{0, Leading, "1 or more, not 0"},
		{-3, Trailing, "1 or more, not -3"},
		{21, Linspace, "21 steps are more than the model's 20"},
		{10, "even", "timestep_spacing must be one of leading, linspace, trailing"},
		{20, Leading, "steps_offset 1"},
	}
	for _, c := range cases {
		_, err := s.Timesteps(c.steps, c.spacing)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d steps, %s: error %v, want %q", c.steps, c.spacing, err, c.says)
		}
	}
}
