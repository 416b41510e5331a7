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
	w.fill("<math>$00</math>", wrap(0, n))
	return string(w.out)
}

// words returns a coefficient as text.
func words(n *node, skips bool) string {
	w := writer{plain: true, skips: skips, summed: n.summed}
	w.node(n.args[0], loose)
	return string(w.out)
}

// fill writes a template of kinds with the args of n. A text has no tags.
func (w *writer) fill(template string, n *node) {
	tag := false
	for i := 0; i < len(template); i++ {
		c := template[i]
		if c == '$' {
			w.node(n.args[template[i+1]-'0'], template[i+2])
			i += 2
			continue
		}
		tag = tag || c == '<'
		if !tag || !w.plain {
			w.out = append(w.out, c)
		}
		tag = tag && c != '>'
	}
}

// write writes elements without nodes.
func (w *writer) write(elements string) { w.fill(elements, nil) }

// binds returns how tightly a node does.
func (w *writer) binds(n *node) byte {
	for n.op == coefficient {
		n = n.args[0]
	}
	if w.plain {
		return kinds[n.op].bindsPlain
	}
	return kinds[n.op].binds
}

// node writes a node as one element, in parentheses where it binds less than asked.
func (w *writer) node(n *node, asked byte) {
	k := &kinds[n.op]
	switch {
	case n.op == coefficient:
		if w.indexed {
			w.write(`<mrow data-coefficient="` + strconv.Itoa(n.number) + `">`)
		} else {
			w.write("<mrow>")
		}
		w.node(n.args[0], asked)
		w.write("</mrow>")
	case w.binds(n) < asked:
		w.fill("<mrow><mo>(</mo>$00<mo>)</mo></mrow>", wrap(0, n))
	case n.op == symbol:
		w.typeset(symbols[n.number].shown, true)
	case n.op == integer:
		w.write("<mn>" + strconv.Itoa(n.number) + "</mn>")
	case k.math == "":
		w.list(n)
	case w.plain && k.plain != "":
		w.fill(k.plain, n)
	default:
		outside := w.summed
		w.summed = outside || n.op == total
		w.fill(k.math, n)
		w.summed = outside
	}
}

// list writes the terms of a sum or the factors of a product, with invisible times signs.
func (w *writer) list(n *node) {
	w.write("<mrow>")
	for i, arg := range n.args {
		sign, asked := "<mo>+</mo>", byte(factor)
		switch {
		case n.op == plus && arg.op == negative:
			i, sign, arg = 1, "<mo>−</mo>", arg.args[0]
		case n.op == times && w.plain:
			sign, asked = " ", divided
		case n.op == times:
			sign = "<mo>\u2062</mo>"
		}
		if i > 0 {
			w.write(sign)
		}
		w.node(arg, asked)
	}
	w.write("</mrow>")
}

// typeset writes the text of a symbol as one element. pictures says that its letters may stand for
// pictures, which those of a script do not.
func (w *writer) typeset(text string, pictures bool) {
	p, rest := w.cut(text)
	several := rest != "" && !w.plain
	if several {
		w.write("<mrow>")
	}
	for w.part(p, pictures); rest != ""; w.part(p, pictures) {
		p, rest = w.cut(rest)
	}
	if several {
		w.write("</mrow>")
	}
}

// part is a letter, a sign or a word with an accent and scripts, each of which may be "".
type part struct{ base, accent, sub, super string }

// cut separates the first part of text from the rest.
func (w *writer) cut(text string) (p part, rest string) {
	p.base, text = word(text)
	p.accent, text = prefix(text, "\u0302")
	p.sub, text = script(text, "_")
	p.super, text = script(text, "^")
	if skips := w.skips && !w.summed; skips && p.base == "α" && p.sub == "t" {
		p.sub = "t|s"
	} else if skips && p.base == previous {
		p.base = "s"
	}
	return p, text
}

// previous is the timestep before t.
const previous = "t−1"

// part writes a part as one element.
func (w *writer) part(p part, pictures bool) {
	if w.plain {
		w.write(p.base + p.accent)
		w.script("_", p.sub)
		w.script("^", p.super)
		return
	}
	kind := "msubsup"
	switch {
	case p.base == "∏":
		kind = "munderover"
	case p.super == "":
		kind = "msub"
	}
	if p.sub != "" {
		w.write("<" + kind + ">")
	}
	w.write(element(p, pictures))
	w.script("", p.sub)
	w.script("", p.super)
	if p.sub != "" {
		w.write("</" + kind + ">")
	}
}

// script writes a subscript or superscript, if there is one; mark begins it in text.
func (w *writer) script(mark, text string) {
	if text == "" {
		return
	}
	if w.plain {
		w.write(mark)
		if _, rest := w.cut(text); rest != "" {
			w.write("{")
			defer w.write("}")
		}
	}
	w.typeset(text, false)
}

// element is that of a part without its scripts.
func element(p part, pictures bool) string {
	open := "<mi>"
	switch {
	case p.base == previous:
		return "<mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow>"
	case p.base == "ᾱ":
		return `<mover accent="true"><mi>α</mi><mo>¯</mo></mover>`
	case p.base == "log":
		open = spaced
	case '0' <= p.base[0] && p.base[0] <= '9':
		open = "<mn>"
	case p.base[0] < 'A' || '[' <= p.base[0] && p.base[0] <= ']' || p.base[0] == '|':
		open = `<mo stretchy="false">`
	case p.base == "∇" || p.base == "∏" || p.base == "∥":
		open = "<mo>"
	case !pictures:
	case p.base == "x" || p.base == "ε" || p.base == "μ" || p.base == "v",
		p.base == "s" && p.sub != "":
		open = `<mi class="picture">`
	}
	all := open + p.base + "</" + open[1:3] + ">"
	if p.accent != "" {
		all = `<mover accent="true">` + all + "<mo>^</mo></mover>"
	}
	return all
}

// word separates the first letter or sign of text from the rest, or a word such as log.
func word(text string) (first, rest string) {
	for _, w := range [...]string{"log ", "SNR", "KL", previous} {
		if strings.HasPrefix(text, w) {
			text = text[len(w):]
			if w == "log " {
				w = "log"
			}
			return w, text
		}
	}
	_, size := utf8.DecodeRuneInString(text)
	return text[:size], text[size:]
}

// prefix separates what text begins with, if it does, from the rest.
func prefix(text, what string) (found, rest string) {
	if strings.HasPrefix(text, what) {
		return what, text[len(what):]
	}
	return "", text
}

// script separates a script that begins with mark, without its braces, from the rest.
func script(text, mark string) (of, rest string) {
	found, rest := prefix(text, mark)
	if found == "" {
		return "", text
	}
	if rest[0] != '{' {
		return word(rest)
	}
	depth := 0
	for i := range len(rest) {
		switch rest[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return rest[1:i], rest[i+1:]
		}
	}
	panic("derive: malformed symbol")
}
