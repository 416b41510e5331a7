package derive

import "strings"

// node is a part of a formula. Its value and its picture on the page come from the same tree, so
// that what is shown is what is computed.
type node struct {
	op   byte
	text string // of a symbol or a number
	args []*node
	// Of a coefficient: its index in the line, and whether it stands in a sum over the timesteps.
	index  int
	summed bool
}

// The kinds of nodes. Each says how many args it has.
const (
	symbol      = 'a' // a name of symbols.go
	integer     = '1'
	plus        = '+' // two and more, some of them negative
	negative    = '-' // one
	times       = '*' // two and more; of two pictures it is their inner product
	fraction    = '/' // numerator, denominator
	square      = '2' // one; of a picture it is the sum of its squares
	root        = 'r' // one
	bracket     = '[' // one, shown in square brackets
	coefficient = '{' // one, which has a value of its own that can be changed
	logarithm   = 'l' // one
	norm        = 'n' // one: ‖x‖², of a picture
	gaussian    = 'N' // x, mean, variance: the logarithm of the density N(x; mean, variance·I)
	divergence  = 'K' // mean, variance, mean, variance: KL of two Gaussians
	total       = 's' // one: the sum over t = 2…T
)

// functions lists the kinds of nodes that are written as functions.
var functions = [...]struct {
	name string
	op   byte
}{
	{"log", logarithm}, {"norm", norm}, {"N", gaussian}, {"KL", divergence}, {"sum", total},
}

// parser reads the formulas of derivations.go. They are text, since that is smaller than code and
// reads like the paper: a b is a product, a/b a fraction with the product before it above the line,
// √ takes what follows it, (…) groups and is shown where it has to be, […] is always shown, and
// {…} is a coefficient. A formula is malformed only by a programmer's mistake.
type parser struct {
	rest   string
	coeffs []*node
	summed bool
}

// parse reads one side of a line. Its coefficients follow those before it.
func parse(text string, before []*node) (*node, []*node) {
	p := &parser{rest: text, coeffs: before}
	n := p.sum()
	if p.skip(); p.rest != "" {
		panic("derive: malformed formula")
	}
	return n, p.coeffs
}

func (p *parser) skip() { p.rest = strings.TrimLeft(p.rest, " ") }

// next reports whether token follows.
func (p *parser) next(token string) bool {
	p.skip()
	return strings.HasPrefix(p.rest, token)
}

// take reads token if it follows, and reports whether it did.
func (p *parser) take(token string) bool {
	if !p.next(token) {
		return false
	}
	p.rest = p.rest[len(token):]
	return true
}

func (p *parser) need(token string) {
	if !p.take(token) {
		panic("derive: malformed formula")
	}
}

func (p *parser) sum() *node {
	n := &node{op: plus}
	for {
		minus := p.take("-")
		term := p.product()
		if minus {
			term = &node{op: negative, args: []*node{term}}
		}
		n.args = append(n.args, term)
		if !p.take("+") && !p.next("-") {
			break
		}
	}
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
			n, open = &node{op: fraction, args: []*node{n, p.factor()}}, false
		case p.rest == "" || strings.IndexByte("+-);]}", p.rest[0]) >= 0:
			return n
		default:
			if !open {
				n, open = &node{op: times, args: []*node{n}}, true
			}
			n.args = append(n.args, p.factor())
		}
	}
}

func (p *parser) factor() *node {
	n := p.atom()
	if p.take("^2") {
		n = &node{op: square, args: []*node{n}}
	}
	return n
}

func (p *parser) atom() *node {
	switch {
	case p.take("("):
		n := p.sum()
		p.need(")")
		return n
	case p.take("["):
		n := &node{op: bracket, args: []*node{p.sum()}}
		p.need("]")
		return n
	case p.take("√"):
		return &node{op: root, args: []*node{p.atom()}}
	case p.take("{"):
		n := &node{op: coefficient, index: len(p.coeffs), summed: p.summed}
		p.coeffs = append(p.coeffs, n)
		n.args = []*node{p.sum()}
		p.need("}")
		return n
	}
	end := 0
	for end < len(p.rest) && isName(p.rest[end]) {
		end++
	}
	if end == 0 {
		panic("derive: malformed formula")
	}
	n := &node{op: symbol, text: p.rest[:end]}
	p.rest = p.rest[end:]
	if n.text[0] <= '9' {
		n.op = integer
		return n
	}
	for _, f := range functions {
		if f.name == n.text {
			n.op = f.op
			p.arguments(n)
		}
	}
	return n
}

// arguments reads those of a function.
func (p *parser) arguments(n *node) {
	outside := p.summed
	p.summed = outside || n.op == total
	p.need("(")
	for {
		n.args = append(n.args, p.sum())
		if !p.take(";") {
			break
		}
	}
	p.need(")")
	p.summed = outside
}

// isName reports whether a byte belongs to a name or a number.
func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
