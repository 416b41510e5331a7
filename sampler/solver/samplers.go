package solver

import (
	"slices"

	"tweedie/sampler/schedule"
)

// Sampler describes one sampler to people.
type Sampler struct {
	Name        string // k
	Title       string // for people
	Group       string // of the menu, with what it is for
	Description string // one sentence
	Paper       string // its source
	build       func(p *Plan) (Solver, error)
	Traits      Traits // which keys of a recipe it has, and their defaults
}

// Traits say which keys of a recipe a sampler has, and their defaults.
type Traits struct {
	Order  [2]int              // order: the default and the highest; 0 without a choice
	Levels bool                // it has sigmas and final
	Final  schedule.FinalSigma // the default of final; "" is zero
	Noisy  bool                // final cannot be zero: some noise is left
	Views  bool                // steps only say how often it is shown; the order may be larger
	Churn  bool                // it has churn
	Fresh  bool                // it has eta
	// the default of eta, which the file of a sampler's model may replace
	Eta      float64
	Variance bool     // it has variance
	Rederive bool     // it has rederive
	Timed    bool     // its timesteps are its own: it has no spacing
	Kinds    []string // values of solver, the default first
	Rule     string   // the default of rule; "" for a sampler without Langevin steps
	Level    bool     // it has level

	Distilled bool // it is for networks that were distilled
}

// The groups of the menu, each with what it is for.
const (
	groupFirst     = "Start here"
	groupClassic   = "Classic"
	groupODE       = "Single-step solvers, for accuracy by more work in a step"
	groupMultistep = "Multistep solvers, for good pictures in few steps"
	groupNoise     = "Stochastic solvers, for detail from fresh noise"
	groupAdaptive  = "Adaptive solvers, for a given accuracy"
	groupSDE       = "Score SDEs and Langevin, for the theory in many steps"
	groupFew       = "Few jumps, for distilled networks"
)

// first names the samplers that most people need: the two of the papers, an accurate one, two for
// few steps, and one with fresh noise.
var first = []string{"ddim", "ddpm", "heun", "dpmpp_2m", "unipc", "euler_a"}

var (
	midpointOrHeun = []string{"midpoint", "heun"}
	byChurn        = Traits{Levels: true, Churn: true}
	withNoise      = Traits{Levels: true, Fresh: true, Eta: 1}
)

