package main

import "tweedie/sampler/recipe"

// Message is one message to the page: one of the structs of this file that are no part of another.
type Message interface {
	// Type is the `type` of the message.
	Type() string
}

// Ready says that requests are taken.
type Ready struct{}

// Described answers Describe.
type Described struct {
	ID       int      `wire:",ends"`
	Keys     []Key    // in canonical order
	Presets  []Preset // of the data
	Samplers []Sampler
	Examples []Example // topic by topic
	Side     int       // cells along a side of a painting
	Levels   int       // of paint that a cell may have
	Colours  []string  // of paint
}

// Key is one key of the recipe.
type Key struct {
	Name     string
	Kind     recipe.Kind
	Group    recipe.Group
	Min, Max float64 // limits of a number
	Open     bool    // the lower limit itself is not allowed
	Choices  []string
	Doc      string // one line for people, in English
}

// Preset is a distribution with a name.
type Preset struct {
	Name    string
	Doc     string // one line for people, in English
	Classes []string
	Exact   bool // its score is known
}

// Example is a recipe that shows something of the theory.
type Example struct{ Name, Topic, Recipe string }

// Sampler is one of those that a recipe may name.
type Sampler struct{ Name, Title, Group, Description string }

// Sampled answers Sample.
type Sampled struct {
	ID      int      `wire:",ends"`
	Points  []byte   // [n][2]
	Classes []byte   // [n] of bytes
	Names   []string // of the classes
}

// Field is one key of a recipe that is carried out, for a control.
type Field = recipe.Field

// Started says that a recipe is being carried out.
type Started struct {
	ID         int
	Recipe     string  // canonical, without h
	Fields     []Field // in canonical order
	Classes    []string
	Parameters int
	Step       int // training steps that are done already
	Steps      int
	Encodes    int    // the first of them, which train an autoencoder; 0 without one
	Exact      bool   // the exact score is known
	Sees       bool   // what is asked of noisy points has an answer
	AlphaBar   []byte // [T] of the noise schedule; empty without one
}

// Progress says how training goes on.
type Progress struct {
	ID           int
	Step         int     // training steps done
	Losses       []byte  // of the steps since the last message, up to Step
	Milliseconds float64 // that these took
}

// Snapshot is what the network of one moment draws.
type Snapshot struct {
	ID      int
	Step    int    // training steps done
	Whole   bool   // all points and steps of the recipe, not some to be quick
	Clouds  int    // one, or with c=all one for each class, all of the same size
	Points  int    // of all clouds
	Times   []byte // [frames] training timestep of each frame; the last is 0
	States  []byte // [frames][points][2], from noise to what was drawn
	Guesses []byte // [frames][points][2] clean points that the network saw in each
	// [T] of a learned schedule, which is another with each snapshot; empty of one that stays
	AlphaBar []byte
}

// Drawing says how far a drawing of all points is, that takes long.
type Drawing struct{ ID, Step, Steps int }

// Measured says what points and network are worth.
type Measured struct {
	ID       int
	Step     int
	Whole    bool // as of the Snapshot
	Measures []Measure
}

// Measure is one number.
type Measure struct {
	Name  string
	At    int    // training timestep that it is of, −1 for none
	Of    string // the class or mode that it is of, empty for all
	Value float64
	Real  float64 // the best that a model can reach; NaN where that is not known
}

// Paused says that training waits.
type Paused struct{ ID, Step int }

// Done ends a recipe that came to its end.
type Done struct {
	ID      int    `wire:",ends"`
	Recipe  string // canonical, with h
	Hash    string // SHA-256 of the points as float32, 64 hex digits
	Differs bool   // from what the recipe promised
}

// Painted answers Paint and Picture.
type Painted struct {
	ID      int    `wire:",ends"`
	Canvas  string // as the key paint has it; empty where nothing is painted
	Recipe  string // with this painting; empty without one
	Cells   []byte // [side][side] levels of paint
	Colours []byte // [side][side] of it, as Described counts them
}

// Scored answers Score.
type Scored struct {
	ID      int `wire:",ends"`
	T, Step int
	Points  []byte // [rows][columns][2] of the grid, the top row first
	Model   []byte // [rows][columns][2] its score times the noise: −ε̂
	Exact   []byte // [rows][columns][2] the exact one; empty where it is not known
}

// Shaded answers Density.
type Shaded struct {
	ID            int `wire:",ends"`
	T             int
	Columns, Rows int
	Values        []byte // [rows][columns], the top row first
}

// Decoded answers Decode.
type Decoded struct {
	ID                  int `wire:",ends"`
	Step                int // training steps done
	Columns, Rows, Side int
	Ink                 []byte // [rows][columns][side][side] of bytes, 0 for paper
	Names               []byte // [rows][columns] of bytes, if they were asked for
}

// Encoded answers Encode.
type Encoded struct {
	ID      int    `wire:",ends"`
	Step    int    // training steps done
	Points  []byte // [n][2]
	Classes []byte // [n] of bytes
}

// Traced answers Path: [steps + 1][2] each, from the given point on.
type Traced struct {
	ID    int `wire:",ends"`
	Model []byte
	Exact []byte // empty where the exact score is not known
}

// Solved answers Solve.
type Solved struct {
	ID     int `wire:",ends"`
	Step   int // training steps done
	Clouds int // one, or with c=all one for each class
	Ways   []Way
	Points []byte // [ways][clouds][points][2], the noise first
}

// Way is where one sampler carries a point.
type Way struct {
	Sampler string
	Fresh   bool // it takes fresh noise on its way
	Points  int  // of each cloud
}

// Inferred answers Infer.
type Inferred struct {
	ID         int `wire:",ends"`
	T          int
	Posteriors []Posterior // the model's, and the exact one where it is known
}

// Posterior is the mean of a clean point, and the ellipse of one standard deviation around it.
type Posterior struct {
	Exact          bool
	X, Y           float64
	Long, Short    float64 // halves of the axes; NaN where nothing can be said of them
	AlongX, AlongY float64 // direction of the longer axis, a unit vector
}

// Margined answers Margin. The first column is the first timestep, the last the last, and the top
// row is that of the highest coordinates.
type Margined struct {
	ID            int `wire:",ends"`
	Axis          int
	Columns, Rows int
	Values        []byte // [rows][columns] densities
}

// Cancelled ends a request that was cancelled, or whose place another has taken.
type Cancelled struct {
	ID int `wire:",ends"`
}

// Failed ends a request that cannot be answered or, without an id, says that a message was not
// understood.
type Failed struct {
	ID      int            `wire:",omitempty,ends"`
	Key     string         `wire:",omitempty"` // of the recipe, that is at fault
	Message string         // one sentence for a person, in English
	Reason  string         `wire:",omitempty"` // what the sentence says, of solver or keys
	Values  map[string]any `wire:",omitempty"` // the words and numbers in it
	// training came to no number: the network is that of the last good step, and was drawn
	Diverged bool `wire:",omitempty"`
	// the network gives what is no number, so that nothing could be drawn
	Blank bool `wire:",omitempty"`
}
