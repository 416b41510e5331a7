package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/sampler/model"
	"tweedie/sampler/oracle"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/conversion"
	"tweedie/tools/convert/reason"
	"tweedie/tools/progress"
	"tweedie/weights"
)

// convert carries out the command line. Its errors are sentences.
func convert(o options, stdout, stderr io.Writer) error {
	if o.derived && exists(o.output) {
		return fmt.Errorf("there already is a file %s: name the output with -o", o.output)
	}
	for _, name := range []string{o.output, o.report} {
		if err := checkOutput(name); name != "" && err != nil {
			return err
		}
	}
	for flag, name := range o.read() {
		if name != "" && !exists(name) {
			return fmt.Errorf("there is no file %s, which -%s names", name, flag)
		}
	}
	var log bytes.Buffer // for the report
	said := io.MultiWriter(stdout, &log)
	files, name, err := onDisk(o.checkpoint)
	if err != nil {
		return err
	}
	in, err := conversion.Open(files, name, o.Options, host(o, said, stderr))
	if err != nil {
		return err
	}
	if err := o.checkKept(files, in.Weights()); err != nil {
		return err
	}
	result, err := in.Convert()
	if err != nil {
		return err
	}
	if !o.brief {
		writeTable(stdout, result.Rows)
	}
	b, err := result.File.Append(nil)
	if err != nil {
		return err
	}
	net, err := open(b, result.Draft.Settings)
	if err != nil {
		return in.Wrong(err)
	}
	failed := checkAll(o, result, net, said) // the report shows by how much
	if err := sayCost(o, result, b, said, stderr); err != nil {
		return in.Wrong(err)
	}
	if o.report != "" {
		if err := report(o, result, log.String(), b); err != nil {
			return err
		}
	}
	if failed != nil || o.output == "" {
		return failed
	}
	if err := write(o.output, b); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "wrote %s: %s, %d bytes, SHA-256 %x\n",
		filepath.Base(o.output), net.size(), len(b), sha256.Sum256(b))
	return err
}

// host lets a conversion read this machine's files, and print.
func host(o options, stdout, stderr io.Writer) conversion.Host {
	var bar *progressbar.ProgressBar
	h := conversion.Host{
		ReadFile: os.ReadFile,
		Say:      func(line conversion.Line) { fmt.Fprintln(stdout, line) },
		Warn:     func(sentence reason.Note) { warn(stderr, sentence.String()) },
		Progress: func(done, total int) {
			if bar == nil {
				bar = progress.New(stderr, total, progressbar.OptionSetDescription("rounding"),
					progressbar.OptionShowBytes(true))
			}
			if _ = bar.Set(done); done == total {
				_ = bar.Clear()
			}
		},
	}
	if o.explain {
		h.Explain = func(line string) { fmt.Fprintln(stdout, line) }
	}
	return h
}

func warn(stderr io.Writer, sentence string) { fmt.Fprintln(stderr, "convert:", sentence) }

// onDisk returns a path of this machine as one in a file system.
func onDisk(name string) (fs.FS, string, error) {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return nil, "", err
	}
	root := filepath.VolumeName(absolute) + string(filepath.Separator)
	inside, err := filepath.Rel(root, absolute)
	return os.DirFS(root), filepath.ToSlash(inside), err
}

// checkAll compares the network with what was recorded of it, as far as the command line says.
func checkAll(o options, r *conversion.Result, net network, w io.Writer) error {
	if o.blocks != "" {
		if err := checkBlocks(o, r, w); err != nil {
			return err
		}
	}
	if o.check == "" {
		return nil
	}
	d := r.Draft
	stored := o.DType
	if o.Mantissa > 0 && o.Mantissa < 10 { // about as few bits as in BF16
		stored = weights.BF16
	}
	tolerance := max(defaultTolerance(coarsest(d.Tensors, stored)), d.Tolerance)
	if o.tolerance != nil {
		tolerance = *o.tolerance
	}
	err := net.check(o.check, tolerance, w)
	if errors.As(err, new(differs)) && d.Assumed {
		err = fmt.Errorf("%w, and what was assumed of the network, as said above, may be otherwise",
			err)
	}
	return err
}

// report writes the report of a conversion as a page.
func report(o options, r *conversion.Result, log string, stored []byte) error {
	name := o.output
	if name == "" {
		name = o.checkpoint
	}
	known, err := conversion.FactsOf(filepath.Base(name), stored)
	if err != nil {
		return err
	}
	exact, err := r.In(weights.F32)
	if err != nil {
		return err
	}
	return writePage(o.report, known, r.Rows, log, stored, exact)
}

// open reads a weights file as the sampler does and compiles its network. It checks that every
// tensor is there with the right shape, that a learned schedule rises, that the number of classes
// is the network's, and that the sampling defaults are valid.
func open(b []byte, cfg conversion.Settings) (network, error) {
	f, err := weights.Parse(b)
	if err != nil {
		return nil, err
	}
	if cfg.Classifier {
		return openClassifier(f)
	}
	if cfg.UNet.ClassEmbedType == "identity" {
		// Its condition is a vector, which no recipe can name; a check can still run it.
		n, err := unet.New(cfg.UNet, f, 1, kernels.Best())
		return denoiser{n}, err
	}
	m, info, err := model.OpenFile("model", f, "")
	if err != nil {
		return nil, err
	}
	if err := conversion.Drawn(info); err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *unet.Model:
		return denoiser{m.Network}, nil
	case *oracle.Model:
		return exact{m}, nil
	case *graph.Model:
		return openGraph(m, f, cfg.Raw)
	}
	return nil, errors.New("this kind of model cannot be checked")
}
