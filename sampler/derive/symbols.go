package derive

import "math"

// symbols lists the names of the formulas with how they are shown: _ and ^ begin a subscript and a
// superscript, of one letter or in braces. Between steps of more than one timestep α_t and t−1 are
// shown as α_{t|s} and s.
var symbols = [...]struct{ name, shown string }{
	{"a", "α_t"}, {"A", "ᾱ_t"}, {"B", "ᾱ_{t−1}"}, {"AT", "ᾱ_T"},
	{"P", "∏_{i=1}^tα_i"},
	{"Rt", "SNR(t)"}, {"Rs", "SNR(t−1)"}, {"R1", "SNR(1)"}, {"RT", "SNR(T)"},
	{"v", "σ_q^2(t)"}, {"d", "d"}, {"pi", "π"},
	{"c1", "c_1"}, {"c2", "c_2"}, {"C", "C(x_t,x_0)"},

	{"x0", "x_0"}, {"xs", "x_{t−1}"}, {"xt", "x_t"}, {"xT", "x_T"},
	{"g", "x̂_θ(x_t,t)"}, {"e0", "ε_0"}, {"eh", "ε̂_θ(x_t,t)"},
	{"ez", "ε_{t−1}^*"}, {"es", "ε_0^*"},
	{"s", "∇log p(x_t)"}, {"sh", "s_θ(x_t,t)"}, {"V", "v_t"}, {"Vh", "v̂_θ(x_t,t)"},
	{"m", "μ_q(x_t,x_0)"}, {"mh", "μ_θ(x_t,t)"}, {"em", "E[μ_{x_t}|x_t]"},

	{"qts", "log q(x_t|x_{t−1})"}, {"qts0", "log q(x_t|x_{t−1},x_0)"},
	{"qst", "log q(x_{t−1}|x_t,x_0)"}, {"qs0", "log q(x_{t−1}|x_0)"}, {"qt0", "log q(x_t|x_0)"},
	{"q1", "log q(x_1|x_0)"}, {"qT", "log q(x_T|x_0)"}, {"qAll", "log q(x_{1:T}|x_0)"},
	{"pst", "log p_θ(x_{t−1}|x_t)"}, {"p01", "log p_θ(x_0|x_1)"},
	{"pT", "log p(x_T)"}, {"pAll", "log p(x_{0:T})"},
	{"kl", "D_{KL}(q(x_{t−1}|x_t,x_0)∥p_θ(x_{t−1}|x_t))"},
	{"klT", "D_{KL}(q(x_T|x_0)∥p(x_T))"},
}

// shown returns how a name is shown.
func shown(name string) string {
	for _, s := range symbols {
		if s.name == name {
			return s.shown
		}
	}
	panic("derive: a formula has an unknown name")
}

// symbol returns the value of a name at the evaluator's step.
func (e *evaluator) symbol(name string) value {
	switch name {
	case "x0":
		return picture(x0)
	case "xs":
		return value{of: e.at.xPrev, picture: true}
	case "xt":
		return value{of: e.at.xt, picture: true}
	case "xT":
		return value{of: e.path(e.timesteps()), picture: true}
	case "g":
		return e.guess()
	case "e0":
		return e.noise(picture(x0))
	case "eh":
		return e.noise(e.guess())
	case "ez":
		a := e.alpha()
		return noiseOf(e.symbol("xt"), e.symbol("xs"), a)
	case "es":
		return noiseOf(e.symbol("xs"), picture(x0), e.at.barPrev)
	case "s":
		return e.score(picture(x0))
	case "sh":
		return e.score(e.guess())
	case "V":
		return e.velocity(picture(x0))
	case "Vh":
		return e.velocity(e.guess())
	case "m":
		return e.mean(picture(x0))
	case "mh":
		return e.mean(e.guess())
	case "em": // of the noisy picture
		return picture(x0).times(e.at.bar.sqrt())
	}
	return value{scalar: e.number(name)}
}

