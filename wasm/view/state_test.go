package view

import (
	"bytes"
	"slices"
	"testing"
)

// digits is the run that most tests use: 10 steps of 3 pictures of 2×2 grey.
var digits = Run{Steps: 10, Images: 3, Channels: 1, Height: 2, Width: 2}

// filled is a picture whose bytes all encode step, image and kind.
func filled(r Run, step, image, kind int) []byte {
	return bytes.Repeat([]byte{byte(step<<4 | image<<2 | kind)}, r.PictureBytes())
}

// frame is a frame of such pictures.
func frame(r Run, step, image int) Frame {
	return Frame{filled(r, step, image, 0), filled(r, step, image, 1), filled(r, step, image, 2),
		filled(r, step, image, 3)}
}

func add(t *testing.T, s *State, step, image int) {
	t.Helper()
	if err := s.Add(step, image, frame(s.Run(), step, image)); err != nil {
		t.Fatalf("step %d, picture %d: %v", step, image, err)
	}
}

func begin(t *testing.T, limit int, r Run) *State {
	t.Helper()
	s := New(limit)
	if err := s.Begin(r); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBeginRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		run  Run
		want string
	}{
		{"zero", Run{}, "view: want 1 to 100000 steps, got 0"},
		{"no pictures", Run{Steps: 1, Channels: 1, Height: 1, Width: 1},
			"view: want 1 to 64 pictures, got 0"},
		{"pictures", Run{Steps: 1, Images: 65, Channels: 1, Height: 1, Width: 1},
			"view: want 1 to 64 pictures, got 65"},
		{"channels", Run{Steps: 1, Images: 1, Channels: 2, Height: 1, Width: 1},
			"view: want 1 or 3 channels, got 2"},
		{"rows", Run{Steps: 1, Images: 1, Channels: 1, Width: 1},
			"view: want 1 to 1024 rows, got 0"},
		{"columns", Run{Steps: 1, Images: 1, Channels: 1, Height: 1, Width: 1025},
			"view: want 1 to 1024 columns, got 1025"},
		{"bound", Run{Steps: 1, Images: 1, Channels: 3, Height: 32, Width: 32},
			"view: one step takes 12288 bytes, more than the bound of 1000"},
	} {
		s := begin(t, 1000, digits)
		add(t, s, 1, 0)
		if err := s.Begin(c.run); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if s.Run() != digits || s.Latest() != 1 {
			t.Errorf("%s: the last run did not stay", c.name)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	s := begin(t, 1000, digits)
	ok := make([]byte, 4)
	whole := func() Frame { return Frame{ok, ok, ok, ok} }
	short := func(plane func(f *Frame) *[]byte, b []byte) Frame {
		f := whole()
		*plane(&f) = b
		return f
	}
	for _, c := range []struct {
		step, image int
		frame       Frame
		want        string
	}{
		{0, 0, whole(), "view: want 1 to 10 as the step, got 0"},
		{11, 0, whole(), "view: want 1 to 10 as the step, got 11"},
		{1, -1, whole(), "view: want a picture below 3, got -1"},
		{1, 3, whole(), "view: want a picture below 3, got 3"},
		{1, 0, short(func(f *Frame) *[]byte { return &f.Xt }, ok[:3]),
			"view: want 4 bytes a picture, got 3"},
		{1, 0, short(func(f *Frame) *[]byte { return &f.X0 }, nil),
			"view: want 4 bytes a picture, got 0"},
		{1, 0, short(func(f *Frame) *[]byte { return &f.Epsilon }, nil),
			"view: want 4 bytes a picture, got 0"},
		{1, 0, short(func(f *Frame) *[]byte { return &f.Change }, make([]byte, 5)),
			"view: want 4 bytes a picture, got 5"},
	} {
		if err := s.Add(c.step, c.image, c.frame); err == nil || err.Error() != c.want {
			t.Errorf("step %d, picture %d: got %v, want %s", c.step, c.image, err, c.want)
		}
	}
	if s.Latest() != 0 {
		t.Errorf("latest = %d after nothing but refused pictures", s.Latest())
	}
	if err := New(10).Add(1, 0, Frame{}); err == nil {
		t.Error("a picture was taken before a run was begun")
	}
}

func TestFollows(t *testing.T) {
	s := begin(t, 1000, digits)
	if s.Picture(Xt, 0) != nil || s.Picture(X0, 0) != nil || s.Current() != 0 ||
		s.StepOf(0) != 0 || s.StepOf(3) != 0 {
		t.Fatal("something is shown before anything has come")
	}
	for step := 1; step <= digits.Steps; step++ {
		for image := range digits.Images {
			add(t, s, step, image)
			for other := range digits.Images {
				want := step
				if other > image {
					want--
				}
				if got := s.StepOf(other); got != want {
					t.Fatalf("after step %d of picture %d: picture %d shows step %d, want %d",
						step, image, other, got, want)
				}
				if want > 0 && !bytes.Equal(s.Picture(X0, other), filled(digits, want, other, 1)) {
					t.Fatalf("step %d: x̂0 of picture %d is %v", step, other, s.Picture(X0, other))
				}
			}
		}
	}
	if !bytes.Equal(s.Picture(Xt, 2), filled(digits, 10, 2, 0)) {
		t.Errorf("x_t of the last picture is %v", s.Picture(Xt, 2))
	}
}

func TestReplayKeepsTheNewest(t *testing.T) {
	s := begin(t, 1000, digits)
	add(t, s, 5, 0)
	add(t, s, 3, 0)
	if got := s.StepOf(0); got != 5 || s.Latest() != 5 {
		t.Errorf("a late picture took the place of a newer one: step %d, latest %d",
			got, s.Latest())
	}
	if got := s.Thumb(3); !bytes.Equal(got, filled(digits, 3, 0, 1)) {
		t.Errorf("the late picture was lost: %v", got)
	}
}

func TestShow(t *testing.T) {
	s := begin(t, 1000, digits)
	for step := 1; step <= 6; step++ {
		for image := range digits.Images {
			add(t, s, step, image)
		}
	}
	for _, c := range []struct {
		step, want int
		follows    bool
	}{{1, 1, false}, {4, 4, false}, {6, 6, true}, {0, 6, true}, {-3, 6, true},
		{99, 6, true}, {2, 2, false}} {
		if got := s.Show(c.step); got != c.want || s.Current() != c.want ||
			s.Following() != c.follows {
			t.Errorf("Show(%d) = %d, following %v; want %d, %v",
				c.step, got, s.Following(), c.want, c.follows)
		}
		if !bytes.Equal(s.Picture(Xt, 1), filled(digits, c.want, 1, 0)) ||
			!bytes.Equal(s.Picture(X0, 1), filled(digits, c.want, 1, 1)) {
			t.Errorf("Show(%d): pictures %v and %v", c.step, s.Picture(Xt, 1), s.Picture(X0, 1))
		}
	}
	add(t, s, 7, 0)
	if s.Current() != 2 || s.Latest() != 7 {
		t.Errorf("a new step moved a step that was gone back to: %d of %d", s.Current(), s.Latest())
	}
	if s.Show(7); !bytes.Equal(s.Picture(Xt, 1), filled(digits, 6, 1, 0)) {
		t.Errorf("a picture that has not come yet is shown as %v", s.Picture(Xt, 1))
	}
	if err := s.Begin(digits); err != nil || s.Current() != 0 || !s.Following() ||
		s.Thumb(1) != nil || s.Picture(X0, 0) != nil {
		t.Error("a new run does not start empty")
	}
}

// One step of digits takes 48 bytes, so a bound of 48·k keeps k steps.
func TestMemoryBound(t *testing.T) {
	for _, c := range []struct {
		limit int
		want  []int
	}{
		{480, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{479, []int{2, 4, 6, 8, 10}},
		{48 * 5, []int{2, 4, 6, 8, 10}},
		{48 * 4, []int{1, 4, 7, 10}},
		{48 * 3, []int{2, 6, 10}},
		{48, []int{10}},
	} {
		s := begin(t, c.limit, digits)
		if got := s.Slots(nil, 100); !slices.Equal(got, c.want) {
			t.Errorf("bound %d: keeps %v, want %v", c.limit, got, c.want)
		}
		if len(s.kept) > c.limit {
			t.Errorf("bound %d: %d bytes are kept", c.limit, len(s.kept))
		}
		for step := 1; step <= 10; step++ {
			add(t, s, step, 0)
			if s.StepOf(0) != step {
				t.Errorf("bound %d: step %d is not followed", c.limit, step)
			}
			if kept := slices.Contains(c.want, step); (s.Thumb(step) != nil) != kept {
				t.Errorf("bound %d: thumb of step %d: %v, kept %v",
					c.limit, step, s.Thumb(step), kept)
			}
		}
	}
	s := begin(t, 48*3, digits)
	for step := 1; step <= 9; step++ {
		add(t, s, step, 0)
	}
	for _, c := range [][2]int{{1, 2}, {2, 2}, {5, 2}, {6, 6}, {8, 6}, {9, 9}} {
		if got := s.Show(c[0]); got != c[1] {
			t.Errorf("of 2, 6, 10 up to 9: Show(%d) = %d, want %d", c[0], got, c[1])
		}
	}
}

func TestSlotsAndMark(t *testing.T) {
	s := begin(t, 1000, digits)
	for _, c := range []struct {
		n    int
		want []int
	}{
		{0, nil}, {1, []int{10}}, {2, []int{1, 10}}, {3, []int{1, 5, 10}}, {4, []int{1, 4, 7, 10}},
		{10, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
	} {
		if got := s.Slots(nil, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%d places: %v, want %v", c.n, got, c.want)
		}
	}
	slots := s.Slots(nil, 4)
	if got := s.Mark(slots); got != -1 {
		t.Errorf("place %d is marked before the first step", got)
	}
	for step, want := range []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 3} {
		add(t, s, step+1, 0)
		if got := s.Mark(slots); got != want {
			t.Errorf("step %d marks place %d, want %d", step+1, got, want)
		}
	}
	if New(10).KeptSteps() != 0 || len(New(10).Slots(nil, 5)) != 0 {
		t.Error("a state without a run keeps steps")
	}
}

func TestNothingIsAllocatedByAStep(t *testing.T) {
	s := begin(t, 1000, digits)
	f := frame(digits, 4, 1)
	slots := make([]int, 0, 10)
	rgba := make([]byte, 0, 16)
	if n := testing.AllocsPerRun(100, func() {
		_ = s.Add(4, 1, f)
		slots = s.Slots(slots[:0], 4)
		s.Mark(slots)
		rgba = Score.AppendRGBA(rgba[:0], s.Picture(Score, 1), 1)
	}); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// A step fades into another by parts, until another is shown.
func TestFade(t *testing.T) {
	s := begin(t, 1000, digits)
	add(t, s, 3, 0)
	add(t, s, 4, 0)
	add(t, s, 5, 0)
	s.Show(4)
	before, now := int(filled(digits, 3, 0, 1)[0]), int(filled(digits, 4, 0, 1)[0])
	for _, c := range []struct {
		from, part, want int
	}{
		{3, 0, before}, {3, 64, (3*before + now + 2) / 4}, {3, 256, now},
		{3, 999, now}, {3, -5, before},
		{2, 128, now},  // has not come
		{99, 128, now}, // does not exist
		{0, 128, now},
	} {
		s.Fade(c.from, c.part)
		if got := int(s.Picture(X0, 0)[0]); got != c.want {
			t.Errorf("%d parts out of step %d: %d, want %d", c.part, c.from, got, c.want)
		}
		if s.Fading() != (c.part < 256) {
			t.Errorf("%d parts are fading: %v", c.part, s.Fading())
		}
	}
	s.Fade(3, 10)
	s.Show(5)
	if got, want := s.Picture(X0, 0), filled(digits, 5, 0, 1); s.Fading() ||
		!bytes.Equal(got, want) {
		t.Errorf("after another step was shown: %v, want %v", got, want)
	}
}

// A step that is not kept can be held, and is shown once all of it has come.
func TestHold(t *testing.T) {
	r := Run{Steps: 100, Images: 3, Channels: 1, Height: 2, Width: 2}
	s := begin(t, 10*r.stepBytes(), r) // every tenth step, from 10 on
	for step := 1; step <= 100; step++ {
		for image := range 3 {
			add(t, s, step, image)
		}
	}
	s.Hold(47)
	if got := s.Show(47); got != 40 {
		t.Errorf("step 47, of which nothing has come, shows step %d, want 40", got)
	}
	for image := range 3 {
		if got := s.Show(47); got != 40 {
			t.Errorf("step 47, of which %d pictures have come, shows step %d, want 40", image, got)
		}
		add(t, s, 47, image)
	}
	if got := s.Show(47); got != 47 {
		t.Errorf("step 47 shows step %d", got)
	}
	for image := range 3 {
		if got, want := s.Picture(X0, image), filled(r, 47, image, 1); s.StepOf(image) != 47 ||
			!bytes.Equal(got, want) {
			t.Errorf("picture %d at step %d: %v, want %v", image, s.StepOf(image), got, want)
		}
	}
	if got, want := s.Show(53), 50; got != want ||
		!bytes.Equal(s.Picture(Xt, 2), filled(r, 50, 2, 0)) {
		t.Errorf("step 53 shows step %d, want %d", got, want)
	}
	if s.Latest() != 100 || s.Thumb(47) != nil {
		t.Error("a step that is held changes what else is there")
	}
	s.Hold(48)
	if got := s.Show(47); got != 40 {
		t.Errorf("step 47, which is no longer held, shows step %d", got)
	}
	s.Hold(-1)
	s.Hold(0)
	if err := s.Begin(r); err != nil || s.Show(47) != 0 {
		t.Errorf("a new run shows a step of the last (%v)", err)
	}
}
