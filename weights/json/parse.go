package json

import (
	"strconv"
	"unicode/utf8"
)

// Limits of what Parse accepts. A Value takes up to 40 times the bytes of its text
// (`[[],[]…`), so their number is bounded too: a safetensors header has seven to
// nine values a tensor.
const (
	maxDepth  = 64
	maxValues = 1 << 20
)

// SyntaxError tells where a text stops being JSON.
type SyntaxError struct {
	Offset  int // of the offending byte
	Message string
}

func (e *SyntaxError) Error() string {
	return "json: at byte " + strconv.Itoa(e.Offset) + ": " + e.Message
}

// Parse reads one JSON value with nothing but white space around it. It refuses what
// RFC 8259 leaves open: duplicate keys, lone surrogates, invalid UTF-8, nesting
// deeper than 64 and more than 1,048,576 values. The error is a *SyntaxError.
// The Value does not alias b.
func Parse(b []byte) (Value, error) {
	return (&parser{src: b}).document()
}

// ParsePython reads what Python's json module writes, which is JSON but for numbers that are not
// finite: NaN, Infinity and -Infinity become the strings of these names, so that Append writes JSON
// again. A byte order mark, which some editors put first, is skipped. Everything else is as in
// Parse.
func ParsePython(b []byte) (Value, error) {
	p := parser{src: b, python: true}
	if len(b) >= len(byteOrderMark) && string(b[:len(byteOrderMark)]) == byteOrderMark {
		p.pos = len(byteOrderMark)
	}
	return p.document()
}

const byteOrderMark = "\xef\xbb\xbf"

type parser struct {
	src    []byte
	pos    int
	values int
	python bool // numbers that are not finite are read
}

// document reads the whole text.
func (p *parser) document() (Value, error) {
	p.space()
	v, err := p.value(0)
	if err != nil {
		return Value{}, err
	}
	p.space()
	if p.pos < len(p.src) {
		return Value{}, p.unexpected("the end of the text")
	}
	return v, nil
}

func (p *parser) fail(at int, message string) error {
	return &SyntaxError{Offset: at, Message: message}
}

