package derive

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// writer writes formulas as presentation MathML, or as text for names that are read aloud.
type writer struct {
	out     []byte
	plain   bool // text
	indexed bool // coefficients say their index
	skips   bool // the step goes over timesteps
	summed  bool // inside a sum over timesteps, which goes over none
}

// mathML returns a formula as a <math> element. A coefficient is <mrow data-coefficient="INDEX"> if
// indexed, and a letter that stands for a picture <mi class="picture">.
func mathML(n *node, indexed, skips bool) string {
	w := writer{indexed: indexed, skips: skips}
	w.open("math")
	w.node(n, loose)
	w.close("math")
	return string(w.out)
}

// words returns a coefficient as text.
func words(n *node, skips bool) string {
	w := writer{plain: true, skips: skips, summed: n.summed}
	w.node(n.args[0], loose)
	return string(w.out)
}

func (w *writer) write(s string) { w.out = append(w.out, s...) }

// open and close write the tags of an element, of none for "".
func (w *writer) open(tag string) {
	if !w.plain && tag != "" {
		w.write("<" + tag + ">")
	}
}

func (w *writer) close(tag string) {
	if !w.plain && tag != "" {
		w.write("</" + tag + ">")
	}
}

// token writes an element that holds text.
func (w *writer) token(tag, text string) {
	w.open(tag)
	w.write(text)
	w.close(tag[:2])
}

func (w *writer) operator(text string) { w.token("mo", text) }

// How tightly nodes bind. What binds less than its place asks is put in parentheses.
const (
	loose     = iota // a sum
	product          // a product, and in text a fraction
	fenceless        // a fraction
	tight
)

// spaced is the element of log, which as an <mi> would touch its neighbours.
const spaced = `mo lspace="0.17em" rspace="0.17em"`

// binds returns how tightly a node does.
func (w *writer) binds(n *node) int {
	switch n.op {
	case coefficient:
		return w.binds(n.args[0])
	case plus, negative:
		return loose
	case times, total:
		return product
	case fraction:
		if w.plain {
			return product
		}
		return fenceless
	case root:
		if w.plain {
			return fenceless
		}
	}
	return tight
}

// node writes a node as one element, in parentheses where it binds less than asked.
func (w *writer) node(n *node, asked int) {
	switch {
	case n.op == coefficient:
		tag := "mrow"
		if w.indexed {
			tag += ` data-coefficient="` + strconv.Itoa(n.index) + `"`
		}
		w.open(tag)
		w.node(n.args[0], asked)
		w.close("mrow")
	case w.binds(n) < asked:
		w.fenced("(", n, ")")
	default:
		w.inside(n)
	}
}

// fenced writes a node between two fences.
func (w *writer) fenced(open string, n *node, end string) {
	w.open("mrow")
	w.operator(open)
	w.node(n, loose)
	w.operator(end)
	w.close("mrow")
}

// tags are the elements of the kinds of nodes, <mrow> of those that are not listed.
func (n *node) tag() string {
	switch n.op {
	case fraction:
		return "mfrac"
	case square:
		return "msup"
	case root:
		return "msqrt"
	case norm:
		return "msubsup"
	}
	return "mrow"
}

// inside writes a node that needs no parentheses.
func (w *writer) inside(n *node) {
	switch n.op {
	case symbol:
		w.symbol(shown(n.text))
		return
	case integer:
		w.token("mn", n.text)
		return
	}
	w.open(n.tag())
	switch n.op {
	case plus:
		w.terms(n.args)
	case negative:
		w.terms([]*node{n})
	case times:
		w.factors(n.args)
	case fraction:
		w.fraction(n.args[0], n.args[1])
	case square:
		w.node(n.args[0], tight)
		if w.plain {
			w.write("^")
		}
		w.token("mn", "2")
	case root:
		asked := loose
		if w.plain {
			w.write("√")
			asked = tight
		}
		w.node(n.args[0], asked)
	case bracket:
		w.fenced("[", n.args[0], "]")
	case logarithm:
		w.token(spaced, "log")
		w.fenced("(", n.args[0], ")")
	case norm:
		w.fenced("‖", n.args[0], "‖")
		w.token("mn", "2")
		w.token("mn", "2")
	case gaussian:
		w.token(spaced, "log")
		w.normal(n.args)
	case divergence:
		w.symbol("D_{KL}")
		w.operator("(")
		w.normal(n.args[:2])
		w.operator("∥")
		w.normal(n.args[2:])
		w.operator(")")
	case total:
		w.symbol("∑_{t=2}^T")
		outside := w.summed
		w.summed = true
		w.node(n.args[0], product)
		w.summed = outside
	}
	w.close(n.tag())
}

