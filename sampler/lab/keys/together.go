package keys

import (
	"slices"
	"strconv"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/digits"
	"tweedie/sampler/solver"
)

// sampler returns the sampler's name.
func (s *Settings) sampler() string {
	if name := s.written("k"); name != "" {
		return name
	}
	return lab.Sampler(s.Schedule == lab.Straight, s.Sigma > 0)
}

// written returns a sampler's key as written, "" where it is not.
func (s *Settings) written(name string) string {
	for _, p := range s.sampling {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// checkDigits refuses digits without latent diffusion, and the reverse, and keys of points alone.
func (s *Settings) checkDigits() error {
	switch {
	case s.Model == Latent && s.Data != Digits:
		return solver.Because("d", NoPictures, "d is {data} but m is "+Latent+
			": latent diffusion learns pictures, and these are points; choose d="+Digits,
			"data", s.Data)
	case s.Data != Digits:
		return nil
	case s.Model != Latent:
		return solver.Because("m", NoPoints, "m is {model} but d is "+Digits+
			", which are pictures and no points of the plane; choose m="+Latent,
			"model", s.Model)
	case s.Noise > 0:
		return solver.Because("noise", MovesPoints, "noise is {value} but d is "+Digits+
			": it moves points of the plane, and these are pictures; leave noise out",
			"value", solver.Number(s.Noise))
	case s.Set > 0:
		return solver.Because("set", SetAlready, "set is {value} but d is "+Digits+
			", which are a set of {size} already; leave set out",
			"value", strconv.Itoa(s.Set), "size", strconv.Itoa(digits.Trained))
	}
	return nil
}

// checkDropout refuses to draw what the network has never seen.
func (s *Settings) checkDropout() error {
	g := s.written("g")
	switch {
	case s.Class != classNone && s.Dropout == 1 && !s.guided():
		return solver.Because("drop", NoClassSeen, "drop is 1 but c is "+s.Class+
			": a network that never saw a class cannot draw one; choose a drop below 1")
	case s.Class == classNone && s.Dropout == 0:
		return solver.Because("drop", AllClassed, "drop is 0 but c is none: a network that "+
			"never saw a point without its class cannot draw one; choose a drop above 0, or c")
	case s.Dropout == 0 && g != "" && g != "1":
		return solver.Because("drop", Unguided, "drop is 0 but g is "+g+": guidance needs what "+
			"the network says without a class, which it never learned; choose a drop above 0, "+
			"or g=1")
	}
	return nil
}

// checkOneLevel refuses what a network of one noise level cannot do, and a start that no sampler
// has.
func (s *Settings) checkOneLevel() error {
	if s.Start > 0 && s.sampler() != langevin {
		return solver.Because("start", NoStart, "start is "+solver.Number(s.Start)+
			" but k is {k}, which starts from the noise it removes; choose k="+langevin,
			"k", s.sampler())
	}
	if s.Sigma == 0 {
		return nil
	}
	at := solver.Number(s.Sigma)
	least, most := lab.Noise(s.Schedule)
	switch level := s.written("level"); {
	case s.Schedule == lab.Straight:
		return solver.Because("at", WholeWay, "at is "+at+" but schedule is "+lab.Straight+
			", whose network learns the whole way from noise to data; choose another schedule, "+
			"or at=0")
	case s.Schedule == lab.Learned:
		return solver.Because("at", Fixed, "at is "+at+" but schedule is "+lab.Learned+
			": one noise level leaves a schedule nothing to learn; choose another, or at=0")
	case !(s.Sigma >= least && s.Sigma <= most):
		return solver.Because("at", OffLevels, "at is {value} but the schedule "+s.Schedule+
			" has the noise {min} to {max}", "value", at, "min", rounded(least),
			"max", rounded(most))
	case s.Loss != string(lab.Simple):
		return solver.Because("loss", OneWeight, "loss is "+s.Loss+" but at is "+at+
			": one noise level leaves nothing to weigh; choose loss=simple")
	case s.sampler() != langevin:
		return solver.Because("k", StaysAt, "k is {k} but at is "+at+
			": the network knows one noise level, and only langevin stays at one; choose k="+
			langevin+", or at=0", "k", s.sampler())
	case level != "" && level != at:
		return solver.Because("level", OneLevel, "level is {value} but at is {at}"+
			", the one noise level that the network knows; leave level out",
			"value", level, "at", at)
	}
	return nil
}

// checkFlow refuses what a rectified flow has not, and what only it has.
func (s *Settings) checkFlow() error {
	steps := strconv.Itoa(s.Reflow)
	switch {
	case s.Schedule != lab.Straight && s.Reflow > 0:
		return solver.Because("reflow", NoPaths, "reflow is "+steps+" but schedule is "+s.Schedule+
			": only a rectified flow has paths to straighten; choose schedule="+lab.Straight)
	case s.Schedule != lab.Straight:
		return nil
	case s.Prediction != flow:
		return solver.Because("p", Velocity, "p is "+s.Prediction+" but schedule is "+lab.Straight+
			": a rectified flow predicts its velocity; choose p="+flow)
	case s.Loss != string(lab.Simple):
		return solver.Because("loss", AllAlike, "loss is "+s.Loss+" but schedule is "+lab.Straight+
			": a rectified flow weighs all its levels alike; choose loss="+string(lab.Simple))
	case slices.Contains(needSignal, s.sampler()):
		return solver.Because("k", NeedsSignal, "k is {k} but schedule is "+lab.Straight+
			": a rectified flow begins at noise without signal, from where {k} cannot step; "+
			"choose k="+euler+" or dpmpp_2m", "k", s.sampler())
	case s.Reflow == 0:
		return nil
	}
	eta, churn := s.written("eta"), s.written("churn")
	k := solver.Named(s.sampler())
	switch {
	case eta != "" && eta != "0":
		return solver.Because("eta", FreshNoise, "eta is "+eta+reflowed+
			"leave eta out, or choose reflow=0")
	case churn != "" && churn != "0":
		return solver.Because("churn", FreshNoise, "churn is "+churn+reflowed+
			"leave churn out, or choose reflow=0")
	case k != nil && k.Traits.Eta > 0 && eta == "":
		return solver.Because("k", FreshNoise, "k is "+k.Name+reflowed+
			"choose k="+euler+", or reflow=0")
	}
	return nil
}

// needSignal lists the samplers that step in the logarithm of the signal, which is infinite at
// pure noise.
var needSignal = []string{"dpm", "dpm_2s", "dpmpp_2s", "dpm_sde", "dpmpp_2s_sde", "sa"}

const reflowed = " but a flow that was trained on its own pairs no longer knows the score, " +
	"which fresh noise needs; "

func rounded(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

// guided reports whether a classifier steers the points.
func (s *Settings) guided() bool {
	scale, err := strconv.ParseFloat(s.written("cg"), 64)
	return err == nil && scale > 0
}

// checkGuide refuses a classifier that cannot steer, and what has no effect beside it.
func (s *Settings) checkGuide() error {
	cg, g := "cg is "+s.written("cg"), s.written("g")
	switch {
	case !s.guided() && s.GuideSteps > 0:
		return solver.Because("csteps", Unused, "csteps is "+strconv.Itoa(s.GuideSteps)+
			" but there is no cg, so that no classifier is used; choose a cg above 0")
	case !s.guided():
		return nil
	case s.Class == classNone:
		return solver.Because("cg", NoAim,
			cg+" but c is none: a classifier steers to a class; choose c")
	case s.GuideSteps == 0:
		return solver.Because("csteps", Untaught,
			"csteps is 0 but "+cg+": the classifier has to learn")
	case s.Prediction == flow:
		return solver.Because("cg", Unsteered, cg+" but p is flow, whose velocity a classifier "+
			"cannot steer; choose another p, or guide by g")
	case s.Dropout == 1 && g != "" && g != "1":
		return solver.Because("g", Uncompared, "g is "+g+" but drop is 1: g compares the network "+
			"with its class and without, and it knows none; leave g out, or choose a drop below 1")
	}
	if names, _, err := s.labels(); err == nil && len(names) < 2 {
		return solver.Because("cg", OneClass, cg+" but the data have one class")
	}
	return nil
}