// samplers lists all samplers. To add one, add an entry here and a builder: a function that fills a
// table or returns another Solver.
var samplers = []Sampler{
	{
		"ddim", "DDIM", groupClassic,
		"Steps along the predicted noise. Without added noise the same start always gives the " +
			"same picture.",
		"Song et al., arXiv:2010.02502", newDDIM, Traits{Fresh: true, Rederive: true},
	},
	{
		"ddpm", "DDPM", groupClassic,
		"Draws each step from its posterior, with fresh noise, as the model was trained for.",
		"Ho et al., arXiv:2006.11239", newDDPM, Traits{Variance: true},
	},
	{
		"euler", "Euler", groupODE,
		"The simplest solver: one step in the direction that the network gives.",
		"Karras et al., arXiv:2206.00364", newEuler, byChurn,
	},
	{
		"heun", "Heun", groupODE,
		"Also asks at the end of each step and takes the mean direction: twice the work, much " +
			"more accurate.",
		"Karras et al., arXiv:2206.00364", newHeun, byChurn,
	},
	{
		"dpm2", "DPM2", groupODE,
		"Tries half a step first and takes the direction found there.",
		"Lu et al., arXiv:2206.00927", newDPM2, byChurn,
	},
	{
		"dpmpp_2s", "DPM-Solver++ (singlestep)", groupODE,
		"Solves the linear part of the equation exactly, in blocks of two or three steps that " +
			"start from one state.",
		"Lu et al., arXiv:2211.01095", newDPMppSingle, Traits{Order: [2]int{2, 3}, Levels: true,
			Kinds: midpointOrHeun},
	},
	{
		"dpm_2s", "DPM-Solver (singlestep)", groupODE,
		"DPM-Solver++ (singlestep) for the predicted noise instead of the predicted picture.",
		"Lu et al., arXiv:2206.00927", newDPMSingle, Traits{Order: [2]int{2, 3}, Levels: true,
			Final: schedule.FinalMin, Noisy: true, Kinds: midpointOrHeun},
	},
	{
		"dpm_fast", "DPM-Solver fast", groupODE,
		"Spends the given number of network evaluations on a few long, accurate steps.",
		"Lu et al., arXiv:2206.00927", newDPMFast, Traits{Levels: true, Final: schedule.FinalMin,
			Fresh: true},
	},
	{
		"dpmpp_2m", "DPM-Solver++ (2M)", groupMultistep,
		"Remembers the prediction of the last step: accurate with one evaluation a step, and " +
			"often good with 20 steps.",
		"Lu et al., arXiv:2211.01095", newDPMpp, Traits{Order: [2]int{2, 3}, Levels: true,
			Kinds: midpointOrHeun},
	},
	{
		"dpm", "DPM-Solver (2M)", groupMultistep,
		"DPM-Solver++ (2M) for the predicted noise instead of the predicted picture.",
		"Lu et al., arXiv:2206.00927", newDPM, Traits{Order: [2]int{2, 3}, Levels: true,
			Final: schedule.FinalMin, Noisy: true, Kinds: midpointOrHeun},
	},
	{
		"unipc", "UniPC", groupMultistep,
		"Predicts a step and corrects it by the network’s answer at its end, without a further " +
			"evaluation.",
		"Zhao et al., arXiv:2302.04867", newUniPC, Traits{Order: [2]int{2, 3}, Levels: true,
			Kinds: []string{"bh2", "bh1"}},
	},
	{
		"deis", "DEIS", groupMultistep,
		"Fits a curve through the last predictions of the noise and follows it.",
		"Zhang & Chen, arXiv:2204.13902", newDEIS, Traits{Order: [2]int{2, 3}, Levels: true,
			Final: schedule.FinalMin, Noisy: true},
	},
	{
		"lms", "LMS", groupMultistep,
		"Extrapolates the last four directions to the next step.",
		"Crowson, k-diffusion", newLMS, Traits{Order: [2]int{4, 4}, Levels: true},
	},
	{
		"pndm", "PNDM", groupMultistep,
		"Begins with three very careful steps, then extrapolates the last four directions.",
		"Liu et al., arXiv:2202.09778", newPNDM, Traits{},
	},
	{
		"plms", "PLMS", groupMultistep,
		"PNDM without the careful beginning; long the standard of Stable Diffusion.",
		"Liu et al., arXiv:2202.09778", newPLMS, Traits{},
	},
	{
		"ipndm", "iPNDM", groupMultistep,
		"PNDM that begins with one direction, and takes up to four as they come.",
		"Zhang & Chen, arXiv:2204.13902", newIPNDM, Traits{Order: [2]int{4, 4}, Levels: true},
	},
	{
		"euler_a", "Euler ancestral", groupNoise,
		"Removes a little more noise than needed and adds fresh noise, so the picture changes " +
			"with the number of steps.",
		"Crowson, k-diffusion", newEulerAncestral, withNoise,
	},
	{
		"dpm2_a", "DPM2 ancestral", groupNoise,
		"DPM2 with fresh noise after every step.",
		"Crowson, k-diffusion", newDPM2Ancestral, withNoise,
	},
	{
		"dpmpp_2s_a", "DPM-Solver++ (2S) ancestral", groupNoise,
		"A half and a whole step of DPM-Solver++, then fresh noise.",
		"Lu et al., arXiv:2211.01095; Crowson, k-diffusion", newDPMpp2SAncestral, withNoise,
	},
	{
		"dpmpp_sde", "DPM-Solver++ SDE", groupNoise,
		"Adds fresh noise in the middle of each step and at its end; slow and rich in detail.",
		"Lu et al., arXiv:2211.01095; Crowson, k-diffusion", newDPMppSDESingle, withNoise,
	},
	{
		"dpmpp_2m_sde", "DPM-Solver++ (2M) SDE", groupNoise,
		"DPM-Solver++ (2M) for the reverse SDE, with fresh noise in every step.",
		"Lu et al., arXiv:2211.01095", newDPMppSDE, Traits{Order: [2]int{2, 3}, Levels: true,
			Fresh: true, Eta: 1, Kinds: midpointOrHeun},
	},
	{
		"dpmpp_3m_sde", "DPM-Solver++ (3M) SDE", groupNoise,
		"DPM-Solver++ (2M) SDE with a longer memory, for many steps.",
		"Crowson, k-diffusion", newDPMpp3M, Traits{Order: [2]int{3, 3}, Levels: true, Fresh: true,
			Eta: 1},
	},
	{
		"dpm_sde", "DPM-Solver SDE", groupNoise,
		"Solves the reverse SDE for the predicted noise; some noise is left unless there are " +
			"many steps.",
		"Lu et al., arXiv:2211.01095", newDPMSDE, Traits{Order: [2]int{2, 3}, Levels: true,
			Final: schedule.FinalMin, Noisy: true, Fresh: true, Eta: 1, Kinds: midpointOrHeun},
	},
	{
		"dpmpp_2s_sde", "DPM-Solver++ (singlestep) SDE", groupNoise,
		"Solves the reverse SDE in blocks of two steps that start from one state.",
		"Lu et al., arXiv:2211.01095", newDPMppSingleSDE, Traits{Order: [2]int{2, 2}, Levels: true,
			Fresh: true, Eta: 1, Kinds: midpointOrHeun},
	},
	{
		"sa", "SA-Solver", groupNoise,
		"Predicts and corrects, with fresh noise only in the middle of the run.",
		"Xue et al., arXiv:2309.05019", newSA, Traits{Order: [2]int{2, 4}, Levels: true,
			Final: schedule.FinalMin, Noisy: true, Fresh: true, Eta: 1,
			Kinds: []string{"data_prediction", "noise_prediction"}},
	},
	{
		"dpm_adaptive", "DPM-Solver adaptive", groupAdaptive,
		"Chooses the length of its steps by their error; the number of steps only says how often " +
			"it is shown.",
		"Lu et al., arXiv:2206.00927", newDPMAdaptive, Traits{Order: [2]int{3, 3}, Levels: true,
			Views: true, Final: schedule.FinalMin, Fresh: true},
	},
	{
		"rk45", "RK45 (Dormand–Prince)", groupAdaptive,
		"Solves the ODE to a tolerance, as papers on flow matching do; the number of steps only " +
			"says how often it is shown.",
		"Dormand & Prince, 1980; Lu & Song, arXiv:2410.11081", newRungeKutta,
		Traits{Views: true, Timed: true},
	},
	{
		"pf_ode", "Probability-flow ODE", groupSDE,
		"Solves the ODE that has the same distributions at every time, in the time of training.",
		"Song et al., arXiv:2011.13456", newProbabilityFlow,
		Traits{Order: [2]int{2, 2}, Levels: true, Final: schedule.FinalMin, Churn: true},
	},
	{
		"vp_pc", "Reverse SDE with corrector", groupSDE,
		"Solves the reverse SDE and corrects each noise level by Langevin dynamics.",
		"Song et al., arXiv:2011.13456", newVPSDE,
		Traits{Levels: true, Final: schedule.FinalMin, Kinds: []string{kindReverseDiffusion,
			kindEulerMaruyama}, Rule: RuleSNR},
	},
	{
		"ve_pc", "Reverse VE SDE with corrector", groupSDE,
		"The reverse SDE of noise that grows instead of replacing the picture; needs a hundred " +
			"steps or more.",
		"Song et al., arXiv:2011.13456", newVESDE,
		Traits{Levels: true, Rule: RuleSNR, Timed: true},
	},
	{
		"annealed", "Annealed Langevin", groupSDE,
		"Follows the score with fresh noise at one noise level, then at a lower one, and so on; " +
			"needs a hundred levels.",
		"Song & Ermon, arXiv:1907.05600", newAnnealed, Traits{Rule: RuleScaled, Timed: true},
	},
	{
		"langevin", "Langevin dynamics", groupSDE,
		"Follows the score with fresh noise at a single noise level, and shows why that is not " +
			"enough.",
		"Luo, arXiv:2208.11970", newLangevin, Traits{Rule: RuleScaled, Level: true, Timed: true},
	},
	{
		"lcm", "LCM", groupFew,
		"Jumps to the clean picture, adds less noise, and jumps again; only for networks " +
			"distilled for it.",
		"Luo et al., arXiv:2310.04378", newLCM, Traits{Timed: true, Distilled: true},
	},
	{
		"tcd", "TCD", groupFew,
		"Jumps along the trajectory and adds noise as eta says; only for networks distilled " +
			"for it.",
		"Zheng et al., arXiv:2402.19159", newTCD, Traits{Fresh: true, Eta: 0.3, Timed: true,
			Distilled: true},
	},
	{
		"consistency", "Consistency", groupFew,
		"Jumps to the clean picture from any noise level and noises it to the next one.",
		"Song et al., arXiv:2303.01469", newConsistency, Traits{Levels: true, Distilled: true},
	},
}

