package main

import (
	"strconv"

	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// Sender takes the messages of a session, in order.
type Sender interface{ Send(Message) }

// Session answers the page's requests. Its methods are to be called by one goroutine at a time.
type Session struct {
	out   Sender
	now   func() float64 // milliseconds, from any origin
	run   *run           // the last recipe that could be carried out, or nil
	tasks []task         // what was asked beside it, the first first
	turn  float64        // when the next unit of them may be done beside training
}

// task is something that was asked and takes several units.
type task struct {
	id   int
	unit func() (more bool)
}

// NewSession returns a session that carries nothing out yet.
func NewSession(out Sender, now func() float64) *Session { return &Session{out: out, now: now} }

// Unknown is a message of the page that is no request.
type Unknown struct{ Name string }

func (u Unknown) request() (kind string, id int, asks bool) { return u.Name, 0, false }

// Receive acts on one request. Whatever it holds, the session stays usable.
func (s *Session) Receive(r Request) {
	kind, id, asks := r.request()
	defer s.recovered(id)
	if asks && id <= 0 {
		s.fail(0, "a message of type '"+kind+"' needs an id, a whole number from 1")
		return
	}
	switch r := r.(type) {
	case Describe:
		s.describe(id)
	case Sample:
		s.sample(r)
	case Train:
		s.train(r)
	case Score:
		s.score(r)
	case Density:
		s.density(r)
	case Path:
		s.path(r)
	case Decode:
		s.decode(r)
	case Encode:
		s.encode(id)
	case Paint:
		s.paint(r)
	case Picture:
		s.picture(r)
	case Solve:
		s.solve(r)
	case Margin:
		s.margin(r)
	case Infer:
		s.infer(r)
	case Cancel:
		s.cancel(id)
	case Unknown:
		if kind == "" {
			s.fail(0, "a message has no type")
		} else {
			s.fail(0, "there is no message type '"+kind+"'")
		}
	default:
		if s.run != nil && s.run.id == id {
			s.run.steer(r)
		}
	}
}

// Advance does one unit of everything that goes on and returns whether there is more. What is asked
// beside a training takes no more time than that.
func (s *Session) Advance() bool {
	learns := s.run != nil && s.run.learns()
	if len(s.tasks) > 0 && (!learns || s.now() >= s.turn) {
		began := s.now()
		s.unit(s.tasks[0])
		ended := s.now()
		s.turn = ended + (ended - began)
	}
	if s.run != nil {
		s.work(s.run)
	}
	return len(s.tasks) > 0 || s.run != nil && s.run.busy()
}

func (s *Session) unit(t task) {
	more := false
	defer func() {
		if !more {
			s.tasks = s.tasks[1:]
		}
	}()
	defer s.recovered(t.id)
	more = t.unit()
}

func (s *Session) work(r *run) {
	defer s.recovered(r.id)
	r.work()
}

// recovered, deferred, turns a panic into one failure of a request. A recipe that fails so is over.
func (s *Session) recovered(id int) {
	p := recover()
	if p == nil {
		return
	}
	text := "without a word"
	switch p := p.(type) {
	case error:
		text = p.Error()
	case string:
		text = p
	}
	if s.run != nil && s.run.id == id {
		s.run = nil
	}
	s.fail(id, "the lab has a fault ("+text+"); please report it with the recipe")
}

func (s *Session) fail(id int, sentence string) { s.out.Send(Failed{ID: id, Message: sentence}) }

// refuse ends a request with an error, naming the recipe's key at fault.
func (s *Session) refuse(id int, err error) {
	failed := Failed{ID: id, Message: err.Error()}
	if wrong, ok := err.(*recipe.Error); ok {
		failed.Key, failed.Message = wrong.Key, wrong.Message
		failed.Reason, failed.Values = string(wrong.Reason), wrong.Values
	}
	s.out.Send(failed)
}

func (s *Session) describe(id int) {
	d := Described{ID: id, Side: plane.CanvasSide, Levels: plane.CanvasLevels,
		Colours: plane.Colours()}
	for _, k := range keys.Keys() {
		d.Keys = append(d.Keys, Key{k.Name, k.Kind, k.Group, k.Min, k.Max, k.Open, k.Choices,
			k.Doc})
	}
	for _, p := range keys.Presets() {
		d.Presets = append(d.Presets, Preset{p.Name, p.Doc, p.Classes, p.Exact})
	}
	for _, one := range solver.Samplers() {
		d.Samplers = append(d.Samplers, Sampler{one.Name, one.Title, one.Group, one.Description})
	}
	for _, e := range keys.Examples() {
		d.Examples = append(d.Examples, Example{e.Name, string(e.Topic), e.Recipe})
	}
	s.out.Send(d)
}

// train begins with a recipe, or goes on with it. One that is refused leaves what goes on alone.
func (s *Session) train(t Train) {
	settings, err := keys.Parse(t.Recipe)
	if err != nil {
		s.refuse(t.ID, err)
		return
	}
	r := &run{id: t.ID, session: s, promise: settings.Hash, waits: t.Wait}
	settings.Hash = ""
	if s.run != nil && !t.Again {
		kept, err := s.run.e.Change(settings)
		if err != nil {
			s.refuse(t.ID, err)
			return
		}
		if kept {
			r.e, r.mixture, r.of = s.run.e, s.run.mixture, s.run.of
		}
	}
	if r.e == nil {
		if r.e, err = experiment.New(settings, nil); err != nil {
			s.refuse(t.ID, err)
			return
		}
	}
	if s.run != nil {
		s.run.forget()
		if !s.run.over {
			s.out.Send(Cancelled{s.run.id})
		}
	}
	s.run = r
	r.start()
}

// cancel ends a request that goes on.
func (s *Session) cancel(id int) {
	for i, t := range s.tasks {
		if t.id == id {
			s.tasks = append(s.tasks[:i:i], s.tasks[i+1:]...)
			s.out.Send(Cancelled{id})
			return
		}
	}
	if s.run != nil && s.run.id == id && !s.run.over {
		s.run = nil
		s.out.Send(Cancelled{id})
	}
}

// most bounds what one request may ask for.
const most = 1 << 14

func (s *Session) sample(r Sample) {
	settings, err := keys.Parse(r.Recipe)
	if err == nil && (r.Points < 1 || r.Points > most) {
		s.fail(r.ID, "a sample has 1 to "+strconv.Itoa(most)+" points")
		return
	}
	d, wrong := experiment.Shown(&settings)
	if err == nil {
		err = wrong
	}
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	x, classes := make([]float64, 2*r.Points), make([]int, r.Points)
	d.Sample(x, classes, plane.Key{Seed: settings.Seed, Stream: plane.HeldOut})
	s.out.Send(Sampled{r.ID, floats(x), narrow(classes), d.Classes()})
}

// narrow are classes as bytes.
func narrow(classes []int) []byte {
	b := make([]byte, len(classes))
	for i, c := range classes {
		b[i] = byte(c)
	}
	return b
}
