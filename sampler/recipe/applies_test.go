package recipe

import (
	"testing"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// TestIdle: keys say why they have no effect.
func TestIdle(t *testing.T) {
	flat, cascade := testInfo(), testInfo()
	base := testInfo()
	base.Name = "base"
	cascade.Cascade = &Cascade{Base: "base"}
	cascade.Stage = &Stage{Info: base}
	for _, c := range []struct {
		info      Info
		text, key string
		want      Idle
	}{
		{flat, "", "g", IdleClass},
		{flat, "c=one", "g", Active},
		{flat, "c=all", "g", Active},
		{flat, "", "glow", IdleClass},
		{flat, "c=one&g=1", "glow", IdleGuidance},
		{flat, "c=one&g=1", "rescale", IdleGuidance},
		{flat, "c=one&g=0", "project", IdleGuidance},
		{flat, "c=one&g=0", "ghigh", Active},
		{flat, "c=one&g=3", "rescale", Active},
		{flat, "", "cg", IdleClass},
		{flat, "", "eta", Active},
		{flat, "k=euler", "eta", IdleSampler},
		{flat, "", "variance", IdleSampler},
		{flat, "k=ddpm", "variance", Active},
		{flat, "", "order", IdleSampler},
		{flat, "k=unipc", "solver", Active},
		{flat, "", "final", IdleSampler},
		{flat, "k=euler", "final", Active},
		{flat, "k=deis", "final", IdleZero},
		{flat, "k=unipc", "final", Active},
		{flat, "k=unipc&solver=bh1&final=sigma_min", "final", IdleZero},
		{flat, "", "image", Active},
		{flat, "", "to", Active},
		{flat, "invert=one&image=0123456789abcdef", "to", IdleInversion},
		{flat, "k=euler", "rederive", IdleSampler},
		{flat, "k=euler&invert=one&image=0123456789abcdef", "rederive", Active},
		{cascade, "c=one", "image", IdleCascade},
		{cascade, "c=one", "cg", IdleCascade},
	} {
		s, err := Resolve(parsed(t, "m="+c.info.Name+"&"+c.text), c.info)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got := Idle("no field")
		for _, f := range s.Fields(c.info) {
			if f.Key == c.key {
				got = f.Idle
			}
		}
		if got != c.want {
			t.Errorf("%s: %s is idle for %q, want %q", c.text, c.key, got, c.want)
		}
	}
}

// TestIdleSamplers: samplers of distilled networks are for those alone.
func TestIdleSamplers(t *testing.T) {
	plain, lcm, consistency := testInfo(), testInfo(), testInfo()
	lcm.Scheduler.Solver.Sampler = "lcm"
	consistency.Scheduler.Solver.Network = schedule.Consistency
	for name, want := range map[string]Idle{"ddim": Active, "lcm": IdleNetwork,
		"tcd": IdleNetwork, "consistency": IdleNetwork} {
		k := solver.Named(name)
		if got := plain.Idle(k); got != want {
			t.Errorf("%s is idle for %q, want %q", name, got, want)
		}
		if lcm.Idle(k) != Active || consistency.Idle(k) != Active {
			t.Errorf("%s is idle for a distilled network", name)
		}
	}
}
