// Convert turns a trained checkpoint into a weights file: one safetensors file with half-precision
// tensors and everything that the sampler must know.
//
//	go run ./tools/convert [-o OUT.safetensors] [-dtype f16|bf16|f32|int8] [-check IO.safetensors]
//	                       [-report FILE.html] [-explain] CHECKPOINT
//	go run ./tools/convert -info FILE          say what a weights file or a checkpoint is
//	go run ./tools/convert -set title=… FILE   change what is said of a weights file
//	go run ./tools/convert -families           list the families, and what each is asked for
//
// CHECKPOINT is a folder of diffusers (a model, a pipeline, a training run, one of its
// checkpoints), or a .safetensors, .pt, .pth, .ckpt or .bin file with its config.json beside it or
// named by -config. Weights may be split into parts with an index, or lie under the prefixes of
// wrappers (module., _orig_mod., model.). Of several state dictionaries the moving average is
// taken, also where it is a list or has names without dots; what was taken and what was passed over
// is said. Pickles are read, never run. An option that is not understood and could change the
// picture is refused. The exit status is 0 for success, 1 if the input is bad or the check fails,
// and 2 for a wrong command line.
//
// The package conversion does the work, also in the page. Here are the command line, the checks
// against recorded outputs and the report.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/conversion"
	"tweedie/weights"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are the command line.
type options struct {
	conversion.Options
	checkpoint string
	output     string // "": nothing is written
	derived    bool   // output was not named by the user
	check      string
	blocks     string
	tolerance  *float64 // nil: the default of the types

	info     bool
	families bool
	set      []string // KEY=TEXT
	report   string
	brief    bool
	explain  bool
}

const usage = `usage: convert [flags] CHECKPOINT

CHECKPOINT is a folder of diffusers (a model with config.json and
diffusion_pytorch_model.safetensors or .bin, and scheduler_config.json there or in
../scheduler; a pipeline; a training run or one of its checkpoints), or a .safetensors,
.pt, .pth, .ckpt or .bin file with config.json beside it. Networks of other families
than diffusers' need no config.json; -families lists them. A moving average is taken before
the weights that it averages; -key takes another state dictionary. Without -o the result
goes to a file of the checkpoint's name in the working folder, and with -check alone
nowhere.

`

// run is main without the process; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parseArguments(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "convert:", err)
		return 2
	}
	if err := o.carryOut(stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "convert:", err)
		return 1
	}
	return 0
}

// carryOut does what the command line asks for.
func (o options) carryOut(stdout, stderr io.Writer) error {
	switch {
	case o.families:
		return listFamilies(stdout)
	case o.info:
		return inform(o, stdout, stderr)
	case len(o.set) > 0:
		return edit(o, stdout)
	}
	return convert(o, stdout, stderr)
}

func parseArguments(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("convert", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.output, "o", "", "write the weights to `OUT.safetensors`")
	f.StringVar(&o.check, "check", "",
		"run the converted network on the inputs recorded in `IO.safetensors` and compare its "+
			"outputs")
	f.StringVar(&o.blocks, "blocks", "",
		"compare the outputs of modules recorded in `FILE.safetensors` for the first input of "+
			"-check")
	f.Func("tol", "largest `difference` that the check allows (default: 1e-2 if the weights are "+
		"or were F16, 4e-2 for BF16, 1e-1 for int8, else 2e-5)", func(text string) error {
		tolerance, err := strconv.ParseFloat(text, 64)
		if err != nil || !(tolerance >= 0) {
			return errors.New("want a number from 0")
		}
		o.tolerance = &tolerance
		return nil
	})
	o.Flags(f)
	f.BoolVar(&o.families, "families", false,
		"list the families of networks, and what each is asked for")
	f.BoolVar(&o.info, "info",
		false, "say what a weights file or a checkpoint is, and write nothing")
	f.Func("set", "change an entry of a weights file, as in `title=Birds`; may be repeated",
		func(text string) error {
			o.set = append(o.set, text)
			return nil
		})
	f.BoolVar(&o.explain, "explain", false, "say where every tensor goes")
	f.BoolVar(&o.brief, "brief", false, "leave out the table of tensors")
	f.StringVar(&o.report, "report", "",
		"write a report to `FILE.html`: rounding, errors, and pictures before and after")
	f.Usage = func() {}
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stderr, usage)
			f.SetOutput(stderr)
			f.PrintDefaults()
			return o, err
		}
		for _, arg := range args {
			if strings.HasPrefix(arg, "-") && (exists(arg) || isFolder(arg)) {
				return o, fmt.Errorf("a name that begins with a dash reads as a flag: write ./%s",
					arg)
			}
		}
		return o, fmt.Errorf("%w; -h lists the flags", err)
	}
	if err := o.together(f); err != nil {
		return o, err
	}
	if o.families {
		return o, nil
	}
	if f.NArg() != 1 {
		return o, fmt.Errorf("want one CHECKPOINT behind the flags, got %d; -h lists the flags",
			f.NArg())
	}
	o.checkpoint = f.Arg(0)
	if o.output == "" && o.check == "" && !o.info && len(o.set) == 0 {
		o.output, o.derived = derivedName(o.checkpoint), true
	}
	return o, nil
}

// together refuses flags that say nothing beside others: what is given must not be ignored.
func (o *options) together(f *flag.FlagSet) error {
	doing, with := "", map[string][]string{"families": {}, "info": {}, "set": {"o"}}
	var wrong error
	f.Visit(func(g *flag.Flag) {
		if _, ok := with[g.Name]; ok && doing == "" {
			doing = g.Name
		}
	})
	f.Visit(func(g *flag.Flag) {
		if doing != "" && g.Name != doing && !slices.Contains(with[doing], g.Name) {
			wrong = fmt.Errorf("-%s says nothing beside -%s: leave it out", g.Name, doing)
		}
	})
	switch {
	case wrong != nil:
	case o.families && f.NArg() > 0:
		wrong = errors.New("-families lists all, and takes no CHECKPOINT")
	case o.check == "" && o.blocks != "":
		wrong = errors.New("-blocks needs the inputs of -check")
	case o.Mantissa > 0 && o.DType != weights.F16:
		wrong = errors.New("-mantissa is of halves: it goes with -dtype f16")
	case o.check == "" && o.tolerance != nil:
		wrong = errors.New("-tol is that of -check: give that, too")
	}
	return wrong
}

// derivedName is the default name of the output: the checkpoint's, in the
// working folder.
func derivedName(name string) string {
	if absolute, err := filepath.Abs(name); err == nil {
		name = absolute // "." has no name
	}
	base := filepath.Base(name)
	for _, ext := range checkpoint.Extensions {
		base = strings.TrimSuffix(base, ext)
	}
	return base + ".safetensors"
}
