package mixture

import "tweedie/sampler/schedule"

// Posterior writes the mean and the covariance of x0 given x = Signal·x0 + Noise·ε, among the
// components of a class, or among all of them if the class is negative. mean, x: [dim]; covariance:
// [dim][dim]; none may alias another. A class without components gives NaN.
//
// With the responsibilities r_k of Denoise, and given k the mean m_k and the variance v_k =
// s_k²·Noise²/var_k in all directions, it is Σ_k r_k·(v_k·I + (m_k−mean)(m_k−mean)ᵀ). By Tweedie's
// formula of second order it is Noise²/Signal·∂mean/∂x.
func (m *Mixture) Posterior(mean, covariance, x []float64, l schedule.Level, class int) {
	m.Denoise(mean, m.mean, x, l, class)
	clear(covariance[:m.dim*m.dim])
	for k, r := range m.posterior {
		if r == 0 {
			continue
		}
		c := &m.components[k]
		square, variance := c.StdDev*c.StdDev, c.variance(l)
		toX0, own := l.Signal*square/variance, square*l.Noise*l.Noise/variance
		for i, mu := range c.Mean {
			m.mean[i] = mu + float64(toX0*(x[i]-float64(l.Signal*mu))) - mean[i]
		}
		for i, d := range m.mean {
			row := covariance[i*m.dim:]
			for j, e := range m.mean {
				row[j] += float64(r * float64(d*e))
			}
			row[i] += float64(r * own)
		}
	}
}
