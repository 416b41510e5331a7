package keys

import "tweedie/sampler/solver"

// The reasons of the lab's own, each with the names of its values, for programs that say them in
// words of their own. What package recipe refuses has the reasons of package solver.
const (
	// A key or a value is not there.
	NoKey    solver.Reason = "lab.key"    // there is no such key: value
	NearKey  solver.Reason = "lab.near"   // nor that, but one that is written so: value, near
	NoChoice solver.Reason = "lab.choice" // it is none of the choices: value, choices
	NoClass  solver.Reason = "lab.class"  // the data have no such class: value, classes

	// Keys that belong to something else.
	OfModel   solver.Reason = "lab.model"   // to a kind of model: name, of, model
	OfMixture solver.Reason = "lab.mixture" // to d=mixture: data
	OfPainted solver.Reason = "lab.painted" // to d=painted: data
	Blank     solver.Reason = "lab.blank"   // nothing was painted

	// Pictures, which latent diffusion learns, and points.
	NoPictures  solver.Reason = "lab.pictures" // the data are points: data
	NoPoints    solver.Reason = "lab.points"   // the data are pictures: model
	MovesPoints solver.Reason = "lab.moves"    // pictures are not moved: value
	SetAlready  solver.Reason = "lab.set"      // the pictures are a set: value, size

	// Sizes.
	Memory solver.Reason = "lab.memory" // the activations take too much: size, most

	// What the network never saw.
	NoClassSeen solver.Reason = "lab.seen"     // drop is 1, and a class is asked for
	AllClassed  solver.Reason = "lab.classed"  // drop is 0, and points of no class are
	Unguided    solver.Reason = "lab.unguided" // drop is 0, and guidance is asked for

	// One noise level.
	NoStart   solver.Reason = "lab.start"  // the sampler starts from noise: k
	WholeWay  solver.Reason = "lab.way"    // a flow learns the whole way
	Fixed     solver.Reason = "lab.fixed"  // a schedule cannot be learned there
	OffLevels solver.Reason = "lab.levels" // the schedule has no such level: value, min, max
	OneWeight solver.Reason = "lab.weight" // there is nothing to weigh
	StaysAt   solver.Reason = "lab.stays"  // the sampler leaves the level: k
	OneLevel  solver.Reason = "lab.level"  // the sampler's level is another: value, at

	// Rectified flows.
	NoPaths     solver.Reason = "lab.paths"    // only a flow has paths to straighten
	Velocity    solver.Reason = "lab.velocity" // a flow predicts its velocity
	AllAlike    solver.Reason = "lab.alike"    // and weighs all its levels alike
	NeedsSignal solver.Reason = "lab.signal"   // the sampler needs some at its start: k
	FreshNoise  solver.Reason = "lab.fresh"    // fresh noise needs the score, which is gone

	// Classifiers.
	Unused     solver.Reason = "lab.unused"    // csteps without cg
	NoAim      solver.Reason = "lab.aim"       // cg without a class
	Untaught   solver.Reason = "lab.untaught"  // cg without csteps
	Unsteered  solver.Reason = "lab.unsteered" // cg with a velocity
	Uncompared solver.Reason = "lab.compared"  // g beside cg, with drop=1
	OneClass   solver.Reason = "lab.single"    // cg with data of one class
)
