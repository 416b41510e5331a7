package browser

import "strings"

// What many tests ask of the page, as expressions.
const (
	state   = `document.documentElement.dataset.state`
	done    = state + ` === 'done'`
	refused = state + ` === 'failed'`
	paused  = `'paused' in document.documentElement.dataset`
	// startable holds when a run can be started.
	startable = `document.getElementById('start').ariaDisabled === 'false'`
	// hashed holds when a run is done and the address has the hash of its pictures.
	hashed = done + ` && location.hash.includes('&h=')`
	// compared holds when two runs are done and the address certifies both.
	compared = done + ` && location.search.includes('against-h')`
	// repainted resolves when what has changed is drawn.
	repainted = `new Promise((resolve) =>
		requestAnimationFrame(() => requestAnimationFrame(() => resolve(0))))`
)

// byID is the element with an id.
func byID(id string) string { return `document.getElementById('` + id + `')` }

// ofStage is an expression of the page's stage, which may be a promise.
func ofStage(expression string) string {
	return `import('/web/page/main.js').then(({stage}) => ` + expression + `)`
}

// has holds when an element's text has a part. The part is not taken for the
// name of a file.
func has(id, part string) string {
	return byID(id) + `.textContent.includes(` + strings.ReplaceAll(quoted(part), "/", `\/`) + `)`
}

// waitText waits until an element's text has a part.
func (w *tab) waitText(id, part string) {
	w.t.Helper()
	w.wait(has(id, part))
}

// waitDone waits for the end of a run whose address begins with a fragment.
func (w *tab) waitDone(fragment string) {
	w.t.Helper()
	w.wait(done + ` && location.hash.startsWith(` + quoted(fragment) + `)`)
}

// follow goes to another recipe, "#…", as a link in the page does.
func (w *tab) follow(fragment string) {
	w.t.Helper()
	eval[any](w, `location.hash = `+quoted(fragment)+`; 0`)
}

// forget has the page forget the events so far.
func (w *tab) forget() {
	w.t.Helper()
	eval[any](w, `heard.length = 0; 0`)
}

// text is what an element says.
func (w *tab) text(id string) string {
	w.t.Helper()
	return eval[string](w, byID(id)+`.textContent`)
}

// says fails unless an element's text has all parts.
func (w *tab) says(id string, parts ...string) {
	w.t.Helper()
	got := w.text(id)
	for _, part := range parts {
		if !strings.Contains(got, part) {
			w.t.Errorf("%s says %q, want %q in it", id, got, part)
		}
	}
}

// value is what a control is set to.
func (w *tab) value(id string) string {
	w.t.Helper()
	return eval[string](w, byID(id)+`.value`)
}

// visible reports whether an element is shown.
func (w *tab) visible(id string) bool {
	w.t.Helper()
	return eval[bool](w, byID(id)+`.checkVisibility()`)
}

// address is all of the address that a link carries.
func (w *tab) address() string {
	w.t.Helper()
	return eval[string](w, `location.search + location.hash`)
}
