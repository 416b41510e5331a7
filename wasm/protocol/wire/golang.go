package wire

import "strconv"

// methods writes what package protocol needs to tell its types apart.
func (s *Schema) methods() string {
	w := &writer{}
	w.WriteString(header + "package protocol\n\n")
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
	w.line("import (\n\"syscall/js\"\n\n\"tweedie/wasm/protocol\"\n)\n")
	s.decoder(w)
	s.encoder(w)
	for _, p := range s.Parts {
		p.make(w)
		if s.holds(p, Structs) {
			w.line("func (p *poster) list%s(list []protocol.%s) js.Value {", p.Name, p.Name)
			w.line("a := p.array.New()\nfor _, m := range list {")
			w.line("a.Call(\"push\", p.make%s(m))\n}\nreturn a\n}\n", p.Name)
		}
		if s.holds(p, Record) {
			w.line("func (p *poster) record%s(list []protocol.%s) js.Value {", p.Name, p.Name)
			w.line("o := p.object.New()\nfor _, m := range list {")
			w.line("o.Set(m.%s, p.make%s(m))\n}\nreturn o\n}\n", p.Fields[0].Name, p.Name)
		}
	}
	return w.String()
}

// decoder writes the function that reads a request.
func (s *Schema) decoder(w *writer) {
	w.line("// decode reads a message of the page. A field that is missing or of another type is")
	w.line("// zero, which the session reports in its own words.")
	w.line("func decode(v js.Value) protocol.Request {")
	w.line("if v.Type() != js.TypeObject {\nreturn protocol.Unknown{}\n}")
	w.line(`switch kind := text(v.Get("type")); kind {`)
	for _, r := range s.Requests {
		w.line("case %q:\nreturn protocol.%s{", r.Type, r.Name)
		for _, f := range r.Fields {
			w.line("%s: %s(v.Get(%q)),", f.Name, f.reader(), f.Wire)
		}
		w.line("}")
	}
	w.line("default:\nreturn protocol.Unknown{Name: kind}\n}\n}\n")
}

// reader is the function of the worker that reads a field.
func (f *Field) reader() string {
	return map[Kind]string{
		Text: "text", Int: "number", Bool: "truth", Bytes: "content", Texts: "texts", Dict: "dict",
	}[f.Kind]
}

// encoder writes the function that fills in a message.
func (s *Schema) encoder(w *writer) {
	w.line("// fill sets the fields of a message. Buffers of pixels are added to transfer.")
	w.line("func (p *poster) fill(o, transfer js.Value, m protocol.Message) {")
	w.line(`o.Set("type", m.Type())`)
	w.line("switch m := m.(type) {")
	for _, m := range s.Messages {
		w.line("case protocol.%s:", m.Name)
		for _, f := range m.Fields {
			f.set(w)
		}
	}
	w.line("}\n}\n")
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
		value = "p.pixels(transfer, " + value + ")"
	case Texts:
		value = "p.texts(" + value + ")"
	case Structs:
		value = "p.list" + f.Of.Name + "(" + value + ")"
	case Record:
		value = "p.record" + f.Of.Name + "(" + value + ")"
	}
	w.line("o.Set(%s, %s)", strconv.Quote(f.Wire), value)
}

// holds reports whether a message has a field of a kind that consists of the part.
func (s *Schema) holds(part *Struct, kind Kind) bool {
	for _, m := range s.Messages {
		for _, f := range m.Fields {
			if f.Kind == kind && f.Of == part {
				return true
			}
		}
	}
	return false
}

// make writes the function that makes an object of a part.
func (s *Struct) make(w *writer) {
	w.line("func (p *poster) make%s(m protocol.%s) js.Value {\no := p.object.New()", s.Name, s.Name)
	for _, f := range s.Fields {
		f.set(w)
	}
	w.line("return o\n}\n")
}
