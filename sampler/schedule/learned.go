package schedule

import (
	"errors"
	"strconv"

	"tweedie/sampler/portable"
)

// LearnedSNR is a noise schedule that was trained with its network: SNR(u) = exp(−ω(u)) for u from
// 0, nearly clean, to 1, nearly noise, with ω a monotone network (Kingma et al., Variational
// Diffusion Models, arXiv:2107.00630, §3.2 and appendix H; Luo 110 to 113).
//
// With linear layers l1: 1→1, l2: 1→n, l3: n→1, whose weights are not negative, and the sigmoid φ
//
//	ω̃(u) = l1(u) + l3(φ(l2(l1(u))))
//	ω(u)  = γ0 + (γ1 − γ0)·(ω̃(u) − ω̃(0))/(ω̃(1) − ω̃(0))
//
// so that ω runs from γ0 = −log SNR(0) to γ1 = −log SNR(1). TakeLearnedSNR reads it from a weights
// file. The authors' published code, whose l2 sees 2u − 1 and whose l3 is divided by n, computes
// the same functions with other numbers in the tensors:
//
//	w1 = |k1|   w2 = 2·|k2|/w1   b2 = bias2 − |k2| − w2·b1   w3 = 2·|k3|/n
//	γ0, γ1 = its γ(0), γ(1)
type LearnedSNR struct {
	weight1, bias1 float64
	weight2, bias2 []float64 // [n]
	weight3        []float64 // [n]; the bias of l3 cancels
	gamma          [2]float64
	start, span    float64 // ω̃(0) and ω̃(1) − ω̃(0)
}

// raw is ω̃(u) without l3's bias.
func (l *LearnedSNR) raw(u float64) float64 {
	h := float64(l.weight1*u) + l.bias1
	value := h
	for j, w := range l.weight2 {
		value += float64(l.weight3[j] * logistic(float64(w*h)+l.bias2[j]))
	}
	return value
}

// Omega is ω(u) = −log SNR(u), u in [0, 1]; beyond, the nearer end's.
func (l *LearnedSNR) Omega(u float64) float64 {
	switch {
	case u <= 0:
		return l.gamma[0]
	case u >= 1:
		return l.gamma[1]
	}
	return l.gamma[0] + float64((l.gamma[1]-l.gamma[0])*((l.raw(u)-l.start)/l.span))
}

// Schedule returns the tables at T = base.NumTrainTimesteps points, timestep t at u = t/(T−1), so
// timestep 0 has the noise of γ0, which the reconstruction term of the bound sees, and T−1 that of
// γ1. The Config of the result is base with the betas as trained_betas. New of it gives the same
// schedule up to rounding, so everything that takes a Config can use a learned schedule.
func (l *LearnedSNR) Schedule(base Config) (*Schedule, error) {
	T := base.NumTrainTimesteps
	if T < 2 || T > maxTimesteps {
		return nil, wrong("num_train_timesteps",
			"from 2 to "+strconv.Itoa(maxTimesteps)+" for a learned schedule", strconv.Itoa(T))
	}
	s := &Schedule{Betas: make([]float64, T), AlphaBar: make([]float64, T)}
	before, previous := 0.0, 1.0 // −log ᾱ and ᾱ of the timestep before
	for t := range T {
		omega := l.Omega(float64(t) / float64(T-1))
		minusLog := softplus(omega)
		s.AlphaBar[t] = logistic(-omega)
		// 1 − ᾱ_t/ᾱ_{t−1}, as the authors compute it
		s.Betas[t] = -portable.Expm1(before - minusLog)
		if !(s.Betas[t] > 0 && s.Betas[t] < 1 && s.AlphaBar[t] < previous) {
			return nil, errors.New("schedule: the learned schedule does not tell timestep " +
				strconv.Itoa(t) +
				" from the one before; give it fewer timesteps or a wider range of SNR")
		}
		before, previous = minusLog, s.AlphaBar[t]
	}
	base.TrainedBetas, base.RescaleBetasZeroSNR = s.Betas, false
	if err := base.Validate(); err != nil {
		return nil, err
	}
	s.Config = base
	return s, nil
}

// softplus is log(1 + eˣ), which is −log sigmoid(−x).
func softplus(x float64) float64 {
	if x > 0 {
		return x + portable.Log1p(portable.Exp(-x))
	}
	return portable.Log1p(portable.Exp(x))
}
