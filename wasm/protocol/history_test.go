package protocol

import (
	"slices"
	"strconv"
	"testing"
)

// shown drives one request to its end, keeps the steps with pixels of their own
// and returns the last message.
func (k *talk) shown(t *testing.T, r Request) ([]Step, Message) {
	t.Helper()
	k.steps = nil
	last := k.finished(t, r)
	return k.steps, last
}

// TestStepsAreMadeAgain asks for parts of a run once more: of a worker that
// remembers it, with much memory, with little, and with none, and of another
// worker. Every pixel is as before.
func TestStepsAreMadeAgain(t *testing.T) {
	for _, recipe := range []string{"m=toy&n=3&steps=40&k=ddpm", "m=toy&n=3&steps=40&k=dpmpp_2m",
		"m=toy&n=3&steps=40&k=dpm_adaptive&s=5", "m=toy&c=all&n=3&steps=40&k=ve_pc&eta=1",
		"m=toy&n=3&steps=40&k=ddim&fork=12,k:ddpm~18,fresh:4,k:ddim~30,s:9"} {
		for _, keep := range []int{1 << 20, 4000, 1, 0} {
			k := newTalk(t)
			all, last := k.shown(t, Run{ID: 1, Recipe: recipe, Keep: keep})
			if failed, ok := last.(Failed); ok && failed.Key == "k" {
				continue // not for this network
			}
			if _, ok := last.(Done); !ok {
				t.Fatalf("%s: %+v", recipe, last)
			}
			if h := k.session.past; (h != nil) != (keep > 0) ||
				h != nil && h.held > max(keep, 3*3*400) {
				t.Errorf("%s: with %d bytes to keep the history is %+v", recipe, keep, h)
			}
			for id, span := range [][2]int{{17, 19}, {40, 40}, {1, 2}, {18, 33}, {2, 2}} {
				again, last := k.shown(t,
					Run{ID: 10 + id, Recipe: recipe, From: span[0], To: span[1]})
				if _, ok := last.(Part); !ok {
					t.Fatalf("%s: steps %v end with %+v", recipe, span, last)
				}
				unchanged(t, recipe+" with "+strconv.Itoa(keep)+" bytes",
					again, all[3*(span[0]-1):3*span[1]])
			}
			other, _ := newTalk(t).shown(t,
				Run{ID: 1, Recipe: recipe, From: 30, To: 31, Share: 1, Of: 2})
			unchanged(t, recipe+" elsewhere", other, []Step{all[3*29+1], all[3*30+1]})
		}
	}
}

// What a worker remembers of one share is not another share of as many pictures: of five pictures,
// the second of two workers has 1 and 3, and the second of three has 1 and 4.
func TestHistoryIsOfOneShare(t *testing.T) {
	const recipe = "m=toy&n=5&steps=12&k=dpmpp_2m"
	all, _ := newTalk(t).shown(t, Run{ID: 1, Recipe: recipe})
	k := newTalk(t)
	k.shown(t, Run{ID: 1, Recipe: recipe, Share: 1, Of: 2, Keep: 1 << 20})
	again, _ := k.shown(t, Run{ID: 2, Recipe: recipe, From: 9, To: 9, Share: 1, Of: 3})
	unchanged(t, "another share", again, []Step{all[5*8+1], all[5*8+4]})
}

// unchanged fails unless steps are those that were made before.
func unchanged(t *testing.T, name string, got, want []Step) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d pictures were made again, want %d", name, len(got), len(want))
		return
	}
	for i, g := range got {
		w := want[i]
		if g.Step != w.Step || g.Image != w.Image || g.T != w.T || g.AlphaBar != w.AlphaBar ||
			g.Largest != w.Largest ||
			!slices.Equal(g.Xt, w.Xt) || !slices.Equal(g.X0, w.X0) ||
			!slices.Equal(g.Epsilon, w.Epsilon) || !slices.Equal(g.Change, w.Change) {
			t.Errorf("%s: picture %d of step %d is not as before", name, g.Image, w.Step)
			return
		}
	}
}

// Steps of a run that was cancelled can be made again, also beyond where it was.
// Steps of a run with another recipe are made from the beginning of that run.
func TestStepsOfACancelledRun(t *testing.T) {
	const recipe = "m=toy&n=2&steps=30"
	whole := newTalk(t)
	all, _ := whole.shown(t, Run{ID: 1, Recipe: recipe})
	k := newTalk(t)
	k.session.Receive(Run{ID: 1, Recipe: recipe, Keep: 1 << 20, Stored: 4*2*6*30 - 1})
	for range 21 {
		k.session.Advance()
	}
	k.session.Receive(Cancel{ID: 1})
	for id, span := range [][2]int{{4, 6}, {10, 12}, {29, 30}} {
		again, _ := k.shown(t, Run{ID: 2 + id, Recipe: recipe, From: span[0], To: span[1]})
		unchanged(t, "cancelled", again, all[2*(span[0]-1):2*span[1]])
	}
	other, _ := newTalk(t).shown(t, Run{ID: 1, Recipe: recipe + "&s=9"})
	if k.session.past == nil {
		t.Error("a run that the page cannot keep has no history")
	}
	again, _ := k.shown(t, Run{ID: 9, Recipe: recipe + "&s=9", From: 5, To: 5})
	unchanged(t, "another", again, other[8:10])
	k.session.Receive(Run{ID: 10, Recipe: recipe, From: 5, To: 5})
	k.session.Receive(Cancel{ID: 10})
	k.said = nil
	for id, span := range [][2]int{{5, 4}, {5, 31}, {5, -1}} {
		k.session.Receive(Run{ID: 20 + id, Recipe: recipe, From: span[0], To: span[1]})
	}
	k.expect("failed 20  there are no steps 5 to 4 where 30 are made",
		"failed 21  there are no steps 5 to 31 where 30 are made",
		"failed 22  there are no steps 5 to -1 where 30 are made")
	k.shown(t, Run{ID: 30, Recipe: recipe, Keep: 1 << 20, Stored: 4 * 2 * 6 * 30})
	if k.session.past != nil {
		t.Error("a run that the page keeps has a history")
	}
}
