package solver

// evidence says what holds an option.
type evidence string

const (
	byRun         evidence = "recorded run"
	byOrder       evidence = "order of convergence"
	byMoments     evidence = "moments of a mixture"
	byExactLevels evidence = "exact levels of a known picture"
	bySameBits    evidence = "the same bits as midpoint"
	byNothing     evidence = "nothing"

	// formulas, written out, and other code, by the test that compares
	byThreeSDE      evidence = "formulas: ThreeSDE"
	bySinglestepSDE evidence = "formulas: SinglestepSDE"
	byCorrector     evidence = "formulas: VPPredictorCorrector"
	byPredictor     evidence = "formulas: PredictorsOfTheVPSDE"
	byTolerance     evidence = "its tolerance: AdaptiveKeepsItsTolerance"
	byMethod        evidence = "order conditions, and its tolerance: RungeKutta"
	byWalks         evidence = "package langevin"
)

// holding says what holds a set of a sampler's options: all combinations of the values that are
// listed, with spaces between. "" stands for all values that the sampler has. eta is 0, 1, or some,
// which is between. extra is churn or none, or the rule of Langevin steps.
type holding struct {
	k, orders, solvers, etas, extra string
	by                              evidence
}

// holdings lists the evidence for each sampler. TestEveryOptionIsHeld checks it, and that the table
// of sampler/README.md is the same.
var holdings = []holding{
	{"ddim", "", "", "", "", byRun},
	{"ddpm", "", "", "", "", byRun},
	{"euler", "", "", "", "", byRun},
	{"heun", "", "", "", "none", byRun},
	{"heun", "", "", "", "churn", byMoments},
	{"dpm2", "", "", "", "", byRun},
	{"dpmpp_2s", "1 2", "midpoint", "", "", byRun},
	{"dpmpp_2s", "1", "heun", "", "", bySameBits},
	{"dpmpp_2s", "2", "heun", "", "", byOrder},
	{"dpmpp_2s", "3", "", "", "", byOrder},
	{"dpm_2s", "2", "midpoint", "", "", byRun},
	{"dpm_2s", "1", "midpoint", "", "", byOrder},
	{"dpm_2s", "1", "heun", "", "", bySameBits},
	{"dpm_2s", "2", "heun", "", "", byOrder},
	{"dpm_2s", "3", "", "", "", byOrder},
	{"dpm_fast", "", "", "0", "", byRun},
	{"dpm_fast", "", "", "some 1", "", byExactLevels},
	{"dpmpp_2m", "", "midpoint", "", "", byRun},
	{"dpmpp_2m", "1", "heun", "", "", bySameBits},
	{"dpmpp_2m", "2 3", "heun", "", "", byOrder},
	{"dpm", "1 2", "midpoint", "", "", byRun},
	{"dpm", "1", "heun", "", "", bySameBits},
	{"dpm", "2", "heun", "", "", byOrder},
	{"dpm", "3", "", "", "", byOrder},
	{"unipc", "", "bh2", "", "", byRun},
	{"unipc", "2 3", "bh1", "", "", byRun},
	{"unipc", "1", "bh1", "", "", byOrder},
	{"deis", "", "", "", "", byRun},
	{"lms", "4", "", "", "", byRun},
	{"lms", "1 2 3", "", "", "", byOrder},
	{"pndm", "", "", "", "", byRun},
	{"plms", "", "", "", "", byRun},
	{"ipndm", "4", "", "", "", byRun},
	{"ipndm", "1 2 3", "", "", "", byOrder},
	{"euler_a", "", "", "some 1", "", byRun},
	{"euler_a", "", "", "0", "", byOrder},
	{"dpm2_a", "", "", "1", "", byRun},
	{"dpm2_a", "", "", "0", "", byOrder},
	{"dpm2_a", "", "", "some", "", byExactLevels},
	{"dpmpp_2s_a", "", "", "0 1", "", byRun},
	{"dpmpp_2s_a", "", "", "some", "", byExactLevels},
	{"dpmpp_sde", "", "", "1", "", byRun},
	{"dpmpp_sde", "", "", "0", "", byOrder},
	{"dpmpp_sde", "", "", "some", "", byExactLevels},
	{"dpmpp_2m_sde", "", "midpoint", "1", "", byRun},
	{"dpmpp_2m_sde", "2", "heun", "1", "", byRun},
	{"dpmpp_2m_sde", "1", "heun", "", "", bySameBits},
	{"dpmpp_2m_sde", "3", "heun", "1", "", byExactLevels},
	{"dpmpp_2m_sde", "", "midpoint", "0", "", byOrder},
	{"dpmpp_2m_sde", "2 3", "heun", "0", "", byOrder},
	{"dpmpp_2m_sde", "", "midpoint", "some", "", byExactLevels},
	{"dpmpp_2m_sde", "2 3", "heun", "some", "", byExactLevels},
	{"dpmpp_3m_sde", "3", "", "", "", byThreeSDE},
	{"dpmpp_3m_sde", "1 2", "", "0", "", byOrder},
	{"dpmpp_3m_sde", "1 2", "", "some 1", "", byExactLevels},
	{"dpm_sde", "1 2", "midpoint", "1", "", byRun},
	{"dpm_sde", "1", "heun", "", "", bySameBits},
	{"dpm_sde", "2", "heun", "1", "", byMoments},
	{"dpm_sde", "", "midpoint", "0", "", byOrder},
	{"dpm_sde", "2 3", "heun", "0", "", byOrder},
	{"dpm_sde", "2", "midpoint", "some", "", byMoments},
	{"dpm_sde", "1", "midpoint", "some", "", byNothing},
	{"dpm_sde", "2", "heun", "some", "", byNothing},
	{"dpm_sde", "3", "", "some 1", "", byNothing},
	{"dpmpp_2s_sde", "2", "", "1", "", bySinglestepSDE},
	{"dpmpp_2s_sde", "1", "midpoint", "some 1", "", byExactLevels},
	{"dpmpp_2s_sde", "1", "heun", "", "", bySameBits},
	{"dpmpp_2s_sde", "1", "midpoint", "0", "", byOrder},
	{"dpmpp_2s_sde", "2", "", "0", "", byOrder},
	{"dpmpp_2s_sde", "2", "", "some", "", byExactLevels},
	{"sa", "2", "data_prediction", "1", "", byRun},
	{"sa", "", "", "0", "", byOrder},
	{"sa", "", "data_prediction", "some", "", byExactLevels},
	{"sa", "1 3 4", "data_prediction", "1", "", byExactLevels},
	{"sa", "2", "noise_prediction", "1", "", byMoments},
	{"sa", "1 3 4", "noise_prediction", "1", "", byNothing},
	{"sa", "", "noise_prediction", "some", "", byNothing},
	{"dpm_adaptive", "2", "", "0", "", byRun},
	{"dpm_adaptive", "3", "", "1", "", byRun},
	{"dpm_adaptive", "3", "", "0", "", byTolerance},
	{"dpm_adaptive", "2", "", "some 1", "", byNothing},
	{"dpm_adaptive", "3", "", "some", "", byNothing},
	{"rk45", "", "", "", "", byMethod},
	{"pf_ode", "1", "", "", "none", byRun},
	{"pf_ode", "2", "", "", "none", byOrder},
	{"pf_ode", "2", "", "", "churn", byMoments},
	{"pf_ode", "1", "", "", "churn", byNothing},
	{"vp_pc", "", "reverse_diffusion", "", "snr", byCorrector},
	{"vp_pc", "", "reverse_diffusion", "", "scaled", byMoments},
	{"vp_pc", "", "euler_maruyama", "", "", byPredictor},
	{"vp_pc", "", "reverse_diffusion", "", "fixed", byNothing},
	{"ve_pc", "", "", "", "snr", byRun},
	{"ve_pc", "", "", "", "scaled fixed", byNothing},
	{"annealed", "", "", "", "scaled snr", byWalks},
	{"annealed", "", "", "", "fixed", byNothing},
	{"langevin", "", "", "", "scaled fixed", byWalks},
	{"langevin", "", "", "", "snr", byNothing},
	{"lcm", "", "", "", "", byRun},
	{"tcd", "", "", "0", "", byRun},
	{"tcd", "", "", "some 1", "", byExactLevels},
	{"consistency", "", "", "", "", byRun},
}
