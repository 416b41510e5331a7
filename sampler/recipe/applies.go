package recipe

import "tweedie/sampler/solver"

// Each row of the table of keys with a condition has one of these functions as its applies.

func traits(s *Settings) *solver.Traits { return &solver.Named(s.Sampler).Traits }

func ordered(s *Settings) bool   { return traits(s).Order[1] > 0 }
func formed(s *Settings) bool    { return len(traits(s).Kinds) > 0 }
func levelled(s *Settings) bool  { return traits(s).Levels }
func churned(s *Settings) bool   { return traits(s).Churn }
func langevin(s *Settings) bool  { return traits(s).Rule != "" }
func corrected(s *Settings) bool { return langevin(s) && !oneLevel(s) }
func oneLevel(s *Settings) bool  { return traits(s).Level }

func withClass(s *Settings) bool { return s.Class != classNone || s.Word != "" }
func steered(s *Settings) bool   { return s.Steering > 0 }
func cascaded(s *Settings) bool  { return s.Augmentation >= 0 }
func begun(s *Settings) bool     { return s.Image != "" }
func masked(s *Settings) bool    { return s.Mask != "" }
func resampled(s *Settings) bool { return s.Resample > 1 }
