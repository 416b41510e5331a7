package wire

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// loader reads the declarations of packages from their source. Those of other modules
// are empty: no message holds what they declare.
type loader struct {
	root, module string
	files        *token.FileSet
	packages     map[string]*types.Package
	syntax       map[*types.Package]map[string]*ast.File // by name, of the module's packages
}

// newLoader returns a loader for the module at root.
func newLoader(root string) (*loader, error) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	module, ok := strings.CutPrefix(strings.TrimSpace(line), "module ")
	if !ok {
		return nil, errors.New("wire: go.mod does not begin with the module's name")
	}
	return &loader{
		root, module, token.NewFileSet(),
		map[string]*types.Package{}, map[*types.Package]map[string]*ast.File{},
	}, nil
}

// load reads the package in a folder of the module.
func (l *loader) load(dir string) (*types.Package, error) {
	folder := filepath.Join(l.root, filepath.FromSlash(dir))
	p, err := build.ImportDir(folder, 0)
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	named := map[string]*ast.File{}
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(l.files, filepath.Join(folder, name), nil,
			parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("wire: %w", err)
		}
		named[name] = file
		files = append(files, file)
	}
	config := types.Config{
		Importer: l, IgnoreFuncBodies: true,
		// What refers to other modules, or to generated code that is not there yet, is
		// no concern of the messages; a field with such a type is refused later.
		Error: func(error) {},
	}
	checked, _ := config.Check(l.module+"/"+dir, l.files, files, nil)
	l.syntax[checked] = named
	return checked, nil
}

// typeSpecs goes through the types that a file declares, with their comments.
func typeSpecs(file *ast.File) iter.Seq2[*ast.TypeSpec, *ast.CommentGroup] {
	return func(yield func(*ast.TypeSpec, *ast.CommentGroup) bool) {
		for _, d := range file.Decls {
			d, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && !yield(t, d.Doc) {
					return
				}
			}
		}
	}
}

// original returns the declaration that an alias stands for, and its comment.
func (l *loader) original(alias types.Object) (*ast.TypeSpec, *ast.CommentGroup) {
	if named, ok := types.Unalias(alias.Type()).(*types.Named); ok {
		for _, file := range l.syntax[named.Obj().Pkg()] {
			for t, doc := range typeSpecs(file) {
				if t.Name.Name == named.Obj().Name() {
					return t, doc
				}
			}
		}
	}
	return &ast.TypeSpec{}, nil
}

// Import implements types.Importer.
func (l *loader) Import(name string) (*types.Package, error) {
	if p, ok := l.packages[name]; ok {
		return p, nil
	}
	p := types.NewPackage(name, path.Base(name))
	if dir, ok := strings.CutPrefix(name, l.module+"/"); ok {
		var err error
		if p, err = l.load(dir); err != nil {
			return nil, err
		}
	}
	p.MarkComplete()
	l.packages[name] = p
	return p, nil
}

// constants returns the values of the string constants that have a type, in the order
// of their declaration.
func constants(t *types.Named) []string {
	scope := t.Obj().Pkg().Scope()
	var all []*types.Const
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), t) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *types.Const) int { return int(a.Pos() - b.Pos()) })
	values := make([]string, len(all))
	for i, c := range all {
		values[i] = constant.StringVal(c.Val())
	}
	return values
}
