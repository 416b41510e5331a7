package recipe

import (
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Idle says why a key that belongs to a recipe has no effect in it.
type Idle string

// The reasons of Idle.
const (
	Active        Idle = ""          // it has an effect
	IdleClass     Idle = "class"     // there is no class
	IdleGuidance  Idle = "guidance"  // guidance changes nothing
	IdleSampler   Idle = "sampler"   // the sampler has no such option
	IdleCascade   Idle = "cascade"   // the model has two stages
	IdleInversion Idle = "inversion" // the run begins with the noise of a picture
	IdleNetwork   Idle = "network"   // the sampler is for networks that were distilled
	IdleZero      Idle = "zero"      // the sampler cannot take the noise level to zero
	IdleDeep      Idle = "deep"      // the network has no deep features
)

// Each row of the table of keys with a condition has one of these functions as its applies.

func traits(s *Settings) *solver.Traits { return &solver.Named(s.Sampler).Traits }

func langevin(s *Settings) bool  { return traits(s).Rule != "" }
func corrected(s *Settings) bool { return langevin(s) && !oneLevel(s) }
func oneLevel(s *Settings) bool  { return traits(s).Level }

func steered(s *Settings) bool   { return s.Steering > 0 }
func cascaded(s *Settings) bool  { return s.Augmentation >= 0 }
func planar(s *Settings) bool    { return s.Plane.Corners > 0 }
func begun(s *Settings) bool     { return s.Image != "" }
func masked(s *Settings) bool    { return s.Mask != "" }
func forked(s *Settings) bool    { return s.Fork != "" }
func resampled(s *Settings) bool { return s.Resample > 1 }

// idle returns why a key has no effect in settings that it belongs to.
func (s *Settings) idle(k key) Idle {
	t, idle, why := traits(s), false, IdleSampler
	switch k {
	case keyGuidance, keyGuidanceLow, keyGuidanceHigh, keyProject, keyRescale, keySteering:
		return s.unguided(k)
	case keyEta:
		idle = !t.Fresh
	case keyOrder:
		idle = t.Order[1] == 0
	case keySolver:
		idle = len(t.Kinds) == 0
	case keySpacing:
		idle = t.Timed
	case keySigmas, keyFinal:
		idle = !t.Levels
	case keyChurn:
		idle = !t.Churn
	case keyVariance:
		idle = !t.Variance
	case keyRederive:
		idle = !t.Rederive && s.Invert == ""
	case keyTo, keyPlane, keyPlace:
		idle, why = s.Invert != "", IdleInversion
	case keyCache:
		idle, why = !s.deep, IdleDeep
	case keyImage:
		idle, why = cascaded(s), IdleCascade
	}
	if !idle {
		return Active
	}
	return why
}

// unguided returns why a key of guidance has no effect.
func (s *Settings) unguided(k key) Idle {
	interval := k == keyGuidanceLow || k == keyGuidanceHigh
	shape := k == keyProject || k == keyRescale
	switch {
	case s.without():
		return IdleClass
	case k == keySteering && cascaded(s):
		return IdleCascade
	case interval && s.Guidance == 1 && s.Steering == 0,
		shape && (s.Guidance == 0 || s.Guidance == 1):
		return IdleGuidance
	}
	return Active
}

// Idle returns why a sampler is not for the model's network.
func (info *Info) Idle(k *solver.Sampler) Idle {
	if !k.Traits.Distilled || info.Scheduler.Solver.Network == schedule.Consistency {
		return Active
	}
	for _, name := range [...]string{info.Scheduler.Solver.Sampler, info.Defaults.Sampler} {
		if own := solver.Named(name); own != nil && own.Traits.Distilled {
			return Active
		}
	}
	return IdleNetwork
}
