package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler/kernels"
	"tweedie/sampler/model"
	"tweedie/sampler/oracle"
	"tweedie/sampler/unet"
	"tweedie/tools/progress"
	"tweedie/weights"
)

// convert carries out the command line. Its errors are sentences.
func convert(o options, stdout, stderr io.Writer) error {
	if o.derived && exists(o.output) {
		return fmt.Errorf("there already is a file %s: name the output with -o", o.output)
	}
	src, err := locate(o)
	if err != nil {
		return err
	}
	file, cfg, tolerance, err := assemble(o, src, stdout, stderr)
	if err != nil {
		return err
	}
	b, err := file.Append(nil)
	if err != nil {
		return err
	}
	net, err := open(b, cfg)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(src.weights), err)
	}
	if o.check != "" {
		if err := net.check(o.check, tolerance, stdout); err != nil {
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

// assemble reads a checkpoint and returns its weights file, and the tolerance for checking it. It
// prints the report about the tensors.
func assemble(
	o options, src source, stdout, stderr io.Writer,
) (*weights.File, settings, float64, error) {
	base := filepath.Base(src.weights)
	fail := func(err error) (*weights.File, settings, float64, error) {
		return nil, settings{}, 0, err
	}
	b, err := os.ReadFile(src.weights)
	if err != nil {
		return fail(err)
	}
	cp, err := readCheckpoint(b, o.key)
	if err != nil {
		return fail(fmt.Errorf("%s: %w", base, err))
	}
	if cp.note != "" {
		fmt.Fprintf(stdout, "%s: %s\n", base, cp.note)
	}
	if src.config == "" && cp.metadata["config"] == "" {
		return fail(fmt.Errorf(
			"there is no config.json beside %s; it says how the network is built: put the one "+
				"of the diffusers model there, or name a file with -config", base))
	}
	config, cfg, err := readConfig(src.config, cp.metadata)
	if err != nil {
		return fail(err)
	}
	scheduler := ""
	if src.scheduler == "" && cp.metadata["scheduler"] == "" {
		fmt.Fprintln(stderr, "convert: there is no scheduler_config.json, so the sampler will "+
			"take diffusers' defaults; -scheduler names one")
	} else if scheduler, err = readScheduler(src.scheduler, cp.metadata); err != nil {
		return fail(err)
	}
	renamed, err := renameOld(cp.tensors)
	if err != nil {
		return fail(fmt.Errorf("%s: %w", base, err))
	}
	if renamed > 0 {
		fmt.Fprintf(stdout, "%s: brought %d tensors of attention to the names and shapes of "+
			"today's diffusers\n", base, renamed)
	}
	f := &weights.File{}
	origin := fmt.Sprintf("%s (SHA-256 %x)", base, sha256.Sum256(b))
	if f.Metadata, err = metadata(o, cp.metadata, config, scheduler, origin); err != nil {
		return fail(err)
	}
	if f.Tensors, err = roundAll(cp.tensors, o.dtype, stdout, stderr); err != nil {
		return fail(fmt.Errorf("%s: %w", base, err))
	}
	if o.tolerance != nil {
		return f, cfg, *o.tolerance, nil
	}
	return f, cfg, defaultTolerance(coarsest(cp.tensors, o.dtype)), nil
}

// roundAll stores every tensor in the wanted type, in the file's order.
func roundAll(
	tensors []weights.Tensor, to weights.DType, stdout, stderr io.Writer,
) ([]weights.Tensor, error) {
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
		rounded, c, err := round(t, to)
		if err != nil {
			return nil, err
		}
		from[t.Name], counts[t.Name] = t.DType, c
		out = append(out, rounded)
		_ = bar.Add(len(t.Data))
	}
	order(out)
	rows := make([]row, len(out))
	for i, t := range out {
		rows[i] = row{t.Name, t.Shape, from[t.Name], t.DType, counts[t.Name]}
	}
	printReport(stdout, rows)
	return out, nil
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
	m, _, err := model.OpenFile("model", f, "")
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *unet.Model:
		return denoiser{m.Network}, nil
	case *oracle.Model:
		return exact{m}, nil
	}
	return nil, errors.New("this kind of model cannot be checked")
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
