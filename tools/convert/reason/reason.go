// Package reason has what a conversion says to a person, in a page as well as on the command line:
// why it refuses a checkpoint, and notes of what it has chosen and passed over.
//
// Both are English sentences, which the command line prints as they are. Beside each stand an
// identifier and the values of the sentence, from which the page makes a sentence of its own, in
// the reader's language and with the names of its fields in place of flags: own.why.ID of a Reason
// in web/text/why.js, and own.note.ID of a Note in web/text/note.js. A test of wasm/converter holds
// them together.
package reason

import (
	"fmt"
	"maps"
	"strings"
)

// Reason is why something cannot be converted.
type Reason struct {
	ID     string         // of letters and dots
	Values map[string]any // texts and whole numbers, by the names that text has in braces
	text   string
	phrase map[string]string // English in place of values that are identifiers of notes
	err    error             // has the sentence in place of text, if it is there
}

// New returns the reason of an identifier. text is its English sentence, in which {name} stands for
// a value; values are names, each followed by its value: a whole number, a text that stands in a
// file or that a person gave, or, for words of our own, a Note. That is a phrase inside the
// sentence: Values have its identifier in its place, and its values beside it.
func New(id, text string, values ...any) *Reason {
	r := &Reason{ID: id, Values: map[string]any{}, text: text, phrase: map[string]string{}}
	for i := 0; i+1 < len(values); i += 2 {
		name, value := values[i].(string), values[i+1]
		if n, ok := value.(Note); ok {
			maps.Copy(r.Values, n.Values())
			r.phrase[name], value = n.String(), n.ID()
		}
		r.Values[name] = value
	}
	return r
}

// Note is a sentence that is no refusal.
type Note struct{ r *Reason }

// NewNote is New for a note.
func NewNote(id, text string, values ...any) Note { return Note{New(id, text, values...)} }

// ID is the identifier, which only notes share.
func (n Note) ID() string { return n.r.ID }

// Values are those of the sentence.
func (n Note) Values() map[string]any { return n.r.Values }

// String returns the English sentence.
func (n Note) String() string { return n.r.Error() }

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
	about := *r
	about.Values = maps.Clone(r.Values)
	about.Values["file"] = file
	if r.err != nil || !strings.Contains(r.text, "{file}") {
		return fmt.Errorf("%s: %w", file, &about)
	}
	return &about
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
		if phrase, ok := r.phrase[name]; ok {
			b.WriteString(phrase)
		} else {
			b.WriteString(fmt.Sprint(r.Values[name]))
		}
		rest = behind
	}
}
