// Package derive evaluates the derivations of Luo, "Understanding Diffusion Models: A Unified
// Perspective" (arXiv:2208.11970), line by line on the numbers of a running picture. A line has two
// sides as MathML, the values of both, how much they differ, and its coefficients. A coefficient
// can be given another value, and the line then says how wrong it is.
//
// A formula is text that is read into a tree (formula.go), and both its value (evaluate.go) and its
// MathML (mathml.go) come from that tree: what is shown is what is computed. derivations.go has the
// lines, symbols.go the quantities that they name, with formulas of their own.
//
// # What stands for what
//
// The paper goes from timestep t to t−1. A sampler skips timesteps, so here t−1 is any earlier
// level s, of ᾱ_s: α_t is α_{t|s} = ᾱ_t/ᾱ_s, ᾱ_{t−1} is ᾱ_s, SNR(t−1) is SNR(s) and x_{t−1} is x_s,
// and the lines show these names. Every line holds for them, since the levels that a run visits are
// themselves a chain. Only sums over the timesteps go from each to the one before it.
//
//   - 60 to 66 add the noise of x_{t−1} to the step's. The paper starts from x_{t−2}; here x_0
//     stands in its place and ᾱ_{t−1} in α_{t−1}'s. Adding Gaussians gives one of the same
//     distribution; on the numbers of one picture, 64 takes as ε_0 the noise that x_t has: the sum
//     of the two.
//   - 71 to 84 are the logarithms of densities. What the paper leaves out by ∝ is kept as c_1 and
//     c_2, which have lines of their own, so that also these lines are equations.
//   - The score is that of q(x_t|x_0), for one picture does not tell that of p(x_t), its mean over
//     all x_0. With the guess in x_0's place it is the network's.
//   - p_θ(x_{t−1}|x_t) has the variance σ_q²(t) of the posterior, as in 87, and p_θ(x_0|x_1) the
//     variance 1−ᾱ_1.
//   - 46 to 56 are equations of densities on any path x_1…x_T. The path here is √ᾱ_i·x_0 +
//     √(1−ᾱ_i)·ε_0 with the ε_0 of x_t, for all T timesteps of the schedule, and the guess at all
//     of them is that at x_t. The paper takes the mean over paths. The two divergences of 58 are
//     such means, in closed form; with one guess the second does not depend on the path.
//
// # Numbers
//
// The lines of a derivation are equal in exact arithmetic. In float64 some lose half their digits,
// where α_t is near 1 or a divergence near 0, and a small mistake would hide behind that. So
// numbers have 31 digits (wide.go), and Holds tells a changed coefficient from rounding. A picture
// is a sum of x_0, x_t, x_{t−1} and the guess, and is held as its four factors; norms come from the
// inner products of these four.
//
// # Where lines have no values
//
// At the last step of a run x_{t−1} is the clean picture and 1−ᾱ_{t−1} is 0. Then 60 and 62 to 64
// (its noise), 46 and 71 to 84 but for the mean (its density), and the divergences, 87 to 110, 127
// to 130 and 145 to 148 (a posterior without variance, an infinite SNR), have no values. The first
// step of a schedule with ᾱ_T = 0 has no values where 115, 117, 133, 135 and 149 divide by √ᾱ_t,
// and where 118 to 130, 136 to 148 divide by √α_t. A cosine schedule ends just above 0, and all
// lines have values there. Such a line is Undefined for a Reason.
package derive
