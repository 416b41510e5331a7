package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler"
	"tweedie/sampler/kernels"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/tools/progress"
)

// sample does what the command line asks for.
func sample(ctx context.Context, o options, stdout, stderr io.Writer) error {
	r, path, err := readRecipe(o)
	if err != nil {
		return err
	}
	// Steps can take minutes: what cannot be written is said before.
	for _, out := range []string{o.picture, o.trace} {
		if err := checkFolder(out); err != nil {
			return err
		}
	}
	m, info, err := openModel(path)
	if err != nil {
		return err
	}
	switch {
	case o.picture == "" || info.Channels == 1 || info.Channels == 3:
	case !picture.Latent(info.Channels):
		return fmt.Errorf("the model's pictures have %d channels, and a PNG 1 or 3; leave out "+
			"-o and use -trace", info.Channels)
	default:
		fmt.Fprintf(stderr, "The model draws latents: the picture shows their %d channels side by "+
			"side, from −3, black, to 3. -trace writes the numbers.\n", info.Channels)
	}
	if err := accompany(o, path, &r, &info); err != nil {
		return err
	}
	in, err := readInputs(o, info, stderr)
	if err == nil {
		err = in.Name(&r)
	}
	if err != nil {
		return err
	}
	run, err := sampler.NewRunFrom(r, info, m, in)
	if err != nil {
		return err
	}
	var t *trace
	if o.trace != "" {
		if t, err = newTrace(run, info); err != nil {
			return err
		}
	}
	if kernels.Best().Name == "reference" && run.Steps()*run.Images() >= 100 {
		fmt.Fprintln(stderr, "This build has no vector kernels: with GOEXPERIMENT=simd in the "+
			"environment it is about ten times faster, and the pixels are the same.")
	}
	if err := advance(ctx, run, t, stderr); err != nil {
		return err
	}
	return finish(o, run, info, in, t, stdout)
}

// checkFolder makes sure that the folder of an output file is there.
func checkFolder(file string) error {
	if file == "" {
		return nil
	}
	folder := filepath.Dir(file)
	if s, err := os.Stat(folder); err != nil || !s.IsDir() {
		return fmt.Errorf("there is no folder %s to write %s to", folder, filepath.Base(file))
	}
	return nil
}

// advance carries out a run to its end.
func advance(ctx context.Context, run *sampler.Run, t *trace, stderr io.Writer) error {
	start := time.Now()
	bar := progress.New(stderr, run.Steps(), progressbar.OptionSetDescription("sampling"),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("steps"))
	defer func() {
		_ = bar.Clear()
		fmt.Fprintln(stderr, duration(run, time.Since(start)))
	}()
	for ctx.Err() == nil && run.Next() {
		if run.Image() < run.Images()-1 {
			continue
		}
		if t != nil {
			t.add(run)
		}
		_ = bar.Add(1)
	}
	if run.Err() == nil && run.Step() < run.Steps() {
		return fmt.Errorf("interrupted after step %d of %d; nothing was written",
			run.Step(), run.Steps())
	}
	return run.Err()
}

// duration says how far a run has come in which time.
func duration(run *sampler.Run, took time.Duration) string {
	pictures := "1 picture"
	if run.Images() > 1 {
		pictures = fmt.Sprintf("%d pictures", run.Images())
	}
	ms := float64(took.Microseconds()) / 1000
	return fmt.Sprintf("step %d of %d, %s, %.0f ms, %.1f ms a step",
		run.Step(), run.Steps(), pictures, ms, ms/float64(max(run.Step(), 1)))
}

// causes says why the pixels are not the promised ones.
var causes = map[recipe.Cause]string{
	recipe.CauseUnknown: "the model or the program is another one",
	recipe.CauseWeights: "it was made with other weights",
	recipe.CauseVersion: "it was made by another version of this program",
	recipe.CausePromise: "it was made with these weights and this version, so the recipe or its " +
		"hash was changed",
}

// finish writes the files, prints the recipe and the hash, and compares it with the one that the
// recipe came with.
func finish(o options, run *sampler.Run, info recipe.Info, in recipe.Inputs, t *trace,
	stdout io.Writer) error {
	c, h, w := info.Drawn()
	pictures := make([][]byte, run.Images())
	for i := range pictures {
		pictures[i] = make([]byte, c*h*w)
		picture.Pixels(pictures[i], run.X(i), info.Channels, info.Height, info.Width)
	}
	settings := run.Settings()
	r := settings.Recipe()
	expected := r.Get("h")
	sum := picture.Sum(pictures...)
	differs := settings.Differs(info, picture.Hex(sum[:]))
	if err := r.Set("by", info.Origin()); err != nil {
		return err
	}
	if err := r.Set("h", picture.Hash(pictures...)); err != nil {
		return err
	}
	if o.picture != "" {
		beside, err := packed(in)
		if err != nil {
			return err
		}
		if err := writePNG(o.picture, pictures, settings.Columns(), c, h, w, o.scale, r.String(),
			beside); err != nil {
			return err
		}
	}
	if t != nil {
		if err := t.write(o.trace, r.String(), picture.Hex(sum[:])); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(stdout, "%s\n%s\n", r, picture.Hex(sum[:])); err != nil {
		return err
	}
	if got := r.Get("h"); expected != "" && got != expected {
		return fmt.Errorf("these pixels have the hash %s, and the recipe promised %s: %s",
			got, expected, causes[differs])
	}
	return nil
}
