package derive

import "strings"

// node is a part of a formula. Its value and its picture on the page come from the same tree, so
// that what is shown is what is computed.
type node struct {
	op     byte
	number int  // an integer, or the index of a symbol in symbols or of a coefficient in its line
	summed bool // of a coefficient: it stands in a sum over the timesteps
	args   []*node
}

// The kinds of nodes, with their args.
const (
	symbol      = iota // none
	integer            // none: one digit
	coefficient        // one, which has a value of its own that can be changed
	plus               // two and more, some of them negative
	negative           // one
	times              // two and more; of two pictures it is their inner product
	fraction           // numerator, denominator
	square             // one; of a picture it is the sum of its squares
	root               // one
	bracket            // one, shown in square brackets
	logarithm          // one
	norm               // one: ‖x‖², of a picture
	gaussian           // x, mean, variance: the logarithm of the density N(x; mean, variance·I)
	divergence         // mean, variance, mean, variance: KL of two Gaussians
	total              // one: the sum over t = 2…T
	first              // one, at timestep 1
	last               // one, at timestep T
)

// How tightly nodes bind. What binds less than its place asks is shown in parentheses.
const (
	loose   = '0' // a sum
	factor  = '1' // a product
	divided = '2' // a fraction
	tight   = '3'
)

// kinds says of a kind of nodes how it is written where it is a function, how tightly it binds as
// MathML and as text, and its MathML: $ and two digits are the index of an arg and how tightly that
// has to bind. The text has no tags; where that is not enough it is here, too.
var kinds = [...]struct {
	name              string
	binds, bindsPlain byte
	math, plain       string
}{
	symbol:      {"", tight, tight, "", ""},
	integer:     {"", tight, tight, "", ""},
	coefficient: {"", tight, tight, "", ""}, // as its arg
	plus:        {"", loose, loose, "", ""},
	negative:    {"", loose, loose, "<mrow><mo>−</mo>$01</mrow>", ""},
	times:       {"", factor, factor, "", ""},
	fraction:    {"", divided, factor, "<mfrac>$00$10</mfrac>", "$01/$13"},
	square:      {"", tight, tight, "<msup>$03<mn>2</mn></msup>", "$03^2"},
	root:        {"", divided, divided, "<msqrt>$00</msqrt>", "√$03"},
	bracket:     {"", tight, tight, "<mrow><mo>[</mo>$00<mo>]</mo></mrow>", ""},
	logarithm: {"log", tight, tight,
		"<mrow>" + spaced + "log</mo><mrow><mo>(</mo>$00<mo>)</mo></mrow></mrow>", ""},
	norm: {"norm", tight, tight,
		"<msubsup><mrow><mo>‖</mo>$00<mo>‖</mo></mrow><mn>2</mn><mn>2</mn></msubsup>", ""},
	gaussian: {"N", tight, tight, "<mrow>" + spaced +
		"log</mo><mi>N</mi><mo>(</mo>$00<mo>;</mo>$10<mo>,</mo>$21<mi>I</mi><mo>)</mo></mrow>", ""},
	divergence: {"KL", tight, tight, "<mrow><msub><mi>D</mi><mi>KL</mi></msub><mo>(</mo>" +
		"<mi>N</mi><mo>(</mo>$00<mo>,</mo>$11<mi>I</mi><mo>)</mo><mo>∥</mo>" +
		"<mi>N</mi><mo>(</mo>$20<mo>,</mo>$31<mi>I</mi><mo>)</mo><mo>)</mo></mrow>", ""},
	total: {"sum", factor, factor, "<mrow><munderover><mo>∑</mo><mrow><mi>t</mi><mo>=</mo>" +
		"<mn>2</mn></mrow><mi>T</mi></munderover>$01</mrow>", ""},
	first: {"first", tight, tight, "", ""}, // these two only define symbols
	last:  {"last", tight, tight, "", ""},
}

// spaced begins the element of log, which as an <mi> would touch its neighbours.
const spaced = `<mo lspace="0.17em" rspace="0.17em">`

