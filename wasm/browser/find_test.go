package browser

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// find is the one element with an accessible role and name, as a screen reader
// would announce it. Tests use controls in no other way.
func (w *tab) find(role, name string) cdp.BackendNodeID {
	w.t.Helper()
	found := w.findAll(role, name)
	if len(found) != 1 {
		w.t.Fatalf("%d elements are a %s called %q, want 1", len(found), role, name)
	}
	return found[0]
}

func (w *tab) findAll(role, name string) []cdp.BackendNodeID {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	nodes, err := chromedp.Run(ctx,
		func(ctx context.Context, t *chromedp.Target) ([]*accessibility.Node, error) {
			document, err := cdp.Call(ctx, t, dom.GetDocument, dom.GetDocumentParams{})
			if err != nil {
				return nil, err
			}
			query := accessibility.QueryAXTreeParams{
				BackendNodeID: document.Root.BackendNodeID, Role: role, AccessibleName: name,
			}
			answer, err := cdp.Call(ctx, t, accessibility.QueryAXTree, query)
			return answer.Nodes, err
		})
	if err != nil {
		w.t.Fatal(err)
	}
	var found []cdp.BackendNodeID
	for _, node := range nodes {
		if !node.Ignored {
			found = append(found, node.BackendDOMNodeID)
		}
	}
	return found
}

// appears waits until there is an element with a role and name.
func (w *tab) appears(role, name string) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); len(w.findAll(role, name)) == 0; {
		if time.Now().After(deadline) {
			w.t.Fatalf("no %s called %q appears", role, name)
		}
	}
}

// on calls a JavaScript function with an element as this.
func (w *tab) on(node cdp.BackendNodeID, function string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, callOn(node, function))
	if err != nil {
		w.t.Fatalf("%s: %v", function, err)
	}
	return value
}

// click presses a control with the mouse, where a person would, once it is there.
func (w *tab) click(role, name string) {
	w.t.Helper()
	w.appears(role, name)
	w.clickOn(w.find(role, name))
}

// draw runs what the controls show, as Enter does in a field of the recipe. A control that acts by
// itself does so after a while; this does not wait for that.
func (w *tab) draw() {
	w.t.Helper()
	eval[any](w, enterRecipe)
}

// enterRecipe strikes Enter in the recipe's seed.
const enterRecipe = `document.getElementById('seed').dispatchEvent(
	new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true})); 0`

// struck strikes a key of the page, also where the page has no focus.
func struck(key string) string {
	return `document.body.dispatchEvent(
		new KeyboardEvent('keydown', {key: '` + key + `', bubbles: true}))`
}

// cancel presses the button that ends a run, which a run that goes on for a while has.
func (w *tab) cancel() {
	w.t.Helper()
	w.appears("button", "Cancel")
	w.click("button", "Cancel")
}

// clickOn presses an element with the mouse.
func (w *tab) clickOn(node cdp.BackendNodeID) {
	w.t.Helper()
	box := w.on(node, `function () {
		this.scrollIntoView({block: 'nearest', behavior: 'instant'});
		const r = this.getBoundingClientRect();
		return (r.left + r.width / 2) + ' ' + (r.top + r.height / 2);
	}`)
	x, y, _ := strings.Cut(box, " ")
	w.must(chromedp.MouseClickXY(number(w.t, x), number(w.t, y)))
}

// grab presses the mouse at a point, pull moves it there meanwhile, and release lets go.
func (w *tab) grab(at [2]float64) {
	w.t.Helper()
	w.pointer("mousePressed", at[0], at[1], func(p *input.DispatchMouseEventParams) {
		p.Button, p.ClickCount = "left", 1
	})
}

func (w *tab) pull(to [2]float64) {
	w.t.Helper()
	w.pointer("mouseMoved", to[0], to[1], func(p *input.DispatchMouseEventParams) {
		p.Button, p.Buttons = "left", 1
	})
}

func (w *tab) release(at [2]float64) {
	w.t.Helper()
	w.pointer("mouseReleased", at[0], at[1], func(p *input.DispatchMouseEventParams) {
		p.Button, p.ClickCount = "left", 1
	})
}

// fill types a value into a control in place of what is there.
func (w *tab) fill(role, name, value string) {
	w.t.Helper()
	w.on(w.find(role, name), `function () { this.focus(); this.select(); return ''; }`)
	w.press(value)
}

// focus gives a control the focus.
func (w *tab) focus(role, name string) {
	w.t.Helper()
	w.on(w.find(role, name), `function () { this.focus(); return ''; }`)
}

// set chooses a value in a menu.
func (w *tab) set(menu, value string) {
	w.t.Helper()
	w.appears("combobox", menu)
	w.on(w.find("combobox", menu), setting(value, "input", "change"))
}

// slide moves a slider as a drag does.
func (w *tab) slide(name, value string) {
	w.t.Helper()
	w.on(w.find("slider", name), setting(value, "input"))
}

// setting is a function that gives a control a value, with the events of that.
func setting(value string, events ...string) string {
	script := `function () { this.value = '` + value + `'; `
	for _, event := range events {
		script += `this.dispatchEvent(new Event('` + event + `', {bubbles: true})); `
	}
	return script + `return ''; }`
}

// toggle opens or closes a disclosure.
func (w *tab) toggle(name string) {
	w.t.Helper()
	w.on(w.find("DisclosureTriangle", name), `function () { this.click(); return ''; }`)
}

// property is what a control has in a property, as text.
func (w *tab) property(role, name, property string) string {
	w.t.Helper()
	return w.on(w.find(role, name), `function () { return String(this.`+property+`); }`)
}

// press strikes keys one after another. The text of a key goes with its being pressed, as from a
// keyboard, so that a page which keeps the key for itself keeps the text too; chromedp.KeyEvent
// sends text regardless, and a space that a control has taken then scrolls the page.
func (w *tab) press(keys ...string) {
	w.t.Helper()
	w.pressWith(0, keys...)
}

// pressWith is press with Shift or the like held.
func (w *tab) pressWith(held int64, keys ...string) {
	w.t.Helper()
	for _, r := range strings.Join(keys, "") {
		events := kb.Encode(r)
		down, up := events[0], events[len(events)-1]
		if len(events) == 3 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, event := range []*input.DispatchKeyEventParams{down, up} {
			event.Modifiers |= held
			w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *event)
				return err
			}))
		}
	}
}

// disabled reports whether a control says that it cannot be used now.
func (w *tab) disabled(role, name string) bool {
	w.t.Helper()
	return w.property(role, name, "ariaDisabled") == "true" ||
		w.property(role, name, "disabled") == "true"
}

// callOn calls a function with an element as this and gives its text.
func callOn(node cdp.BackendNodeID, function string) chromedp.Action[string] {
	return func(ctx context.Context, t *chromedp.Target) (string, error) {
		resolved, err := cdp.Call(ctx, t, dom.ResolveNode,
			dom.ResolveNodeParams{BackendNodeID: node})
		if err != nil {
			return "", err
		}
		call := chromedp.CallFunctionOn[string](function, func(p *runtime.CallFunctionOnParams) {
			p.ObjectID = resolved.Object.ObjectID
		})
		return call(ctx, t)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func itoa(n int) string { return strconv.Itoa(n) }
