package lessons

// formulas are those that web/learn/formulas.js shows with the values of the stage. A test there
// holds the two lists to each other.
var formulas = []string{"jump", "link", "moments", "sum", "snr", "guess", "decided",
	"tweedie", "pixel", "precision", "posterior", "variance", "ancestral", "ddim", "last",
	"parts", "errors", "score", "velocity", "hand", "logsnr", "worth", "learned", "bound",
	"prior", "matching", "costs", "simple", "given", "guided", "steered", "stride", "passes",
	"jumps"}

// checks are the questions that web/learn/checks.js answers from the stage, each with the answers
// there may be: none for a number. A test there holds the two lists to each other.
var checks = map[string][]string{
	"half":     nil,
	"same":     {"same", "differ"},
	"loud":     nil,
	"keeps":    {"link", "picture"},
	"guess":    {"sharp", "blur"},
	"contrast": {"first", "last"},
	"decided":  nil,
	"sign":     {"same", "opposite"},
	"byte":     nil,
	"narrower": {"link", "picture"},
	"heavier":  {"xt", "x0"},
	"smaller":  {"smaller", "larger"},
	"ends":     {"same", "differ"},
	"draws":    {"none", "some"},

	"louder":    {"picture", "noise"},
	"grows":     nil,
	"steep":     {"first", "last"},
	"byhand":    nil,
	"drowned":   nil,
	"positive":  {"positive", "negative"},
	"worthier":  {"early", "late"},
	"even":      {"even", "uneven"},
	"terms":     nil,
	"little":    {"less", "more"},
	"dearer":    {"early", "late"},
	"costliest": nil,
	"dropped":   {"early", "late"},
	"guided":    nil,
	"varied":    {"left", "right"},
	"unclipped": nil,
	"rougher":   {"left", "right"},
	"pushes":    {"first", "last"},
	"fewer":     nil,
	"longest":   nil,
	"closer":    {"early", "late"},
}

// papers are those that a card may name, with the number of an equation or without one.
var papers = map[string]string{
	"NCSN":      "https://arxiv.org/abs/1907.05600",
	"Score-SDE": "https://arxiv.org/abs/2011.13456",

	"Luo":  "https://arxiv.org/abs/2208.11970",
	"DDPM": "https://arxiv.org/abs/2006.11239",
	"DDIM": "https://arxiv.org/abs/2010.02502",
	"LCM":  "https://arxiv.org/abs/2310.04378",
	"VDM":  "https://arxiv.org/abs/2107.00630",

	"DPM-Solver++": "https://arxiv.org/abs/2211.01095",
	"Salimans":     "https://arxiv.org/abs/2202.00512",
}

// symbols are those of texts that index.html has no template for, as the children of a math
// element.
var symbols = map[string]string{
	"prev": "<msub><mi>x</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>",
	"barprev": "<msub><mover accent=\"true\"><mi>α</mi>" +
		"<mo stretchy=\"false\">¯</mo></mover><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>",
	"keep":  "<msqrt><msub><mi>α</mi><mi>t</mi></msub></msqrt>",
	"alpha": "<msub><mi>α</mi><mi>t</mi></msub>",
	"noise": "<mi>ε</mi>",
	"z":     "<mi>z</mi>",
	"mu":    "<mi>μ</mi>",
	"sigma": "<msub><mi>σ</mi><mi>q</mi></msub>",
	"rest":  "<mrow><mn>1</mn><mo>−</mo><msub><mi>α</mi><mi>t</mi></msub></mrow>",
	"left": "<mrow><mn>1</mn><mo>−</mo><msub><mover accent=\"true\"><mi>α</mi>" +
		"<mo stretchy=\"false\">¯</mo></mover><mi>t</mi></msub></mrow>",
	"root": "<msqrt><msub><mover accent=\"true\"><mi>α</mi>" +
		"<mo stretchy=\"false\">¯</mo></mover><mi>t</mi></msub></msqrt>",
	"v":     "<mi>v</mi>",
	"l0":    "<msub><mi>L</mi><mn>0</mn></msub>",
	"lT":    "<msub><mi>L</mi><mi>T</mi></msub>",
	"lprev": "<msub><mi>L</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>",
	"omega": "<msub><mi>ω</mi><mi>η</mi></msub>",
	"T":     "<mi>T</mi>",
	"t":     "<mi>t</mi>",
}

// views are what the address of a card may ask for beside its recipe, with a form of the value.
var views = map[string]string{
	"views":      `(xt|x0|epsilon|score|change)(,(xt|x0|epsilon|score|change))*`,
	"against":    `(k|steps|g|c|eta|s|m):.+`,
	"difference": ``,
	"forward":    `(chain)?`,
	"work":       `(\d+,\d+(,\d+(,\d+)?)?)?`,
	"derive":     `[a-z-]+`,
	"plots":      `(signal|snr|sigma|beta|deviation|change|loss)?`,
	"beside":     `(m|spacing|sigmas):.+`,
	"zoom":       `[\d.]+`,
	"at":         `[\d.]+,[\d.]+`,
}

// languages are those of the page: the ending of a file, the language's tag, and how many words of
// a text a card has room for; of Chinese, characters.
var languages = []language{{"en", "en", 60}, {"zh", "zh-Hans", 110}}

type language struct {
	name, tag string
	most      int
}
