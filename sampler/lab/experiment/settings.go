package experiment

import (
	"slices"

	"tweedie/sampler/lab/keys"
	"tweedie/sampler/recipe"
)

// Change has what was trained draw by other settings. It returns false, and changes nothing, where
// these would train another network, or cannot be drawn, which is the error.
func (e *Experiment) Change(s keys.Settings) (bool, error) {
	if s.Trained() != e.Settings.Trained() {
		return false, nil
	}
	_, own, err := e.kind.draw(&s)
	if err != nil {
		return false, err
	}
	s.Adopt(own)
	e.Settings = s
	return true, nil
}

// samplers are the groups of keys that a sampler has.
var samplers = []recipe.Group{recipe.GroupSampler, recipe.GroupGuidance, recipe.GroupLangevin}

// Fields returns the keys that mean something here, in canonical order, for controls. Those of the
// sampler have its limits, and say why they have no effect.
func (e *Experiment) Fields() (list []recipe.Field) {
	resolved := e.resolved()
	values, standard := e.Settings.Values(), keys.Standard().Values()
	for _, k := range keys.Keys() {
		if !e.Settings.Has(k.Name) {
			continue
		}
		f := recipe.Field{Key: k.Name, Value: values[k.Name], Standard: standard[k.Name],
			Kind: k.Kind, Group: k.Group, Min: k.Min, Max: k.Max, Open: k.Open, Choices: k.Choices}
		if k.Name == "m" && e.Settings.Data == keys.Digits {
			f.Choices = []string{keys.Latent}
		}
		if k.Name == "c" {
			f.Kind = recipe.Choice
			f.Choices = append(append([]string{"none"}, e.Data().Classes()...), "all")
		}
		if resolved != nil && slices.Contains(samplers, k.Group) {
			i := slices.IndexFunc(resolved, func(f recipe.Field) bool { return f.Key == k.Name })
			if i < 0 {
				continue
			}
			f = resolved[i]
		}
		list = append(list, f)
	}
	return list
}

// resolved returns the keys of the sampler; nil for a kind that has none.
func (e *Experiment) resolved() []recipe.Field {
	one := e.Settings
	one.Points = 1
	kind, denoises := e.kind.(denoiser)
	if !denoises {
		return nil
	}
	run, err := kind.run(&one)
	if err != nil {
		return nil
	}
	return run.Settings().Fields(kind.Model(1).Info())
}
