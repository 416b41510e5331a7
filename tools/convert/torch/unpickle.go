package torch

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/nlpodyssey/gopickle/pickle"

	"tweedie/tools/convert/reason"
)

// unpickle interprets the pickle at the beginning of b and returns its value and length. persistent
// resolves references to storages; nil refuses them.
func unpickle(b []byte, persistent func(any) (any, error)) (value any, n int, err error) {
	n, err = scan(b)
	if err != nil {
		return nil, 0, err
	}
	u := pickle.NewUnpickler(bytes.NewReader(b[:n]))
	u.FindClass = findClass
	u.PersistentLoad = persistent
	value, err = load(&u)
	if err != nil {
		var refused *RefusedError
		if errors.As(err, &refused) {
			return nil, 0, err
		}
		return nil, 0, damaged("torch: the pickle is damaged: %s", Printable(err.Error()))
	}
	return value, n, nil
}

// damaged is the error about a file that is cut off, or whose bytes have changed.
func damaged(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return reason.Of("damaged", err, "fault", err.Error())
}

// load turns a panic of the library (an empty integer, a list as a key, …) into an error.
func load(u *pickle.Unpickler) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			value, err = nil, fmt.Errorf("%v", p)
		}
	}()
	return u.Load()
}
