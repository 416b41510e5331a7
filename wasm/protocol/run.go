package protocol

import (
	"strconv"
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
)

// run is the one request that is being worked on: a share of a recipe's
// pictures, or all of them.
type run struct {
	*sampler.Run
	id       int
	settings recipe.Settings
	info     recipe.Info
	shares   int
	workers  int // that there may be
	views    views
	spent    float64 // milliseconds in the sampler
	paused   bool
	until    int      // solver step after which the run pauses by itself; 0 for never
	from, to int      // the steps that are sent
	part     bool     // the end is no picture of the recipe: there is nothing to certify
	history  *history // nil where nobody will ask for steps again
	next     string   // the recipe that follows with the same id, or empty
}

// run begins a new run, after cancelling what is under way.
func (s *Session) run(r Run) {
	s.cancel()
	asked, model, err := s.find(r.Recipe)
	in := recipe.Inputs{Image: r.Image, Mask: r.Mask}
	if err == nil {
		err = in.Name(&asked)
	}
	var of *sampler.Run
	if err == nil {
		share := sampler.Share{Index: r.Share, Of: r.Of}
		of, err = sampler.NewShare(asked, model.info, model.model, in, share)
	}
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	a := newRun(r.ID, of, model.info, r.Of)
	past := s.past
	s.past = nil
	switch {
	case r.From > 0:
		if r.From > r.To || r.To > a.Steps() {
			s.fail(r.ID, "there are no steps "+strconv.Itoa(r.From)+" to "+strconv.Itoa(
				r.To)+" where "+strconv.Itoa(a.Steps())+" are made")
			s.past = past
			return
		}
		a.part, a.from, a.to = true, r.From, r.To
		s.past = past
		past.rewind(r, a, a.from-1)
	case r.Keep > 0 && a.kept() > r.Stored:
		a.history = newHistory(r, a)
		s.past = a.history
	}
	s.begin(a)
}

// plot answers with the noise levels of a recipe, or of a picture that is noised.
func (s *Session) plot(r Plot) {
	asked, model, err := s.find(r.Recipe)
	in := recipe.Inputs{Image: r.Image, Mask: r.Mask}
	if err == nil {
		err = in.Name(&asked)
	}
	var l sampler.Levels
	switch {
	case err != nil:
	case r.Forward:
		var of *sampler.Run
		blank := make([]byte, model.info.Channels*model.info.Height*model.info.Width)
		of, err = sampler.NewForward(asked, model.info, model.model, blank,
			sampler.Share{Of: recipe.MaxImages})
		if err == nil {
			l = of.Levels()
		}
	default:
		l, err = sampler.LevelsOf(asked, model.info, model.model, in)
	}
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	s.out.Send(Plotted{r.ID, l.Steps, l.Schedule, l.First})
}

// forward begins to noise a picture, after cancelling what is under way.
func (s *Session) forward(r Forward) {
	s.cancel()
	asked, model, err := s.find(r.Recipe)
	var of *sampler.Run
	if err == nil {
		share := sampler.Share{Index: r.Share, Of: r.Of}
		noise := sampler.NewForward
		if r.Chain {
			noise = sampler.NewChain
		}
		of, err = noise(asked, model.info, model.model, r.Image, share)
	}
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	s.past = nil
	a := newRun(r.ID, of, model.info, r.Of)
	a.part = true
	s.begin(a)
}

// newRun returns the share of the pictures that a request asks for, not begun.
func newRun(id int, of *sampler.Run, info recipe.Info, workers int) *run {
	a := &run{Run: of, id: id, info: info, settings: of.Settings(), from: 1}
	a.workers = max(workers, 1)
	a.shares = min(a.workers, a.settings.Images)
	a.to = a.Steps()
	return a
}

// begin makes a run the one that is worked on.
func (s *Session) begin(a *run) {
	a.views = newViews(a.Run, a.info.Channels, a.info.Height, a.info.Width)
	s.active = a
	c, h, w := a.info.Drawn()
	s.out.Send(Started{
		ID: a.id, Recipe: a.Recipe().String(), Subject: a.settings.Subject(),
		Steps: a.Steps(), Images: a.settings.Images, First: a.First(),
		Channels: c, Height: h, Width: w,
		Columns: a.settings.Columns(), Shares: a.shares, Again: a.history != nil,
		Passes: s.helper.begin(a),
	})
}

// kept is how many bytes the page would keep of all steps of all pictures.
func (a *run) kept() int {
	return framePictures * a.settings.Images * a.size() * a.to
}

// size is the number of bytes of a picture.
func (a *run) size() int { return a.info.Channels * a.info.Height * a.info.Width }

// steer acts on a request about the active run.
func (s *Session) steer(r Request) {
	a := s.active
	switch r := r.(type) {
	case Pause:
		if !a.paused {
			s.pause()
		}
	case Resume:
		a.paused, a.until = false, 0
	case Next:
		// Each request adds a solver step, so that keys may be pressed faster
		// than the network answers. Where a run has several shares, which are
		// not at the same step, the page says which one is meant. One to a run
		// that is not paused lets it finish the step it is in.
		a.until = max(a.until, a.Step()) + 1
		if r.Until > 0 {
			a.until = max(r.Until, a.Step()+a.begun())
		}
		a.paused = false
		if a.until == a.Step() {
			s.pause()
		}
	case Follow:
		a.next = r.Recipe
	case Cancel:
		s.cancel()
	}
}

// pause makes the active run wait.
func (s *Session) pause() {
	a := s.active
	a.paused, a.until = true, 0
	s.out.Send(Paused{ID: a.id, Step: a.Step()})
}

