package solver

// Error says which key of a recipe is wrong, and which values it may have. Key is "" when the text
// itself is malformed.
type Error struct {
	Key     string
	Message string // a sentence without a final stop
}

func (e *Error) Error() string { return "recipe: " + e.Message }

// Refuse returns the error that a key's value cannot be used.
func Refuse(key, message string) error { return &Error{Key: key, Message: message} }
