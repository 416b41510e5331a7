package browser

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tweedie/wasm/protocol"
)

// rest waits until the page is at rest, as someone who ends what takes long, and checks what is
// there.
func (w *walker) rest() {
	w.t.Helper()
	w.note("rest")
	s := w.settled()
	if w.t.Failed() {
		return
	}
	if s.Dialog != "" {
		w.press(kb.Escape)
		w.wait(`!document.querySelector('dialog[open]')`)
	}
	w.quiet()
	w.agrees(s)
	if s.State == "failed" || s.State == "loading" || w.rand.IntN(4) == 0 {
		w.another()
	}
}

// calm is how long nothing must have been answered for the page to have taken it in: a module that
// has come is not known to the page's other scripts before it runs.
const calm = 300 * time.Millisecond

// settled is what is seen once nothing is under way.
func (w *walker) settled() seen {
	w.t.Helper()
	began := time.Now()
	for {
		var s seen
		w.into(call("seen-walk.js"), &s)
		// Runs that follow each other without the page are no requests of their own.
		goes := s.State == "running" && !s.Paused || s.State == "loading" || s.Walks
		if s.Rests && !goes && w.site.rests(calm) {
			return s
		}
		if spent := time.Since(began); spent > patience {
			w.t.Errorf("the page does not come to rest: %+v", s)
			return s
		} else if spent > 3*time.Second && s.State == "running" && s.Cancels {
			w.note("end the run")
			w.pressOn("#cancel", 0)
		} else if spent > 3*time.Second && s.Walks {
			w.note("stand still in the plane")
			w.pressOn("#plane-walk", 0)
		} else if spent > 20*time.Second && s.Stays {
			w.pressOn("#load-stay", 0)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// quiet fails if the page has complained of something else than the network that was taken away.
func (w *walker) quiet() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	others, _ := sift(w.complains, []string{"net::ERR_"})
	for _, complaint := range others {
		w.t.Errorf("the page complains: %s", complaint)
	}
	w.complains = nil
}

// another draws another picture, as a person can at any time: where a value is wrong, after going
// back to the defaults, and where the network was gone, after trying again.
func (w *walker) another() {
	w.t.Helper()
	w.site.cut(false)
	s := w.settled()
	if s.Retries && !s.Startable {
		w.pressOn("#retry", 0)
		s = w.settled()
	}
	if s.Invalid {
		if _, _, there := w.place("#defaults", 0, 0.5); !there {
			w.pressOn("#sheet-open", 0)
		}
		w.pressOn("#defaults", 0)
		s = w.settled()
	}
	if !s.Startable {
		w.t.Errorf("nothing can be drawn: %+v", s)
		return
	}
	if s.Paused {
		w.pressOn("#cancel", 0)
		s = w.settled()
	}
	w.note("draw another")
	w.pressOn("#start", 0)
	for late := time.Now().Add(patience / 3); ; time.Sleep(20 * time.Millisecond) {
		var now seen
		if w.into(call("seen-walk.js"), &now); now.Begun > s.Begun {
			break
		} else if time.Now().After(late) {
			w.t.Errorf("another picture does not begin: %+v", now)
			return
		}
	}
	after := w.settled()
	if after.State != "done" && after.State != "cancelled" {
		w.t.Errorf("another picture ends as %+v", after)
	}
	w.agrees(after)
}

// agrees fails unless the address, what ran last and the controls are one recipe.
func (w *walker) agrees(s seen) {
	w.t.Helper()
	if s.State != "done" && s.State != "cancelled" {
		return
	}
	address := wanted(s.Fragment)
	if ran := wanted(s.Ran); !s.Beside && address != ran {
		w.t.Errorf("the address is %s and the run was %s: %+v", address, ran, s)
	}
	if s.Offering || s.Invalid || strings.Contains(address, "image=") {
		return
	}
	for _, field := range w.described(address) {
		shown, there := s.Controls[field.Key]
		if there && field.Key != "w" && !alike(shown, field.Value) {
			w.t.Errorf("%s is shown as %q, and in the address %s it is %q: %+v",
				field.Key, shown, address, field.Value, s)
		}
	}
}

// alike reports whether two values are the same, or the same number.
func alike(a, b string) bool {
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return a == b || err == nil && err2 == nil && x == y
}

// wanted is a recipe without what came of it and without its pixels.
func wanted(fragment string) string {
	var kept []string
	for part := range strings.SplitSeq(fragment, "&") {
		switch key, _, _ := strings.Cut(part, "="); key {
		case "by", "h", "pixels", "model":
		default:
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

// described is what a recipe comes to.
func (w *walker) described(recipe string) []protocol.Field {
	w.t.Helper()
	query, err := url.ParseQuery(recipe)
	if err != nil {
		w.t.Fatal(err)
	}
	model := query.Get("m")
	var heard fieldsHeard
	session := protocol.NewSession(&heard, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: model,
		Bytes: protocol.Bytes(pageFile(w.t, "weights/"+model+".safetensors"))})
	session.Receive(protocol.Describe{ID: 1, Recipe: recipe})
	for _, name := range heard.needs {
		session.Receive(protocol.Load{Model: name,
			Bytes: protocol.Bytes(pageFile(w.t, "weights/"+name+".safetensors")), Beside: true})
		session.Receive(protocol.Describe{ID: 2, Recipe: recipe})
	}
	if heard.fields == nil {
		w.t.Errorf("the address %s cannot be described: %s", recipe, heard.why)
	}
	return heard.fields
}

// fieldsHeard takes the fields of an answer, or what it needs.
type fieldsHeard struct {
	fields []protocol.Field
	needs  []string
	why    string
}

func (f *fieldsHeard) Send(m protocol.Message) {
	switch m := m.(type) {
	case protocol.Described:
		f.fields = m.Fields
	case protocol.Failed:
		f.needs, f.why = m.Needs, m.Message
	}
}
