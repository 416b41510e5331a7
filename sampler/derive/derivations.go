package derive

import (
	"slices"
	"strconv"
	"strings"
)

// The derivations.
const (
	ClosedForm  = "closed-form" // q(x_t|x_0) from the chain, by adding Gaussians
	Posterior   = "posterior"   // q(x_{t−1}|x_t,x_0) by Bayes' rule
	Loss        = "loss"        // the matching term as a loss of x̂_0, and by SNR
	Predictions = "predictions" // x_0, ε, the score and v are one prediction
	Bound       = "bound"       // the variational bound in its three terms
)

// derivations lists them in the order of the paper's argument. A line is the number of its
// equation, a colon and its two sides. Where the left side is empty, it is the right side of the
// last line before with a = of its own; := marks lines that stand apart. parser reads the formulas,
// and symbols.go lists their names.
var derivations = [...]struct{ name, text string }{
	{ClosedForm, closedForm},
	{Posterior, posterior},
	{Loss, loss},
	{Predictions, noise + score + velocity},
	{Bound, theBound},
}

// Names lists the derivations in the order of the paper's argument.
func Names() (all []string) {
	for i := range derivations {
		all = append(all, derivations[i].name)
	}
	return all
}

// Equations lists the numbers that the lines of a derivation have in the paper (Luo), from low to
// high.
func Equations(name string) (all []int) {
	for i := range derivations {
		if derivations[i].name != name {
			continue
		}
		for line := range strings.SplitSeq(derivations[i].text, "\n") {
			head, _, _ := strings.Cut(line, ":")
			head, _, _ = strings.Cut(head, ",")
			if n, err := strconv.Atoi(head); err == nil {
				all = append(all, n)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

const closedForm = `31: qts := N(xt;{√a}xs;{1-a})
60: xs := {√B}x0+{√(1-B)}es
61: xt = {√a}xs+{√(1-a)}ez
62: = {√a}({√B}x0+{√(1-B)}es)+{√(1-a)}ez
63: = {√(a B)}x0+{√(a-a B)}es+{√(1-a)}ez
64: = {√(a B)}x0+√({(√(a-a B))^2}+{(√(1-a))^2})e0
65: = {√(a B)}x0+√({a}-{a B}+{1}-{a})e0
66: = {√(a B)}x0+{√(1-a B)}e0
68: xt := {√P}x0+{√(1-P)}e0
69: = {√A}x0+{√(1-A)}e0
70: qt0 := N(xt;{√A}x0;{1-A})
`

// In 77 to 82 the factor of x_{t−1} is the same.
const linear = `({√a}xt/{1-a}+{√B}x0/{1-B})`

const posterior = `73: c1 := -{d/2}log({2}pi{1-a}{1-B}/{1-A})
75: C := xt^2/{1-a}+{B}x0^2/{1-B}-(xt-{√A}x0)^2/{1-A}
76: c2 := c1-{1/2}C
71: qst = qts0+qs0-qt0
72: = N(xt;{√a}xs;{1-a})+N(xs;{√B}x0;{1-B})-N(xt;{√A}x0;{1-A})
73: = -[(xt-{√a}xs)^2/({2}{1-a})+(xs-{√B}x0)^2/({2}{1-B})-(xt-{√A}x0)^2/({2}{1-A})]+c1
74: = -{1/2}[(xt-{√a}xs)^2/{1-a}+(xs-{√B}x0)^2/{1-B}-(xt-{√A}x0)^2/{1-A}]+c1
75: = -{1/2}[(-{2}{√a}xt xs+{a}xs^2)/{1-a}+(xs^2-{2}{√B}xs x0)/{1-B}+C]+c1
76: = -{1/2}[-{2}{√a}xt xs/{1-a}+{a}xs^2/{1-a}+xs^2/{1-B}-{2}{√B}xs x0/{1-B}]+c2
77: = -{1/2}[({a}/{1-a}+{1}/{1-B})xs^2-{2}` + linear + `xs]+c2
78: = -{1/2}[({a}{1-B}+{1}-{a})/({1-a}{1-B})xs^2-{2}` + linear + `xs]+c2
79: = -{1/2}[({a}-{A}+{1}-{a})/({1-a}{1-B})xs^2-{2}` + linear + `xs]+c2
80: = -{1/2}[{1-A}/({1-a}{1-B})xs^2-{2}` + linear + `xs]+c2
81: = -{1/2}({1-A}/({1-a}{1-B}))[xs^2-{2}(` + linear + `/({1-A}/({1-a}{1-B})))xs]+c2
82: = -{1/2}({1-A}/({1-a}{1-B}))[xs^2-{2}(` + linear + `{1-a}{1-B}/{1-A})xs]+c2
83: = -{1/2}({1}/({1-a}{1-B}/{1-A}))[xs^2-{2}(({√a}{1-B}xt+{√B}{1-a}x0)/{1-A})xs]+c2
84: = N(xs;({√a}{1-B}xt+{√B}{1-a}x0)/{1-A};{1-a}{1-B}/{1-A})
84: m := ({√a}{1-B}xt+{√B}{1-a}x0)/{1-A}
85: v := {1-a}{1-B}/{1-A}
`

// The factors of the norms of Loss and Predictions.
const (
	half     = `({1}/({2}{v}))`
	ofX0     = half + `({B}{1-a}^2/{1-A}^2)norm(g-x0)`
	overBoth = `/({1-B}{1-A})`
)

const loss = `93: m := ({√a}{1-B}xt+{√B}{1-a}x0)/{1-A}
94: mh := ({√a}{1-B}xt+{√B}{1-a}g)/{1-A}
109: Rt := {A}/{1-A}
87: kl = KL(m;{v};mh;{v})
88: = {1/2}[d log({v}/{v})-{d}+{d}{v}/{v}+norm(mh-m)/{v}]
89: = {1/2}[log({1})-{d}+{d}+norm(mh-m)/{v}]
90: = {1/2}[norm(mh-m)/{v}]
92: = ` + half + `norm(mh-m)
96: = ` + half + `norm(({√a}{1-B}xt+{√B}{1-a}g)/{1-A}-({√a}{1-B}xt+{√B}{1-a}x0)/{1-A})
97: = ` + half + `norm({√B}{1-a}g/{1-A}-{√B}{1-a}x0/{1-A})
98: = ` + half + `norm(({√B}{1-a}/{1-A})(g-x0))
99: = ` + ofX0 + `
101: = ({1}/({2}({1-a}{1-B}/{1-A})))({B}{1-a}^2/{1-A}^2)norm(g-x0)
102: = {1/2}({1-A}/({1-a}{1-B}))({B}{1-a}^2/{1-A}^2)norm(g-x0)
103: = {1/2}({B}{1-a}` + overBoth + `)norm(g-x0)
104: = {1/2}(({B}-{A})` + overBoth + `)norm(g-x0)
105: = {1/2}(({B}-{B A}+{B A}-{A})` + overBoth + `)norm(g-x0)
106: = {1/2}(({B}{1-A}-{A}{1-B})` + overBoth + `)norm(g-x0)
107: = {1/2}({B}{1-A}` + overBoth + `-{A}{1-B}` + overBoth + `)norm(g-x0)
108: = {1/2}({B}/{1-B}-{A}/{1-A})norm(g-x0)
110: = {1/2}({Rs}-{Rt})norm(g-x0)
`

// The factors of ε in 121 to 129 and of the score in 138 to 147, and the first terms of 120 to 124,
// which are those of 138 to 142.
const (
	ofNoise  = `({1-a}/({√(1-A)}{√a}))`
	ofScore  = `({1-a}/{√a})`
	first120 = `({√a}{1-B}/{1-A}+{1-a}/({1-A}{√a}))xt`
	first121 = `({a}{1-B}/({1-A}{√a})+{1-a}/({1-A}{√a}))xt`
	first122 = `(({a}-{A}+{1}-{a})/({1-A}{√a}))xt`
	first123 = `({1-A}/({1-A}{√a}))xt`
	first124 = `({1}/{√a})xt`
)

const noise = `115: x0 := (xt-{√(1-A)}e0)/{√A}
116: m = ({√a}{1-B}xt+{√B}{1-a}x0)/{1-A}
117: = ({√a}{1-B}xt+{√B}{1-a}((xt-{√(1-A)}e0)/{√A}))/{1-A}
118: = ({√a}{1-B}xt+{1-a}((xt-{√(1-A)}e0)/{√a}))/{1-A}
119: = {√a}{1-B}xt/{1-A}+{1-a}xt/({1-A}{√a})-{1-a}{√(1-A)}e0/({1-A}{√a})
120: = ` + first120 + `-({1-a}{√(1-A)}/({1-A}{√a}))e0
121: = ` + first121 + `-` + ofNoise + `e0
122: = ` + first122 + `-` + ofNoise + `e0
123: = ` + first123 + `-` + ofNoise + `e0
124: = ` + first124 + `-` + ofNoise + `e0
125: mh := ` + first124 + `-` + ofNoise + `eh
127: kl = ` + half + `norm(` + first124 + `-` + ofNoise + `eh-` + first124 + `+` + ofNoise + `e0)
128: = ` + half + `norm(` + ofNoise + `e0-` + ofNoise + `eh)
129: = ` + half + `norm(` + ofNoise + `(e0-eh))
130: = ` + half + `({1-a}^2/({1-A}{a}))norm(e0-eh)
`

const score = `131: em = xt+{1-A}s
132: {√A}x0 := xt+{1-A}s
133: x0 := (xt+{1-A}s)/{√A}
134: m = ({√a}{1-B}xt+{√B}{1-a}x0)/{1-A}
135: = ({√a}{1-B}xt+{√B}{1-a}((xt+{1-A}s)/{√A}))/{1-A}
136: = ({√a}{1-B}xt+{1-a}((xt+{1-A}s)/{√a}))/{1-A}
137: = {√a}{1-B}xt/{1-A}+{1-a}xt/({1-A}{√a})+{1-a}{1-A}s/({1-A}{√a})
138: = ` + first120 + `+` + ofScore + `s
139: = ` + first121 + `+` + ofScore + `s
140: = ` + first122 + `+` + ofScore + `s
141: = ` + first123 + `+` + ofScore + `s
142: = ` + first124 + `+` + ofScore + `s
143: mh := ` + first124 + `+` + ofScore + `sh
145: kl = ` + half + `norm(` + first124 + `+` + ofScore + `sh-` + first124 + `-` + ofScore + `s)
146: = ` + half + `norm(` + ofScore + `sh-` + ofScore + `s)
147: = ` + half + `norm(` + ofScore + `(sh-s))
148: = ` + half + `({1-a}^2/{a})norm(sh-s)
149: (xt+{1-A}s)/{√A} := (xt-{√(1-A)}e0)/{√A}
150: {1-A}s := -{√(1-A)}e0
151: s := -({1}/{√(1-A)})e0
`

const (
	salimans = `Salimans & Ho, §4` // arXiv:2202.00512
	ofV      = `({1-a}{√B}/{√(1-A)})`
)

const velocity = salimans + `: V := {√A}e0-{√(1-A)}x0
` + salimans + `: x0 := {√A}xt-{√(1-A)}V
` + salimans + `: e0 := {√(1-A)}xt+{√A}V
151, ` + salimans + `: s := -xt-({√A}/{√(1-A)})V
124, ` + salimans + `: m := {√a}xt-` + ofV + `V
125, ` + salimans + `: mh := {√a}xt-` + ofV + `Vh
130, ` + salimans + `: kl := ` + half + `({B}{1-a}^2/{1-A})norm(V-Vh)
`

const theBound = `46: qts0 := qst+qt0-qs0
30, 31: qAll := q1+sum(N(xt;{√a}xs;{1-a}))
32, 33, 94: pAll := N(xT;0;{1})+p01+` +
	`sum(N(xs;({√a}{1-B}xt+{√B}{1-a}g)/{1-A};{1-a}{1-B}/{1-A}))
49: pAll-qAll = pT+p01+sum(pst)-q1-sum(qts)
50: = pT+p01+sum(pst)-q1-sum(qts0)
51: = pT+p01-q1+sum(pst-qts0)
52: = pT+p01-q1+sum(pst-(qst+qt0-qs0))
53: = pT+p01-q1+sum(pst-qst+qs0-qt0)
54: = pT+p01-q1+q1-qT+sum(pst-qst)
55: = pT+p01-qT+sum(pst-qst)
56: = p01+(pT-qT)+sum(pst-qst)
58, 86: klT := {1/2}[-{d}log({1-AT})-{d}+{d}{1-AT}+{AT}norm(x0)]
58, 92: sum(kl) = sum(` + half + `norm(mh-m))
58, 99: = sum(` + ofX0 + `)
58, 110: = sum({1/2}({Rs}-{Rt})norm(g-x0))
58, 110: = {1/2}({R1}-{RT})norm(g-x0)
`
