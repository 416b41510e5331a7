package solver

import (
	"strconv"
	"strings"
)

// Error says which key of a recipe is wrong, and which values it may have. Key is "" when the text
// itself is malformed.
type Error struct {
	Key     string
	Message string         // a sentence without a final stop
	Reason  Reason         // what Message says
	Values  map[string]any // the words and numbers of Message; Reason says which
}

func (e *Error) Error() string { return "recipe: " + e.Message }

// Reason says what is wrong with a recipe, for programs that say it in words of their own.
type Reason string

// The reasons, each with the names of its values. Most have the value that was given.
const (
	Unsaid    Reason = ""          // Message alone says it
	Limits    Reason = "limits"    // a number is not within its limits: value, min, max
	Above     Reason = "above"     // or not above min: value, min, max
	NoNumber  Reason = "number"    // it is no number: value, min, max
	NoWhole   Reason = "whole"     // it is no whole number: value, min, max
	NoChoice  Reason = "choice"    // it is none of the choices: value
	NoValue   Reason = "value"     // it has not the form of the key's values: value
	NoClass   Reason = "class"     // the model has no such class: value
	Classless Reason = "classless" // the model has no classes: value
	NoLetter  Reason = "letter"    // no class has the name of a letter: value, letter
	NoKey     Reason = "key"       // there is no such key: value
	NoModel   Reason = "model"     // the model is not there: value
	Malformed Reason = "text"      // the recipe cannot be read here: value
	Twice     Reason = "twice"     // a key is given more than once: value
	NoPicture Reason = "picture"   // a picture has to be given with the recipe
	Size      Reason = "size"      // a picture has the wrong size
	NoSteps   Reason = "strength"  // the strength leaves no step: value, steps
	FewSteps  Reason = "order"     // the order needs more steps: value, steps
	LongJump  Reason = "jump"      // there are not as many steps: value, steps
	TwoWays   Reason = "ways"      // both a second seed and a plane of seeds are given
	NoPlane   Reason = "plane"     // a place has no plane
	OneCorner Reason = "corner"    // two corners of a plane have one seed
	NoGrid    Reason = "grid"      // a plane's pictures make no square: value
	NoFork    Reason = "unforked"  // a run of two parts cannot be forked: value
	ForkKey   Reason = "forked"    // a fork cannot change this key: value
	ForkCount Reason = "forks"     // there are too many forks: value, max
	ForkOrder Reason = "sooner"    // a fork is not later than the one before: value, steps
	ForkLate  Reason = "late"      // a fork has no step after it: value, steps
	ForkEarly Reason = "early"     // a fork's state is noisier than what goes on: value, steps
	ForkNever Reason = "never"     // and so are all states after it: value
	NoDeep    Reason = "deep"      // the network has no deep features: value, model
	MuchDeep  Reason = "memory"    // its deep features take too much memory: value, size, max
	NoPaint   Reason = "latent"    // what the model draws cannot be painted on: value
	PaintAt   Reason = "outside"   // paint is outside of the pictures: value, row, width, height
	PaintHue  Reason = "hue"       // paint has a colour, and the pictures have none
)

// Refuse returns the error that a key's value cannot be used.
func Refuse(key, message string) error { return &Error{Key: key, Message: message} }

// Because returns the error that a key's value cannot be used for a reason. The message is sentence
// with each {name} replaced by its value, and each "{name}" by its value in quotes. pairs are names
// and values: those of the reason, and others that only the sentence has.
func Because(key string, reason Reason, sentence string, pairs ...string) error {
	values := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	message := ""
	for {
		before, rest, found := strings.Cut(sentence, "{")
		if message += before; !found {
			return &Error{key, message, reason, values}
		}
		name, after, _ := strings.Cut(rest, "}")
		value, _ := values[name].(string)
		if strings.HasSuffix(message, `"`) && strings.HasPrefix(after, `"`) {
			message, value, after = message[:len(message)-1], strconv.Quote(value), after[1:]
		}
		message, sentence = message+value, after
	}
}
