package wire

import (
	"path"
	"slices"
	"strconv"
)

// methods writes what the package of the messages needs to tell its types apart.
func (s *Schema) methods() string {
	w := &writer{}
	w.WriteString(header + "package " + s.name + "\n\n")
	for _, r := range s.Requests {
		receiver, id := "", "0"
		for _, f := range r.Fields {
			if f.Wire == "id" {
				receiver, id = "r ", "r."+f.Name
			}
		}
		w.line("func (%s%s) request() (kind string, id int, asks bool) { return %q, %s, %v }",
			receiver, r.Name, r.Type, id, r.Asks())
	}
	w.line("")
	for _, m := range s.Messages {
		w.line("func (%s) Type() string { return %q }", m.Name, m.Type)
	}
	return w.String()
}

// translation writes the decoder and the encoder of the worker.
func (s *Schema) translation() string {
	w := &writer{}
	w.WriteString(header + "package main\n\n")
	w.line("import (\n\"syscall/js\"\n\n\"tweedie/wasm/post\"")
	if s.Program.Main != s.Program.Messages {
		w.line("\"tweedie/%s\"", s.Program.Messages)
	}
	w.line(")\n")
	if len(s.Requests) > 0 {
		s.decoder(w)
	}
	s.encoder(w)
	for _, p := range s.Parts {
		typ := s.prefix() + p.Name
		w.line("func make%s(p *post.Poster, m *%s) js.Value {\no := p.Object()", p.Name, typ)
		for _, f := range p.Fields {
			f.set(w)
		}
		w.line("return o\n}\n")
		if s.holds(p, Structs) {
			w.line("func list%s(p *post.Poster, list []%s) js.Value {", p.Name, typ)
			w.line("a := p.Array()\nfor i := range list {")
			w.line("a.Call(\"push\", make%s(p, &list[i]))\n}\nreturn a\n}\n", p.Name)
		}
		if s.holds(p, Record) {
			w.line("func record%s(p *post.Poster, list []%s) js.Value {", p.Name, typ)
			w.line("o := p.Object()\nfor i := range list {\nm := &list[i]")
			w.line("o.Set(m.%s, make%s(p, m))\n}\nreturn o\n}\n", p.Fields[0].Name, p.Name)
		}
	}
	return w.String()
}

// prefix stands before the name of a message in the program.
func (s *Schema) prefix() string {
	if s.Program.Main == s.Program.Messages {
		return ""
	}
	return path.Base(s.Program.Messages) + "."
}

// decoder writes the function that reads a request.
func (s *Schema) decoder(w *writer) {
	w.line("// decode reads a message of the page. A field that is missing or of another type is")
	w.line("// zero, which the session reports in its own words.")
	prefix := s.prefix()
	w.line("func decode(v js.Value) %sRequest {", prefix)
	w.line("if v.Type() != js.TypeObject {\nreturn %sUnknown{}\n}", prefix)
	w.line(`switch kind := post.ReadText(v.Get("type")); kind {`)
	for _, r := range s.Requests {
		w.line("case %q:\nreturn %s%s{", r.Type, prefix, r.Name)
		for _, f := range r.Fields {
			w.line("%s: post.%s(v.Get(%q)),", f.Name, f.reader(), f.Wire)
		}
		w.line("}")
	}
	w.line("default:\nreturn %sUnknown{Name: kind}\n}\n}\n", prefix)
}

// reader is the function of package post that reads a field.
func (f *Field) reader() string {
	return map[Kind]string{
		Text: "ReadText", Int: "ReadWhole", Float: "ReadNumber", Bool: "ReadTruth",
		Bytes: "ReadBytes", Source: "ReadSource", Texts: "ReadTexts", Dict: "ReadDict",
	}[f.Kind]
}

// encoder writes the function that sends a message.
func (s *Schema) encoder(w *writer) {
	w.line("// send posts a message. Bytes are copied into buffers that are transferred.")
	w.line("func send(p *post.Poster, m %sMessage) {", s.prefix())
	w.line("o, transfer := p.Object(), p.Array()")
	w.line(`o.Set("type", m.Type())`)
	w.line("switch m := m.(type) {")
	for _, m := range s.Messages {
		w.line("case %s%s:", s.prefix(), m.Name)
		for _, f := range m.Fields {
			f.set(w)
		}
	}
	w.line("}\np.Send(o, transfer)\n}\n")
}

// set writes the line that sets a field of the object o.
func (f *Field) set(w *writer) {
	value := "m." + f.Name
	if f.Optional {
		zero := map[Kind]string{Text: `""`, Int: "0", Float: "0", Bool: "false"}[f.Kind]
		if zero == "" {
			zero = "nil"
		}
		w.line("if %s != %s {", value, zero)
		defer w.line("}")
	}
	switch f.Kind {
	case Text:
		if f.Values != nil {
			value = "string(" + value + ")"
		}
	case Bytes:
		value = "p.Bytes(transfer, " + value + ")"
	case Texts:
		value = "p.Texts(" + value + ")"
	case Values:
		value = "p.Values(" + value + ")"
	case Object:
		value = "make" + f.Of.Name + "(p, &" + value + ")"
	case Structs:
		value = "list" + f.Of.Name + "(p, " + value + ")"
	case Record:
		value = "record" + f.Of.Name + "(p, " + value + ")"
	}
	w.line("o.Set(%s, %s)", strconv.Quote(f.Wire), value)
}

// holds reports whether a message or a part has a field of a kind that consists of the part.
func (s *Schema) holds(part *Struct, kind Kind) bool {
	for _, m := range slices.Concat(s.Messages, s.Parts) {
		for _, f := range m.Fields {
			if f.Kind == kind && f.Of == part {
				return true
			}
		}
	}
	return false
}
