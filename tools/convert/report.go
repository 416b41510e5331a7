package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"

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

// progress shows a bar over total bytes on w if that is a terminal; its add does nothing
// otherwise.
func progress(w io.Writer, total int) (add func(n int), done func()) {
	file, ok := w.(*os.File)
	if !ok {
		return func(int) {}, func() {}
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func(int) {}, func() {}
	}
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("rounding"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(50*time.Millisecond),
		progressbar.OptionClearOnFinish())
	// Errors in drawing the bar do not stop the conversion.
	return func(n int) { _ = bar.Add(n) }, func() { _ = bar.Finish() }
}