// parser reads the formulas of derivations.go and symbols.go. They are text, since that is smaller
// than code and reads like the paper: a b is a product, a/b a fraction with the product before it
// above the line, √ takes what follows it, (…) groups and is shown where it has to be, […] is
// always shown, and {…} is a coefficient. A formula is malformed only by a programmer's mistake.
type parser struct {
	rest         string
	coefficients []*node // of the line
	summed       bool
}

// take reads token if it follows, after spaces, and reports whether it did.
func (p *parser) take(token string) bool {
	for p.rest != "" && p.rest[0] == ' ' {
		p.rest = p.rest[1:]
	}
	ok := strings.HasPrefix(p.rest, token)
	if ok {
		p.rest = p.rest[len(token):]
	}
	return ok
}

func (p *parser) need(token string) {
	if !p.take(token) {
		panic("derive: malformed formula")
	}
}

// wrap returns a node of one arg.
func wrap(op byte, arg *node) *node { return &node{op: op, args: []*node{arg}} }

// sum reads terms and the token after them.
func (p *parser) sum(end string) *node {
	n := &node{op: plus}
	for {
		minus := p.take("-")
		term := p.product()
		if minus {
			term = wrap(negative, term)
		}
		n.args = append(n.args, term)
		if !p.take("+") && (p.rest == "" || p.rest[0] != '-') {
			break
		}
	}
	p.need(end)
	if len(n.args) == 1 {
		return n.args[0]
	}
	return n
}

func (p *parser) product() *node {
	n, open := p.factor(), false
	for {
		switch {
		case p.take("/"):
			n, open = wrap(fraction, n), false
		case p.rest == "" || strings.IndexByte("+-);]}:=\n", p.rest[0]) >= 0:
			return n
		case !open:
			n, open = wrap(times, n), true
		}
		n.args = append(n.args, p.factor())
	}
}

func (p *parser) factor() *node {
	n := p.atom()
	if p.take("^2") {
		n = wrap(square, n)
	}
	return n
}

func (p *parser) atom() *node {
	switch {
	case p.take("("):
		return p.sum(")")
	case p.take("["):
		return wrap(bracket, p.sum("]"))
	case p.take("√"):
		return wrap(root, p.atom())
	case p.take("{"):
		n := &node{op: coefficient, number: len(p.coefficients), summed: p.summed}
		p.coefficients = append(p.coefficients, n)
		n.args = []*node{p.sum("}")}
		return n
	}
	end := 0
	for end < len(p.rest) && isName(p.rest[end]) {
		end++
	}
	name := p.rest[:end]
	p.rest = p.rest[end:]
	if end == 1 && name[0] <= '9' {
		return &node{op: integer, number: int(name[0] - '0')}
	}
	for op := range kinds {
		if end > 0 && kinds[op].name == name {
			return p.function(byte(op))
		}
	}
	return &node{op: symbol, number: lookUp(name)}
}

// function reads the arguments of a function.
func (p *parser) function(op byte) *node {
	n := &node{op: op}
	outside := p.summed
	p.summed = outside || op == total
	p.need("(")
	for more := true; more; more = p.take(";") {
		n.args = append(n.args, p.sum(""))
	}
	p.need(")")
	p.summed = outside
	return n
}

// isName reports whether a byte belongs to a name or a number.
func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// formula is one line of a derivation's text.
type formula struct {
	equation     string
	left, right  *node
	continued    bool    // left is the right side of a line before
	apart        bool    // no line continues it
	coefficients []*node // in the order in which they are written
}

// formulas reads the text of a derivation.
func formulas(text string) (all []formula) {
	var before *node
	for text != "" {
		end := strings.IndexByte(text, ':')
		f := formula{equation: text[:end], left: before}
		p := &parser{rest: text[end+1:]}
		if f.continued = p.take("="); !f.continued {
			f.left = p.sum("")
			f.apart = p.take(":")
			p.need("=")
		}
		f.right = p.sum("\n")
		f.coefficients = p.coefficients
		if !f.apart {
			before = f.right
		}
		text = p.rest
		all = append(all, f)
	}
	return all
}
