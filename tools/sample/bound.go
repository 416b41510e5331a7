package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"tweedie/sampler/likelihood"
)

// estimate prints how likely the picture of -bound is, term by term, by each form that is asked
// for.
func estimate(ctx context.Context, o options, stdout, stderr io.Writer) error {
	r, path, err := readRecipe(o)
	if err != nil {
		return err
	}
	if err := checkFolder(o.terms); err != nil {
		return err
	}
	m, info, err := openModel(path)
	if err != nil {
		return err
	}
	c, h, w := info.Drawn()
	image, err := readPicture(o.bound, o.inverted, c, h, w, stderr)
	if err != nil {
		return err
	}
	if err := accompany(o, path, &r, &info); err != nil {
		return err
	}
	var estimates []*likelihood.Estimate
	for _, form := range o.forms {
		e, err := likelihood.New(r, info, m, image, likelihood.Options{Form: form, Draws: o.draws})
		if err != nil {
			return err
		}
		estimates = append(estimates, e)
	}
	fmt.Fprintln(stdout, estimates[0].Recipe())
	kept, err := openTerms(o.terms, estimates[0].Recipe().String(), info.Hash, o.draws)
	if err != nil {
		return err
	}
	defer kept.close()
	for i, e := range estimates {
		if err := report(ctx, e, o.forms[i], kept, stdout); err != nil {
			return err
		}
	}
	for i, e := range estimates {
		fmt.Fprintf(stdout, "%-11s %s bits per dimension\n",
			o.forms[i], within(e.Total(), e.StandardError()))
	}
	return kept.close()
}

// report carries out one estimate and prints its terms.
func report(ctx context.Context, e *likelihood.Estimate, form string, kept *terms,
	out io.Writer) error {
	if form == likelihood.Flow {
		fmt.Fprintf(out, "flow: %.6f as noise, then %d steps\n", e.Total(), e.Steps())
	} else {
		fmt.Fprintf(out, "%s: prior %.6f, then %d timesteps\n", form, e.Prior(), e.Steps())
	}
	before := kept.of(form)
	if err := e.Resume(before, kept.state); err != nil {
		return fmt.Errorf("the file of -terms is another estimate's: %w", err)
	}
	for i, t := range before {
		printTerm(out, e, form, i == e.Steps()-1, t)
	}
	for ctx.Err() == nil && e.Next() {
		printTerm(out, e, form, e.Done() == e.Steps(), e.Term())
		if err := kept.add(form, e.Term(), e.State()); err != nil {
			return err
		}
	}
	if e.Err() == nil && e.Done() < e.Steps() {
		return fmt.Errorf("interrupted after %d of %d terms of the form %s%s",
			e.Done(), e.Steps(), form, kept.hint())
	}
	return e.Err()
}

// printTerm prints one term.
func printTerm(out io.Writer, e *likelihood.Estimate, form string, last bool, t likelihood.Term) {
	name := form
	if last && form != likelihood.Flow {
		name = "reconstruction"
	}
	fmt.Fprintf(out, "  t=%-4d %-14s %s", t.T, name, within(t.Bits, math.Sqrt(t.Variance)))
	if form != likelihood.Flow {
		fmt.Fprintf(out, "  x0_mse %.6f  epsilon_mse %.6f", t.X0MSE, t.EpsilonMSE)
	}
	fmt.Fprintln(out)
}

// within is a number with its standard deviation, if that is known.
func within(bits, deviation float64) string {
	if math.IsNaN(deviation) {
		return fmt.Sprintf("%.6f", bits)
	}
	return fmt.Sprintf("%.6f ± %.6f", bits, deviation)
}
