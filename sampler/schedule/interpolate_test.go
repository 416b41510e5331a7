package schedule

import (
	"math"
	"testing"
)

// TestInterpolate checks that Timestep inverts Interpolate, at whole timesteps
// and between.
func TestInterpolate(t *testing.T) {
	zero := Default()
	zero.RescaleBetasZeroSNR = true
	for _, c := range []Config{Default(), zero} {
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		previous := -1.0
		for u := 0.0; u <= 999; u += 0.25 {
			l := s.Interpolate(u)
			if whole := math.Floor(u); u == whole && l != s.At(int(u)) {
				t.Errorf("timestep %v: %v, want %v", u, l, s.At(int(u)))
			}
			if power := l.Signal*l.Signal + l.Noise*l.Noise; !(math.Abs(power-1) <= 1e-15) {
				t.Errorf("timestep %v: signal² + noise² is %v", u, power)
			}
			if !(l.Sigma() > previous) {
				t.Errorf("timestep %v: σ %v does not grow from %v", u, l.Sigma(), previous)
			}
			previous = l.Sigma()
			if back := s.Timestep(l.Sigma()); !(math.Abs(back-u) <= 1e-9) {
				t.Errorf("timestep %v: σ %v leads back to %v", u, l.Sigma(), back)
			}
		}
		if s.Timestep(0) != 0 || s.Timestep(1e300) > 999 || s.Timestep(math.Inf(1)) != 999 ||
			s.Interpolate(-1) != s.At(0) || s.Interpolate(1e9) != s.At(999) {
			t.Error("beyond the table's ends")
		}
	}
}

// TestInterpolateIsGeometric compares the level halfway between neighbours with the geometric mean
// of their σ.
func TestInterpolateIsGeometric(t *testing.T) {
	s, err := New(Default())
	if err != nil {
		t.Fatal(err)
	}
	for _, low := range []int{0, 10, 500, 998} {
		want := math.Sqrt(s.At(low).Sigma() * s.At(low+1).Sigma())
		if got := s.Interpolate(float64(low) + 0.5).Sigma(); !(math.Abs(got/want-1) <= 1e-12) {
			t.Errorf("timestep %d.5: σ %v, want %v", low, got, want)
		}
	}
}

// TestLogistic checks that 1−ᾱ is exact where ᾱ is nearly 1.
func TestLogistic(t *testing.T) {
	for _, x := range []float64{-700, -40, -1, 0, 1, 40, 700} {
		l := LevelOfLogSNR(x)
		for i, got := range []float64{l.Signal, l.Noise} {
			want := math.Sqrt(1 / (1 + math.Exp(-x)))
			if i == 1 {
				want = math.Sqrt(1 / (1 + math.Exp(x)))
			}
			if !(math.Abs(got/want-1) <= 1e-15) {
				t.Errorf("log SNR %v: %v, want %v", x, got, want)
			}
		}
	}
}
