package sampler

// What samplers with Langevin steps do where nothing is said: steps on each level of annealed dynamics, sizes by their rule, and the one
// level of plain dynamics.
const (
	standardAnnealed = 3
	standardScaled   = 0.3
	standardFixed    = 0.001
	standardLevel    = 0.5
)

// adaptLangevin fills in what a sampler's Langevin steps do by themselves, by the rule that was asked for, if one was. The file's options
// hold for those that correct a predictor.
func (s *Settings) adaptLangevin(rule string, info Info) {
	k, c := samplerNamed(s.Sampler), &info.Scheduler.Solver
	if k == nil || k.options.rule == "" {
		return
	}
	if s.Rule, s.Correct = k.options.rule, c.CorrectSteps; s.Rule != ruleSNR {
		s.Correct = standardAnnealed
	}
	if k.options.level {
		s.Level = standardLevel
	}
	if rule == "" {
		rule = s.Rule
	}
	switch rule {
	case ruleSNR:
		s.StepSize = c.SNR
	case ruleScaled:
		s.StepSize = standardScaled
	default:
		s.StepSize = standardFixed
	}
}

// checkLangevin refuses steps that do nothing.
func (s *Settings) checkLangevin() error {
	if s.Sampler == "annealed" && s.Correct == 0 {
		return &RecipeError{"correct", "correct is 0 but annealed does nothing else than Langevin steps, so that it must be 1 or more"}
	}
	return nil
}
