package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"tweedie/weights"
)

// row is one tensor's line in the report.
type row struct {
	name     string
	shape    []int
	from, to weights.DType
	counts   tally
}

// printReport lists what happened to every tensor, and to all of them.
func printReport(w io.Writer, rows []row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "tensor\tshape\tstored\tvalues\trounded\tsubnormal\tto zero\tmax|Δ|\trms\t")
	var all tally
	for _, r := range rows {
		all.add(r.counts)
		printRow(t, r.name, fmt.Sprint(r.shape), fmt.Sprintf("%v → %v", r.from, r.to), r.counts)
	}
	printRow(t, "in all", fmt.Sprintf("%d tensors", len(rows)), "", all)
	t.Flush()
}

func printRow(w io.Writer, name, shape, stored string, c tally) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%.2g\t%.2g\t\n",
		name, shape, stored, c.values, c.inexact, c.subnormal, c.underflow, c.largest, c.rms())
}
