package schedule

import (
	"encoding/json"
	"math"
	"sort"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// TestBetasAgainstReference compares every β and ᾱ of every recorded schedule.
func TestBetasAgainstReference(t *testing.T) {
	var vectors map[string]struct {
		Config        json.RawMessage `json:"config"`
		Name          string          `json:"name"` // improved-diffusion
		T             int
		Betas         []float64 `json:"betas"`
		AlphasCumprod []float64 `json:"alphas_cumprod"`
	}
	fixture.JSON(t, "testdata/betas.json.gz", &vectors)
	names := make([]string, 0, len(vectors))
	for name := range vectors {
		names = append(names, name)
	}
	sort.Strings(names)
	values := 0
	for _, name := range names {
		v := vectors[name]
		c := Default()
		if v.Name != "" { // its linear family is scaled so that any T covers the same range
			c.NumTrainTimesteps = v.T
			c.BetaStart, c.BetaEnd = 0.1/float64(v.T), 20/float64(v.T)
			if v.Name == "cosine" {
				c.BetaSchedule = squaredCos
			}
		} else {
			var err error
			if c, err = ParseConfig(v.Config); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
		}
		s, err := New(c)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := compare(t, name+" betas", s.Betas, v.Betas, 1e-12)
		e := compare(t, name+" alphas_cumprod", s.AlphaBar, v.AlphasCumprod, 1e-12)
		relative := 0.0
		for i, bar := range v.AlphasCumprod {
			if bar > 0 {
				relative = max(relative, math.Abs(s.AlphaBar[i]-bar)/bar)
			}
		}
		if !(relative < 1e-9) {
			t.Errorf("%s: ᾱ is off by %.2g of itself", name, relative)
		}
		values += len(v.Betas) + len(v.AlphasCumprod)
		t.Logf("%-40s β %.1e  ᾱ %.1e, relative %.1e", name, d, e, relative)
	}
	if len(names) != 17 {
		t.Errorf("%d schedules, want 17", len(names))
	}
	t.Logf("%d values compared", values)
}

func TestAlphaBarFalls(t *testing.T) {
	for _, family := range families {
		for _, T := range []int{1, 2, 3, 20, 1000, 4000} {
			c := Default()
			c.BetaSchedule, c.NumTrainTimesteps = family, T
			s, err := New(c)
			if err != nil {
				t.Errorf("%s with %d timesteps: %v", family, T, err)
				continue
			}
			last := 1.0
			for i, bar := range s.AlphaBar {
				if !(bar > 0 && bar < last) {
					t.Errorf("%s with %d timesteps: ᾱ of %d is %v after %v",
						family, T, i, bar, last)
					break
				}
				if i > 0 && !(s.SNR(i) < s.SNR(i-1)) {
					t.Errorf("%s with %d timesteps: SNR rises at %d", family, T, i)
				}
				last = bar
			}
		}
	}
}

func TestZeroTerminalSNR(t *testing.T) {
	for _, family := range []string{linear, scaledLinear, squaredCos, sigmoid} {
		plain, rescaled := Default(), Default()
		plain.BetaSchedule, rescaled.BetaSchedule = family, family
		rescaled.RescaleBetasZeroSNR = true
		p, err := New(plain)
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(rescaled)
		if err != nil {
			t.Fatal(err)
		}
		if last := r.AlphaBar[len(r.AlphaBar)-1]; last != 0 || r.SNR(999) != 0 ||
			r.At(999).Noise != 1 {
			t.Errorf("%s: ᾱ ends at %v", family, last)
		}
		if d := math.Abs(p.AlphaBar[0] - r.AlphaBar[0]); !(d <= 1e-15) {
			t.Errorf("%s: the first ᾱ moved by %v", family, d)
		}
	}
}

func TestTrainedBetas(t *testing.T) {
	s, err := New(mustConfig(t, `{"num_train_timesteps": 3, "trained_betas": [0.1, 0.25, 0.5]}`))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "ᾱ", s.AlphaBar, []float64{0.9, 0.675, 0.3375}, 1e-15)
	if s.SNR(-1) != math.Inf(1) || s.At(-1) != (Level{Signal: 1}) {
		t.Errorf("before the first timestep: SNR %v, level %v; want the clean picture",
			s.SNR(-1), s.At(-1))
	}
}

func mustConfig(t *testing.T, text string) Config {
	t.Helper()
	c, err := ParseConfig([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestUnusableSchedules(t *testing.T) {
	change := func(f func(*Config)) Config { c := Default(); f(&c); return c }
	cases := []struct {
		name, says string
		config     Config
	}{
		{"no timesteps", "num_train_timesteps",
			change(func(c *Config) { c.NumTrainTimesteps = 0 })},
		{"too many timesteps", "num_train_timesteps",
			change(func(c *Config) { c.NumTrainTimesteps = 1 << 30 })},
		{"beta of 0", "beta_start", change(func(c *Config) { c.BetaStart = 0 })},
		{"beta of 1", "beta_end", change(func(c *Config) { c.BetaEnd = 1 })},
		{"negative beta", "beta_start", change(func(c *Config) { c.BetaStart = -0.1 })},
		{"NaN", "beta_end", change(func(c *Config) { c.BetaEnd = math.NaN() })},
		{"family", "beta_schedule", change(func(c *Config) { c.BetaSchedule = "cubic" })},
		{"trained beta", "trained_betas[1]", change(func(c *Config) {
			c.NumTrainTimesteps, c.TrainedBetas = 2, []float64{0.5, 1.5}
		})},
		{"trained NaN", "trained_betas[0]", change(func(c *Config) {
			c.NumTrainTimesteps, c.TrainedBetas = 1, []float64{math.NaN()}
		})},
		{"trained length", "has 2 values",
			change(func(c *Config) { c.TrainedBetas = []float64{0.1, 0.2} })},
		{"clip range", "clip_sample_range", change(func(c *Config) { c.ClipSampleRange = 0 })},
		{"quantile", "dynamic_thresholding_ratio",
			change(func(c *Config) { c.DynamicThresholdingRatio = 1.5 })},
		{"largest threshold", "sample_max_value",
			change(func(c *Config) { c.SampleMaxValue = 0.5 })},
		{"offset", "steps_offset", change(func(c *Config) { c.StepsOffset = 1000 })},
		{"prediction", "prediction_type", change(func(c *Config) { c.PredictionType = "noise" })},
		{"variance", "variance_type", change(func(c *Config) { c.VarianceType = "" })},
		{"spacing", "timestep_spacing", change(func(c *Config) { c.TimestepSpacing = "even" })},
		{"rescaling one timestep", "two timesteps",
			change(func(c *Config) { c.NumTrainTimesteps, c.RescaleBetasZeroSNR = 1, true })},
	}
	for _, c := range cases {
		_, err := New(c.config)
		if err == nil || !strings.Contains(err.Error(), c.says) ||
			!strings.HasPrefix(err.Error(), "schedule: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one sentence about %s", c.name, err, c.says)
		}
	}
}

// TestGolden holds every platform to the same bits of β and ᾱ.
func TestGolden(t *testing.T) {
	var lines []fixture.Line
	for _, family := range families {
		var bits []float64
		for _, rescale := range []bool{false, true} {
			c := Default()
			c.BetaSchedule, c.RescaleBetasZeroSNR = family, rescale
			s, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			for i := range s.Betas {
				bits = append(bits, s.Betas[i], s.AlphaBar[i])
			}
		}
		lines = append(lines, fixture.Line{Name: family, Value: fixture.Checksum(bits)})
	}
	fixture.Golden(t, "testdata/golden.txt", lines)
}
