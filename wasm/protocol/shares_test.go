package protocol

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
)

// finished runs one request to its end and returns its last message.
func (k *talk) finished(t *testing.T, r Request) Message {
	t.Helper()
	l := &listen{}
	k.session.out = relay{k, l}
	k.session.Receive(r)
	for k.session.Advance() {
	}
	return l.last
}

// relay sends to several.
type relay []Sender

func (r relay) Send(m Message) {
	for _, s := range r {
		s.Send(m)
	}
}

// TestSharesMakeTheWhole deals a recipe to one to six workers, more than it has
// pictures: each picture of each step and the hash are those of one worker.
func TestSharesMakeTheWhole(t *testing.T) {
	for _, recipe := range []string{"m=toy&c=all&n=5&steps=3&k=ddpm&s=8",
		"m=toy&c=all&n=5&steps=3&k=ddpm&s=8&fork=1,k:ddim,eta:1~2,fresh:4"} {
		sharesMakeTheWhole(t, recipe)
	}
}

func sharesMakeTheWhole(t *testing.T, recipe string) {
	whole := newTalk(t)
	want, ok := whole.finished(t, Run{ID: 1, Recipe: recipe}).(Done)
	if !ok {
		t.Fatalf("got %q, want done", whole.said)
	}
	for of := 1; of <= 6; of++ {
		t.Run(recipe+" "+strconv.Itoa(of), func(t *testing.T) {
			shares := min(of, 5)
			pixels := make([]byte, 5*6)
			seen := map[[2]int]Step{}
			for share := range shares {
				k := newTalk(t)
				last := k.finished(t, Run{ID: 7, Recipe: recipe, Share: share, Of: of})
				if done, ok := last.(Done); shares == 1 && (!ok || done.Hash != want.Hash) {
					t.Errorf("a single share ends with %+v, want %+v", last, want)
				}
				if part, ok := last.(Part); shares > 1 &&
					(!ok || part.ID != 7 || part.Milliseconds != 2.5*float64(len(k.steps))) {
					t.Errorf("share %d ends with %+v, want a part that took %v ms",
						share, last, 2.5*float64(len(k.steps)))
				}
				for _, step := range k.steps {
					if step.Image%shares != share || step.Images != 5 {
						t.Errorf("share %d makes picture %d of %d", share, step.Image, step.Images)
					}
					seen[[2]int{step.Step, step.Image}] = step
					copy(pixels[step.Image*6:], step.Xt) // of the last step in the end
				}
			}
			if len(seen) != len(whole.steps) {
				t.Errorf("%d pictures of steps, want %d", len(seen), len(whole.steps))
			}
			for _, step := range whole.steps {
				got := seen[[2]int{step.Step, step.Image}]
				if !slices.Equal(got.Xt, step.Xt) || !slices.Equal(got.X0, step.X0) ||
					got.T != step.T || got.Largest != step.Largest {
					t.Errorf("step %d, picture %d: got %+v, want %+v",
						step.Step, step.Image, got, step)
				}
			}
			got := newTalk(t).finished(t, Combine{ID: 9, Recipe: recipe, Bytes: pixels})
			if done, ok := got.(Done); !ok || done.ID != 9 || done.Hash != want.Hash ||
				done.Recipe != want.Recipe {
				t.Errorf("the shares combine to %+v, want %+v", got, want)
			}
		})
	}
}

func TestStartedSaysIntoHowManyShares(t *testing.T) {
	for _, c := range []struct{ images, of, want int }{{1, 0, 1}, {1, 4, 1}, {3, 4, 3},
		{9, 4, 4}, {2, -1, 1}} {
		k := newTalk(t)
		l := &listen{}
		k.session.out = l
		k.session.Receive(Run{ID: 1, Recipe: fmt.Sprintf("m=toy&n=%d", c.images), Of: c.of})
		if started, ok := l.last.(Started); !ok || started.Shares != c.want ||
			started.Images != c.images {
			t.Errorf("%d pictures for %d workers: got %+v, want %d shares",
				c.images, c.of, l.last, c.want)
		}
	}
}

func TestSharesAndCombiningRefuse(t *testing.T) {
	k := newTalk(t)
	for _, r := range []Request{
		Run{ID: 1, Recipe: "m=toy&n=2", Share: 2, Of: 4},
		Run{ID: 2, Recipe: "m=toy&n=2", Share: -1, Of: 2},
		Combine{ID: 3, Recipe: "m=toy&n=2", Bytes: make([]byte, 11)},
		Combine{ID: 4, Recipe: "m=cow"},
		Combine{ID: 5, Recipe: "m=toy&steps=0"},
		Combine{Recipe: "m=toy"},
	} {
		k.session.Receive(r)
	}
	k.expect("failed 1  there is no share 2; the pictures have 2 shares, counted from 0",
		"failed 2  there is no share -1; the pictures have 2 shares, counted from 0",
		"failed 3  the pictures have 11 bytes where the recipe makes 12",
		"failed 4 m model 'cow' is not loaded",
		"failed 5 steps steps is \"0\" but must be a whole number from 1 to the model's number "+
			"of timesteps",
		"failed 0  a message of type 'combine' needs an id, a whole number from 1")
}

// TestStepUntil asks shares that are not at the same step to meet at one.
func TestStepUntil(t *testing.T) {
	const recipe = "m=toy&n=4&steps=6"
	k := newTalk(t)
	until := func(step int) {
		k.session.Receive(Next{ID: 1, Until: step})
		for k.session.Advance() {
		}
	}
	k.session.Receive(Run{ID: 1, Recipe: recipe, Share: 1, Of: 2})
	until(2)
	k.expect("started 1", "step 1 1/6.1", "step 1 1/6.3", "step 1 2/6.1",
		"step 1 2/6.3", "paused 1 2")
	until(1) // it is further than that
	k.expect("paused 1 2")
	k.session.Receive(Resume{ID: 1})
	k.session.Advance()
	until(2) // it is within a step, which it finishes
	k.expect("step 1 3/6.1", "step 1 3/6.3", "paused 1 3")
	until(9)
	if last := k.said[len(k.said)-1]; last != "part 1" {
		t.Errorf("got %q last, want the end of the part", last)
	}
}
