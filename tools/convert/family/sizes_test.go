package family

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tweedie/tools/convert/reason"
)

// deepLabml is a network of labml with levels of one block, each of half the size of that before.
func deepLabml(levels int) *labmlState {
	s := &labmlState{r: rand.New(rand.NewPCG(15, 3))}
	s.layer("image_proj", 32, 1, 3, 3)
	s.layer("time_emb.lin1", 128, 32)
	s.layer("time_emb.lin2", 128, 128)
	at := 0
	next := func(way string) string {
		at++
		return fmt.Sprintf("%s.%d", way, at-1)
	}
	for i := range levels {
		s.block(next("down"), 32, 32, false)
		if i+1 < levels {
			s.layer(next("down")+".conv", 32, 32, 3, 3)
		}
	}
	before := len(s.list)
	s.block("middle", 32, 32, false)
	for i := range s.list[before:] {
		t := &s.list[before+i]
		t.Name = strings.Replace(t.Name, "middle.res.", "middle.res1.", 1)
		again := *t
		again.Name = strings.Replace(t.Name, "res1", "res2", 1)
		s.list = append(s.list, again)
	}
	s.attention("middle.attn", 32)
	at = 0
	for i := range levels {
		s.block(next("up"), 64, 32, false)
		s.block(next("up"), 64, 32, false)
		if i+1 < levels {
			s.layer(next("up")+".conv", 32, 32, 4, 4)
		}
	}
	s.layer("norm", 32)
	s.layer("final", 1, 32, 3, 3)
	return s
}

// TestSizes: the step of the sizes that a network takes comes from the network.
func TestSizes(t *testing.T) {
	for levels, step := range map[int]int{1: 1, 2: 2, 3: 4, 4: 8, 6: 32} {
		s := NewState(deepLabml(levels).list)
		f := Recognise(s)
		for side := range 3*step + 1 {
			_, err := f.Build(s, Settings{Height: max(side, 1), Width: max(side, 1)})
			fits := max(side, 1)%step == 0
			var r *reason.Reason
			told := errors.As(err, &r) && r.ID == "size.multiple" && r.Values["step"] == step
			if fits != (err == nil) || !fits && !told {
				t.Errorf("%d levels, side %d: %v", levels, side, err)
			}
		}
		_, err := f.Build(s, Settings{})
		want := "name their side with -size"
		if step > 1 {
			want += fmt.Sprintf(", a multiple of %d", step)
		}
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%d levels, no side: got %v, want %q", levels, err, want)
		}
	}
}
