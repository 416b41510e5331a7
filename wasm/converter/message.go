package main

import (
	"tweedie/tools/convert/conversion"
	"tweedie/tools/convert/reason"
)

// Message is one message to the page: one of the structs of this file that are no part
// of another. The last one of a conversion is Converted or Refused.
type Message interface {
	// Type is the `type` of the message.
	Type() string
}

// Said is a line of what was chosen and passed over, as it comes.
type Said struct {
	Line Line
}

// Line is a sentence for a person.
type Line struct {
	Text string // in English
	// of package reason, by which the page has a sentence of its own
	ID     string
	Values map[string]any
	// that it is about; empty where it is about what was dropped as a whole
	File string
}

// Converted ends a conversion that came to a weights file.
type Converted struct {
	Name  string // that recipes may give the model
	Bytes []byte // of the weights file
	Facts Facts
	Said  []Line
	// the options that the family may be told, as flags without a dash
	Asks []string
}

// Refused ends a conversion that came to none.
type Refused struct {
	Message string // one sentence for a person, in English
	// of package reason, by which the page has a sentence of its own; empty where it has none
	ID     string
	Values map[string]any // of that sentence
	Family string         // of networks, empty if it is not known
	Needs  []string       // what the sentence asks for, as flags without a dash
	// what else a person may tell the converter; both are empty where that cannot help
	Asks []string
}

// Facts are what is known of the network. A number of 0 and an empty text mean that it is
// not known.
type Facts struct {
	Title                   string
	Network                 Line // what it is
	Parameters              int
	Stored                  []string // how many numbers in each type
	Bytes                   int      // of the weights file
	SHA256                  string
	Width, Height, Channels int
	Classes                 []string
	Prediction              string
	Timesteps               int
	MultiplyAdds            int
	Milliseconds            float64 // of one evaluation in a page
	Memory                  int     // in bytes
	Licence                 string
	Data                    string
	Provenance              string
}

// newLine is a note about a file, or about no file.
func newLine(file string, n reason.Note) Line {
	if file == gathered { // the page has its own name for it
		file = ""
	}
	return Line{n.String(), n.ID(), n.Values(), file}
}

func newFacts(f conversion.Facts) Facts {
	return Facts{
		Title: f.Info.Title, Network: newLine("", f.Kind), Parameters: f.Parameters,
		Stored: f.Types, Bytes: f.Bytes, SHA256: f.SHA256,
		Width: f.Info.Width, Height: f.Info.Height, Channels: f.Info.Channels,
		Classes:      f.Info.Classes,
		Prediction:   string(f.Info.Scheduler.PredictionType),
		Timesteps:    f.Info.Scheduler.NumTrainTimesteps,
		MultiplyAdds: f.Need.MultiplyAdds, Milliseconds: f.Milliseconds(), Memory: f.Need.Bytes,
		Licence: f.Metadata["licence"], Data: f.Metadata["data"],
		Provenance: f.Metadata["provenance"],
	}
}
