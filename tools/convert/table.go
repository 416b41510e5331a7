package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"tweedie/tools/convert/conversion"
)

// writeTable lists what happened to every tensor, and to all of them.
func writeTable(w io.Writer, rows []conversion.Row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "tensor\tshape\tstored\tvalues\trounded\tsubnormal\tto zero\tmax|Δ|\trms\t")
	var all conversion.Tally
	for _, r := range rows {
		all.Add(r.Counts)
		writeRow(t, r.Name, fmt.Sprint(r.Shape), fmt.Sprintf("%v → %v", r.From, r.To), r.Counts)
	}
	writeRow(t, "in all", fmt.Sprintf("%d tensors", len(rows)), "", all)
	t.Flush()
}

func writeRow(w io.Writer, name, shape, stored string, c conversion.Tally) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%.2g\t%.2g\t\n",
		name, shape, stored, c.Values, c.Inexact, c.Subnormal, c.Underflow, c.Largest, c.RMS())
}
