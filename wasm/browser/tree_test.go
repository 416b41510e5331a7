package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	treeThere = `!document.querySelector('#tree .inside').inert`
)

// branches fails unless the tree has these branches, and the one on the stage is marked; a star
// stands before its name.
func (w *tab) branches(want ...string) {
	w.t.Helper()
	list := `[...document.querySelectorAll('.branch')].map((e) =>
		(e.ariaCurrent === 'true' ? '*' : '') + e.textContent).join()`
	w.wait(list + ` === ` + quoted(strings.Join(want, ",")))
}

// branchEnds waits until the small picture of a branch is the end of a recipe.
func (w *tab) branchEnds(branch int, recipe string) {
	w.t.Helper()
	c := native(w.t, recipe)
	pixels := c.picture(w.t, c.started.Steps, 0).Xt
	text := make([]string, len(pixels))
	for i, v := range pixels {
		text[i] = itoa(int(v))
	}
	w.wait(`((canvas) => canvas.width > 1 && [...canvas.getContext('2d').getImageData(0, 0,
		canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0).join() === '` +
		strings.Join(text, ",") + `')(document.querySelectorAll('.branch canvas')[` +
		itoa(branch) + `])`)
}

// A person forks a run at a step, and its branch again; walks the tree by keys, compares two ends,
// and prunes. The address has the tree, and opens it again.
func TestTree(t *testing.T) {
	t.Parallel()
	const (
		recipe = "m=digits&c=7&s=3&steps=8"
		eight  = recipe + "&fork=3,c:8"
		fresh  = eight + "~5,fresh:4"
	)
	source := axe(t)
	w := newTab(t, newSite(t))
	w.before(processors(1))
	w.open("#" + recipe)
	w.waitState("done")
	if slices.ContainsFunc(w.asked(), func(url string) bool {
		return strings.Contains(url, "/tree.")
	}) {
		t.Error("the tree is fetched before it is asked for")
	}
	w.click("button", "Fork at this step")
	w.wait(treeThere)
	w.branches("*Without a fork")
	w.branchEnds(0, recipe)
	if got := w.shown(); got != "4" || w.disabled("button", "Fork here") {
		t.Errorf("a finished run is to be forked at step %s, want the middle", got)
	}
	w.slide("Step on the stage", "8")
	if !w.disabled("button", "Fork here") {
		t.Error("a finished run can be forked after its last step")
	}
	w.slide("Step on the stage", "3")
	w.set("Value", "8")
	w.click("button", "Fork here")
	w.waitDone("#" + eight + "&by")
	w.side(0, native(t, eight))
	w.branches("Without a fork", "*Step 3: Class 8")
	w.branchEnds(1, eight)
	if got, want := w.address(), "?tree=3,c:8#"+native(t, eight).done.Recipe; got != want {
		t.Errorf("the address is %s, want %s", got, want)
	}

	// What changes nothing is no branch.
	w.slide("Step on the stage", "6")
	w.set("Value", "8")
	w.click("button", "Fork here")
	w.waitText("error-fork", "changes nothing")
	// A branch of the branch, at a step that is typed.
	w.fill("spinbutton", "After step", "5\t")
	w.set("Go on with", "fresh")
	w.fill("spinbutton", "Value", "4\t")
	w.click("button", "Fork here")
	w.waitDone("#" + fresh + "&by")
	w.side(0, native(t, fresh))
	w.branches("Without a fork", "Step 3: Class 8", "*Step 5: New noise, seed 4")
	w.branchEnds(2, fresh)
	w.wait(alive + ` === 1`)
	w.unhindered(source, "the tree")
	link := w.address()

	// By keys to its parent, and to the root.
	w.focus("button", "Step 5: New noise, seed 4")
	w.press(kb.ArrowLeft, kb.Enter)
	w.waitDone("#" + eight + "&by")
	w.branches("Without a fork", "*Step 3: Class 8", "Step 5: New noise, seed 4")
	w.press(kb.End, kb.Home, kb.ArrowRight, kb.ArrowUp, kb.Enter)
	w.waitDone("#" + recipe + "&by")
	w.branches("*Without a fork", "Step 3: Class 8", "Step 5: New noise, seed 4")

	// Two ends are compared as two runs are.
	w.click("button", "Compare with what is on the stage: Step 5: New noise, seed 4")
	w.wait(compared)
	w.side(0, native(t, recipe))
	w.side(1, native(t, fresh))
	w.headed("Without a fork", "Fork 3,c:8~5,fresh:4")
	w.click("button", "Compare with")
	w.wait(done + ` && !location.search.includes('against')`)

	// A link has the whole tree, and nothing else has.
	w.must(chromedp.Navigate("about:blank"))
	w.open(link)
	w.waitState("done")
	w.branches("Without a fork", "Step 3: Class 8", "*Step 5: New noise, seed 4")
	w.branchEnds(0, recipe)
	w.branchEnds(1, eight)

	// What is painted on the guess becomes a branch.
	const painted = eight + "~4,paint:15-16-2-ff_16-17-0-00"
	w.slide("Step on the stage", "4")
	w.set("Go on with", "paint")
	w.click("button", "Fork here")
	w.waitText("error-fork", "no paint yet")
	const pad = "The network’s guess, to paint on. Arrow keys move the brush, the space bar paints."
	w.focus("application", pad)
	w.press(kb.ArrowLeft, " ")
	w.set("Brush", "0")
	w.set("Colour", "00")
	w.focus("application", pad)
	w.press(kb.ArrowRight, kb.ArrowDown, " ")
	w.unhindered(source, "the pad")
	w.click("button", "Fork here")
	w.waitDone("#" + painted + "&by")
	w.side(0, native(t, painted))
	w.branches("Without a fork", "Step 3: Class 8", "*Step 4: Paint, 2 spots",
		"Step 5: New noise, seed 4")
	w.branchEnds(2, painted)

	// Pruned is what goes on from it as well; the stage shows what is left.
	w.click("button", "Prune with its branches: Step 3: Class 8")
	w.waitDone("#" + recipe + "&by")
	w.branches("*Without a fork")
	if got := w.address(); !strings.HasPrefix(got, "?tree#") {
		t.Errorf("the address of a pruned tree is %s", got)
	}

	// Another run has another tree.
	w.follow("#m=digits&c=1&s=3&steps=8&fork=3,g:4")
	w.waitDone("#m=digits&c=1&s=3&steps=8&fork=3,g:4&by")
	w.branches("Without a fork", "*Step 3: Guidance 4")
	w.wait(byID("readout-step") + `.textContent.includes('forked after 3')`)

	// Each entry of the history keeps its own.
	w.click("button", "Without a fork")
	w.waitDone("#m=digits&c=1&s=3&steps=8&by")
	w.follow("#m=digits&c=2&s=3&steps=8")
	w.waitDone("#m=digits&c=2&s=3&steps=8&by")
	w.branches("*Without a fork")
	back := func(to chromedp.Action[chromedp.Void], recipe, tree string) {
		t.Helper()
		w.must(to)
		w.waitDone("#" + recipe + "&by")
		w.wait(`location.search === ` + quoted(tree))
	}
	const guided = "m=digits&c=1&s=3&steps=8"
	back(chromedp.NavigateBack(), guided, "?tree=3,g:4")
	w.branches("*Without a fork", "Step 3: Guidance 4")
	w.click("button", "Step 3: Guidance 4")
	w.waitDone("#" + guided + "&fork=3,g:4&by")
	w.click("button", "Prune with its branches: Step 3: Guidance 4")
	w.waitDone("#" + guided + "&by")
	back(chromedp.NavigateBack(), guided+"&fork=3,g:4", "?tree=3,g:4")
	back(chromedp.NavigateForward(), guided, "?tree")
	w.branches("*Without a fork")
}

