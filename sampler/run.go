package sampler

// Run is one generation: all pictures of a recipe in lockstep, one picture's part of one solver step at a time.
type Run struct {
	settings     Settings
	trajectories []*Trajectory
	image        int // the picture that the last Next worked on
	step         int // solver steps done by all pictures
	err          error
}

// NewRun resolves a recipe and prepares its pictures. Errors about the recipe are *RecipeError.
func NewRun(r Recipe, info Info, m Model) (*Run, error) { return NewRunFrom(r, info, m, Inputs{}) }

// NewRunFrom is NewRun for a recipe that begins with a picture. It refuses pictures that are not the ones the recipe names.
func NewRunFrom(r Recipe, info Info, m Model, in Inputs) (*Run, error) {
	s, err := Resolve(r, info)
	if err != nil {
		return nil, err
	}
	p, solver, err := prepare(&s, info, m, in)
	if err != nil {
		return nil, err
	}
	run := &Run{settings: s, image: s.Images - 1}
	for i := range s.Images {
		tr, err := pictureOf(&s, &info, m, p, solver, i)
		if err != nil {
			return nil, err
		}
		run.trajectories = append(run.trajectories, tr)
	}
	return run, nil
}

// Next does one picture's part of one solver step: picture 0, 1, … of step 0, then of step 1, and so on. It is false, and nothing is
// done, when the run is over: every step is done, or one failed and Err says why. It allocates nothing.
func (r *Run) Next() bool {
	if r.err != nil || r.step == r.Steps() {
		return false
	}
	image := (r.image + 1) % len(r.trajectories)
	r.image = image
	tr := r.trajectories[image]
	if !tr.Step() {
		r.err = tr.Err()
		return false
	}
	if image == len(r.trajectories)-1 {
		r.step++
	}
	return true
}

// Step is the number of steps that all pictures have done, and Steps how many there are.
func (r *Run) Step() int { return r.step }

// Steps is the number of steps of each picture, see Trajectory.Steps. It is the recipe's but for dpm_fast, whose steps count evaluations,
// and for recipes that begin with a picture.
func (r *Run) Steps() int { return r.trajectories[0].Steps() }

// Image is the picture that the last Next worked on; before the first Next, the last one.
func (r *Run) Image() int { return r.image }

// Images is the number of pictures.
func (r *Run) Images() int { return len(r.trajectories) }

// T is the training timestep of the last evaluation.
func (r *Run) T() int { return r.trajectories[r.image].T() }

// X is a picture's state after its last step: [C,H,W], row-major, not to be changed, valid until Next works on the picture again.
func (r *Run) X(image int) []float64 { return r.trajectories[image].X() }

// X0 is the clean picture that the network saw in a picture's state before its last step, bounded as the recipe says; zero before
// the first. Otherwise like X.
func (r *Run) X0(image int) []float64 { return r.trajectories[image].X0() }

// Epsilon is the noise that the solver took to be in a picture's state before its last step; zero before the first. Otherwise like X.
func (r *Run) Epsilon(image int) []float64 { return r.trajectories[image].Epsilon() }

// Recipe is the canonical recipe of the run.
func (r *Run) Recipe() Recipe { return r.settings.Recipe() }

// Settings is the recipe as resolved.
func (r *Run) Settings() Settings { return r.settings }

// Err says why the run ended before its last step; nil otherwise.
func (r *Run) Err() error { return r.err }
