package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scarce limits how many bytes the page keeps of each run that begins afterwards.
func (w *tab) scarce(bytes int) {
	w.t.Helper()
	eval[any](w, `import('/web/page/main.js')
		.then(({limits}) => (limits.memory = `+itoa(bytes)+`))`)
}

// Of a run that is too large to be kept, any step can be gone to: it is made
// again, and every pixel of it is what it was.
func TestStepsAreMadeAgain(t *testing.T) {
	t.Parallel()
	const plain = "m=digits&c=all&n=2&steps=40&k=dpmpp_2m&s=2&g=1"
	for _, c := range []struct {
		surface string
		wait    string
		options []chromedp.ExecAllocatorOption
		recipe  string
	}{{"viewer", onViewer, nil, plain}, {"canvas", "true", withoutWebGL, plain + "&cache=3"}} {
		t.Run(c.surface, func(t *testing.T) {
			recipe, want := c.recipe, native(t, c.recipe)
			w := newViewerTab(t, newSite(t), c.options...)
			w.before(events + processors(2))
			w.open("#m=digits&steps=1")
			w.waitState("done")
			w.wait(c.wait)
			w.scarce(10 * 4 * 2 * 1024) // ten steps: every fourth, from the fourth on
			w.follow("#" + recipe)
			w.wait(done + ` && ` + byID("timeline") + `.max === '40'`)
			if got := eval[int](w, ofStage(`stage.film.kept.size`)); got != 10 {
				t.Fatalf("%d steps are kept, want 10", got)
			}
			stays := func(step int) {
				t.Helper()
				w.shows(step)
				w.wait(ofStage(`stage.film.current === ` + itoa(step)))
				for image := range 2 {
					w.pictureIs(want, step, image)
				}
			}
			w.slide("Step on the stage", "17")
			stays(17)
			w.surfacesAgree("step 17, which was made again")
			w.slide("Step on the stage", "20") // is kept
			stays(20)
			w.click("button", "One step back")
			stays(19)
			w.press(kb.ArrowLeft, kb.ArrowLeft)
			stays(17)
			w.click("button", "One step forward")
			stays(18)
			w.slide("Step on the stage", "2") // before the first that is kept
			stays(2)
			w.surfacesAgree("step 2, which was made again")
			w.slide("Step on the stage", "39")
			w.slide("Step on the stage", "27") // in haste
			stays(27)
			if got := w.text("readout-again"); got != "" {
				t.Errorf("at last the page says %q", got)
			}

			// A run that is begun meanwhile is not held up.
			w.forget()
			w.slide("Step on the stage", "34")
			w.draw()
			w.wait(`heard.some((e) => e.step > 8)`)
			w.slide("Step on the stage", "1")
			w.wait(`heard.at(-1).name === 'done'`)
			w.slide("Step on the stage", "22")
			stays(22)
		})
	}
}

// pictureIs compares a picture that the page shows with what came out natively.
func (w *tab) pictureIs(want *conversation, step, image int) {
	w.t.Helper()
	got := eval[[][]int](w, ofStage(`stage.film.frame(`+itoa(image)+`)`)+`.then((frame) =>
		[[frame.step], ...[frame.xt, frame.x0, frame.epsilon, frame.change].map((p) => [...p])])`)
	p := want.picture(w.t, step, image)
	for plane, pixels := range [][]byte{{byte(step)}, p.Xt, p.X0, p.Epsilon, p.Change} {
		for i := range pixels {
			if got[plane][i] != int(pixels[i]) {
				w.t.Errorf("step %d, picture %d, plane %d: pixel %d is %d, want %d",
					step, image, plane, i, got[plane][i], pixels[i])
				return
			}
		}
	}
}
