package wire

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Program is a program that a page talks to, by where its messages stand. Paths are
// folders of the repository.
type Program struct {
	Messages string // the package of message.go and, where the page asks in messages, request.go
	Main     string // of the program, which may be the same
	Scripts  string // with the worker that starts it
}

// The programs.
var (
	Sampler   = Program{Messages: "wasm/protocol", Main: "wasm/worker", Scripts: "web/engine"}
	Converter = Program{Messages: "wasm/converter", Main: "wasm/converter", Scripts: "web/own"}
	Lab       = Program{Messages: "wasm/lab", Main: "wasm/lab", Scripts: "web/lab"}
	Programs  = []Program{Sampler, Converter, Lab}
)

// Schema is everything that the page and a program say to each other.
type Schema struct {
	Program  Program
	name     string    // of the package
	Requests []*Struct // from the page
	Messages []*Struct // to the page
	Parts    []*Struct // that fields of messages consist of
}

// Struct is one type of message, or a part of some.
type Struct struct {
	Name   string // in Go and in TypeScript
	Type   string // on the wire, in the field `type`
	Doc    string
	Fields []Field
}

// Field is one field of a message.
type Field struct {
	Name     string // in Go
	Wire     string // in JavaScript
	Doc      string
	Kind     Kind
	Optional bool     // may be missing, which says that it is zero
	Asks     bool     // the id of a request that ends exactly once
	Ends     bool     // the id of a request that is over with this message
	Values   []string // of a string that has constants; nil for any other
	Of       *Struct  // of Object, Structs and Record
}

// Kind says how a field is written in each language.
type Kind int

// The kinds.
const (
	Text    Kind = iota // string
	Int                 // int
	Float               // float64
	Bool                // bool
	Bytes               // []byte, a Uint8Array
	Source              // weights.Source, the same or a Blob, which stays there; in requests alone
	Texts               // []string
	Object              // S, an object
	Structs             // []S, an array of objects
	Record              // []S, an object of objects, by the first field of S
	Dict                // map[string]string, an object; in requests alone
	Values              // map[string]any, an object of texts and numbers; in messages alone
)

// Asks reports whether the request ends exactly once.
func (s *Struct) Asks() bool {
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Asks })
}

// Ends reports whether a request is over with the message.
func (s *Struct) Ends() bool {
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Ends })
}

// Read reads the messages of a program of the repository at root.
func Read(root string, program Program) (*Schema, error) {
	l, err := newLoader(root)
	if err != nil {
		return nil, err
	}
	p, err := l.load(program.Messages)
	if err != nil {
		return nil, err
	}
	files := l.syntax[p]
	s := &Schema{Program: program, name: p.Name()}
	if s.Requests, err = l.structs(p, files["request.go"]); err != nil {
		return nil, err
	}
	if s.Messages, err = l.structs(p, files["message.go"]); err != nil {
		return nil, err
	}
	if len(s.Messages) == 0 || files["request.go"] != nil && len(s.Requests) == 0 {
		return nil, errors.New("wire: request.go or message.go has no structs")
	}
	if err := s.link(); err != nil {
		return nil, err
	}
	return s, s.check()
}

// check refuses names that are there twice, and fields that are not for every struct.
func (s *Schema) check() error {
	types := map[string]bool{}
	for _, m := range slices.Concat(s.Requests, s.Messages) {
		if types[m.Type] {
			return fmt.Errorf("wire: two types are called %s", m.Type)
		}
		types[m.Type] = true
		fields := map[string]bool{"type": true}
		for _, f := range m.Fields {
			if fields[f.Wire] {
				return fmt.Errorf("wire: %s has two fields %s", m.Name, f.Wire)
			}
			fields[f.Wire] = true
		}
	}
	for _, c := range []struct {
		what    string
		structs []*Struct
		may     func(Field) bool
	}{
		{"request", s.Requests, func(f Field) bool { return f.reader() != "" }},
		{"message", s.Messages, func(f Field) bool { return f.Kind != Dict && f.Kind != Source }},
		{"part", s.Parts, func(f Field) bool {
			return f.Kind != Dict && f.Kind != Bytes && f.Kind != Source
		}},
	} {
		for _, m := range c.structs {
			for _, f := range m.Fields {
				if !c.may(f) {
					return fmt.Errorf("wire: %s.%s is of a kind that no %s has",
						m.Name, f.Name, c.what)
				}
			}
		}
	}
	return nil
}

// link finds the parts among the messages, and what their fields refer to.
func (s *Schema) link() error {
	named := map[string]*Struct{}
	for _, m := range s.Messages {
		named[m.Name] = m
	}
	for _, m := range slices.Concat(s.Requests, s.Messages) {
		for i := range m.Fields {
			f := &m.Fields[i]
			if f.Of == nil {
				continue
			}
			part, ok := named[f.Of.Name]
			if !ok {
				return fmt.Errorf("wire: %s.%s holds %s, which is not in message.go",
					m.Name, f.Name, f.Of.Name)
			}
			if f.Kind == Record && (len(part.Fields) == 0 || part.Fields[0].Kind != Text) {
				return fmt.Errorf("wire: %s.%s is a record, but %s does not begin with its key",
					m.Name, f.Name, part.Name)
			}
			f.Of = part
			if !slices.Contains(s.Parts, part) {
				s.Parts = append(s.Parts, part)
			}
		}
	}
	s.Messages = slices.DeleteFunc(s.Messages, func(m *Struct) bool {
		return slices.Contains(s.Parts, m)
	})
	return nil
}