// number returns the value of a name that stands for a number.
func (e *evaluator) number(name string) wide {
	one := exact(1)
	bar, barPrev := e.at.bar, e.at.barPrev
	last := e.timesteps()
	switch name {
	case "a":
		return e.alpha()
	case "A":
		return bar
	case "B":
		return barPrev
	case "AT":
		return e.bar(last)
	case "P":
		return e.product()
	case "Rt":
		return ratio(bar)
	case "Rs":
		return ratio(barPrev)
	case "R1":
		return ratio(e.bar(1))
	case "RT":
		return ratio(e.bar(last))
	case "v":
		return e.variance()
	case "d":
		return exact(float64(len(e.state.X0)))
	case "pi":
		return exact(math.Pi)
	case "C":
		return e.constant()
	case "c1":
		return e.normaliser()
	case "c2":
		return e.normaliser().sub(e.constant().mul(exact(0.5)))
	case "qts", "qts0":
		a := e.alpha()
		return e.density(e.symbol("xt"), e.symbol("xs").times(a.sqrt()), one.sub(a))
	case "qst":
		return e.density(e.symbol("xs"), e.symbol("m"), e.variance())
	case "qs0":
		return e.marginal(e.at.xPrev, barPrev)
	case "qt0":
		return e.marginal(e.at.xt, bar)
	case "q1":
		return e.marginal(e.path(1), e.bar(1))
	case "qT":
		return e.marginal(e.path(last), e.bar(last))
	case "pst":
		return e.density(e.symbol("xs"), e.symbol("mh"), e.variance())
	case "p01":
		return e.density(picture(x0), e.guess(), one.sub(e.bar(1)))
	case "pT":
		return e.density(value{of: e.path(last), picture: true}, value{}, one)
	case "qAll":
		return e.total(&node{op: symbol, text: "qts"}).add(e.number("q1"))
	case "pAll":
		rest := e.number("pT").add(e.number("p01"))
		return e.total(&node{op: symbol, text: "pst"}).add(rest)
	case "kl":
		v := e.variance()
		return e.divergence(e.symbol("m"), v, e.symbol("mh"), v)
	case "klT":
		bar := e.bar(last)
		return e.divergence(picture(x0).times(bar.sqrt()), one.sub(bar), value{}, one)
	}
	panic("derive: a formula has an unknown name")
}

// ratio is the signal-to-noise ratio of ᾱ.
func ratio(bar wide) wide { return bar.div(exact(1).sub(bar)) }

// alpha is α_t, of the step.
func (e *evaluator) alpha() wide { return e.at.bar.div(e.at.barPrev) }

// variance is σ_q²(t).
func (e *evaluator) variance() wide {
	one := exact(1)
	over := one.sub(e.alpha()).mul(one.sub(e.at.barPrev))
	return over.div(one.sub(e.at.bar))
}

// mean is that of q(x_{t−1}|x_t,x_0) for a clean picture.
func (e *evaluator) mean(clean value) value {
	one, a := exact(1), e.alpha()
	under := one.sub(e.at.bar)
	ofXt := a.sqrt().mul(one.sub(e.at.barPrev)).div(under)
	ofX0 := e.at.barPrev.sqrt().mul(one.sub(a)).div(under)
	return e.symbol("xt").times(ofXt).plus(clean.times(ofX0))
}

// noiseOf is the ε of x = √ᾱ·clean + √(1−ᾱ)·ε.
func noiseOf(x, clean value, bar wide) value {
	rest := x.plus(clean.times(bar.sqrt().neg()))
	return rest.times(exact(1).div(exact(1).sub(bar).sqrt()))
}

// noise is the ε of x_t for a clean picture, score its score and velocity its v.
func (e *evaluator) noise(clean value) value {
	return noiseOf(e.symbol("xt"), clean, e.at.bar)
}

func (e *evaluator) score(clean value) value {
	rest := e.symbol("xt").plus(clean.times(e.at.bar.sqrt().neg()))
	return rest.times(exact(-1).div(exact(1).sub(e.at.bar)))
}

func (e *evaluator) velocity(clean value) value {
	of := clean.times(exact(1).sub(e.at.bar).sqrt().neg())
	return e.noise(clean).times(e.at.bar.sqrt()).plus(of)
}

// density is log N(x; mean, variance·I).
func (e *evaluator) density(x, mean value, variance wide) wide {
	distance := e.squares(x.plus(mean.times(exact(-1))))
	d := e.number("d")
	twice := exact(2).mul(variance)
	return d.mul(twice.mul(exact(math.Pi)).log()).mul(exact(-0.5)).sub(distance.div(twice))
}

// marginal is log q(x|x_0) at a level.
func (e *evaluator) marginal(x vector, bar wide) wide {
	mean := picture(x0).times(bar.sqrt())
	return e.density(value{of: x, picture: true}, mean, exact(1).sub(bar))
}

// divergence is KL(N(m, v·I) ‖ N(n, w·I)): what log N(x; m, v·I) − log N(x; n, w·I) is on average
// over the first. The average of ‖x − c‖² is ‖m − c‖² + d·v.
func (e *evaluator) divergence(m value, v wide, n value, w wide) wide {
	d := e.number("d").mul(v)
	own := e.density(m, m, v).sub(d.div(exact(2).mul(v)))
	other := e.density(m, n, w).sub(d.div(exact(2).mul(w)))
	return own.sub(other)
}

// constant is C(x_t, x_0), and normaliser the logarithm of what 73 leaves out.
func (e *evaluator) constant() wide {
	one := exact(1)
	xt := e.symbol("xt")
	of := e.squares(xt).div(one.sub(e.alpha()))
	clean := e.squares(picture(x0)).mul(e.at.barPrev).div(one.sub(e.at.barPrev))
	distance := e.squares(xt.plus(picture(x0).times(e.at.bar.sqrt().neg())))
	return of.add(clean).sub(distance.div(one.sub(e.at.bar)))
}

func (e *evaluator) normaliser() wide {
	twoPi := exact(2).mul(exact(math.Pi))
	return e.number("d").mul(exact(-0.5)).mul(twoPi.mul(e.variance()).log())
}
