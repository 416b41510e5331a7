package protocol

import "tweedie/weights"

// Request is one message from the page: one of the structs of this file, or Unknown.
// One that asks for an end has an id of the page's choice, a whole number from 1.
type Request interface {
	// request returns the `type` of the request, its id, 0 if it has none, and whether
	// it asks for an end.
	request() (kind string, id int, asks bool)
}

// Load gives the session a weights file, which must stay as it is. The answer has no id: Model,
// Companion or Failed.
type Load struct {
	Model string         // name that recipes use: the file's name without extension
	Bytes weights.Source // the file
	// First 16 hex digits of its SHA-256; computed if empty.
	Hash   string `wire:",omitempty"`
	Beside bool   `wire:",omitempty"` // it only serves recipes of another model
	// Memory of the device in bytes, 0 if it is not known. A network that needs more is
	// refused before it is compiled.
	Memory int `wire:",omitempty"`
	// Eight bits are left of every weight, as in a file of tools/convert -dtype int8.
	Eight bool `wire:",omitempty"`
}

// Describe asks for the canonical text of a recipe and the value of every key. Before, the
// recipe is changed as asked.
type Describe struct {
	ID      int `wire:",asks"`
	Recipe  string
	Without []string          `wire:",omitempty"` // keys, or groups of keys, to take away first
	Set     map[string]string `wire:",omitempty"` // values to write then; an empty one takes away
	// write every key out, so that no file decides any
	Spelled bool `wire:",omitempty"`
	// Pixels of the picture that the recipe begins with, [H,W,C], interleaved. The
	// answer names them in the recipe.
	Image []byte `wire:",omitempty"`
	Mask  []byte `wire:",omitempty"` // of its mask, [H,W], white where it is made again
}

// Run asks for the pictures of a recipe, or for those of one share. It takes the place
// of what is under way.
type Run struct {
	ID     int `wire:",asks"`
	Recipe string
	// Pixels of the picture that the recipe begins with, [H,W,C], interleaved. The
	// answer names them in the recipe.
	Image []byte `wire:",omitempty"`
	Mask  []byte `wire:",omitempty"` // of its mask, [H,W], white where it is made again

	Share int `wire:",omitempty"` // which share of the pictures to make, 0…of−1
	Of    int `wire:",omitempty"` // the number of workers that share them; 0 is 1

	Keep   int `wire:",omitempty"` // bytes that all shares may hold to make steps again
	Stored int `wire:",omitempty"` // bytes of steps that the page keeps
	// The first step that is made again of the run before, 1…steps; 0 for a new run.
	From int `wire:",omitempty"`
	To   int `wire:",omitempty"` // the last step that is made again
}

// Forward asks for a picture with noise, at each of the levels of a recipe. It takes
// the place of what is under way.
type Forward struct {
	ID     int `wire:",asks"`
	Recipe string
	Image  []byte // the picture's pixels, [H,W,C], interleaved
	Share  int    `wire:",omitempty"` // which share of the pictures to make, 0…of−1
	Of     int    `wire:",omitempty"` // the number of workers that share them; 0 is 1
	// Whether the pictures after the first are noised step by step.
	Chain bool `wire:",omitempty"`
}

// Combine asks for the end of a run whose shares were made apart.
type Combine struct {
	ID     int `wire:",asks"`
	Recipe string
	Bytes  []byte // the pixels of all pictures, one after the other
}

// Measure asks how likely a picture is. It takes the place of what is under way.
type Measure struct {
	ID     int `wire:",asks"`
	Recipe string
	Image  []byte // the picture's pixels, [H,W,C], interleaved
	Form   string `wire:",omitempty"` // denoising, consistency or flow; the first if empty
	// Noisy pictures for each timestep, or random directions of the flow; 0 for 1, or
	// for 4 of the flow.
	Draws int `wire:",omitempty"`
}

// Work asks for the working of a step of a picture: every line of its arithmetic for one value, and
// as pictures. A run goes on beside it; another request of this type takes its place.
type Work struct {
	ID     int `wire:",asks"`
	Recipe string
	// Pixels of the picture that the recipe begins with, [H,W,C], interleaved. The
	// answer names them in the recipe.
	Image   []byte `wire:",omitempty"`
	Mask    []byte `wire:",omitempty"` // of its mask, [H,W], white where it is made again
	Picture int    `wire:",omitempty"` // of the recipe, 0…images−1
	Step    int    // 1…steps
	Row     int    `wire:",omitempty"` // of the pixel, as the picture is drawn
	Column  int    `wire:",omitempty"`
	Channel int    `wire:",omitempty"`
	// whether the lines are wanted as pictures
	Drawn bool `wire:",omitempty"`
	// A derivation of sampler/derive that is wanted on the numbers of the step, instead of its
	// working.
	Derivation string `wire:",omitempty"`
	// Coefficients of the derivation that are changed, by line and index as in "3.1".
	Edits map[string]string `wire:",omitempty"`
}

// Plot asks for the noise levels of a recipe's steps, and the schedule of its model.
type Plot struct {
	ID      int `wire:",asks"`
	Recipe  string
	Image   []byte `wire:",omitempty"` // pixels of the picture that the recipe begins with
	Mask    []byte `wire:",omitempty"` // and of its mask
	Forward bool   `wire:",omitempty"` // of a picture that is noised, see Forward
}

// Pause makes a run or an estimate wait.
type Pause struct {
	ID int // of the run or estimate
}

// Resume lets a run or an estimate that waits go on.
type Resume struct {
	ID int // of the run or estimate
}

// Next asks for one more solver step of a run, or term of an estimate, after which it
// waits.
type Next struct {
	ID    int // of the run or estimate
	Until int `wire:",omitempty"` // solver step of a run after which it waits; 0 for the next
}

// Follow asks that another recipe be run once a run of one share is whole, with the same id, in
// place of one that was to follow it.
type Follow struct {
	ID     int // of the run
	Recipe string
}

// Cancel ends a run or an estimate.
type Cancel struct {
	ID int // of the run or estimate
}

// Assist says that another worker makes passes for this one's runs, or does no longer.
type Assist struct {
	On bool
}

// Pass asks for a pass of another worker's run: the output of a network, or the gradient of a
// classifier. The answer is Answer.
type Pass struct {
	Of    string // name of the network or the classifier
	X     []byte // the state that it sees, float32 with the lowest byte first, [C,H,W]
	T     float64
	Label int // a class, or −1 for none
}

// Passed is the answer of another worker to Wanted.
type Passed struct {
	Values []byte // float32 with the lowest byte first, [OutChannels,H,W]
}