// structs reads the exported structs of a file of the package p, in their order. A
// struct of another package stands there as an alias.
func (l *loader) structs(p *types.Package, file *ast.File) ([]*Struct, error) {
	if file == nil {
		return nil, nil
	}
	var all []*Struct
	for t, doc := range typeSpecs(file) {
		syntax, documented := t, doc
		if t.Assign.IsValid() {
			syntax, documented = l.original(p.Scope().Lookup(t.Name.Name))
		}
		if doc != nil {
			documented = doc
		}
		fields, ok := syntax.Type.(*ast.StructType)
		if !ok || !t.Name.IsExported() {
			continue
		}
		s := &Struct{Name: t.Name.Name, Type: strings.ToLower(t.Name.Name), Doc: text(documented)}
		typed, ok := p.Scope().Lookup(s.Name).Type().Underlying().(*types.Struct)
		if !ok {
			return nil, fmt.Errorf("wire: %s is no struct", s.Name)
		}
		for _, field := range fields.Fields.List {
			doc := strings.TrimSpace(text(field.Doc) + " " + text(field.Comment))
			for range field.Names {
				i := len(s.Fields)
				f, err := newField(typed.Field(i), typed.Tag(i), doc)
				if err != nil {
					return nil, fmt.Errorf("wire: %s.%w", s.Name, err)
				}
				s.Fields = append(s.Fields, f)
			}
		}
		all = append(all, s)
	}
	return all, nil
}

// newField reads one field. Its tag `wire:"name,option,…"` says what its name and type
// do not.
func newField(v *types.Var, tag, doc string) (Field, error) {
	name, options, _ := strings.Cut(reflect.StructTag(tag).Get("wire"), ",")
	if name == "" {
		name = wireName(v.Name())
	}
	f := Field{Name: v.Name(), Wire: name, Doc: doc}
	record := false
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitempty":
			f.Optional = true
		case "asks":
			f.Asks = true
		case "ends":
			f.Ends = true
		case "record":
			record = true
		default:
			return f, fmt.Errorf("%s has the unknown option %q", f.Name, option)
		}
	}
	if !f.typed(v.Type()) || record && f.Kind != Structs {
		return f, fmt.Errorf("%s is of type %s, which no message can hold", f.Name, v.Type())
	}
	if record {
		f.Kind = Record
	}
	if f.Optional && f.Kind == Object {
		return f, fmt.Errorf("%s is a struct, which cannot be missing", f.Name)
	}
	if (f.Asks || f.Ends) && (f.Kind != Int || f.Wire != "id") {
		return f, fmt.Errorf("%s is no id", f.Name)
	}
	return f, nil
}

// basic are the types that are no list.
var basic = map[types.BasicKind]Kind{
	types.String: Text, types.Int: Int, types.Float64: Float, types.Bool: Bool,
}

// typed sets what follows from the type of a field, and reports whether it is one that
// a message can hold.
func (f *Field) typed(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		kind, ok := basic[u.Kind()]
		f.Kind = kind
		if named, isNamed := t.(*types.Named); isNamed && kind == Text {
			f.Values = constants(named)
		}
		return ok
	case *types.Slice:
		switch e := types.Unalias(u.Elem()).(type) {
		case *types.Basic:
			f.Kind = Texts
			if e.Kind() == types.Uint8 {
				f.Kind = Bytes
			}
			return e.Kind() == types.Uint8 || e.Kind() == types.String
		case *types.Named:
			f.Kind, f.Of = Structs, &Struct{Name: e.Obj().Name()}
			return true
		}
	case *types.Interface:
		named, ok := types.Unalias(t).(*types.Named)
		f.Kind = Source
		return ok && named.Obj().Name() == "Source"
	case *types.Struct:
		named, ok := types.Unalias(t).(*types.Named)
		if ok {
			f.Kind, f.Of = Object, &Struct{Name: named.Obj().Name()}
		}
		return ok
	case *types.Map:
		text := types.Typ[types.String]
		if f.Kind = Dict; types.Identical(u, types.NewMap(text, types.NewInterfaceType(nil, nil))) {
			f.Kind = Values
		}
		return f.Kind == Values || types.Identical(u, types.NewMap(text, text))
	}
	return false
}

// wireName is a name of Go as JavaScript writes it: id, x0MSE, standardError.
func wireName(name string) string {
	letters := []rune(name)
	for i, letter := range letters {
		word := i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1])
		if word || !unicode.IsUpper(letter) {
			break
		}
		letters[i] = unicode.ToLower(letter)
	}
	return string(letters)
}

// text is a comment in one line.
func text(c *ast.CommentGroup) string {
	return strings.Join(strings.Fields(c.Text()), " ")
}
