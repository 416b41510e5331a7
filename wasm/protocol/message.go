package protocol

import (
	"tweedie/sampler"
	"tweedie/sampler/derive"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// Message is one message to the page: one of the structs of this file that are no
// part of another.
type Message interface {
	// Type is the `type` of the message.
	Type() string
}

// Ready says that the worker takes requests.
type Ready struct {
	SIMD bool // whether the kernels were built with vector instructions
}

// Model describes a model that was loaded.
type Model struct {
	Model                   string // as in the request
	Title                   string
	Classes                 []string
	Channels, Height, Width int // of what is drawn
	Latents                 int // channels of a latent that are drawn side by side; 0 for pictures
	Timesteps               int // training timesteps T
	Parameters              int
	Pictures                int    // stored by an exact denoiser; 0 for a network
	Hash                    string // first 16 hex digits of the file's SHA-256
	Samplers                []Sampler
	Defaults                string // the recipe that only names the model
}

// Preparing says how far a load is that takes long. Its Model, Companion or Failed follows.
type Preparing struct {
	Model string // as in the request
	Done  int    // bytes of the file
	Total int
}

// Companion says that a network was loaded which only serves others: a
// classifier, or what was loaded beside a model.
type Companion struct {
	Model      string // as in the request
	Parameters int
	Hash       string // first 16 hex digits of the file's SHA-256
}

// Sampler is one choice of the recipe key k.
type Sampler struct {
	Name        string // the key's value
	Title       string
	Group       string      // of the menu, with what it is for
	Description string      // one sentence
	Idle        recipe.Idle // why it is not for this model's network
}

type Field = recipe.Field

// Described answers a request to describe a recipe.
type Described struct {
	ID     int     `wire:",ends"`
	Recipe string  // canonical, or with every key written out
	Fields []Field `wire:",record"` // the keys that can mean something here, in canonical order
	// The number of solver steps that are made: with a picture to begin with, its
	// strength's share of them.
	Taken int
}

type Level = sampler.Level

// Plotted answers a request to plot a recipe.
type Plotted struct {
	ID int `wire:",ends"`
	// Where each step begins, and where the last ends; or the states of a picture that is
	// noised.
	Steps []Level
	// Of whole timesteps of the network from 0 to T−1, at most 1000; none for a network without
	// training timesteps.
	Schedule []Level
	First    []Level // the same of a cascade's first stage; none without one
}

// Started says that a run has begun.
type Started struct {
	ID                      int
	Recipe                  string // canonical
	Subject                 string // what the pictures are of: a word, a class, all or none
	Steps, Images           int
	First                   int // the number of Steps of a cascade's first stage, 0 without one
	Channels, Height, Width int
	Columns                 int  // the number of pictures in a row; 0 for any number
	Shares                  int  // the number of workers that share the pictures
	Again                   bool // whether steps can be made again
	// The number of passes of a step of a picture that can be made at once, by as many workers; 0
	// for 1.
	Passes int `wire:",omitempty"`
}

// Step is one picture after one solver step.
type Step struct {
	ID           int
	Step         int // 1…steps
	Steps        int
	Image        int // 0…images−1
	Images       int
	T            int     // training timestep at which the network was asked
	AlphaBar     float64 // ᾱ of t
	Milliseconds float64 `wire:"ms"` // that this picture's part of the step took
	// Pixels of x_t, 8-bit [H,W,C], interleaved. In Go they, and those that follow, are
	// valid until the receiver returns.
	Xt []byte
	X0 []byte // pixels of x̂0
	// The noise that was taken to be in the picture before the step, from −3 to 3; a
	// signed picture, in which 0 is the middle.
	Epsilon []byte
	Change  []byte  // what the step changed, from −largest to largest; a signed picture
	Largest float64 // the largest change
	// Of a picture that is noised: the mean of the noise in it and its standard deviation.
	Mean   float64 `wire:",omitempty"`
	StdDev float64 `wire:",omitempty"`
	RMS    float64 // the root mean square of the change
	// The number of workers that are at the step's pictures; 0 for 1.
	Workers int `wire:",omitempty"`
}

// Wanted asks another worker for a pass, see the request Pass.
type Wanted struct {
	Of    string
	X     []byte
	T     float64
	Label int
}

// Answer answers the request Pass, see Passed.
type Answer struct {
	Values []byte
}

// Worked is the working of a step: the lines of its arithmetic, in their order.
type Worked struct {
	ID                      int    `wire:",ends"`
	Recipe                  string // canonical
	Picture                 int    // of the recipe
	Step, Steps             int
	Predicts                string // what the network was trained to predict
	Channels, Height, Width int    // of the lines' pictures; small in a cascade's first stage
	Row, Column, Channel    int    // of the value that the lines have, in these pictures
	Lines                   []WorkLine
	// What the network's last answer stands for; none where the state has no noise or no signal.
	Readings []WorkReading
	Seen     int // the line of what the network saw then
	// The lines and then the readings as pictures of 8 bits, [lines+readings][H,W,C], signed, from
	// −most to most of each.
	Pictures []byte
}

// WorkReading is a prediction as which an answer can be read: x̂0 is (State·x + Output·value)/Over,
// x being what the network saw.
type WorkReading struct {
	Kind                string // sample, epsilon, score, v_prediction or flow_prediction
	State, Output, Over float64
	Value               float64
	Apart               float64 // largest difference of the x̂0 that follows from it
	// What a squared error of it costs in the bound's term of this step (Luo 99, 130, 148); 0 where
	// the step has none.
	Weight float64
	Most   float64 // the value that is drawn white
}

// Derived is a derivation on the numbers of a step, and the names of all.
type Derived struct {
	ID         int `wire:",ends"`
	Derivation string
	Names      []string
	Lines      []DerivedLine
}

// DerivedLine is the claim that two sides are equal.
type DerivedLine struct {
	Equation string // its number in Luo's paper, or another source
	// The sides as MathML. The element of a coefficient has the attribute data-coefficient, its
	// index.
	Left, Right           string
	Continued             bool    // whether the left side is the right one of a line before
	LeftValue, RightValue float64 // of pictures at the pixel
	Picture               bool    // whether the sides are pictures
	Difference            float64 // |left − right| / max(|left|, |right|)
	Holds                 bool    // whether rounding explains it
	Undefined             derive.Reason
	Coefficients          []Coefficient
}

// Coefficient is a number of a line that can be changed.
type Coefficient struct {
	Index  int
	Symbol string // as text
	Value  float64
}

// WorkLine is one line of a working: a quantity of the step, and how it follows from lines before
// it.
type WorkLine struct {
	Of    string // see sampler/working
	Rule  string // given, sum, clip, scale, exp, root or round
	Value float64
	// what the sum is divided by, or clipped to
	Over float64
	// of what an earlier step asked the network for: how many evaluations ago
	Back  int
	T     float64 // of a network's answer: the timestep that it was told
	Deep  int     // of one: how many evaluations ago its deep features were worked out
	Most  float64 // the value that is drawn white; its negative is black
	Left  bool    // whether the line leaves this value alone
	Terms []Product
}

// Product is a factor times the value of an earlier line.
type Product struct {
	Factor float64
	Line   int // from 0; −1 for the number 1
	By     int // another line to multiply with, or −1
}

// Paused says that a run or an estimate waits.
type Paused struct {
	ID   int
	Step int // solver steps, or terms, done
}

// Done ends a run that came to its end.
type Done struct {
	ID           int          `wire:",ends"`
	Recipe       string       // canonical, with the keys by and h
	Hash         string       // SHA-256 of the pictures' pixels, 64 hex digits
	Milliseconds float64      `wire:"ms"`
	Differs      recipe.Cause // why the pixels are not those that the recipe promised
}

// Followed is what Done would be of a run that another follows with the same id.
type Followed struct {
	ID           int
	Recipe       string       // canonical, with the keys by and h
	Hash         string       // SHA-256 of the pictures' pixels, 64 hex digits
	Milliseconds float64      `wire:"ms"`
	Differs      recipe.Cause // why the pixels are not those that the recipe promised
	Next         string       // the recipe that follows, as it was asked for
}

// Part ends one share of a run that has several, steps that are made again, or a
// picture with noise. The pixels of all shares make the result, with a request to
// combine them.
type Part struct {
	ID           int     `wire:",ends"`
	Milliseconds float64 `wire:"ms"`
}

// Measuring says that an estimate of a picture's likelihood has begun.
type Measuring struct {
	ID     int
	Recipe string  // as it was written, with the picture's name
	Form   string  // denoising, consistency or flow
	Terms  int     // the number of terms that there will be
	Prior  float64 // bits per dimension, of a bound
	Total  float64 // bits per dimension so far
}

// Term is what one timestep adds to an estimate, or one step of a flow.
type Term struct {
	ID            int
	Term          int // 1…terms
	Terms         int
	T             int // training timestep
	AlphaBar      float64
	Bits          float64
	Variance      float64 // of bits between draws; NaN with a single draw, or of a flow
	X0MSE         float64 // mean square error of x̂0; NaN of a flow
	EpsilonMSE    float64 // mean square error of ε̂; NaN of a flow
	Total         float64 // bits per dimension so far
	StandardError float64 // of the total; NaN where it is not known
	Milliseconds  float64 `wire:"ms"`
}

// Measured ends an estimate that came to its end.
type Measured struct {
	ID                  int `wire:",ends"`
	Recipe, Form        string
	Bits, StandardError float64
	Milliseconds        float64 `wire:"ms"`
}

// Cancelled ends a run or an estimate that was cancelled, or replaced by another.
type Cancelled struct {
	ID   int `wire:",ends"`
	Step int // solver steps, or terms, done
}

// Failed ends a request that cannot go on, or, without an id, says that a model could
// not be loaded or a message not understood.
type Failed struct {
	ID      int            `wire:",omitempty,ends"`
	Model   string         `wire:",omitempty"` // that could not be loaded, if one could not
	Key     string         `wire:",omitempty"` // the recipe key at fault, if one is
	Message string         // one sentence for a person
	Reason  solver.Reason  `wire:",omitempty"` // what the sentence says of a recipe
	Values  map[string]any `wire:",omitempty"` // the words and numbers in it
	Needs   []string       `wire:",omitempty"` // weights files that let the request through
}
