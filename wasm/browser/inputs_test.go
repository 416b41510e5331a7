package browser

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tweedie/wasm/protocol"
)

// ring is the picture that these tests begin with, in JavaScript and in Go, and its right half the mask.
const ring = `
	const image = new Uint8Array(1024);
	const mask = new Uint8Array(1024);
	for (let i = 0; i < 1024; i++) {
		const x = (i % 32) - 16, y = Math.floor(i / 32) - 16, square = x * x + y * y;
		if (square > 36 && square < 81) image[i] = 255 - square;
		if (x >= 0) mask[i] = 255;
	}
	const { Engine } = await import('./web/engine/engine.js');
	const said = [];
	const engine = new Engine('web/engine/worker.js', (message) => said.push(message));
	await engine.start(WebAssembly.compileStreaming(fetch('web/worker.wasm')));
	await engine.load('digits', await (await fetch('weights/digits.safetensors')).arrayBuffer());
	const end = async (said) => {
		const ends = ['done', 'measured', 'cancelled', 'failed'];
		while (!ends.includes(said.at(-1)?.type)) await new Promise(requestAnimationFrame);
		return said.at(-1);
	};
`

func ringed() (image, mask []byte) {
	image, mask = make([]byte, 1024), make([]byte, 1024)
	for i := range image {
		x, y := i%32-16, i/32-16
		if square := x*x + y*y; square > 36 && square < 81 {
			image[i] = byte(255 - square)
		}
		if x >= 0 {
			mask[i] = 255
		}
	}
	return image, mask
}

// measured is what an estimate comes to natively.
type measured struct {
	conversation
	end protocol.Measured
}

func (m *measured) Send(message protocol.Message) {
	if end, ok := message.(protocol.Measured); ok {
		m.end = end
	}
	m.conversation.Send(message)
}

// natively acts on a request as a worker does.
func natively(t *testing.T, r protocol.Request) *measured {
	t.Helper()
	m := &measured{}
	session := protocol.NewSession(m, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: "digits", Bytes: pageFile(t, "weights/digits.safetensors")})
	session.Receive(r)
	for session.Advance() {
	}
	if m.failed != nil {
		t.Fatal(m.failed.Message)
	}
	return m
}

// TestPoolEdits deals a recipe that begins with a picture and a mask to one worker and to three, which do not get their names in it: both make
// what is made natively.
func TestPoolEdits(t *testing.T) {
	t.Parallel()
	image, mask := ringed()
	const recipe = "m=digits&c=all&n=5&steps=4&k=ddpm&resample=2&jump=1"
	want := natively(t, protocol.Run{ID: 1, Recipe: recipe, Image: image, Mask: mask})
	for _, count := range []int{1, 3} {
		w := newTab(t, newSite(t))
		w.before(events + processors(count))
		w.open("#m=digits&steps=2")
		w.waitState("done")
		got := eval[string](w, `(async () => {`+ring+`
			const described = await engine.describe('`+recipe+`', { image, mask });
			engine.run('`+recipe+`', false, { image, mask });
			const done = await end(said);
			return [described.recipe, done.recipe, done.hash, said.filter((m) => m.type === 'step').length].join(' ');
		})()`)
		bare, _, _ := strings.Cut(want.done.Recipe, "&by=")
		if text := fmt.Sprint(bare, " ", want.done.Recipe, " ", want.done.Hash, " ", len(want.steps)); got != text {
			t.Errorf("%d workers: %s, natively %s", count, got, text)
		}
	}
}

// TestEstimatesInThePage: an estimate ends once, by itself, by a cancel, by the next one, by a run, or with its worker; and it ends a run.
func TestEstimatesInThePage(t *testing.T) {
	t.Parallel()
	image, _ := ringed()
	want := natively(t, protocol.Measure{ID: 1, Recipe: "m=digits&c=0&steps=3", Image: image, Draws: 2})
	w := newTab(t, newSite(t))
	w.before(events + processors(1))
	w.open("#m=digits&steps=2")
	w.waitState("done")
	got := eval[[]any](w, `(async () => {`+ring+`
		const what = { recipe: 'm=digits&c=0&steps=3', image, form: 'denoising', draws: 2 };
		const estimate = (more) => {
			const heard = [];
			const { steer } = engine.measure({ ...what, ...more }, (message) => heard.push(message));
			return { heard, steer };
		};
		const whole = estimate({});
		const done = await end(whole.heard);
		const long = estimate({ recipe: 'm=digits' });
		while (long.heard.length < 3) await new Promise(requestAnimationFrame);
		long.steer('cancel');
		await end(long.heard);
		const replaced = estimate({ recipe: 'm=digits' });
		const next = estimate({});
		await end(next.heard);
		const byRun = estimate({ recipe: 'm=digits' });
		engine.run('m=digits&steps=1');
		await end(said);
		await end(byRun.heard);
		engine.run('m=digits&steps=900');
		said.length = 0;
		const after = estimate({});
		const stopped = await end(said);
		await end(after.heard);
		const lost = estimate({ recipe: 'm=digits' });
		while (lost.heard.length < 2) await new Promise(requestAnimationFrame);
		workers.at(-1).die();
		await end(lost.heard);
		const refused = estimate({ recipe: 'm=digits&steps=0' });
		const failed = await end(refused.heard);
		const ends = [whole, long, replaced, next, byRun, after, lost, refused].map(({ heard }) =>
			heard.filter((m) => ['measured', 'cancelled', 'failed'].includes(m.type)).map((m) => m.type).join());
		return [whole.heard.map((m) => m.type).join(), done.bits, done.recipe, ends.join(' '), stopped.type, failed.key];
	})()`)
	bits, _ := got[1].(float64)
	if got[0] != "measuring,term,term,term,measured" || math.Abs(bits-want.end.Bits) > 0 || got[2] != want.end.Recipe ||
		got[3] != "measured cancelled cancelled measured cancelled measured failed failed" || got[4] != "cancelled" || got[5] != "steps" {
		t.Errorf("got %v, natively %v", got, want.end)
	}
}
