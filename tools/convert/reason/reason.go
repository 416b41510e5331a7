// Package reason has the refusals of a conversion that a person can meet in a page as well as on
// the command line.
//
// A Reason is an English sentence, which the command line prints as it is. Beside it stand an
// identifier and the values of the sentence, from which the page makes a sentence of its own, in
// the reader's language and with the names of its fields in place of flags: own.why.ID in
// web/text/why.js. A test of wasm/converter holds the two together.
package reason

import (
	"fmt"
	"strings"
)

// Reason is why something cannot be converted.
type Reason struct {
	ID     string         // of letters and dots
	Values map[string]any // texts and whole numbers, by the names that text has in braces
	text   string
	err    error // has the sentence in place of text, if it is there
}

// New returns the reason of an identifier. text is its English sentence, in which {name} stands for
// a value; values are names, each followed by its value.
func New(id, text string, values ...any) *Reason {
	r := &Reason{ID: id, Values: map[string]any{}, text: text}
	for i := 0; i+1 < len(values); i += 2 {
		r.Values[values[i].(string)] = values[i+1]
	}
	return r
}

// Of is New for an error that has the English sentence already.
func Of(id string, err error, values ...any) *Reason {
	r := New(id, "", values...)
	r.err = err
	return r
}

// About returns the error with the name of the file that it is about: as the value {file}, and
// before the sentence unless it names the file itself.
func (r *Reason) About(file string) error {
	if _, named := r.Values["file"]; named {
		return r
	}
	about := &Reason{r.ID, map[string]any{"file": file}, r.text, r.err}
	for name, value := range r.Values {
		about.Values[name] = value
	}
	if r.err != nil || !strings.Contains(r.text, "{file}") {
		return fmt.Errorf("%s: %w", file, about)
	}
	return about
}

// Unwrap returns the error of Of.
func (r *Reason) Unwrap() error { return r.err }

// Error returns the English sentence.
func (r *Reason) Error() string {
	if r.err != nil {
		return r.err.Error()
	}
	var b strings.Builder
	for rest := r.text; ; {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, behind, _ := strings.Cut(after, "}")
		b.WriteString(fmt.Sprint(r.Values[name]))
		rest = behind
	}
}
