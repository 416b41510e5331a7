package protocol

// Ask asks.
type Ask struct {
	ID     int `wire:",asks"` // its number
	On     bool
	Text   string
	Pixels []byte            `wire:",omitempty"`
	Words  []string          `wire:",omitempty"`
	Values map[string]string `wire:",omitempty"`
}

// Stop stops.
type Stop struct{ ID int }

type Begin struct{ Name string }
