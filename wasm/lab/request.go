package main

// Request is one message from the page: one of the structs of this file, or Unknown. One that asks
// for an end has an id of the page's choice, a whole number from 1.
type Request interface {
	// request returns the `type` of the request, its id, 0 if it has none, and whether it asks for
	// an end.
	request() (kind string, id int, asks bool)
}

// Describe asks for what a recipe may hold.
type Describe struct {
	ID int `wire:",asks"`
}

// Sample asks for points of a recipe's data.
type Sample struct {
	ID     int `wire:",asks"`
	Recipe string
	Points int
}

// Train carries a recipe out, in the place of the one before. Where that trained the same network,
// as far as it came, training goes on and only what is drawn changes.
type Train struct {
	ID     int `wire:",asks"`
	Recipe string
	Again  bool `wire:",omitempty"` // from the first step in any case
	Wait   bool `wire:",omitempty"` // without a training step until Resume or Step
}

// Pause makes the training wait. What it has learned is drawn as the recipe says.
type Pause struct{ ID int }

// Resume lets a training that waits go on.
type Resume struct{ ID int }

// Step takes some training steps and waits again.
type Step struct {
	ID    int
	Steps int
}

// Cancel ends what was asked, if it goes on.
type Cancel struct{ ID int }

// Score asks what the present network says of the points of a grid.
type Score struct {
	ID                       int `wire:",asks"`
	T                        int // training timestep
	Left, Right, Bottom, Top float64
	Columns, Rows            int
}

// Density asks for the density of the noisy data in the middles of the cells of a grid.
type Density struct {
	ID                       int `wire:",asks"`
	T                        int // training timestep, −1 for the data themselves
	Left, Right, Bottom, Top float64
	Columns, Rows            int
}

// Decode asks for the digits that the middles of the cells of a grid decode to.
type Decode struct {
	ID                       int `wire:",asks"`
	Left, Right, Bottom, Top float64
	Columns, Rows            int
	Name                     bool `wire:",omitempty"` // says of each which digit it is most like
}

// Encode asks for the points that the digits for training are encoded to.
type Encode struct {
	ID int `wire:",asks"`
}

// Path asks where the flow without fresh noise carries a noisy point.
type Path struct {
	ID   int `wire:",asks"`
	X, Y float64
	T    int // training timestep at which it is there
}

// Paint asks for a painting: what a stroke of the brush makes of the one before.
type Paint struct {
	ID     int     `wire:",asks"`
	Recipe string  // that shall have it
	Canvas string  // the painting before, as the key paint has it
	Stroke []byte  // [n][3] of float32: x, y and pressure of each touch; none for no stroke
	Radius float64 // of the brush, in cells
	Colour string  // of its paint; empty for an eraser
}

// Picture asks for the painting that a picture becomes.
type Picture struct {
	ID     int    `wire:",asks"`
	Recipe string // that shall have it
	Grey   []byte // [side][side] of the canvas, the top row first
}

// Solve asks where every sampler carries a noisy point, all from the same noise.
type Solve struct {
	ID   int `wire:",asks"`
	X, Y float64
	T    int // training timestep at which it is there
}

// Infer asks what clean point a noisy one comes from.
type Infer struct {
	ID   int `wire:",asks"`
	X, Y float64
	T    int // training timestep at which it is there
}

// Margin asks for the density of one coordinate of the noisy data at all times.
type Margin struct {
	ID            int     `wire:",asks"`
	Axis          int     // 0 or 1
	Low, High     float64 // of the coordinate
	Columns, Rows int     // times, and cells of the coordinate
}
