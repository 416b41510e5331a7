package main

import "tweedie/tools/convert/conversion"

// Said is a line of what was chosen and passed over, as it comes.
type Said struct {
	Type string `js:"type"` // said
	Text string `js:"text"`
}

// Converted is a weights file; its bytes travel beside the other fields.
type Converted struct {
	Type  string   `js:"type"` // converted
	Name  string   `js:"name"` // that recipes may use
	Facts Facts    `js:"facts"`
	Said  []string `js:"said"`
	// Asks are the options that the family may be told, as flags without a dash.
	Asks []string `js:"asks"`
}

// Refused says why no weights file was made.
type Refused struct {
	Type    string `js:"type"`    // refused
	Message string `js:"message"` // a sentence
	// ID and Values are those of package reason, by which the page has a sentence of its own;
	// empty where it has none.
	ID     string         `js:"id"`
	Values map[string]any `js:"values"`
	Family string         `js:"family"` // of the network, empty if it is not known
	// Needs are the options that the sentence names, and Asks the others that the family may be
	// told, as flags without a dash.
	Needs []string `js:"needs"`
	Asks  []string `js:"asks"`
}

// Facts are what is known of the network; a number that is not known is 0.
type Facts struct {
	Title        string   `js:"title"`
	Network      string   `js:"network"`
	Parameters   int      `js:"parameters"`
	Stored       []string `js:"stored"` // how many numbers in each type
	Bytes        int      `js:"bytes"`
	SHA256       string   `js:"sha256"`
	Width        int      `js:"width"`
	Height       int      `js:"height"`
	Channels     int      `js:"channels"`
	Classes      []string `js:"classes"`
	Prediction   string   `js:"prediction"`
	Timesteps    int      `js:"timesteps"`
	MultiplyAdds int      `js:"multiplyAdds"`
	Milliseconds float64  `js:"milliseconds"` // of one evaluation in a page
	Memory       int      `js:"memory"`       // in bytes
	Licence      string   `js:"licence"`
	Data         string   `js:"data"`
	Provenance   string   `js:"provenance"`
}

func newFacts(f conversion.Facts) Facts {
	return Facts{
		Title: f.Info.Title, Network: f.Kind, Parameters: f.Parameters,
		Stored: append([]string{}, f.Types...), Bytes: f.Bytes, SHA256: f.SHA256,
		Width: f.Info.Width, Height: f.Info.Height, Channels: f.Info.Channels,
		Classes:      append([]string{}, f.Info.Classes...),
		Prediction:   string(f.Info.Scheduler.PredictionType),
		Timesteps:    f.Info.Scheduler.NumTrainTimesteps,
		MultiplyAdds: f.Need.MultiplyAdds, Milliseconds: f.Milliseconds(), Memory: f.Need.Bytes,
		Licence: f.Metadata["licence"], Data: f.Metadata["data"],
		Provenance: f.Metadata["provenance"],
	}
}
