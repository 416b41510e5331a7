package recipe

import (
	"errors"

	"tweedie/sampler/network"
)

// AccompanyWeaker sets the weaker version of the model that recipes can use for autoguidance: a
// network m that is smaller or was trained for less time, on the same pictures. its is what its
// file says. It may predict another quantity. The errors are those of Accompany, and of a network
// that cannot be evaluated beside the model's.
func (info *Info) AccompanyWeaker(its *Info, m network.Model) error {
	shown, _ := m.(network.SelfConditioned)
	if its.Name == info.Name || its.Cascade != nil || shown != nil && shown.TakesEstimate() {
		return errors.New("recipe: the weaker version must be another network than the model, " +
			"of one stage, and not shown its own estimates")
	}
	return info.Accompany(Guide{Weaker: m, Name: its.Name, Hash: its.Hash, Names: its.Classes,
		Scheduler: its.Scheduler})
}
