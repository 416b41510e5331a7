package protocol

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// goldenFile has a line for each recipe, as it was carried out, with its pixels'
// hash; for every picture of every step with the hash of the bits of x_t and x̂0;
// and for every estimate with its bits per dimension.
//
// The file is the promise that one recipe gives the same bytes everywhere: the
// same test runs natively and in Node, with vector instructions and without.
// After a change that is meant to change pictures, or of the digits weights:
// go test ./wasm/protocol -run Golden -update.
const goldenFile = "testdata/golden.txt"

// goldenRecipes are short, since the slowest build takes half a second for an
// evaluation, and together use guidance, each sampler, added noise and several
// pictures.
var goldenRecipes = []string{
	"m=digits&c=7&s=42&steps=4&g=2",
	"m=digits&c=all&s=3&n=2&k=ddpm&steps=3&g=1",
	"m=digits&s=18446744073709551615&steps=2&eta=1&spacing=trailing&clip=none&rederive=off",
	"m=digits&c=3&k=annealed&steps=3&correct=1&g=1",
	"m=digits&c=8&k=langevin&steps=2&level=0.3&rule=fixed&stepsize=0.02&g=1",
	"m=digits&c=5&s=2&steps=3&g=0&cg=6",
	"m=digits-cascade&c=4&steps=2&bsteps=3",
	"m=digits-cascade&steps=1&bsteps=2&reading=v",
	"m=digits-oracle&c=all&s=5&n=2&steps=6",
	"m=digits-oracle&s=5&steps=4&k=dpmpp_2m_sde",
	"m=digits-oracle&c=7&steps=2&k=ddpm&plane=5,9,12&at=0.3,0.8",
	"m=digits-oracle&steps=1&plane=5,9&n=4",
	"m=faces&c=all&s=3&steps=4",
	"m=faces&c=all&s=3&steps=4&g=1.5",
	"m=faces&s=7&n=2&k=dpmpp_2m&steps=6",
	"m=digits&c=7&s=4&k=ddpm&steps=4&fork=2,c:8,k:euler_a,steps:6~4,fresh:9",
	"m=faces&c=5&s=3&g=1&ag=1.5&eta=0.5&steps=4",
	"m=faces&c=3&g=2&ag=1&steps=4&fork=2,ag:1.25",
	"m=digits&c=7&s=42&steps=5&g=2&cache=3",
	"m=digits&c=all&s=3&n=2&k=heun&steps=3&g=1&cache=2",
	"m=digits&c=4&s=5&steps=6&glow=0.4&ghigh=6&cache=2&fork=3,c:9",
	"m=digits-cascade&c=4&steps=2&bsteps=3&cache=2",
}

// goldenPicture is a ring, and goldenMask its right half.
func goldenPicture() (image, mask []byte) {
	image, mask = make([]byte, 32*32), make([]byte, 32*32)
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

// goldenEdits begin with that picture; those with resample have the mask as well.
var goldenEdits = []string{
	"m=digits&c=9&steps=5&strength=0.4&g=2&glow=0.5",
	"m=digits&c=6&steps=4&resample=2&jump=1&g=1&k=euler_a",
	"m=digits&c=1&steps=4&strength=0.5&invert=0&g=3&rescale=0.7",
}

// goldenEstimates are of that picture.
var goldenEstimates = []Measure{
	{Recipe: "m=digits&c=0&steps=3", Draws: 2},
	{Recipe: "m=digits&steps=3", Form: "consistency"},
	{Recipe: "m=digits&c=0&steps=1", Form: "flow", Draws: 1},
	{Recipe: "m=digits-oracle&c=0&steps=3", Draws: 2},
}

// goldenWeights are the files that a recipe of these needs.
func goldenWeights(recipe string) []string {
	switch {
	case strings.HasPrefix(recipe, "m=digits-cascade"):
		return []string{"digits-small", "digits-cascade"}
	case strings.Contains(recipe, "&cg="):
		return []string{"digits", "digits-classifier"}
	case strings.HasPrefix(recipe, "m=digits-oracle"):
		return []string{"digits-oracle"}
	case strings.Contains(recipe, "ag="), strings.Contains(recipe, "ag:"):
		return []string{"faces", "faces-weak"}
	case strings.HasPrefix(recipe, "m=faces"):
		return []string{"faces"}
	}
	return []string{"digits"}
}

// scribe writes down what a session says of a run, whose name is known at its end.
type scribe struct {
	t       *testing.T
	session *Session
	lines   []fixture.Line
}

func (s *scribe) Send(m Message) {
	switch m := m.(type) {
	case Step:
		trajectory := s.session.active.Picture(m.Image)
		s.add(" step "+strconv.Itoa(m.Step)+" picture "+strconv.Itoa(m.Image),
			fixture.Hash(trajectory.X(), trajectory.X0())[:16])
	case Done:
		recipe, hash, _ := strings.Cut(m.Recipe, "&h=")
		s.add("", hash)
		s.name(recipe)
	case Term:
		s.add(" term "+strconv.Itoa(m.Term)+" timestep "+strconv.Itoa(m.T),
			fixture.Hash([]float64{m.Bits, m.Total})[:16])
	case Measured:
		s.add(" bound", strconv.FormatFloat(m.Bits, 'g', -1, 64))
		s.name(m.Recipe + " " + m.Form)
	case Failed:
		s.t.Fatal(m.Message)
	}
}

func (s *scribe) add(name, value string) {
	s.lines = append(s.lines, fixture.Line{Name: name, Value: value})
}

// name completes the lines: the result comes first, then what led to it.
func (s *scribe) name(of string) {
	last := len(s.lines) - 1
	s.lines = append(s.lines[last:], s.lines[:last]...)
	for i := range s.lines {
		s.lines[i].Name = of + s.lines[i].Name
	}
}

// transcript is what a session says of one request.
func transcript(t *testing.T, recipe string, r Request) []fixture.Line {
	t.Helper()
	s := &scribe{t: t}
	s.session = NewSession(s, Open, func() float64 { return 0 })
	for _, name := range goldenWeights(recipe) {
		file := fixture.File(t, filepath.Join("..", "..", "weights", name+".safetensors"))
		s.session.Receive(Load{Model: name, Bytes: Bytes(file)})
	}
	s.session.Receive(r)
	for s.session.Advance() {
	}
	return s.lines
}

func TestGolden(t *testing.T) {
	var got []fixture.Line
	for _, recipe := range goldenRecipes {
		got = append(got, transcript(t, recipe, Run{ID: 1, Recipe: recipe})...)
	}
	image, mask := goldenPicture()
	for _, recipe := range goldenEdits {
		r := Run{ID: 1, Recipe: recipe, Image: image}
		if strings.Contains(recipe, "resample") {
			r.Mask = mask
		}
		got = append(got, transcript(t, recipe, r)...)
	}
	for _, r := range goldenEstimates {
		r.ID, r.Image = 1, image
		got = append(got, transcript(t, r.Recipe, r)...)
	}
	fixture.Golden(t, goldenFile, got)
}
