// Package family knows the networks that people train beside diffusers' UNet2DModel. It recognises
// the family of a state dictionary by the names and shapes of its tensors, and writes the network's
// architecture as a list of nodes for package graph.
//
// Each family is one file: what it is recognised by, what its file cannot say and is asked for, and
// the layers in the order in which its authors' code has them.
package family

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tweedie/tools/convert/reason"
	"tweedie/weights"
)

// Family is one kind of network.
type Family struct {
	Name string // the value of -family and Graph.Family
	Of   string // whose code it is, for people
	// Anchor is a tensor that every network of the family has and that leads to its dictionary.
	Anchor string
	// Options are those of Settings that its file cannot say, with their defaults in words.
	Options []Option

	// Tolerance is the largest difference that a check allows where rounding grows more than usual,
	// else 0.
	Tolerance float64

	recognise func(s *State) bool
	build     func(b *Builder, o Settings)
}

// Option is something that the file cannot say.
type Option struct {
	Flag    string // of the command line
	Default string // what is assumed without it, and where that comes from
}

// Families are those that are known; the first that recognises a dictionary has it.
var Families = []Family{openAI, lucidrains, lucidrainsGuided, dit, ditDiffusers, labml,
	minDiffusion, teaPearce}

// Names are those of the families.
func Names() (names []string) {
	for _, f := range Families {
		names = append(names, f.Name)
	}
	return names
}

// Settings are what the command line says of a network. Zero values stand for what the family
// assumes.
type Settings struct {
	Height, Width int     // of the pictures
	Heads         int     // of attention
	HeadsUp       int     // of attention on the way up, where they differ
	HeadWidth     int     // channels of a head, instead of their number
	Order         string  // of queries, keys and values: heads or qkv
	Prediction    string  // epsilon, sample, v_prediction or flow
	Schedule      string  // the name of the noise schedule
	Timesteps     int     // of training, T
	TimeScale     float64 // the factor by which the network is told the timestep
	// Low and High are the smallest and largest value of the pictures of training; 0 and 0 stand
	// for what the family's script has.
	Low, High float64
	// Raw asks for the network as its authors' code has it, to compare with their numbers: told
	// its own time, and predicting what it predicts there.
	Raw        bool
	ClassCount int    // the number of classes that were named
	Config     string // config.json beside the weights, for families of diffusers
}

// State is a state dictionary under the names that it has inside the network.
type State struct {
	Tensors []weights.Tensor
	at      map[string]int
	beside  map[string]bool
}

// Beside adds tensors that stand beside the network in its checkpoint: a schedule's buffers, for
// example. A family takes those that it knows.
func (s *State) Beside(tensors []weights.Tensor) {
	s.beside = map[string]bool{}
	for _, t := range tensors {
		if !s.Has(t.Name) {
			s.at[t.Name] = len(s.Tensors)
			s.Tensors = append(s.Tensors, t)
			s.beside[t.Name] = true
		}
	}
}

// NewState returns the dictionary of some tensors.
func NewState(tensors []weights.Tensor) *State {
	s := &State{Tensors: tensors, at: map[string]int{}}
	for i := range tensors {
		s.at[tensors[i].Name] = i
	}
	return s
}

// Has reports whether there is a tensor of a name.
func (s *State) Has(name string) bool {
	_, ok := s.at[name]
	return ok
}

// HasPrefix reports whether a tensor's name begins so.
func (s *State) HasPrefix(prefix string) bool {
	return slices.ContainsFunc(s.Tensors, func(t weights.Tensor) bool {
		return strings.HasPrefix(t.Name, prefix)
	})
}

// Shape returns a tensor's shape, nil if there is no such tensor.
func (s *State) Shape(name string) []int {
	if i, ok := s.at[name]; ok {
		return s.Tensors[i].Shape
	}
	return nil
}

// Within returns the tensors with a prefix taken off the names that have it.
func (s *State) Within(prefix string) []weights.Tensor {
	list := slices.Clone(s.Tensors)
	for i := range list {
		list[i].Name = strings.TrimPrefix(list[i].Name, prefix)
	}
	return list
}

// Count returns how many of prefix0, prefix1, … have tensors, whose names go on with a dot.
func (s *State) Count(prefix string) int {
	n := 0
	for s.HasPrefix(fmt.Sprintf("%s%d.", prefix, n)) {
		n++
	}
	return n
}

// Network is what a family makes of a state dictionary.
type Network struct {
	Family    *Family
	Config    string           // of package graph
	Scheduler string           // scheduler_config.json
	Sampling  string           // the file's defaults of a recipe, "" for none
	Tensors   []weights.Tensor // those that the network takes
	Passed    []Passed         // those that it does not need
	Notes     []reason.Note    // what was assumed
	Nodes     []Node

	beside map[string]bool // tensors that the family need not know
	side   int             // of the pictures, their height
}

// Passed is a tensor that a network does not need, and why.
type Passed struct{ Tensor, Reason string }

// Of returns the family of a name.
func Of(name string) (*Family, error) {
	for i := range Families {
		if Families[i].Name == name {
			return &Families[i], nil
		}
	}
	return nil, reason.New("family", "there is no family {given}; known are {names}", "given",
		strconv.Quote(name), "names", strings.Join(Names(), ", "))
}

// Recognise returns the family of a state dictionary, nil if none is known.
func Recognise(s *State) *Family {
	for i := range Families {
		if Families[i].recognise(s) {
			return &Families[i]
		}
	}
	return nil
}

// Build writes the network of a state dictionary. Its errors are sentences.
func (f *Family) Build(s *State, o Settings) (*Network, error) {
	n, err := f.try(s, o)
	if err != nil {
		return nil, f.sized(s, o, err)
	}
	return n, nil
}

// try is Build without advice.
func (f *Family) try(s *State, o Settings) (n *Network, err error) {
	b := &Builder{State: s, network: &Network{Family: f, beside: s.beside}, used: map[string]bool{}}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(refusal)
			if !ok {
				panic(r)
			}
			n, err = nil, e.error
		}
	}()
	f.build(b, o)
	return b.finish()
}

// refusal is what Builder.Refuse panics with; Build returns its error.
type refusal struct{ error }
