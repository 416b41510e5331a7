// Package keys turns the text of a lab's recipe into settings: d=spiral&p=v&steps=2000. The table
// of keys (table.go) is parser, printer, limits, error sentence and documentation. The keys of
// samplers are those of package recipe, with the same limits, sentences and defaults, except that
// the number of solver steps is ssteps, because steps is that of training steps. The package runs
// nothing.
package keys