// unexpected reports the byte at the current position where wanted should stand.
func (p *parser) unexpected(wanted string) error {
	if p.pos >= len(p.src) {
		return p.fail(p.pos, "the text ends where "+wanted+" should follow")
	}
	got := strconv.QuoteToASCII(string(p.src[p.pos : p.pos+1]))
	return p.fail(p.pos, got+" where "+wanted+" should be")
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// take skips white space and the byte c behind it; false leaves the position at
// what stands there instead.
func (p *parser) take(c byte) bool {
	p.space()
	if p.pos < len(p.src) && p.src[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *parser) value(depth int) (Value, error) {
	if depth > maxDepth {
		return Value{}, p.fail(p.pos, "nested deeper than "+strconv.Itoa(maxDepth)+" levels")
	}
	if p.values++; p.values > maxValues {
		return Value{}, p.fail(p.pos, "more than "+strconv.Itoa(maxValues)+" values")
	}
	if p.pos >= len(p.src) {
		return Value{}, p.unexpected("a value")
	}
	if p.python {
		for _, word := range [...]string{"NaN", "Infinity", "-Infinity"} {
			if p.word(word) {
				return Value{kind: String, text: word}, nil
			}
		}
	}
	switch c := p.src[p.pos]; {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		s, err := p.string()
		return Value{kind: String, text: s}, err
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	for _, w := range literals {
		if p.word(w.text) {
			return w.value, nil
		}
	}
	return Value{}, p.unexpected("a value")
}

// word takes a word that stands at the current position.
func (p *parser) word(word string) bool {
	if len(p.src)-p.pos < len(word) || string(p.src[p.pos:p.pos+len(word)]) != word {
		return false
	}
	p.pos += len(word)
	return true
}

var literals = [...]struct {
	text  string
	value Value
}{
	{"null", Value{kind: Null}},
	{"true", Value{kind: Bool, truth: true}},
	{"false", Value{kind: Bool}},
}

func (p *parser) array(depth int) (Value, error) {
	p.pos++
	v := Value{kind: Array}
	if p.take(']') {
		return v, nil
	}
	for {
		p.space()
		e, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		v.array = append(v.array, e)
		if p.take(']') {
			return v, nil
		}
		if !p.take(',') {
			return Value{}, p.unexpected("',' or ']'")
		}
	}
}

func (p *parser) object(depth int) (Value, error) {
	p.pos++
	v := Value{kind: Object}
	if p.take('}') {
		return v, nil
	}
	var seen keySet
	for {
		p.space()
		at := p.pos
		if at >= len(p.src) || p.src[at] != '"' {
			return Value{}, p.unexpected("a key in quotes")
		}
		key, err := p.string()
		if err != nil {
			return Value{}, err
		}
		if seen.has(v.members, key) {
			reason := "the key " + strconv.QuoteToASCII(key) + " stands twice in one object"
			return Value{}, p.fail(at, reason)
		}
		if !p.take(':') {
			return Value{}, p.unexpected("':'")
		}
		p.space()
		e, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		v.members = append(v.members, Member{key, e})
		if p.take('}') {
			return v, nil
		}
		if !p.take(',') {
			return Value{}, p.unexpected("',' or '}'")
		}
	}
}

// keySet finds duplicate keys: by comparison while they are few, by a map beyond,
// so that a header of many thousand tensors stays linear.
type keySet struct {
	index map[string]struct{}
}

func (s *keySet) has(members []Member, key string) bool {
	const few = 16
	if s.index == nil {
		for i := range members {
			if members[i].Key == key {
				return true
			}
		}
		if len(members) < few {
			return false
		}
		s.index = make(map[string]struct{}, 2*few)
		for i := range members {
			s.index[members[i].Key] = struct{}{}
		}
	}
	if _, ok := s.index[key]; ok {
		return true
	}
	s.index[key] = struct{}{}
	return false
}

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? and keeps its text.
func (p *parser) number() (Value, error) {
	start := p.pos
	if p.src[p.pos] == '-' {
		p.pos++
	}
	zero := p.pos < len(p.src) && p.src[p.pos] == '0'
	n := p.digits()
	if n == 0 {
		return Value{}, p.unexpected("a digit")
	}
	if zero && n > 1 {
		return Value{}, p.fail(start, "a number with a leading zero")
	}
	if p.pos < len(p.src) && p.src[p.pos] == '.' {
		p.pos++
		if p.digits() == 0 {
			return Value{}, p.unexpected("a digit")
		}
	}
	if p.pos < len(p.src) && p.src[p.pos]|0x20 == 'e' {
		p.pos++
		if p.pos < len(p.src) && (p.src[p.pos] == '+' || p.src[p.pos] == '-') {
			p.pos++
		}
		if p.digits() == 0 {
			return Value{}, p.unexpected("a digit")
		}
	}
	return Value{kind: Number, text: string(p.src[start:p.pos])}, nil
}

func (p *parser) digits() int {
	start := p.pos
	for p.pos < len(p.src) && '0' <= p.src[p.pos] && p.src[p.pos] <= '9' {
		p.pos++
	}
	return p.pos - start
}

// string reads a quoted string; the position is at its opening quote.
func (p *parser) string() (string, error) {
	p.pos++
	start := p.pos
	var out []byte // nil until an escape is met
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		switch {
		case c == '"':
			rest := p.src[start:p.pos]
			p.pos++
			if out == nil {
				return string(rest), nil
			}
			return string(append(out, rest...)), nil
		case c == '\\':
			out = append(out, p.src[start:p.pos]...)
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
			start = p.pos
		case c < 0x20:
			return "", p.fail(p.pos, "a control character inside a string")
		case c < utf8.RuneSelf:
			p.pos++
		default:
			r, n := utf8.DecodeRune(p.src[p.pos:])
			if r == utf8.RuneError && n == 1 {
				return "", p.fail(p.pos, "a string that is not valid UTF-8")
			}
			p.pos += n
		}
	}
	return "", p.unexpected("the end of a string")
}

// escape reads an escape sequence; the position is at its backslash.
func (p *parser) escape() (rune, error) {
	at := p.pos
	p.pos++
	if p.pos >= len(p.src) {
		return 0, p.unexpected("an escape")
	}
	c := p.src[p.pos]
	p.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return p.unicode(at)
	}
	return 0, p.fail(at, "an unknown escape in a string")
}

// unicode reads the four digits behind \u, and the second half of a surrogate pair.
func (p *parser) unicode(at int) (rune, error) {
	high, ok := p.hex4()
	if !ok {
		return 0, p.fail(at, `\u without four hexadecimal digits`)
	}
	if high < 0xD800 || high > 0xDFFF {
		return high, nil
	}
	if high < 0xDC00 && p.pos+1 < len(p.src) && p.src[p.pos] == '\\' && p.src[p.pos+1] == 'u' {
		p.pos += 2
		if low, ok := p.hex4(); ok && low >= 0xDC00 && low <= 0xDFFF {
			return 0x10000 + (high-0xD800)<<10 + (low - 0xDC00), nil
		}
	}
	return 0, p.fail(at, "half of a surrogate pair")
}

func (p *parser) hex4() (rune, bool) {
	if len(p.src)-p.pos < 4 {
		return 0, false
	}
	var r rune
	for _, c := range p.src[p.pos : p.pos+4] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	p.pos += 4
	return r, true
}