// Samplers lists the samplers in the order of the menu, group by group.
func Samplers() []Sampler { return append([]Sampler(nil), samplers...) }

// Menu lists the samplers for a menu: those that most people need, then the others, group by group.
func Menu() []*Sampler {
	menu := make([]*Sampler, 0, len(samplers))
	for _, early := range [...]bool{true, false} {
		for i := range samplers {
			if k := &samplers[i]; slices.Contains(first, k.Name) == early {
				menu = append(menu, k)
			}
		}
	}
	return menu
}

// Heading returns the group in which Menu has the sampler.
func (k *Sampler) Heading() string {
	if slices.Contains(first, k.Name) {
		return groupFirst
	}
	return k.Group
}

// Named returns the sampler with a name, or nil.
func Named(name string) *Sampler {
	for i := range samplers {
		if samplers[i].Name == name {
			return &samplers[i]
		}
	}
	return nil
}

// Names lists the samplers' names, in the order of the menu.
func Names() []string {
	names := make([]string, len(samplers))
	for i := range samplers {
		names[i] = samplers[i].Name
	}
	return names
}

// Kinds lists the values that the key solver has with any sampler.
func Kinds() []string {
	var kinds []string
	for i := range samplers {
		for _, kind := range samplers[i].Traits.Kinds {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}