// Branches of a link that cannot be made are left out, and a fork that cannot be is explained.
func TestTreeRefuses(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=8"
	w := newTab(t, newSite(t))
	w.open("?tree=3,c:8~~5,c:zebra~~6,g:x#" + recipe)
	w.waitState("done")
	w.wait(treeThere)
	w.waitText("error-fork", "Left out: “5,c:zebra”, “6,g:x”.")
	w.branches("*Without a fork", "Step 3: Class 8")
	w.slide("Step on the stage", "1")
	w.set("Go on with", "steps")
	w.fill("spinbutton", "Value", "2\t")
	w.click("button", "Fork here")
	w.waitText("error-fork", "more noise than ddim begins with")
	w.branches("*Without a fork", "Step 3: Class 8")

	for _, c := range [][2]string{
		{"fork=99", "No step is left after step 99: the run has 8."},
		{"fork=three", "you wrote “three”"},
		{"fork=2,n:3", "A fork cannot change “n”."},
	} {
		w.must(chromedp.Navigate("about:blank"))
		w.open("#" + recipe + "&" + c[0])
		w.waitState("failed")
		w.waitText("trouble-text", c[1])
	}
	w.must(chromedp.Navigate("about:blank"))
	w.open("?tree=" + strings.Repeat("3,c:8~~", 40) + "#" + recipe)
	w.waitState("done")
	w.waitText("error-fork", "more branches than a tree can have, 32")
	w.branches("*Without a fork")
	if got := w.address(); !strings.HasPrefix(got, "?tree=3,c:8~~3,c:8~~") {
		t.Errorf("the branches of the link are gone: %s", got)
	}
}
