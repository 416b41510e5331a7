package derive

import "math"

// symbols lists the names of the formulas, how they are shown, and the formula of their value. _
// and ^ begin a subscript and a superscript, of one letter or in braces. Between steps of more than
// one timestep α_t and t−1 are shown as α_{t|s} and s. The first names have no formula: given has
// their values, in this order.
var symbols = [...]struct{ name, shown, formula string }{
	{"d", "d", ""}, {"pi", "π", ""},
	{"A", "ᾱ_t", ""}, {"B", "ᾱ_{t−1}", ""}, {"P", "∏_{i=1}^tα_i", ""},
	{"x0", "x_0", ""}, {"xs", "x_{t−1}", ""}, {"xt", "x_t", ""}, {"g", "x̂_θ(x_t,t)", ""},

	{"a", "α_t", "A/B"}, {"AT", "ᾱ_T", "last(A)"},
	{"Rt", "SNR(t)", "A/(1-A)"}, {"Rs", "SNR(t−1)", "B/(1-B)"},
	{"R1", "SNR(1)", "first(Rt)"}, {"RT", "SNR(T)", "last(Rt)"},
	{"v", "σ_q^2(t)", "(1-a)(1-B)/(1-A)"},
	{"c1", "c_1", "-d/2 log(2 pi v)"}, {"c2", "c_2", "c1-C/2"},
	{"C", "C(x_t,x_0)", "xt^2/(1-a)+B x0^2/(1-B)-(xt-√A x0)^2/(1-A)"},

	{"xT", "x_T", "last(xt)"},
	{"e0", "ε_0", "(xt-√A x0)/√(1-A)"}, {"eh", "ε̂_θ(x_t,t)", "(xt-√A g)/√(1-A)"},
	{"ez", "ε_{t−1}^*", "(xt-√a xs)/√(1-a)"}, {"es", "ε_0^*", "(xs-√B x0)/√(1-B)"},
	{"s", "∇log p(x_t)", "(√A x0-xt)/(1-A)"}, {"sh", "s_θ(x_t,t)", "(√A g-xt)/(1-A)"},
	{"V", "v_t", "√A e0-√(1-A)x0"}, {"Vh", "v̂_θ(x_t,t)", "√A eh-√(1-A)g"},
	{"m", "μ_q(x_t,x_0)", "(√a(1-B)xt+√B(1-a)x0)/(1-A)"},
	{"mh", "μ_θ(x_t,t)", "(√a(1-B)xt+√B(1-a)g)/(1-A)"},
	{"em", "E[μ_{x_t}|x_t]", "√A x0"},

	{"qts", "log q(x_t|x_{t−1})", "N(xt;√a xs;1-a)"}, {"qts0", "log q(x_t|x_{t−1},x_0)", "qts"},
	{"qst", "log q(x_{t−1}|x_t,x_0)", "N(xs;m;v)"},
	{"qs0", "log q(x_{t−1}|x_0)", "N(xs;√B x0;1-B)"},
	{"qt0", "log q(x_t|x_0)", "N(xt;√A x0;1-A)"},
	{"q1", "log q(x_1|x_0)", "first(qt0)"}, {"qT", "log q(x_T|x_0)", "last(qt0)"},
	{"qAll", "log q(x_{1:T}|x_0)", "q1+sum(qts)"},
	{"pst", "log p_θ(x_{t−1}|x_t)", "N(xs;mh;v)"},
	{"p01", "log p_θ(x_0|x_1)", "N(x0;g;1-first(A))"}, {"pT", "log p(x_T)", "N(xT;0;1)"},
	{"pAll", "log p(x_{0:T})", "pT+p01+sum(pst)"},
	{"kl", "D_{KL}(q(x_{t−1}|x_t,x_0)∥p_θ(x_{t−1}|x_t))", "KL(m;v;mh;v)"},
	{"klT", "D_{KL}(q(x_T|x_0)∥p(x_T))", "KL(√AT x0;1-AT;0;1)"},
}

// lookUp returns the index of a name.
func lookUp(name string) int {
	for i := range symbols {
		if symbols[i].name == name {
			return i
		}
	}
	panic("derive: a formula has an unknown name")
}

// given makes v the value of a name without a formula, at the evaluator's step.
func (e *evaluator) given(v *value, i int) {
	var x wide
	switch i {
	case 0: // d
		x.hi = float64(len(e.state.X0))
	case 1: // π
		x.hi = math.Pi
	case 2: // ᾱ_t
		x = e.at.bar
	case 3: // ᾱ_{t−1}
		x = e.at.barPrev
	case 4: // ∏ α_i
		x = e.product()
	case 5: // x_0
		v.basic(x0)
		return
	case 6: // x_{t−1}
		*v = e.at.xPrev
		return
	case 7: // x_t
		*v = e.at.xt
		return
	case 8: // the guess
		v.basic(guess)
		if e.state.Guess == nil {
			v.scale(e.missing(NoGuess))
		}
		return
	}
	v.number(x)
}

// product is ∏ α_i up to the state's timestep.
func (e *evaluator) product() wide {
	t := e.state.timestep()
	if t < 0 {
		return e.missing(NoTimestep)
	}
	x := wide{hi: 1}
	for i := 1; i <= t; i++ {
		x = x.mul(e.bar(i).div(e.bar(i - 1)))
	}
	return x
}
