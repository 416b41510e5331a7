package protocol

// Request types, the `type` of a message from the page.
const (
	TypeLoad     = "load"     // Model, Bytes, Hash, Beside
	TypeDescribe = "describe" // ID, Recipe, Image, Mask
	TypeRun      = "run"      // ID, Recipe, Image, Mask, Share, Of, Keep, Stored, From, To
	TypeForward  = "forward"  // ID, Recipe, Image, Share, Of
	TypeCombine  = "combine"  // ID, Recipe, Bytes
	TypeBound    = "bound"    // ID, Recipe, Image, Form, Draws
	TypePause    = "pause"    // ID
	TypeResume   = "resume"   // ID
	TypeStep     = "step"     // ID, Until
	TypeCancel   = "cancel"   // ID
)

// Request is one message from the page. Fields that its type does not name are
// not looked at.
type Request struct {
	Type   string
	ID     int    // the page's number for the request, from 1; 0 if it gave none
	Model  string // name that recipes use: the file's name without extension
	Recipe string // canonical or not
	Bytes  []byte // a weights file, which the session keeps, or the pixels of all pictures
	Hash   string // of that file, first 16 hexadecimal digits of its SHA-256; computed if empty
	Beside bool   // the model only serves recipes of another, and is not to be described
	Share  int    // which share of the pictures to make, 0…Of−1
	Of     int    // how many workers there are to share them; 0 is 1
	Until  int    // solver step after which to pause; 0 for the next one
	Keep   int    // bytes that all shares may hold to make steps again; 0 if nobody will ask for that
	Stored int    // bytes of steps that the page keeps; of a larger run it will ask for some again
	From   int    // first step that is to be made again; 0 for a new run
	To     int    // and the last

	// Image has the pixels of the picture that a recipe begins with, or whose
	// likelihood is to be estimated, [H,W,C], and Mask those of a mask, [H,W].
	// Where the recipe does not name them, it does so in the answer.
	Image, Mask []byte
	Form        string // of the estimate: denoising, consistency or flow; "" for the first
	Draws       int    // noisy pictures for each timestep, or directions of the flow; 0 for 1, or 4 of the flow
}

// Message is one message to the page: one of the structs of this file.
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
	Channels, Height, Width int
	Timesteps               int // training timesteps T
	Parameters              int
	Pictures                int    // that an exact denoiser holds, which has no parameters; 0 for a network
	Hash                    string // first 16 hex digits of the file's SHA-256
	Samplers                []Sampler
	Defaults                string // the recipe that the model runs without further wishes
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
	Group       string // of the menu
	Description string // one sentence
}

// Field is one key of a recipe with its value as text.
type Field struct {
	Key, Value string
}

// Recipe answers a description.
type Recipe struct {
	ID     int
	Recipe string  // canonical
	Fields []Field // every key with the value it resolves to, in canonical order
}

// Started says that a run has begun.
type Started struct {
	ID                      int
	Recipe                  string // canonical
	Steps, Images           int
	Channels, Height, Width int
	Columns                 int  // how many pictures belong in a row; 0 for any number
	Shares                  int  // into which the pictures are dealt: Request.Of, or Images if there are fewer
	Again                   bool // whether it is remembered how steps are made again
}

// Step is one picture after one solver step.
type Step struct {
	ID           int
	Step, Steps  int // 1…Steps
	Image        int // 0…Images−1
	Images       int
	T            int     // training timestep at which the network was asked
	AlphaBar     float64 // ᾱ of T
	Milliseconds float64 // that this picture's part of the step took
	// Xt and X0 are the pictures x_t and x̂0, 8-bit [H,W,C], interleaved. They
	// are valid until the receiver returns.
	Xt, X0 []byte
	// Epsilon and Change are signed pictures in the same form, nothing at the
	// middle: the noise that was taken to be in the picture before the step, in
	// −3…3, and what the step changed in it, in −Largest…Largest.
	Epsilon, Change []byte
	Largest         float64
}

// Paused says that a run waits for a resume or step.
type Paused struct {
	ID   int
	Step int // solver steps done
}

// Done ends a run that came to its end.
type Done struct {
	ID           int
	Recipe       string // canonical, with the keys by and h
	Hash         string // SHA-256 of the pictures' pixels, 64 hex digits
	Milliseconds float64
	Differs      string // why the pixels are not the ones that the recipe promised; see sampler.Cause
}

// Part ends one share of a run that has several, of steps that are made again, or of
// a picture that was noised. The pixels of all shares make
// the result, with a request to combine them.
type Part struct {
	ID           int
	Milliseconds float64
}

// Measuring says that an estimate of a picture's likelihood has begun.
type Measuring struct {
	ID     int
	Recipe string  // as it was written, with the picture's name
	Form   string  // denoising, consistency or flow
	Terms  int     // how many there will be
	Prior  float64 // bits per dimension, of a bound
	Total  float64 // bits per dimension so far
}

// Term is what one timestep adds to an estimate, or one step of a flow.
// Variance, X0MSE, EpsilonMSE and StandardError are NaN where they are not
// known: with a single draw, or of a flow.
type Term struct {
	ID                int
	Term, Terms       int // 1…Terms
	T                 int // training timestep
	Bits, Variance    float64
	X0MSE, EpsilonMSE float64
	Total             float64 // bits per dimension so far
	StandardError     float64 // of Total
	Milliseconds      float64
}

// Measured ends an estimate that came to its end. Its type is that of Done.
type Measured struct {
	ID                  int
	Recipe, Form        string
	Bits, StandardError float64
	Milliseconds        float64
}

// Cancelled ends a run that was cancelled, or replaced by another.
type Cancelled struct {
	ID   int
	Step int // solver steps, or terms, done
}

// Failed ends a run or description that cannot go on, or, without an ID, says
// that a model could not be loaded or a message not understood.
type Failed struct {
	ID      int    // 0 if the failure belongs to no request
	Model   string // the model that could not be loaded, if that is what failed
	Key     string // the recipe key at fault, if one is
	Message string // one sentence for a person
	// Needs are the weights files that would let the request through, by the
	// names under which they are to be loaded.
	Needs []string
}

func (Ready) Type() string     { return "ready" }
func (Model) Type() string     { return "model" }
func (Companion) Type() string { return "companion" }
func (Recipe) Type() string    { return "recipe" }
func (Started) Type() string   { return "started" }
func (Step) Type() string      { return "step" }
func (Paused) Type() string    { return "paused" }
func (Done) Type() string      { return "done" }
func (Part) Type() string      { return "part" }
func (Measuring) Type() string { return "measuring" }
func (Term) Type() string      { return "term" }
func (Measured) Type() string  { return "done" }
func (Cancelled) Type() string { return "cancelled" }
func (Failed) Type() string    { return "failed" }
