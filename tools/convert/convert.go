package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/sampler/model"
	"tweedie/sampler/oracle"
	"tweedie/sampler/recipe"
	"tweedie/sampler/unet"
	"tweedie/tools/progress"
	"tweedie/weights"
)

// convert carries out the command line. Its errors are sentences.
func convert(o options, stdout, stderr io.Writer) error {
	if o.derived && exists(o.output) {
		return fmt.Errorf("there already is a file %s: name the output with -o", o.output)
	}
	var log bytes.Buffer // for the report
	said := io.MultiWriter(stdout, &log)
	in, err := openInput(o, said, stderr)
	if err != nil {
		return err
	}
	in.table = stdout
	if o.brief {
		in.table = io.Discard
	}
	file, d, rows, err := assemble(in)
	if err != nil {
		return err
	}
	b, err := file.Append(nil)
	if err != nil {
		return err
	}
	net, err := open(b, d.settings)
	if err != nil {
		return in.wrong(err)
	}
	if err := checkAll(in, d, net, file.Tensors, said); err != nil {
		return err
	}
	if o.report != "" {
		if err := report(o, file, d, rows, log.String(), b); err != nil {
			return err
		}
	}
	if o.output == "" {
		return nil
	}
	if err := write(o.output, b); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "wrote %s: %s, %d bytes, SHA-256 %x\n",
		filepath.Base(o.output), net.size(), len(b), sha256.Sum256(b))
	return err
}

// checkAll compares the network with what was recorded of it, as far as the command line says.
func checkAll(in *input, d draft, net network, tensors []weights.Tensor, w io.Writer) error {
	o := in.options
	if o.blocks != "" {
		if err := checkBlocks(in, d, tensors, w); err != nil {
			return err
		}
	}
	if o.check == "" {
		return nil
	}
	tolerance := max(defaultTolerance(coarsest(d.tensors, o.dtype)), d.tolerance)
	if o.tolerance != nil {
		tolerance = *o.tolerance
	}
	return net.check(o.check, tolerance, w)
}

// report writes the report of a conversion as a page.
func report(
	o options, file *weights.File, d draft, rows []row, log string, stored []byte,
) error {
	name := o.output
	if name == "" {
		name = o.checkpoint
	}
	known, err := factsOf(filepath.Base(name), stored)
	if err != nil {
		return err
	}
	exact, err := exactFile(file, d)
	if err != nil {
		return err
	}
	return writePage(o.report, known, rows, log, stored, exact)
}

// assemble returns the weights file of a checkpoint, and what happened to each of its tensors,
// which it prints.
func assemble(in *input) (*weights.File, draft, []row, error) {
	d, err := in.convert()
	if err != nil {
		return nil, d, nil, err
	}
	f := &weights.File{}
	if f.Metadata, err = in.describe(d); err != nil {
		return nil, d, nil, err
	}
	var rows []row
	if f.Tensors, rows, err = roundAll(d.tensors, in.dtype, in.stderr); err != nil {
		return nil, d, nil, in.wrong(err)
	}
	printReport(in.table, rows)
	return f, d, rows, nil
}

// roundAll stores every tensor in the wanted type, in the file's order.
func roundAll(
	tensors []weights.Tensor, to weights.DType, stderr io.Writer,
) ([]weights.Tensor, []row, error) {
	total := 0
	for i := range tensors {
		total += len(tensors[i].Data)
	}
	bar := progress.New(stderr, total,
		progressbar.OptionSetDescription("rounding"), progressbar.OptionShowBytes(true))
	defer bar.Clear()
	from := map[string]weights.DType{}
	counts := map[string]tally{}
	out := make([]weights.Tensor, 0, len(tensors))
	for _, t := range tensors {
		stored, c, err := store(t, to)
		if err != nil {
			return nil, nil, err
		}
		from[t.Name], counts[t.Name] = t.DType, c
		out = append(out, stored...)
		_ = bar.Add(len(t.Data))
	}
	order(out)
	var rows []row
	for _, t := range out {
		if c, ok := counts[t.Name]; ok { // the scales of eight bits have none
			rows = append(rows, row{t.Name, t.Shape, from[t.Name], t.DType, c})
		}
	}
	return out, rows, nil
}

// open reads a weights file as the sampler does and compiles its network. It checks that every
// tensor is there with the right shape, that a learned schedule rises, that the number of classes
// is the network's, and that the sampling defaults are valid.
func open(b []byte, cfg settings) (network, error) {
	f, err := weights.Parse(b)
	if err != nil {
		return nil, err
	}
	if cfg.classifier {
		return openClassifier(f)
	}
	if cfg.unet.ClassEmbedType == "identity" {
		// Its condition is a vector, which no recipe can name; a check can still run it.
		n, err := unet.New(cfg.unet, f, 1, kernels.Best())
		return denoiser{n}, err
	}
	m, info, err := model.OpenFile("model", f, "")
	if err != nil {
		return nil, err
	}
	if err := drawable(info); err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *unet.Model:
		return denoiser{m.Network}, nil
	case *oracle.Model:
		return exact{m}, nil
	case *graph.Model:
		return openGraph(m, f, cfg.raw)
	}
	return nil, errors.New("this kind of model cannot be checked")
}

// drawable checks that a recipe with nothing but the model in it can run: the sampler of the file's
// schedule has the options that the file sets. A cascade needs its first stage for that.
func drawable(info recipe.Info) error {
	if info.Cascade != nil {
		return nil
	}
	r, err := recipe.Parse("m=" + info.Name)
	if err == nil {
		_, err = recipe.Resolve(r, info)
	}
	return err
}

// write writes b to a file atomically.
func write(name string, b []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".convert-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if _, err = tmp.Write(b); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err = tmp.Chmod(0o644); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir()
}