// terms writes those of a sum.
func (w *writer) terms(terms []*node) {
	for i, term := range terms {
		switch {
		case term.op == negative:
			w.operator("−")
			term = term.args[0]
		case i > 0:
			w.operator("+")
		}
		w.node(term, product)
	}
}

// factors writes those of a product, with invisible times signs between them.
func (w *writer) factors(factors []*node) {
	asked, sign := product, "\u2062"
	if w.plain {
		asked, sign = fenceless, " "
	}
	for i, f := range factors {
		if i > 0 {
			w.operator(sign)
		}
		w.node(f, asked)
	}
}

func (w *writer) fraction(over, under *node) {
	if w.plain {
		w.node(over, product)
		w.write("/")
		w.node(under, tight)
		return
	}
	w.node(over, loose)
	w.node(under, loose)
}

// normal writes N(x; mean, variance·I), of mean and variance alone without x.
func (w *writer) normal(args []*node) {
	w.token("mi", "N")
	w.operator("(")
	if len(args) == 3 {
		w.node(args[0], loose)
		w.operator(";")
		args = args[1:]
	}
	w.node(args[0], loose)
	w.operator(",")
	w.node(args[1], product)
	w.token("mi", "I")
	w.operator(")")
}

// symbol writes what symbols.go shows of a name.
func (w *writer) symbol(text string) {
	if w.skips && !w.summed {
		text = strings.ReplaceAll(text, "{t−1}", "s")
		text = strings.ReplaceAll(text, "t−1", "s")
		text = strings.ReplaceAll(text, "α_t", "α_{t|s}")
	}
	if w.plain {
		w.write(text)
		return
	}
	w.typeset(text, true)
}

// typeset writes text as one element. pictures says that its letters may stand for pictures, which
// those of a script do not.
func (w *writer) typeset(text string, pictures bool) {
	part, rest := cut(text)
	if rest == "" {
		w.part(part, pictures)
		return
	}
	w.open("mrow")
	w.part(part, pictures)
	for rest != "" {
		part, rest = cut(rest)
		w.part(part, pictures)
	}
	w.close("mrow")
}

// part is a letter, a sign or a word with an accent and scripts, each of which may be "".
type part struct{ base, accent, sub, super string }

// cut separates the first part of text from the rest.
func cut(text string) (p part, rest string) {
	p.base, text = word(text)
	if after, ok := strings.CutPrefix(text, "\u0302"); ok {
		p.accent, text = "^", after
	}
	if p.base == "ᾱ" {
		p.base, p.accent = "α", "¯"
	}
	p.sub, text = script(text, '_')
	p.super, text = script(text, '^')
	return p, text
}

// part writes a part as one element.
func (w *writer) part(p part, pictures bool) {
	tag := "mi"
	switch {
	case '0' <= p.base[0] && p.base[0] <= '9':
		tag = "mn"
	case p.base == "log":
		tag = spaced
	case strings.Contains("()[]|", p.base):
		tag = `mo stretchy="false"`
	case strings.Contains(",:=−∥∇∏∑*", p.base):
		tag = "mo"
	case pictures && (strings.Contains("xεμv", p.base) || p.base == "s" && p.sub != ""):
		tag = `mi class="picture"`
	}
	scripts := scripted(p.base, p.sub, p.super)
	w.open(scripts)
	if p.accent != "" {
		w.open(`mover accent="true"`)
	}
	w.token(tag, p.base)
	if p.accent != "" {
		w.operator(p.accent)
		w.close("mover")
	}
	for _, s := range [...]string{p.sub, p.super} {
		if s != "" {
			w.typeset(s, false)
		}
	}
	w.close(scripts)
}

// scripted returns the element of a base with a subscript and a superscript, "" where it has
// neither.
func scripted(base, sub, super string) string {
	switch {
	case base == "∏" || base == "∑":
		return "munderover"
	case sub != "" && super != "":
		return "msubsup"
	case sub != "":
		return "msub"
	case super != "":
		return "msup"
	}
	return ""
}

// word separates the first letter or sign of text from the rest, or a word such as log.
func word(text string) (first, rest string) {
	for _, w := range []string{"log", "SNR", "KL"} {
		if rest, ok := strings.CutPrefix(text, w); ok {
			return w, strings.TrimPrefix(rest, " ")
		}
	}
	_, size := utf8.DecodeRuneInString(text)
	return text[:size], text[size:]
}

// script separates a script that begins with mark, without its braces, from the rest.
func script(text string, mark byte) (of, rest string) {
	if text == "" || text[0] != mark {
		return "", text
	}
	text = text[1:]
	if text[0] != '{' {
		_, size := utf8.DecodeRuneInString(text)
		return text[:size], text[size:]
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return text[1:i], text[i+1:]
		}
	}
	panic("derive: malformed symbol")
}
