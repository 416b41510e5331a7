package protocol

import (
	"errors"
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// load makes a model available under the name that recipes use. A model of that
// name that was there before is replaced; a run keeps the one it began with.
func (s *Session) load(r Load) {
	defer func() {
		if p := recover(); p != nil {
			s.unloadable(r.Model, errors.New("its reader has a fault ("+faultText(p)+")"))
		}
	}()
	if r.Bytes == nil || r.Bytes.Size() == 0 {
		s.unloadable(r.Model, errors.New("the message holds no bytes"))
		return
	}
	open := s.openInPieces
	if _, whole := r.Bytes.(Bytes); whole {
		open = s.open
	}
	o, err := open(r)
	if err != nil {
		s.unloadable(r.Model, err)
		return
	}
	s.leaveWork()
	s.worked = nil
	if o.Guide != nil {
		s.guides[o.Guide.Name] = *o.Guide
		s.out.Send(Companion{Model: o.Guide.Name, Parameters: o.Parameters, Hash: o.Guide.Hash})
		return
	}
	info := o.Info
	defaults, err := recipe.Parse("m=" + info.Name)
	if err != nil {
		s.unloadable(r.Model, err)
		return
	}
	s.models[info.Name] = loaded{o.Model, info}
	if r.Beside {
		s.out.Send(Companion{Model: info.Name, Parameters: o.Parameters, Hash: info.Hash})
		return
	}
	latents := 0
	if picture.Latent(info.Channels) {
		latents = info.Channels
	}
	c, h, w := info.Drawn()
	var samplers []Sampler
	for _, k := range solver.Menu() {
		samplers = append(samplers, Sampler{
			k.Name, k.Title, k.Heading(), k.Description, info.Idle(k),
		})
	}
	s.out.Send(Model{
		Model: info.Name, Title: info.Title, Classes: info.Classes,
		Channels: c, Height: h, Width: w, Latents: latents,
		Timesteps: info.Scheduler.NumTrainTimesteps, Parameters: o.Parameters, Pictures: o.Pictures,
		Hash: info.Hash, Samplers: samplers, Defaults: defaults.String(),
	})
}

// unloadable says why a model cannot be used.
func (s *Session) unloadable(name string, err error) {
	s.out.Send(Failed{Model: name, Message: "the model " + strconv.Quote(name) +
		" cannot be loaded: " + err.Error()})
}

// describe answers with the recipe's canonical text and what each key comes to.
func (s *Session) describe(r Describe) {
	asked, err := r.changed()
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	model, err := s.modelOf(asked)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	settings, err := recipe.Resolve(asked, model.info)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	text := settings.Recipe()
	if r.Spelled {
		text = settings.Spelled()
	}
	s.out.Send(Described{
		ID: r.ID, Recipe: text.String(),
		Fields: settings.Fields(model.info), Taken: settings.Taken(settings.Steps),
	})
}

// changed is the recipe that is asked about.
func (r *Describe) changed() (recipe.Recipe, error) {
	asked, err := recipe.Parse(r.Recipe)
	if err == nil {
		err = asked.Remove(r.Without...)
	}
	if err == nil {
		err = asked.Write(r.Set)
	}
	if err == nil {
		err = recipe.Inputs{Image: r.Image, Mask: r.Mask}.Name(&asked)
	}
	return asked, err
}

// lacking is the error of a recipe that asks for weights files which were not
// loaded.
type lacking struct{ names []string }

func (e *lacking) Error() string {
	text := "the recipe needs"
	for i, name := range e.names {
		if i > 0 {
			text += " and"
		}
		text += " " + strconv.Quote(name)
	}
	return text + ", which is not loaded"
}

// find reads a recipe and looks up the model that it names.
func (s *Session) find(text string) (recipe.Recipe, loaded, error) {
	asked, err := recipe.Parse(text)
	if err != nil {
		return recipe.Recipe{}, loaded{}, err
	}
	model, err := s.modelOf(asked)
	return asked, model, err
}

// modelOf looks up the model that a recipe names, with the others that it asks for.
func (s *Session) modelOf(asked recipe.Recipe) (loaded, error) {
	name := asked.Get("m")
	model, ok := s.models[name]
	if !ok {
		return loaded{}, solver.Because("m", solver.NoModel, "model '{value}' is not loaded",
			"value", name)
	}
	var missing []string
	for _, name := range model.info.Needs(asked) {
		var err error
		if g, ok := s.guides[name]; ok {
			err = model.info.Accompany(g)
		} else if other, ok := s.models[name]; !ok {
			missing = append(missing, name)
		} else if model.info.Cascade != nil {
			err = model.info.AccompanyBase(recipe.Stage{Info: other.info, Model: other.model})
		} else {
			err = model.info.AccompanyWeaker(&other.info, other.model)
		}
		if err != nil {
			return loaded{}, err
		}
	}
	if missing != nil {
		return loaded{}, &lacking{missing}
	}
	return model, nil
}
