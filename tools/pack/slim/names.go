package slim

import "bytes"

// wholeNames begin the names of functions that are kept: the product's, for tracebacks, and those
// of package reflect, some of which the runtime looks for (runtime.stkframe.argMapInternal).
var wholeNames = [][]byte{[]byte("main."), []byte("tweedie/"), []byte("reflect.")}

// runtimeName begins the names by which the runtime tells its own goroutines
// (runtime.isSystemGoroutine).
var runtimeName = []byte("runtime.")

// dropNames overwrites with zeros the names of functions that are not the product's. names is the
// table of names, each of which ends in a zero. It returns the bytes that were overwritten.
func dropNames(names []byte) (dropped int) {
	for len(names) > 0 {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			end = len(names)
		}
		if drop := names[keptOf(names[:end]):end]; len(drop) > 0 {
			clear(drop)
			dropped += len(drop)
		}
		names = names[min(end+1, len(names)):]
	}
	return dropped
}

// keptOf is how much of a name's beginning stays.
func keptOf(name []byte) int {
	for _, kept := range wholeNames {
		if bytes.HasPrefix(name, kept) {
			return len(name)
		}
	}
	if bytes.HasPrefix(name, runtimeName) {
		return len(runtimeName)
	}
	return 0
}
