package wire

import "strconv"

// methods writes what package protocol needs to tell its types apart.
func (s *Schema) methods() string {
	w := &writer{}
	w.WriteString(header + "package protocol\n\n")
	for _, r := range s.Requests {
		w.line("func (%s) Type() string { return %q }", r.Name, r.Type)
	}
	w.line("")
	for _, r := range s.Requests {
		receiver, id := "", "0"
		for _, f := range r.Fields {
			if f.Wire == "id" {
				receiver, id = "r ", "r."+f.Name
			}
		}
		w.line("func (%s%s) request() (id int, asks bool) { return %s, %v }",
			receiver, r.Name, id, r.Asks())
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
		if s.listed(p) {
			p.list(w)
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
	return map[Kind]string{Text: "text", Int: "number", Bool: "truth", Bytes: "content"}[f.Kind]
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
		key, entry := f.Of.Fields[0], f.Of.Fields[1]
		w.line("%s := p.object.New()", f.Wire)
		w.line("for _, m := range %s {\n%s.Set(m.%s, m.%s)\n}", value, f.Wire, key.Name, entry.Name)
		value = f.Wire
	}
	w.line("o.Set(%s, %s)", strconv.Quote(f.Wire), value)
}

// listed reports whether a message holds a list of the part.
func (s *Schema) listed(part *Struct) bool {
	for _, m := range s.Messages {
		for _, f := range m.Fields {
			if f.Kind == Structs && f.Of == part {
				return true
			}
		}
	}
	return false
}

// list writes the function that makes an array of parts.
func (s *Struct) list(w *writer) {
	w.line("func (p *poster) list%s(list []protocol.%s) js.Value {", s.Name, s.Name)
	w.line("a := p.array.New()\nfor _, m := range list {\no := p.object.New()")
	for _, f := range s.Fields {
		f.set(w)
	}
	w.line(`a.Call("push", o)` + "\n}\nreturn a\n}\n")
}