// cancel ends what is under way, if anything is.
func (s *Session) cancel() {
	if a := s.active; a != nil {
		s.active = nil
		s.out.Send(Cancelled{ID: a.id, Step: a.Step()})
	}
	if b := s.estimate; b != nil {
		s.estimate = nil
		s.out.Send(Cancelled{ID: b.id, Step: b.of.Done()})
	}
}

// Advance does one unit of work, one solver step of one picture or one term of
// an estimate, and reports whether there is more to do now. A run that is over, paused or was never
// begun has nothing to do.
func (s *Session) Advance() (more bool) {
	if s.helper.waits {
		return s.helper.advance()
	}
	if s.worked != nil && s.worked.id > 0 {
		s.advanceWork()
		return true
	}
	if s.estimate != nil {
		return s.advanceEstimate()
	}
	a := s.active
	if a == nil || a.paused {
		return false
	}
	if s.helper.helps() {
		return s.helper.advance()
	}
	return s.step()
}

// step takes a step of one picture of the active run, as Advance does.
func (s *Session) step() (more bool) {
	a := s.active
	defer s.recovered(a.id)
	began := s.now()
	moved := a.Next()
	took := s.now() - began
	a.spent += took
	workers := a.shares
	if s.helper.end(took) {
		workers = max(min(2*a.shares, a.workers), 2)
	}
	if workers == 1 {
		workers = 0
	}
	if !moved {
		s.active = nil
		s.refuse(a.id, a.Err())
		return false
	}
	s.show(took, workers)
	if a.history != nil {
		a.history.note(a.Image(), a.Picture(a.Image()).(*sampler.Trajectory))
	}
	switch {
	case a.Step() == a.to:
		s.finish()
		return s.active != nil
	case a.until > 0 && a.Step() >= a.until:
		s.pause()
		return false
	}
	return true
}

// begun is 1 where some pictures are a step ahead of the others, else 0.
func (a *run) begun() int {
	if a.Image() == a.Images()-1 {
		return 0
	}
	return 1
}

// show sends the picture that was just worked on, by a number of workers.
func (s *Session) show(took float64, workers int) {
	a := s.active
	p := a.Picture(a.Image())
	largest, rms := a.views.take(a.Image(), p)
	if p.Done() < a.from {
		return
	}
	mean, stdDev := 0.0, 0.0
	if f, ok := p.(*sampler.Forward); ok {
		mean, stdDev = f.Moments()
	}
	s.out.Send(Step{
		ID: a.id, Step: p.Done(), Steps: a.Steps(), Image: p.Image(), Images: a.settings.Images,
		T: p.T(), AlphaBar: p.AlphaBar(), Milliseconds: took,
		Xt: a.views.xt, X0: a.views.x0, Epsilon: a.views.epsilon,
		Change: a.views.change, Largest: largest, RMS: rms, Mean: mean, StdDev: stdDev,
		Workers: workers,
	})
}

// finish ends the active run, with its hash if all pictures are its own.
func (s *Session) finish() {
	a := s.active
	s.active = nil
	if a.shares > 1 || a.part {
		s.out.Send(Part{ID: a.id, Milliseconds: a.spent})
		return
	}
	size := a.size()
	pixels := make([]byte, size*a.Images())
	for i := range a.Images() {
		picture.Pixels(pixels[i*size:(i+1)*size], a.X(i), a.info.Channels,
			a.info.Height, a.info.Width)
	}
	done := certify(a.id, a.settings, a.info, pixels, a.spent)
	if a.next == "" {
		s.out.Send(done)
		return
	}
	s.out.Send(Followed{ID: a.id, Recipe: done.Recipe, Hash: done.Hash,
		Milliseconds: done.Milliseconds, Differs: done.Differs, Next: a.next})
	s.run(Run{ID: a.id, Recipe: a.next})
}

// combine ends a run whose shares were made apart.
func (s *Session) combine(r Combine) {
	asked, model, err := s.find(r.Recipe)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	settings, err := recipe.Resolve(asked, model.info)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	want := settings.Images * model.info.Channels * model.info.Height * model.info.Width
	if len(r.Bytes) != want {
		s.fail(r.ID, "the pictures have "+strconv.Itoa(
			len(r.Bytes))+" bytes where the recipe makes "+strconv.Itoa(want))
		return
	}
	s.out.Send(certify(r.ID, settings, model.info, r.Bytes, 0))
}

// certify is the end of a run, with the hash of its pictures' pixels.
func certify(id int, settings recipe.Settings, info recipe.Info,
	pixels []byte, spent float64) Done {
	sum := picture.Sum(pixels)
	hash := picture.Hex(sum[:])
	differs := settings.Differs(info, hash)
	settings.Origin, settings.Hash = info.Origin(), hash[:16]
	return Done{ID: id, Recipe: settings.Recipe().String(), Hash: hash,
		Milliseconds: spent, Differs: differs}
}

// refuse ends a request with an error, naming the recipe's key at fault.
func (s *Session) refuse(id int, err error) {
	said := err.Error()
	for _, room := range []string{"sampler: ", "solver: ", "bound: "} {
		said = strings.TrimPrefix(said, room)
	}
	failed := Failed{ID: id, Message: said}
	// The sampler returns its errors as they are; errors.As would find them, and
	// cost the worker 10 KB.
	if wrong, ok := err.(*recipe.Error); ok {
		failed.Key, failed.Message = wrong.Key, wrong.Message
		failed.Reason, failed.Values = wrong.Reason, wrong.Values
	}
	if wants, ok := err.(*lacking); ok {
		failed.Needs = wants.names
	}
	s.out.Send(failed)
}
