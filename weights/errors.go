package weights

import "strconv"

// FormatError reports bytes that are not a well-formed safetensors file, or a
// File that cannot be written as one.
type FormatError struct {
	Tensor string // the tensor concerned, empty if it is the file as a whole
	Want   string // what was wanted
	Got    string // what came
	Err    error  // the cause, if another package found it; it may replace Want and Got
}

func (e *FormatError) Error() string {
	if e.Want == "" {
		return subject(e.Tensor) + e.Err.Error()
	}
	s := sentence(e.Tensor, e.Want, e.Got)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// UnsupportedError reports a well-formed file or tensor that this package, or the
// requested conversion, does not cover.
type UnsupportedError struct {
	Tensor string // the tensor concerned
	Want   string // what is supported
	Got    string // what came
}

func (e *UnsupportedError) Error() string { return sentence(e.Tensor, e.Want, e.Got) }

func sentence(tensor, want, got string) string {
	return subject(tensor) + "want " + want + ", got " + got
}

// subject is how a sentence begins.
func subject(tensor string) string {
	if tensor == "" {
		return "weights: "
	}
	return "weights: tensor " + strconv.QuoteToASCII(tensor) + ": "
}
